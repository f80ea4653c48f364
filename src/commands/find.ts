import { Refusal } from '../core/errors.js';
import { conversationNumbered } from '../desk/purged.js';
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
  options: [{ name: 'words', kind: 'text', required: true, label: 'option.words' }],
  form: true,
  async run(unit, call) {
    const words = (call.args['words'] ?? '').trim();
    if (!words) throw new Refusal('find.what');
    const number = /^#?(\d{1,9})$/.exec(words)?.[1];
    const numbered = number === undefined ? undefined : await unit.tx.conversations.byNumber(Number(number));
    if (number !== undefined && !numbered && (await unit.tx.purges.byNumber(Number(number)))) await conversationNumbered(unit, Number(number));
    const hits = await unit.tx.search.find(words, MAX_HITS);
    const items = [
      ...(numbered ? [{ title: `#${numbered.number} ${numbered.subject}`, text: numbered.excerpt, conversationId: numbered.id }] : []),
      ...hits.filter(({ conversation }) => conversation.id !== numbered?.id).map(({ conversation, customer, snippet }) => ({ title: `#${conversation.number} ${conversation.subject}`, text: `${customer.name}: ${snippet}`, conversationId: conversation.id })),
    ];
    return items.length > 0
      ? { kind: 'list', message: { key: 'find.found', params: { count: items.length } }, items }
      : { kind: 'list', message: { key: 'find.none', params: { words } }, items };
  },
};
