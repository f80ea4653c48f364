import type { ConversationId, NoteId } from '../core/ids.js';
import type { Conversation, Note } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { newestPinned } from '../core/pins.js';
import { addNote } from './note.js';
import { byActor, change, loadConversation, type StaffUnit } from './unit.js';

/** Keeps a note in sight, above the thread and on the card. @param noteId undefined: the newest note */
export async function pin(unit: StaffUnit, conversationId: ConversationId | undefined, noteId: NoteId | undefined): Promise<{ conversation: Conversation; already: boolean }> {
  const conversation = await loadConversation(unit, conversationId);
  const notes = (await unit.tx.notes.of(conversation.id)).filter(({ deletedAt }) => !deletedAt);
  const note = noteId ? notes.find(({ id }) => id === noteId) : notes.at(-1);
  if (!note) throw new Refusal('refused.no-note', { number: conversation.number });
  if (note.pinnedAt) return { conversation, already: true };
  return { conversation: await keepInSight(unit, conversation, note, true), already: false };
}

/** A new note that is in sight from the beginning. */
export async function pinNew(unit: StaffUnit, conversationId: ConversationId | undefined, text: string): Promise<Conversation> {
  const { conversation, note } = await addNote(unit, conversationId, { text, files: [], words: undefined });
  return keepInSight(unit, conversation, note, true);
}

/** @param noteId undefined: the one that was pinned last */
export async function unpin(unit: StaffUnit, conversationId: ConversationId | undefined, noteId: NoteId | undefined): Promise<Conversation> {
  const conversation = await loadConversation(unit, conversationId);
  const pinned = newestPinned(await unit.tx.notes.of(conversation.id));
  const note = noteId ? pinned.find(({ id }) => id === noteId) : pinned[0];
  if (!note) throw new Refusal('refused.nothing-pinned', { number: conversation.number });
  return keepInSight(unit, conversation, note, false);
}

async function keepInSight(unit: StaffUnit, conversation: Conversation, { id }: Note, pinned: boolean): Promise<Conversation> {
  await unit.tx.notes.update(id, { pinnedAt: pinned ? unit.now : undefined });
  return change(unit, conversation, {}, { what: pinned ? 'note-pinned' : 'note-unpinned', actor: byActor(unit) });
}
