/** Sorting without answering: labels, priority, whose turn it is. */
import type { ConversationId, LabelId } from '../core/ids.js';
import { PRIORITIES, type Conversation, type Priority } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { fold } from '../core/fold.js';
import { followUpAfterAnswer } from '../core/follow-up.js';
import { heldByCustomer, type Drawn, type Held } from './close.js';
import { wakeFollowUp } from './follow-up.js';
import { byActor, change, loadConversation, type StaffUnit } from './unit.js';

/** Puts a label on, or takes it off. */
export async function label(unit: StaffUnit, conversationId: ConversationId | undefined, said: string, off: boolean): Promise<{ conversation: Conversation; name: string; already: boolean }> {
  const conversation = await loadConversation(unit, conversationId);
  const found = findByName(unit.desk.labels, said);
  if (!found) throw new Refusal('refused.no-such-label', { said, names: unit.desk.labels.map(({ name }) => name).join(', ') });
  const has = conversation.labels.includes(found.id);
  if (has !== off) return { conversation, name: found.name, already: true };
  const labels: readonly LabelId[] = off ? conversation.labels.filter((id) => id !== found.id) : [...conversation.labels, found.id];
  return { conversation: await change(unit, conversation, { labels }, { what: off ? 'unlabelled' : 'labelled', actor: byActor(unit), data: { label: found.id } }), name: found.name, already: false };
}

export async function setPriority(unit: StaffUnit, conversationId: ConversationId | undefined, said: string): Promise<{ conversation: Conversation; already: boolean }> {
  const conversation = await loadConversation(unit, conversationId);
  const priority = readPriority(said);
  if (priority === conversation.priority) return { conversation, already: true };
  return { conversation: await change(unit, conversation, { priority }, { what: 'priority', actor: byActor(unit), data: { priority } }), already: false };
}

/** Waiting for the customer: nothing to do for us until they write. */
export async function waitForCustomer(unit: StaffUnit, conversationId: ConversationId | undefined, { drawnFrom, anyway }: Drawn): Promise<{ conversation: Conversation; already: boolean } | Held> {
  const conversation = await loadConversation(unit, conversationId);
  if (conversation.status === 'pending') return { conversation, already: true };
  const held = anyway ? undefined : await heldByCustomer(unit, conversation, drawnFrom);
  if (held) return held;
  const days = unit.desk.mailboxes.find(({ id }) => id === conversation.mailboxId)?.followUpDays;
  const saved = await change(unit, conversation, { status: 'pending', followUpAt: followUpAfterAnswer(conversation, unit.now, days) }, { what: 'pending', actor: byActor(unit) });
  await wakeFollowUp(unit, saved);
  return { conversation: saved, already: false };
}

const PRIORITY_WORDS: Readonly<Record<string, Priority>> = { niski: 'low', niska: 'low', zwykly: 'normal', zwykla: 'normal', wysoki: 'high', wysoka: 'high', pilny: 'urgent', pilna: 'urgent', pilne: 'urgent' };

/** @throws Refusal that names them */
export function readPriority(said: string): Priority {
  const word = fold(said.trim());
  const found = PRIORITIES.find((priority) => priority === word) ?? PRIORITY_WORDS[word];
  if (!found) throw new Refusal('refused.no-such-priority', { said, names: PRIORITIES.join(', ') });
  return found;
}

/** By id or name, whatever its case and accents. */
export function findByName<Thing extends { readonly id: string; readonly name: string }>(things: readonly Thing[], said: string): Thing | undefined {
  const word = fold(said.replace(/^#/, '').trim());
  return things.find(({ id, name }) => fold(id) === word || fold(name) === word);
}
