import type { ConversationId } from '../core/ids.js';
import type { Conversation } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { readFollowUp } from '../core/follow-up.js';
import { say } from '../core/language/say.js';
import { heldByCustomer, type Drawn, type Held } from './close.js';
import { findOwner } from './find-owner.js';
import { addNote } from './note.js';
import { BY_GONIEC, byActor, change, loadConversation, staffUnit, type StaffUnit, type Unit } from './unit.js';
import { wakeAt } from './wake-at.js';

const timerOf = ({ id }: Conversation): string => `follow-up:${id}`;

/** Waits for the customer, but not for ever: at that time the conversation comes back, unless they have written. "off" waits for ever. */
export async function followUp(unit: StaffUnit, conversationId: ConversationId | undefined, said: string, { drawnFrom, anyway }: Drawn): Promise<{ conversation: Conversation; already: boolean } | Held> {
  const conversation = await loadConversation(unit, conversationId);
  const wanted = readFollowUp(said, unit.now, unit.actor.timeZone);
  if (!wanted) throw new Refusal('refused.bad-follow-up', { said });
  if ('off' in wanted) {
    if (!conversation.followUpAt) throw new Refusal('refused.no-follow-up', { number: conversation.number });
    return { conversation: await change(unit, conversation, { followUpAt: undefined }, { what: 'follow-up-off', actor: byActor(unit) }), already: false };
  }
  if (conversation.status === 'spam' || conversation.status === 'closed') throw new Refusal('refused.closed-already', { number: conversation.number });
  if (conversation.followUpAt?.getTime() === wanted.at.getTime()) return { conversation, already: true };
  const held = anyway ? undefined : await heldByCustomer(unit, conversation, drawnFrom);
  if (held) return held;
  const saved = await change(unit, conversation, { status: 'pending', followUpAt: wanted.at }, { what: 'follow-up-set', actor: byActor(unit), data: { until: wanted.at.toISOString() } });
  await wakeFollowUp(unit, saved);
  return { conversation: saved, already: false };
}

/** Sets the timer of a conversation that is to be followed up. */
export async function wakeFollowUp(unit: Pick<Unit, 'tx'>, conversation: Conversation): Promise<void> {
  if (conversation.followUpAt) await wakeAt(unit, timerOf(conversation), conversation.followUpAt);
}

/** The time has come: nobody wrote, so it is ours again, and its owner is told. Whatever was settled meanwhile stays. */
export async function comeBack(unit: Unit, id: ConversationId): Promise<void> {
  const conversation = await unit.tx.conversations.get(id);
  if (conversation?.status !== 'pending' || !conversation.followUpAt) return;
  if (conversation.followUpAt > unit.now) return wakeFollowUp(unit, conversation);
  const opened = await findOwner(unit, await change(unit, conversation, { status: 'open', waitingSince: unit.now }, { what: 'follow-up-due', actor: BY_GONIEC }));
  const owner = unit.desk.agents.find((agent) => agent.id === opened.assigneeId);
  if (owner) await addNote(staffUnit(unit, owner, 'goniec'), id, { text: `@${owner.id} ${say(owner.locale, 'follow-up.due')}`, files: [], words: undefined });
}
