import { close as closeConversation } from '../desk/close.js';
import type { CommandDefinition } from './definition.js';
import { ANYWAY, heldOutcome } from './held.js';
import { isOn } from './reply.js';

export const close: CommandDefinition = {
  name: 'close',
  aliases: ['done', 'zamknij'],
  title: 'verb.close',
  summary: 'verb.close.summary',
  permission: 'work',
  onConversation: true,
  options: [ANYWAY],
  form: false,
  async run(unit, call) {
    const outcome = await closeConversation(unit, call.conversationId, call.revision, isOn(call.args['anyway']));
    if ('held' in outcome) return heldOutcome(unit, outcome, 'close.held', { verb: 'close', args: { anyway: 'true' } });
    return { kind: 'done', message: { key: 'close.done', params: { number: outcome.conversation.number } }, conversationId: outcome.conversation.id };
  },
};
