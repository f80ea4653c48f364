import { formatDateTime } from '../core/language/say.js';
import { remind as remindOf, snooze as snoozeConversation } from '../desk/snooze.js';
import type { CommandDefinition } from './definition.js';

export const snooze: CommandDefinition = {
  name: 'snooze',
  aliases: ['odłóż', 'odloz'],
  title: 'verb.snooze',
  summary: 'verb.snooze.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'until', kind: 'text', required: true, label: 'option.until' }],
  form: true,
  async run(unit, call) {
    const { conversation, until } = await snoozeConversation(unit, call.conversationId, call.args['until'] ?? '');
    return { kind: 'done', message: { key: 'snooze.done', params: { number: conversation.number, time: formatDateTime(until, unit.actor.locale, unit.actor.timeZone) } }, conversationId: conversation.id };
  },
};

export const remind: CommandDefinition = {
  name: 'remind',
  aliases: ['przypomnij'],
  title: 'verb.remind',
  summary: 'verb.remind.summary',
  permission: 'work',
  onConversation: true,
  options: [
    { name: 'at', kind: 'word', required: true, label: 'option.until' },
    { name: 'text', kind: 'text', required: false, label: 'option.text' },
  ],
  form: true,
  async run(unit, call) {
    const { conversation, reminder } = await remindOf(unit, call.conversationId, call.args['at'] ?? '', call.args['text'] ?? '');
    return { kind: 'done', message: { key: 'remind.done', params: { number: conversation.number, time: formatDateTime(reminder.at, unit.actor.locale, unit.actor.timeZone) } }, conversationId: conversation.id };
  },
};
