import type { ConversationId, MergeId, MessageId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { earliest } from '../core/due.js';
import { Refusal } from '../core/errors.js';
import { isForTheSame } from '../core/sight.js';
import { conversationNumbered } from './purged.js';
import { byActor, change, followMerge, loadConversation, openConversation, showMessage, showNote, type StaffUnit } from './unit.js';

/** Makes two conversations one: mails and notes of `conversationId` go into `intoNumber`, and its own number leads there from now on. */
export async function merge(unit: StaffUnit, conversationId: ConversationId | undefined, intoNumber: number): Promise<{ from: Conversation; into: Conversation }> {
  const from = await loadConversation(unit, conversationId);
  const into = await followMerge(unit, await conversationNumbered(unit, intoNumber));
  if (into.id === from.id) throw new Refusal('refused.same-conversation', { number: from.number });
  if (!isForTheSame(unit.whole, from, into)) throw new Refusal('refused.other-audience', { number: from.number, into: into.number });
  if (into.mailboxId !== from.mailboxId) throw new Refusal('refused.other-mailbox', { number: into.number });

  const messages = await unit.tx.messages.of(from.id);
  const notes = await unit.tx.notes.of(from.id);
  const moved = { messages: messages.map(({ id }) => id), notes: notes.map(({ id }) => id), status: from.status, participants: into.participants };
  await unit.tx.merges.add({ id: unit.newId() as MergeId, from: from.id, into: into.id, at: unit.now, agentId: unit.actor.id, moved });
  const waitingSince = earliest(from.waitingSince, into.waitingSince);
  const saved = await change(
    unit, into,
    { participants: [...new Set([...into.participants, ...from.participants])], waitingSince, dueAt: earliest(from.dueAt, into.dueAt), status: waitingSince ? 'open' : into.status, warning: into.warning?.kind === 'maybe-same' ? undefined : into.warning },
    { what: 'merged', actor: byActor(unit), data: { number: String(from.number) } },
  );
  await unit.tx.conversations.moveContents(moved, saved.id, saved.revision);
  const left = await change(unit, from, { status: 'closed', warning: undefined, mergedInto: saved.id }, { what: 'merged-into', actor: byActor(unit), data: { number: String(saved.number) } });
  await showAnew(unit, saved, moved);
  return { from: left, into: saved };
}

/** Takes the newest merge of a conversation back: everything that was moved returns, both are as they were. */
export async function unmerge(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<{ from: Conversation; into: Conversation }> {
  const into = await loadConversation(unit, conversationId);
  const last = await unit.tx.merges.last(into.id);
  const from = last && (await unit.tx.conversations.get(last.from));
  if (!last || !from || last.into !== into.id) throw new Refusal('refused.not-merged', { number: into.number });
  const back = await change(unit, from, { status: last.moved.status, mergedInto: undefined, waitingSince: last.moved.status === 'open' ? unit.now : undefined }, { what: 'unmerged', actor: byActor(unit), data: { number: String(into.number) } });
  await unit.tx.conversations.moveContents(last.moved, back.id, back.revision);
  const saved = await change(unit, into, { participants: last.moved.participants }, { what: 'unmerged', actor: byActor(unit), data: { number: String(back.number) } });
  await unit.tx.merges.undone(last.id, unit.now);
  await showAnew(unit, back, last.moved);
  return { from: back, into: saved };
}

/**
 * Takes one mail out into a conversation of its own, with whoever wrote it as customer. `unmerge` of the new one is `merge` back.
 * @param messageId undefined: the newest that came; where a stranger joined, the newest of theirs
 */
export async function split(unit: StaffUnit, conversationId: ConversationId | undefined, messageId: MessageId | undefined): Promise<{ from: Conversation; opened: Conversation }> {
  const from = await loadConversation(unit, conversationId);
  const messages = await unit.tx.messages.of(from.id);
  const message = messageId ? messages.find(({ id }) => id === messageId) : newestToSplit(from, messages);
  if (!message || message.direction !== 'in') throw new Refusal('refused.no-such-message');
  if (messages.length === 1) throw new Refusal('refused.nothing-to-split', { number: from.number });
  const address = message.from.address;
  const known = await unit.tx.customers.byAddress(address);
  const customerId = known?.id ?? (unit.newId() as Conversation['customerId']);
  if (!known) await unit.tx.customers.add({ id: customerId, name: message.from.name || address, addresses: [address], language: message.language });
  const opened = await openConversation(unit, {
    ...from, id: unit.newId() as ConversationId, customerId, subject: message.subject || from.subject, status: 'open', assigneeId: undefined, excerpt: message.text.slice(0, 280), waitingSince: message.createdAt,
    participants: [address], warning: undefined, snoozedUntil: undefined, followUpAt: undefined, mergedInto: undefined, threadRef: undefined, cardRef: undefined, createdAt: message.createdAt, updatedAt: unit.now,
  });
  const shown = await change(unit, opened, {}, { what: 'split-from', actor: byActor(unit), data: { number: String(from.number) } });
  const contents = { messages: [message.id], notes: [] };
  await unit.tx.conversations.moveContents(contents, shown.id, shown.revision);
  const stranger = from.warning?.kind === 'stranger' && from.warning.address === address;
  const left = await change(unit, from, { ...(stranger && { warning: undefined }) }, { what: 'split', actor: byActor(unit), data: { number: String(shown.number) } });
  await showAnew(unit, shown, contents);
  return { from: left, opened: shown };
}

function newestToSplit({ warning }: Conversation, messages: readonly Message[]): Message | undefined {
  const inbound = messages.filter(({ direction }) => direction === 'in');
  const strangers = warning?.kind === 'stranger' ? inbound.filter(({ from }) => from.address === warning.address) : [];
  return strangers.at(-1) ?? inbound.at(-1);
}

async function showAnew(unit: StaffUnit, conversation: Conversation, contents: { readonly messages: readonly MessageId[]; readonly notes: readonly Parameters<typeof showNote>[2][] }): Promise<void> {
  for (const id of contents.messages) await showMessage(unit, conversation, id);
  for (const id of contents.notes) await showNote(unit, conversation, id);
}
