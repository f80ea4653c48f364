/**
 * What every use case works with: one transaction, one moment, the desk as it is now. Use cases load, decide with core, save, and queue deliveries; the world
 * outside is touched only by `deliver`.
 */
import type { Agent, Conversation, Desk, EventKind, Actor } from '../core/model.js';
import type { ConversationId, DeliveryId, EventId, MessageId, NoteId } from '../core/ids.js';
import type { NewId } from '../core/ports/effects.js';
import type { Tx, TxInSight } from '../core/ports/store.js';
import { chatLane, copyLane, type Effect } from '../core/deliveries.js';
import { lawful } from '../core/conversation-laws.js';
import { dueAfter } from '../core/due.js';
import { deskInSight, EVERYTHING, sightOf } from '../core/sight.js';
import { whyGone } from './purged.js';
import { wakeAt } from './wake-at.js';

export interface Unit {
  readonly tx: Tx;
  readonly desk: Desk;
  readonly now: Date;
  readonly newId: NewId;
  /** Signs what must be recognised when it comes back (see core/message-ids). */
  readonly sign: (text: string) => string;
}

/** A unit in which a staff member acts. What they may not see is neither in its stores nor on its desk. */
export interface StaffUnit extends Unit {
  readonly tx: TxInSight;
  /** The desk with what they may not see: to decide about others, never to show. */
  readonly whole: Desk;
  readonly actor: Agent;
  /** Bridge they act in. */
  readonly via: string;
}

/** The only way to act as somebody: with their sight. */
export function staffUnit(unit: Unit, actor: Agent, via: string): StaffUnit {
  const sight = sightOf(unit.desk, actor);
  return { ...unit, tx: unit.tx.inSight(sight), whole: unit.desk, desk: deskInSight(unit.desk, sight), actor, via };
}

/** The same moment as Goniec itself sees it: to decide and act for others, never to show. */
export function asGoniec(unit: Unit & Partial<Pick<StaffUnit, 'whole'>>): Unit {
  return { ...unit, tx: unit.tx.inSight(EVERYTHING), desk: wholeDesk(unit) };
}

const wholeDesk = (unit: Unit & Partial<Pick<StaffUnit, 'whole'>>): Desk => unit.whole ?? unit.desk;

export interface Happening {
  readonly what: EventKind;
  readonly actor: Actor;
  readonly data?: Readonly<Record<string, string>>;
}

export const byActor = (unit: StaffUnit): Actor => ({ kind: 'agent', id: unit.actor.id });
export const BY_GONIEC: Actor = { kind: 'goniec' };

/** @throws Refusal when there is no such conversation. */
export async function loadConversation(unit: Unit & Partial<Pick<StaffUnit, 'actor'>>, id: ConversationId | undefined): Promise<Conversation> {
  const conversation = id && (await unit.tx.conversations.get(id));
  if (!conversation) throw await whyGone(unit, id);
  return followMerge(unit, conversation);
}

/** Where a conversation lives on that went into another one. */
export async function followMerge(unit: Pick<Unit, 'tx'>, conversation: Conversation): Promise<Conversation> {
  const into = conversation.mergedInto && (await unit.tx.conversations.get(conversation.mergedInto));
  return into ? followMerge(unit, into) : conversation;
}

/** A new conversation, with the time at which an answer is due. */
export async function openConversation(unit: Unit, conversation: Omit<Conversation, 'number' | 'revision' | 'dueAt'>): Promise<Conversation> {
  return watchDue(unit, await unit.tx.conversations.create(lawful({ ...conversation, dueAt: dueAfter(unit.now, wholeDesk(unit), conversation, undefined, undefined) })), undefined);
}

/** Saves a change with its history lines, and brings the card up to date. */
export async function change(
  unit: Unit,
  conversation: Conversation,
  patch: Partial<Omit<Conversation, 'id' | 'number' | 'revision' | 'createdAt' | 'updatedAt'>>,
  ...happenings: readonly Happening[]
): Promise<Conversation> {
  const after = { ...conversation, ...patch, updatedAt: unit.now };
  const dueAt = dueAfter(unit.now, wholeDesk(unit), after, conversation, patch.dueAt);
  const saved = await watchDue(unit, await unit.tx.conversations.save(lawful({ ...after, dueAt })), conversation);
  await addHistory(unit, saved, happenings);
  await showCard(unit, saved);
  return saved;
}

