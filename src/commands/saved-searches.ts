import { say } from '../core/language/say.js';
import { deleteSearch as deleteSaved, renameSearch as renameSaved, saveSearch as save } from '../desk/saved-searches.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { isOn } from './reply.js';

const NAME: OptionDefinition = { name: 'name', kind: 'word', required: true, label: 'option.search-name' };
/** As many as platforms show buttons for. */
const MOST_BUTTONS = 5;

export const saveSearch: CommandDefinition = {
  name: 'save-search',
  aliases: ['zapisz-wyszukiwanie'],
  title: 'verb.save-search',
  summary: 'verb.save-search.summary',
  permission: 'read',
  onConversation: false,
  options: [NAME, { name: 'words', kind: 'search', required: true, label: 'option.words' }, { name: 'shared', kind: 'flag', required: false, label: 'option.shared' }],
  form: true,
  async run(unit, call) {
    const search = await save(unit, { name: call.args['name'] ?? '', words: call.args['words'] ?? '', shared: isOn(call.args['shared']) });
    return { kind: 'done', message: { key: search.shared ? 'saved.done-shared' : 'saved.done', params: { name: search.name } } };
  },
};

export const searches: CommandDefinition = {
  name: 'searches',
  aliases: ['wyszukiwania'],
  title: 'verb.searches',
  summary: 'verb.searches.summary',
  permission: 'read',
  onConversation: false,
  options: [],
  form: false,
  async run(unit) {
    const usable = await unit.tx.savedSearches.usableBy(unit.actor.id);
    const { locale } = unit.actor;
    const ownerOf = (agentId: string): string => unit.desk.agents.find(({ id }) => id === agentId)?.name ?? agentId;
    const items = usable.map(({ name, words, shared, agentId }) => ({ title: name, text: [words, ...(shared ? [say(locale, 'saved.shared-by', { who: ownerOf(agentId) })] : [])].join(' · '), conversationId: undefined }));
    const actions = usable.slice(0, MOST_BUTTONS).map(({ name }) => ({ verb: 'find', label: { name }, style: 'plain', args: { words: `saved:"${name}"` } }) as const);
    return { kind: 'list', message: items.length === 0 ? { key: 'saved.nothing', params: {} } : { key: 'saved.list', params: {} }, items, actions };
  },
};

export const renameSearch: CommandDefinition = {
  name: 'rename-search',
  aliases: ['zmień-nazwę-wyszukiwania'],
  title: 'verb.rename-search',
  summary: 'verb.rename-search.summary',
  permission: 'read',
  onConversation: false,
  options: [NAME, { name: 'to', kind: 'word', required: true, label: 'option.new-name' }],
  form: true,
  async run(unit, call) {
    return { kind: 'done', message: { key: 'saved.renamed', params: await renameSaved(unit, call.args['name'] ?? '', call.args['to'] ?? '') } };
  },
};

export const deleteSearch: CommandDefinition = {
  name: 'delete-search',
  aliases: ['usuń-wyszukiwanie'],
  title: 'verb.delete-search',
  summary: 'verb.delete-search.summary',
  permission: 'read',
  onConversation: false,
  options: [NAME],
  form: true,
  async run(unit, call) {
    return { kind: 'done', message: { key: 'saved.deleted', params: { name: (await deleteSaved(unit, call.args['name'] ?? '')).name } } };
  },
};
