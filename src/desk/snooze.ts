import type { AbsenceId, ConversationId, ReminderId } from '../core/ids.js';
import type { Conversation, Reminder } from '../core/model.js';
import type { Clock, NewId } from '../core/ports/effects.js';
import type { Store } from '../core/ports/store.js';
import type { Desk } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { parseWhen } from '../core/when.js';
import { heldByCustomer, type Drawn, type Held } from './close.js';
import { comeBack } from './follow-up.js';
import { findOwner, handOverAll } from './find-owner.js';
import { addNote } from './note.js';
import { tell } from './tell.js';
import { BY_GONIEC, byActor, change, loadConversation, showCard, staffUnit, type StaffUnit, type Unit } from './unit.js';
import { wakeAt } from './wake-at.js';

interface Snoozed {
  readonly conversation: Conversation;
  readonly until: Date;
  /** It was so before. */
  readonly already: boolean;
}

/** Puts a conversation out of sight until a time, or until the customer writes. */
export async function snooze(unit: StaffUnit, conversationId: ConversationId | undefined, said: string, { drawnFrom, anyway }: Drawn): Promise<Snoozed | Held> {
  const until = readWhen(unit, said);
  const held = anyway ? undefined : await heldByCustomer(unit, await loadConversation(unit, conversationId), drawnFrom);
  return held ?? snoozeUntil(unit, conversationId, until);
}

export async function snoozeUntil(unit: StaffUnit, conversationId: ConversationId | undefined, until: Date): Promise<Snoozed> {
  const conversation = await loadConversation(unit, conversationId);
  if (conversation.snoozedUntil?.getTime() === until.getTime()) return { conversation, until, already: true };
  const saved = await change(unit, conversation, { status: 'snoozed', snoozedUntil: until }, { what: 'snoozed', actor: byActor(unit), data: { until: until.toISOString() } });
  await wakeAt(unit, `unsnooze:${saved.id}`, until);
  return { conversation: saved, until, already: false };
}

/** Reminds the one who asks, with a note that names them and a word in their own chat. */
export async function remind(unit: StaffUnit, conversationId: ConversationId | undefined, said: string, text: string): Promise<{ conversation: Conversation; reminder: Reminder; already: boolean }> {
  const conversation = await loadConversation(unit, conversationId);
  const reminder: Reminder = { id: unit.newId() as ReminderId, conversationId: conversation.id, agentId: unit.actor.id, at: readWhen(unit, said), text };
  const known = (await unit.tx.reminders.of(conversation.id)).find(({ agentId, at, text: words }) => agentId === reminder.agentId && at.getTime() === reminder.at.getTime() && words === text);
  if (known) return { conversation, reminder: known, already: true };
  await unit.tx.reminders.add(reminder);
  await wakeAt(unit, `remind:${reminder.id}`, reminder.at);
  const saved = await change(unit, conversation, {}, { what: 'reminder-set', actor: byActor(unit), data: { until: reminder.at.toISOString() } });
  return { conversation: saved, reminder, already: false };
}

/** @throws Refusal with examples when the time cannot be understood */
export function readWhen(unit: StaffUnit, said: string): Date {
  const at = parseWhen(said, unit.now, unit.actor.timeZone);
  if (!at) throw new Refusal('refused.bad-time', { said });
  return at;
}

export interface TimerNeeds {
  readonly store: Store;
  readonly desk: () => Promise<Desk>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sign: (text: string) => string;
}

/** What a timer does when its time has come. Safe to run again: whatever was settled meanwhile stays. */
export async function runTimer(needs: TimerNeeds, payload: string): Promise<void> {
  const [kind, id = ''] = payload.split(':');
  const desk = await needs.desk();
  await needs.store.transaction(async (tx) => {
    const unit: Unit = { tx, desk, now: needs.clock.now(), newId: needs.newId, sign: needs.sign };
    if (kind === 'unsnooze') await unsnooze(unit, id as ConversationId, payload);
    if (kind === 'due') await showOverdue(unit, id as ConversationId, payload);
    if (kind === 'follow-up') await comeBack(unit, id as ConversationId);
    if (kind === 'remind') await deliverReminder(unit, id as ReminderId);
    if (kind === 'away') await handOverAll(unit, id as AbsenceId);
  });
}

async function unsnooze(unit: Unit, id: ConversationId, payload: string): Promise<void> {
  const conversation = await unit.tx.conversations.get(id);
  if (conversation?.status !== 'snoozed' || !conversation.snoozedUntil) return;
  // Snoozed again meanwhile, for longer.
  if (conversation.snoozedUntil > unit.now) return wakeAt(unit, payload, conversation.snoozedUntil);
  await findOwner(unit, await change(unit, conversation, { status: 'open', waitingSince: unit.now }, { what: 'unsnoozed', actor: BY_GONIEC }));
}

/** The time of an answer is over: its card says so. Whoever answered meanwhile, or got more time, is left alone. */
async function showOverdue(unit: Unit, id: ConversationId, payload: string): Promise<void> {
  const conversation = await unit.tx.conversations.get(id);
  if (conversation?.status !== 'open' || !conversation.dueAt) return;
  if (conversation.dueAt > unit.now) return wakeAt(unit, payload, conversation.dueAt);
  await showCard(unit, conversation);
}

async function deliverReminder(unit: Unit, id: ReminderId): Promise<void> {
  const reminder = await unit.tx.reminders.get(id);
  const actor = unit.desk.agents.find((agent) => agent.id === reminder?.agentId);
  if (!reminder || !actor || reminder.at > unit.now) return;
  const theirs = staffUnit(unit, actor, 'goniec');
  // They asked for it, and may no longer see it.
  if (!(await theirs.tx.conversations.get(reminder.conversationId))) return unit.tx.reminders.done(id, unit.now);
  const { conversation, note } = await addNote(theirs, reminder.conversationId, { text: `@${actor.id} ${reminder.text}`.trim(), files: [], words: undefined });
  await tell(unit, actor.id, conversation, { kind: 'reminded', noteId: note.id });
  await unit.tx.reminders.done(id, unit.now);
}
