import { formatDateTime } from '../core/language/say.js';
import { followUp as followUpConversation } from '../desk/follow-up.js';
import type { CommandDefinition } from './definition.js';

export const followUp: CommandDefinition = {
  name: 'follow-up',
  aliases: ['followup', 'ponów', 'ponow'],
  title: 'verb.follow-up',
  summary: 'verb.follow-up.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'after', kind: 'text', required: true, label: 'option.after' }],
  form: true,
  async run(unit, call) {
    const { id, number, followUpAt } = await followUpConversation(unit, call.conversationId, call.args['after'] ?? '');
    const message =
      followUpAt ? ({ key: 'follow-up.done', params: { number, time: formatDateTime(followUpAt, unit.actor.locale, unit.actor.timeZone) } } as const)
      : ({ key: 'follow-up.off', params: { number } } as const);
    return { kind: 'done', message, conversationId: id };
  },
};
