import type { ConversationId, MessageId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { byActor, change, loadConversation, showMessage, wakeLane, type StaffUnit } from './unit.js';

/** Answers that the customer was never to have, or not yet. */
const NEVER_SAID: ReadonlySet<Message['state']> = new Set(['cancelled', 'draft', 'awaiting']);

/**
 * Takes an answer back before it is sent, or throws a draft away. The delivery's state decides: whoever moves it first, the sender or this, wins.
 * @param messageId which answer; undefined: your own newest in this conversation
 */
export async function undo(unit: StaffUnit, conversationId: ConversationId | undefined, messageId: MessageId | undefined): Promise<{ conversation: Conversation; message: Message }> {
  const conversation = await loadConversation(unit, conversationId);
  const messages = await unit.tx.messages.of(conversation.id);
  const message = messageId
    ? messages.find(({ id }) => id === messageId)
    : messages.findLast(({ direction, authorId, state }) => direction === 'out' && authorId === unit.actor.id && (state === 'queued' || state === 'draft' || state === 'awaiting'));
  if (!message || message.direction !== 'out') throw new Refusal('refused.nothing-to-undo', { number: conversation.number });
  if (message.state === 'draft' || message.state === 'awaiting') return discard(unit, conversation, message);
  const delivery = await unit.tx.deliveries.ofMessage(message.id);
  const taken = delivery && (await unit.tx.deliveries.move(delivery.id, 'waiting', 'cancelled', { finishedAt: unit.now }));
  if (!delivery || !taken) throw new Refusal('refused.sent-already', { number: conversation.number });
  await unit.tx.messages.update(message.id, { state: 'cancelled' });
  await unit.tx.templates.forgetUses(message.id);
  const saved = await change(unit, conversation, { ...turnBefore(conversation, messages, message) }, { what: 'undone', actor: byActor(unit) });
  await showMessage(unit, saved, message.id);
  await wakeLane(unit, delivery.lane, unit.now);
  return { conversation: saved, message };
}

/** Nothing of it was on its way. */
async function discard(unit: StaffUnit, conversation: Conversation, message: Message): Promise<{ conversation: Conversation; message: Message }> {
  await unit.tx.messages.update(message.id, { state: 'cancelled' });
  const saved = await change(unit, conversation, {}, { what: 'undone', actor: byActor(unit) });
  await showMessage(unit, saved, message.id);
  return { conversation: saved, message };
}

/** The customer waits again, as before the answer, unless another answer of ours still stands. */
export function turnBefore(conversation: Conversation, messages: readonly Message[], undone: Message): Partial<Pick<Conversation, 'status' | 'waitingSince' | 'dueAt'>> {
  if (undone.keepsTurn) return {};
  const others = messages.filter((message) => message.id !== undone.id && !message.automatic && !message.keepsTurn && !NEVER_SAID.has(message.state));
  const last = others.at(-1);
  if (conversation.status !== 'pending' || last?.direction !== 'in') return {};
  const answeredBefore = others.findLastIndex(({ direction }) => direction === 'out');
  return { status: 'open', waitingSince: others[answeredBefore + 1]?.createdAt, dueAt: undone.dueAt };
}
