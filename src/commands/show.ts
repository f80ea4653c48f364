import type { ListItem } from '../core/calls.js';
import { say } from '../core/language/say.js';
import { loadConversation, nameOf } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';
import { EXCERPT_IN_LISTS_CHARS } from './excerpt.js';

/** Newest mails in the answer; the whole thread is where the conversation is. */
const SHOWN_MAILS = 3;

export const show: CommandDefinition = {
  name: 'show',
  aliases: ['pokaż', 'pokaz'],
  title: 'verb.show',
  summary: 'verb.show.summary',
  permission: 'read',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const conversation = await loadConversation(unit, call.conversationId);
    const { locale } = unit.actor;
    const customer = await unit.tx.customers.get(conversation.customerId);
    const messages = await unit.tx.messages.of(conversation.id);
    const owner = conversation.assigneeId ? nameOf(unit.desk, conversation.assigneeId) : say(locale, 'fact.unassigned');
    const items: ListItem[] = [
      { title: `#${conversation.number} ${conversation.subject}`, text: [customer?.name ?? '', say(locale, `status.${conversation.status}`), owner].join(' · '), conversationId: conversation.id },
      ...messages.slice(-SHOWN_MAILS).map((message) => ({ title: message.direction === 'out' ? nameOf(unit.desk, message.authorId) || message.from.name : message.from.name || message.from.address, text: message.text.slice(0, EXCERPT_IN_LISTS_CHARS), conversationId: conversation.id })),
    ];
    return { kind: 'list', message: { key: 'thread.number', params: { number: conversation.number } }, items };
  },
};
