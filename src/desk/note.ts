import type { ConversationId, NoteId } from '../core/ids.js';
import type { Conversation, Note } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { change, loadConversation, showNote, type StaffUnit } from './unit.js';

/** Keeps something for the team. A note is never mailed to anybody. */
export async function addNote(unit: StaffUnit, conversationId: ConversationId | undefined, text: string): Promise<{ conversation: Conversation; note: Note }> {
  if (!text.trim()) throw new Refusal('refused.empty-text');
  const conversation = await loadConversation(unit, conversationId);
  const saved = await change(unit, conversation, {});
  const note: Note = {
    id: unit.newId() as NoteId, conversationId: saved.id, authorId: unit.actor.id, text: text.trim(), via: unit.via, revision: saved.revision,
    createdAt: unit.now, editedAt: undefined, deletedAt: undefined,
  };
  await unit.tx.notes.add(note);
  await unit.tx.search.index({ conversationId: saved.id, kind: 'note', id: note.id, text: note.text });
  await showNote(unit, saved, note.id);
  return { conversation: saved, note };
}
