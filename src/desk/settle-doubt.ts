import type { ConversationId, MessageId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { mailLane } from '../core/deliveries.js';
import { byActor, change, loadConversation, queueDelivery, showMessage, type StaffUnit } from './unit.js';

/**
 * A person decides about an answer that may or may not have arrived, or sends a failed one again. The Message-ID stays the same, so that mail programs show a
 * second copy as the same letter.
 */
export async function settleDoubt(unit: StaffUnit, conversationId: ConversationId | undefined, messageId: MessageId, verdict: 'arrived' | 'send-again'): Promise<{ conversation: Conversation; message: Message }> {
  const conversation = await loadConversation(unit, conversationId);
  const message = await unit.tx.messages.get(messageId);
  if (!message || message.conversationId !== conversation.id || message.direction !== 'out') throw new Refusal('refused.no-such-message');
  const allowed = verdict === 'arrived' ? message.state === 'uncertain' : ['uncertain', 'failed', 'bounced'].includes(message.state);
  if (!allowed) throw new Refusal('refused.settled-already', { number: conversation.number });
  await unit.tx.messages.update(message.id, verdict === 'arrived' ? { state: 'sent', problem: undefined, sentAt: unit.now } : { state: 'queued', problem: undefined, sendAt: unit.now });
  const saved = await change(unit, conversation, {}, { what: 'send-resolved', actor: byActor(unit), data: { verdict } });
  await showMessage(unit, saved, message.id);
  if (verdict === 'send-again') await queueDelivery(unit, { lane: mailLane(saved.id), effect: { kind: 'mail.send', messageId: message.id } });
  return { conversation: saved, message };
}
