import type { ConversationId, MessageId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { mailLane } from '../core/deliveries.js';
import { byActor, change, loadConversation, queueCopy, queueDelivery, showMessage, type StaffUnit } from './unit.js';

type Verdict = 'arrived' | 'send-again';

/** What an answer may be for a person to decide so about it. */
const DECIDABLE: Readonly<Record<Verdict, readonly Message['state'][]>> = { arrived: ['uncertain'], 'send-again': ['uncertain', 'failed', 'bounced'] };

/**
 * A person decides about an answer that may or may not have arrived, or sends a failed one again. The Message-ID stays the same, so that mail programs show a
 * second copy as the same letter.
 * @param messageId which answer; undefined: the newest of this conversation that there is to decide about
 */
export async function settleDoubt(unit: StaffUnit, conversationId: ConversationId | undefined, messageId: MessageId | undefined, verdict: Verdict): Promise<{ conversation: Conversation; message: Message }> {
  const conversation = await loadConversation(unit, conversationId);
  const answers = (await unit.tx.messages.of(conversation.id)).filter(({ direction }) => direction === 'out');
  const isOpen = ({ state }: Message): boolean => DECIDABLE[verdict].includes(state);
  const message = messageId ? answers.find(({ id }) => id === messageId) : answers.findLast(isOpen);
  if (!message) throw messageId ? new Refusal('refused.no-such-message') : new Refusal('refused.nothing-to-settle', { number: conversation.number });
  if (!isOpen(message)) throw new Refusal('refused.settled-already', { number: conversation.number });
  await unit.tx.messages.update(message.id, verdict === 'arrived' ? { state: 'sent', problem: undefined, sentAt: unit.now } : { state: 'queued', problem: undefined, sendAt: unit.now });
  const saved = await change(unit, conversation, {}, { what: 'send-resolved', actor: byActor(unit), data: { verdict } });
  await showMessage(unit, saved, message.id);
  if (verdict === 'send-again') await queueDelivery(unit, { lane: mailLane(saved.id), effect: { kind: 'mail.send', messageId: message.id } });
  else await queueCopy(unit, saved, message.id);
  return { conversation: saved, message };
}
