import { formatDateTime } from '../core/language/say.js';
import { followUp as followUpConversation } from '../desk/follow-up.js';
import type { CommandDefinition } from './definition.js';
import { ANYWAY, heldAsSaid } from './held.js';
import { isOn } from './reply.js';

export const followUp: CommandDefinition = {
  name: 'follow-up',
  aliases: ['followup', 'ponów', 'ponow'],
  title: 'verb.follow-up',
  summary: 'verb.follow-up.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'after', kind: 'text', required: true, label: 'option.after' }, ANYWAY],
  form: true,
  async run(unit, call) {
    const outcome = await followUpConversation(unit, call.conversationId, call.args['after'] ?? '', { drawnFrom: call.revision, anyway: isOn(call.args['anyway']) });
    if ('held' in outcome) return heldAsSaid(unit, outcome, call, 'follow-up');
    const { conversation: { id, number, followUpAt }, already } = outcome;
    const message =
      followUpAt ? ({ key: already ? 'follow-up.already' : 'follow-up.done', params: { number, time: formatDateTime(followUpAt, unit.actor.locale, unit.actor.timeZone) } } as const)
      : ({ key: 'follow-up.off', params: { number } } as const);
    return { kind: 'done', message, conversationId: id };
  },
};