/** An answer is due at another time, though nothing happened in the conversation. */
export async function moveDue(unit: Unit, conversation: Conversation, dueAt: Date | undefined): Promise<void> {
  await showCard(unit, await watchDue(unit, await unit.tx.conversations.save({ ...conversation, dueAt }), conversation));
}

const dueTimer = (id: ConversationId): string => `due:${id}`;

/** Where the time of an answer begins to run, its end is waited for. */
async function watchDue(unit: Unit, conversation: Conversation, before: Conversation | undefined): Promise<Conversation> {
  const { id, status, dueAt } = conversation;
  const isWatched = before?.status === 'open' && before.dueAt?.getTime() === dueAt?.getTime();
  if (status === 'open' && dueAt && !isWatched) await wakeAt(unit, dueTimer(id), dueAt);
  return conversation;
}

export async function addHistory(unit: Unit, conversation: Conversation, happenings: readonly Happening[]): Promise<void> {
  for (const { what, actor, data } of happenings) {
    await unit.tx.events.add({ id: unit.newId() as EventId, conversationId: conversation.id, at: unit.now, actor, what, data: data ?? {}, revision: conversation.revision });
  }
}

/** Writes the effect down and wakes the worker of its lane; both only happen if the transaction commits. */
export async function queueDelivery(unit: Unit, delivery: { readonly lane: string; readonly effect: Effect; readonly coalesce?: string; readonly dueAt?: Date }): Promise<void> {
  const dueAt = delivery.dueAt ?? unit.now;
  await unit.tx.deliveries.add({ id: unit.newId() as DeliveryId, lane: delivery.lane, coalesce: delivery.coalesce, effect: delivery.effect, dueAt, createdAt: unit.now });
  await wakeLane(unit, delivery.lane, dueAt);
}

/** Queues the copy of an answer that has left, where the mailbox keeps its copies on the server. */
export async function queueCopy(unit: Unit, { mailboxId }: Pick<Conversation, 'mailboxId'>, messageId: MessageId): Promise<void> {
  const mailbox = unit.desk.mailboxes.find(({ id }) => id === mailboxId);
  if (mailbox?.imap?.sentFolder) await queueDelivery(unit, { lane: copyLane(messageId), effect: { kind: 'mail.copy', messageId } });
}

export async function wakeLane(unit: Pick<Unit, 'tx'>, lane: string, at: Date): Promise<void> {
  await unit.tx.jobs.enqueue({ task: 'deliver', payload: lane, queue: lane, key: `deliver:${lane}`, runAt: at });
}

/** Many changes in a row need one edit: a card that waits to be shown is shown as it is when its turn comes. */
export async function showCard(unit: Unit, conversation: Conversation): Promise<void> {
  if (!conversation.channelId) return;
  // Somebody is at work on it: what waits there for its turn asks again, and a bridge lets it go before what nobody waits for.
  if ('actor' in unit) await unit.tx.deliveries.hurry(chatLane(conversation.id), unit.now);
  await queueDelivery(unit, { lane: chatLane(conversation.id), effect: { kind: 'chat.card', conversationId: conversation.id }, coalesce: `card:${conversation.id}` });
}

export async function showMessage(unit: Unit, conversation: Conversation, messageId: MessageId): Promise<void> {
  if (!conversation.channelId) return;
  await queueDelivery(unit, { lane: chatLane(conversation.id), effect: { kind: 'chat.message', conversationId: conversation.id, messageId }, coalesce: `message:${messageId}` });
}

export async function showNote(unit: Unit, conversation: Conversation, noteId: NoteId): Promise<void> {
  if (!conversation.channelId) return;
  await queueDelivery(unit, { lane: chatLane(conversation.id), effect: { kind: 'chat.note', conversationId: conversation.id, noteId }, coalesce: `note:${noteId}` });
}

export function nameOf(desk: Desk, agentId: string | undefined): string {
  return desk.agents.find((agent) => agent.id === agentId)?.name ?? agentId ?? '';
}
