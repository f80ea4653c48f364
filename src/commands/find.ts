import type { ListItem } from '../core/calls.js';
import { Refusal } from '../core/errors.js';
import type { SearchHit } from '../core/ports/store.js';
import { conversationNumbered } from '../desk/purged.js';
import { search } from '../desk/search.js';
import type { CommandDefinition } from './definition.js';

/** As many as fit on a phone without scrolling far. */
const MAX_HITS = 10;

export const find: CommandDefinition = {
  name: 'find',
  aliases: ['search', 'szukaj', 'znajdź', 'znajdz'],
  title: 'verb.find',
  summary: 'verb.find.summary',
  permission: 'read',
  onConversation: false,
  options: [{ name: 'words', kind: 'search', required: true, label: 'option.words' }],
  form: true,
  async run(unit, call) {
    const words = (call.args['words'] ?? '').trim();
    if (!words) throw new Refusal('find.what');
    const number = /^#?(\d{1,9})$/.exec(words)?.[1];
    if (number !== undefined && !(await unit.tx.conversations.byNumber(Number(number))) && (await unit.tx.purges.byNumber(Number(number)))) await conversationNumbered(unit, Number(number));
    const hits = await search(unit.tx, unit, words, MAX_HITS + 1);
    const items = hits.slice(0, MAX_HITS).map(itemOf);
    if (items.length === 0) return { kind: 'list', message: { key: 'find.none', params: { words } }, items };
    return { kind: 'list', message: { key: hits.length > MAX_HITS ? 'find.first' : 'find.found', params: { count: items.length } }, items };
  },
};

function itemOf({ conversation, customer, snippet }: SearchHit): ListItem {
  return { title: `#${conversation.number} ${conversation.subject}`, text: `${customer.name}: ${snippet}`, conversationId: conversation.id };
}
