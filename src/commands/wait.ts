import { waitForCustomer } from '../desk/triage.js';
import type { CommandDefinition } from './definition.js';
import { ANYWAY, heldAsSaid } from './held.js';
import { isOn } from './reply.js';

export const wait: CommandDefinition = {
  name: 'wait',
  aliases: ['pending', 'czekaj'],
  title: 'verb.wait',
  summary: 'verb.wait.summary',
  permission: 'work',
  onConversation: true,
  options: [ANYWAY],
  form: false,
  async run(unit, call) {
    const outcome = await waitForCustomer(unit, call.conversationId, { drawnFrom: call.revision, anyway: isOn(call.args['anyway']) });
    if ('held' in outcome) return heldAsSaid(unit, outcome, call, 'wait');
    const { conversation, already } = outcome;
    return { kind: 'done', message: { key: already ? 'wait.already' : 'wait.done', params: { number: conversation.number } }, conversationId: conversation.id };
  },
};
