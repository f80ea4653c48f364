import { formatDateTime } from '../core/language/say.js';
import { remind as remindOf, snooze as snoozeConversation } from '../desk/snooze.js';
import type { CommandDefinition } from './definition.js';
import { ANYWAY, heldAsSaid } from './held.js';
import { isOn } from './reply.js';

export const snooze: CommandDefinition = {
  name: 'snooze',
  aliases: ['odłóż', 'odloz'],
  title: 'verb.snooze',
  summary: 'verb.snooze.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'until', kind: 'text', required: true, label: 'option.until' }, ANYWAY],
  form: true,
  async run(unit, call) {
    const outcome = await snoozeConversation(unit, call.conversationId, call.args['until'] ?? '', { drawnFrom: call.revision, anyway: isOn(call.args['anyway']) });
    if ('held' in outcome) return heldAsSaid(unit, outcome, call, 'snooze');
    const { conversation, until, already } = outcome;
    return { kind: 'done', message: { key: already ? 'snooze.already' : 'snooze.done', params: { number: conversation.number, time: formatDateTime(until, unit.actor.locale, unit.actor.timeZone) } }, conversationId: conversation.id };
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
    const { conversation, reminder, already } = await remindOf(unit, call.conversationId, call.args['at'] ?? '', call.args['text'] ?? '');
    return { kind: 'done', message: { key: already ? 'remind.already' : 'remind.done', params: { number: conversation.number, time: formatDateTime(reminder.at, unit.actor.locale, unit.actor.timeZone) } }, conversationId: conversation.id };
  },
};
