import type { ConversationId, MessageId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { mayApprove, needsApproval } from '../core/approval.js';
import { Refusal } from '../core/errors.js';
import { newerMails } from '../core/staleness.js';
import { addNote } from './note.js';
import { deliverAt, dueOfAnswer, letGo } from './queue-answer.js';
import { findAnswered, mailboxOf, strangersIn, undoUntil } from './reply.js';
import { byActor, change, loadConversation, nameOf, showMessage, type StaffUnit } from './unit.js';
import type { Held } from './close.js';

export interface Approved {
  readonly conversation: Conversation;
  readonly message: Message;
  /** 'asked': a colleague of theirs has to approve it now. */
  readonly what: 'leaves' | 'asked';
}

/**
 * Lets a draft, or an answer that waits for approval, go: with the same undo window as any other. It is held when it was changed since the button was drawn, when somebody wrote since it was
 * written, and when it would go to somebody who was not part of it.
 * @param messageId which one; undefined: the newest that waits
 */
export async function approve(unit: StaffUnit, conversationId: ConversationId | undefined, messageId: MessageId | undefined, { drawnFrom, anyway }: { readonly drawnFrom: number | undefined; readonly anyway: boolean }): Promise<Approved | Held> {
  const conversation = await loadConversation(unit, conversationId);
  const message = await findWaiting(unit, conversation, messageId, ['draft', 'awaiting']);
  const mailbox = mailboxOf(unit, conversation);
  const author = unit.desk.agents.find(({ id }) => id === message.authorId);
  if (message.state === 'awaiting' && needsApproval(author, mailbox) && !mayApprove(unit.actor, message.authorId)) {
    throw new Refusal(unit.actor.id === message.authorId ? 'refused.own-approval' : 'refused.may-not-approve', { number: conversation.number });
  }
  if (!anyway) {
    const held = await newsFor(unit, conversation, message, drawnFrom);
    if (held) return held;
  }
  if (message.state === 'draft' && needsApproval(unit.actor, mailbox)) {
    const saved = await change(unit, conversation, { assigneeId: conversation.assigneeId ?? unit.actor.id }, { what: 'approval-asked', actor: byActor(unit) });
    await unit.tx.messages.update(message.id, { state: 'awaiting', authorId: unit.actor.id, problem: undefined, revision: saved.revision });
    await showMessage(unit, saved, message.id);
    return { conversation: saved, message, what: 'asked' };
  }
  const later = message.sendAt !== undefined && message.sendAt > unit.now;
  const sendAt = later && message.sendAt ? message.sendAt : undoUntil(unit, mailbox);
  // Whoever finishes a draft of somebody else's answers for it; an approved answer stays its author's.
  const authorId = message.state === 'draft' ? unit.actor.id : message.authorId;
  const saved = await letGo(unit, conversation, { mailbox, recipients: message, authorId, keepsTurn: message.keepsTurn, sendAt }, { what: message.state === 'draft' ? 'draft-sent' : 'approved', actor: byActor(unit) });
  const patch = { state: 'queued', authorId, sendAt, problem: undefined, dueAt: dueOfAnswer(conversation, { authorId, keepsTurn: message.keepsTurn }), revision: saved.revision, createdAt: unit.now } as const;
  const leaving: Message = { ...message, ...patch };
  await unit.tx.messages.update(message.id, patch);
  await showMessage(unit, saved, message.id);
  await deliverAt(unit, message, { at: sendAt, later });
  return { conversation: saved, message: leaving, what: 'leaves' };
}

/** Hands an answer back to its author, with what is to be changed. */
export async function sendBack(unit: StaffUnit, conversationId: ConversationId | undefined, messageId: MessageId | undefined, reason: string): Promise<{ conversation: Conversation; author: string }> {
  const conversation = await loadConversation(unit, conversationId);
  const message = await findWaiting(unit, conversation, messageId, ['awaiting']);
  const said = reason.trim();
  const saved = await change(unit, conversation, {}, { what: 'sent-back', actor: byActor(unit), data: { reason: said } });
  await unit.tx.messages.update(message.id, { state: 'draft', revision: saved.revision, problem: { key: 'problem.sent-back', params: { who: unit.actor.name, reason: said }, detail: undefined } });
  await showMessage(unit, saved, message.id);
  // So that the author is told where they are.
  const noted = message.authorId && message.authorId !== unit.actor.id ? await addNote({ ...unit, via: 'goniec' }, saved.id, { text: `@${message.authorId} ${said}`, files: [], words: undefined }) : undefined;
  return { conversation: noted?.conversation ?? saved, author: nameOf(unit.desk, message.authorId) };
}

/** @throws Refusal where nothing of that kind waits */
async function findWaiting(unit: StaffUnit, { id, number }: Conversation, messageId: MessageId | undefined, states: readonly Message['state'][]): Promise<Message> {
  const waiting = (await unit.tx.messages.of(id)).filter(({ state }) => states.includes(state));
  const message = messageId ? waiting.find((known) => known.id === messageId) : waiting.at(-1);
  if (!message) throw new Refusal(states.includes('draft') ? 'refused.no-draft' : 'refused.nothing-to-approve', { number });
  return message;
}

/** What a person should read before they let it go. */
async function newsFor(unit: StaffUnit, conversation: Conversation, message: Message, drawnFrom: number | undefined): Promise<Held | undefined> {
  const changed = drawnFrom !== undefined && message.revision > drawnFrom;
  const since = newerMails(await unit.tx.messages.of(conversation.id), message.revision, unit.actor.id).filter(({ id, direction, authorId }) => id !== message.id && (direction === 'in' || authorId !== message.authorId));
  const strangers = message.keepsTurn ? [] : await strangersOf(unit, conversation, message);
  const held = [...(changed ? [message] : []), ...since];
  return held.length > 0 || strangers.length > 0 ? { held, conversation, strangers } : undefined;
}

/** Nobody is a stranger to a conversation that we began. */
async function strangersOf(unit: StaffUnit, conversation: Conversation, message: Message): Promise<readonly string[]> {
  const isAnswer = (await unit.tx.messages.of(conversation.id)).some(({ direction }) => direction === 'in');
  return isAnswer ? strangersIn(unit, { ...(await findAnswered(unit, conversation.id)), recipients: message }) : [];
}
