import type { ConversationId, MessageId } from '../core/ids.js';
import type { Conversation, Message, StoredFile } from '../core/model.js';
import { needsApproval } from '../core/approval.js';
import { laterLane } from '../core/deliveries.js';
import { Refusal } from '../core/errors.js';
import { fillIn, filledOrRefused } from './fill-template.js';
import { attachmentsOf, checkSize, deliverAt, indexAnswer } from './queue-answer.js';
import { findAnswered, mailboxOf, strangersIn, undoUntil, withReceivers, type Receivers } from './reply.js';
import { readWhen } from './snooze.js';
import { turnBefore } from './undo.js';
import { byActor, change, loadConversation, showMessage, type StaffUnit } from './unit.js';
import type { Held } from './close.js';

/** undefined: stays as it is. */
export interface Changes {
  readonly text: string | undefined;
  readonly receivers: Receivers;
  readonly at: string | undefined;
  /** Put beside those that it has. */
  readonly files: readonly StoredFile[];
  readonly anyway: boolean;
}

export const UNCHANGED: Changes = { text: undefined, receivers: { to: undefined, cc: undefined, bcc: undefined }, at: undefined, files: [], anyway: false };

/**
 * Changes an answer that has not left: a draft, one that a colleague is to approve, one that waits for its undo window or its hour. The delivery's state decides: one that is just going out cannot
 * be changed. Where somebody needs approval, what they changed needs it again.
 * @param messageId which one; undefined: your newest that waits, or else the newest draft
 */
export async function editAnswer(unit: StaffUnit, conversationId: ConversationId | undefined, messageId: MessageId | undefined, changes: Changes): Promise<{ conversation: Conversation; message: Message } | Held> {
  const conversation = await loadConversation(unit, conversationId);
  const message = await findEditable(unit, conversation, messageId);
  const mailbox = mailboxOf(unit, conversation);
  const text = changes.text === undefined ? message.text : filledOrRefused(await fillIn(unit, conversation, { template: undefined, text: changes.text })).trim();
  const files = [...message.attachments, ...attachmentsOf(unit, changes.files)];
  if (text === '' && files.length === 0) throw new Refusal('refused.empty-text');
  const { receivers } = changes;
  const recipients = withReceivers(message, receivers);
  const isOtherTime = changes.at !== undefined;
  const said = [receivers.to, receivers.cc, receivers.bcc, changes.at].some((value) => value !== undefined) || receivers.only || changes.files.length > 0;
  if (!said && text === message.text) throw new Refusal('refused.nothing-changed');
  checkSize(mailbox, text, files);
  if (receivers.to !== undefined && !changes.anyway && !message.keepsTurn) {
    const strangers = strangersIn(unit, { ...(await findAnswered(unit, conversation.id)), recipients });
    if (strangers.length > 0) return { held: [], conversation, strangers };
  }

  const stopped = message.state === 'queued' ? await stopDelivery(unit, conversation, message) : undefined;
  const state = stopped && needsApproval(unit.actor, mailbox) ? 'awaiting' : message.state;
  const waitsForHour = isOtherTime || (stopped ? stopped.lane === laterLane(message.id) : message.sendAt !== undefined);
  const sendAt = changes.at !== undefined ? readWhen(unit, changes.at) : waitsForHour && message.sendAt && message.sendAt > unit.now ? message.sendAt : state === 'queued' ? undoUntil(unit, mailbox) : undefined;
  const patch = state === 'awaiting' && stopped ? turnBefore(conversation, await unit.tx.messages.of(conversation.id), message) : {};
  const saved = await change(
    unit,
    conversation,
    { ...patch, ...(state === 'queued' && { participants: [...new Set([...conversation.participants, ...[...recipients.to, ...recipients.cc, ...recipients.bcc].map(({ address }) => address)])] }) },
    { what: 'answer-edited', actor: byActor(unit) },
    ...(state === 'awaiting' && stopped ? [{ what: 'approval-asked', actor: byActor(unit) } as const] : []),
  );
  // Who changes what had been approved answers for it; a draft stays its author's until somebody sends it.
  const authorId = state === 'awaiting' && stopped ? unit.actor.id : message.authorId;
  const changed: Message = { ...message, ...recipients, text, state, sendAt, authorId, revision: saved.revision, problem: undefined };
  await unit.tx.messages.update(message.id, { text, to: recipients.to, cc: recipients.cc, bcc: recipients.bcc, state, sendAt, authorId, revision: saved.revision, problem: undefined });
  if (changes.files.length > 0) await unit.tx.messages.addFiles(message.id, attachmentsOf(unit, changes.files));
  await indexAnswer(unit, changed);
  await showMessage(unit, saved, message.id);
  if (state === 'queued' && sendAt) await deliverAt(unit, message, { at: sendAt, later: waitsForHour });
  await unit.tx.presence.end(saved.id, unit.actor.id);
  return { conversation: saved, message: changed };
}

/** @throws Refusal where nothing waits, or it has left */
export async function findEditable(unit: StaffUnit, conversation: Conversation, messageId: MessageId | undefined): Promise<Message> {
  const messages = await unit.tx.messages.of(conversation.id);
  const message = messageId
    ? messages.find(({ id }) => id === messageId)
    : (messages.findLast(({ authorId, state }) => authorId === unit.actor.id && isUnsent(state)) ?? messages.findLast(({ state }) => state === 'draft' || state === 'awaiting'));
  if (!message || message.direction !== 'out' || message.automatic || message.state === 'cancelled') throw new Refusal('refused.nothing-to-edit', { number: conversation.number });
  if (!isUnsent(message.state)) throw new Refusal('refused.sent-already', { number: conversation.number });
  return message;
}

const isUnsent = (state: Message['state']): boolean => state === 'queued' || state === 'draft' || state === 'awaiting';

/** Whoever moves the delivery first, the sender or this, wins. @throws Refusal when the sender was first */
async function stopDelivery(unit: StaffUnit, { number }: Conversation, message: Message): Promise<{ readonly lane: string }> {
  const delivery = await unit.tx.deliveries.ofMessage(message.id);
  const stopped = delivery && (await unit.tx.deliveries.move(delivery.id, 'waiting', 'cancelled', { finishedAt: unit.now }));
  if (!delivery || !stopped) throw new Refusal('refused.sent-already', { number });
  return delivery;
}
