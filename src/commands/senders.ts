/** Who is always spam, and who never is. */
import type { CommandCall, CommandOutcome, ListItem } from '../core/calls.js';
import type { MessageKey } from '../core/language/catalogue.js';
import { formatDateTime, say } from '../core/language/say.js';
import type { SenderVerdict } from '../core/senders.js';
import { allowSender, blockSender, forgetSender, listSenders, type SenderOutcome } from '../desk/senders.js';
import { nameOf, type StaffUnit } from '../desk/unit.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';

const WHO: OptionDefinition = { name: 'who', kind: 'text', required: false, label: 'option.sender' };

type Say = (unit: StaffUnit, conversationId: CommandCall['conversationId'], said: string) => Promise<SenderOutcome>;
interface Words {
  readonly done: MessageKey;
  /** Said in a conversation of theirs, which was sorted as well. */
  readonly here?: MessageKey;
  readonly already?: MessageKey;
}

const run = (saySo: Say, words: Words) => async (unit: StaffUnit, call: CommandCall): Promise<CommandOutcome> => {
  const { pattern, already, conversation } = await saySo(unit, call.conversationId, call.args['who'] ?? '');
  const key = already && words.already ? words.already : conversation && words.here ? words.here : words.done;
  return { kind: 'done', message: { key, params: { sender: pattern, number: conversation?.number ?? '' } }, ...(conversation && { conversationId: conversation.id }) };
};

const definition = { permission: 'work', onConversation: true, instead: 'who', options: [WHO], form: true } as const;
const forget = (verdict: SenderVerdict): Say => (unit, conversationId, said) => forgetSender(unit, conversationId, said, verdict);

export const block: CommandDefinition = {
  name: 'block', aliases: ['zablokuj'], title: 'verb.block', summary: 'verb.block.summary', ...definition,
  run: run(blockSender, { done: 'senders.block.done', here: 'senders.block.done-here', already: 'senders.block.already' }),
};

export const unblock: CommandDefinition = {
  name: 'unblock', aliases: ['odblokuj'], title: 'verb.unblock', summary: 'verb.unblock.summary', ...definition, run: run(forget('blocked'), { done: 'senders.unblock.done' }),
};

export const allow: CommandDefinition = {
  name: 'allow', aliases: ['zezwól', 'zezwol'], title: 'verb.allow', summary: 'verb.allow.summary', ...definition,
  run: run(allowSender, { done: 'senders.allow.done', here: 'senders.allow.done-here', already: 'senders.allow.already' }),
};

export const disallow: CommandDefinition = {
  name: 'disallow', aliases: ['cofnij-zezwolenie'], title: 'verb.disallow', summary: 'verb.disallow.summary', ...definition, run: run(forget('allowed'), { done: 'senders.disallow.done' }),
};

export const senders: CommandDefinition = {
  name: 'senders',
  aliases: ['blocked', 'nadawcy', 'zablokowani'],
  title: 'verb.senders',
  summary: 'verb.senders.summary',
  permission: 'read',
  onConversation: false,
  options: [],
  form: false,
  async run(unit) {
    const { locale, timeZone } = unit.actor;
    const { entries, written } = await listSenders(unit);
    const items: ListItem[] = [
      ...entries.map(({ pattern, verdict, agentId, at }) => ({ title: pattern, text: say(locale, 'senders.entry', { verdict: say(locale, `senders.verdict.${verdict}`), who: nameOf(unit.desk, agentId), time: formatDateTime(at, locale, timeZone) }), conversationId: undefined })),
      ...written.map(({ pattern, verdict }) => ({ title: pattern, text: say(locale, 'senders.entry.file', { verdict: say(locale, `senders.verdict.${verdict}`) }), conversationId: undefined })),
    ];
    return { kind: 'list', message: items.length > 0 ? { key: 'senders.list', params: { count: items.length } } : { key: 'senders.none', params: {} }, items };
  },
};
