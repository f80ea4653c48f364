import type { CommandOutcome } from '../core/calls.js';
import type { MessageId } from '../core/ids.js';
import { approve as approveAnswer, sendBack as sendAnswerBack } from '../desk/approve.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { heldOutcome } from './held.js';
import { isOn } from './reply.js';
import { sendsSoon } from './sends-soon.js';

const MESSAGE: OptionDefinition = { name: 'message', kind: 'message', required: false, label: 'option.message', hidden: true };
const messageIn = (args: Readonly<Record<string, string>>): MessageId | undefined => (args['message'] ? (args['message'] as MessageId) : undefined);

/** Lets a draft, or an answer that waits for approval, go. */
export const approve: CommandDefinition = {
  name: 'approve',
  aliases: ['send', 'zatwierdź', 'zatwierdz'],
  title: 'verb.approve',
  summary: 'verb.approve.summary',
  permission: 'work',
  onConversation: true,
  options: [MESSAGE, { name: 'anyway', kind: 'flag', required: false, label: 'option.send-anyway' }],
  form: false,
  async run(unit, call): Promise<CommandOutcome> {
    const outcome = await approveAnswer(unit, call.conversationId, messageIn(call.args), { drawnFrom: call.revision, anyway: isOn(call.args['anyway']) });
    if ('held' in outcome) return heldOutcome(unit, outcome, 'approve.held', { verb: 'approve', args: { ...(call.args['message'] && { message: call.args['message'] }), anyway: 'true' } });
    const { conversation, message } = outcome;
    if (outcome.what === 'asked') return { kind: 'done', message: { key: 'approve.asked', params: { number: conversation.number } }, conversationId: conversation.id };
    return sendsSoon(unit, conversation, message);
  },
};

/** Hands an answer back to its author with what is to be changed. */
export const sendBack: CommandDefinition = {
  name: 'send-back',
  aliases: ['zwróć', 'zwroc'],
  title: 'verb.send-back',
  summary: 'verb.send-back.summary',
  permission: 'work',
  onConversation: true,
  options: [MESSAGE, { name: 'text', kind: 'text', required: true, label: 'option.reason' }],
  form: true,
  async run(unit, call): Promise<CommandOutcome> {
    const { conversation, author } = await sendAnswerBack(unit, call.conversationId, messageIn(call.args), call.args['text'] ?? '');
    return { kind: 'done', message: { key: 'send-back.done', params: { number: conversation.number, who: author } }, conversationId: conversation.id };
  },
};
