import type { CommandOutcome } from '../core/calls.js';
import type { CommandCall } from '../core/calls.js';
import type { MessageId } from '../core/ids.js';
import { settleDoubt } from '../desk/settle-doubt.js';
import type { StaffUnit } from '../desk/unit.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';

const MESSAGE: OptionDefinition = { name: 'message', kind: 'message', required: false, label: 'option.text', hidden: true };

const settle = (verdict: 'arrived' | 'send-again') => async (unit: StaffUnit, call: CommandCall): Promise<CommandOutcome> => {
  const { conversation } = await settleDoubt(unit, call.conversationId, call.args['message'] ? (call.args['message'] as MessageId) : undefined, verdict);
  return { kind: 'done', message: { key: verdict === 'arrived' ? 'resolve.arrived' : 'resolve.again', params: { number: conversation.number } }, conversationId: conversation.id };
};

/** A person says that an uncertain answer arrived. */
export const arrived: CommandDefinition = {
  name: 'arrived', aliases: ['dotarła', 'dotarla'], title: 'button.it-arrived', summary: 'verb.arrived.summary', permission: 'work', onConversation: true, options: [MESSAGE], form: false, run: settle('arrived'),
};

/** A person has an uncertain, failed or returned answer sent once more. */
export const sendAgain: CommandDefinition = {
  name: 'send-again', aliases: ['resend', 'wyślij-ponownie'], title: 'button.send-again', summary: 'verb.send-again.summary', permission: 'work', onConversation: true, options: [MESSAGE], form: false, run: settle('send-again'),
};
