import type { ConversationId, NoteId, PostRef } from '../core/ids.js';
import type { Conversation, Note, StoredFile } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { change, loadConversation, showNote, type StaffUnit } from './unit.js';

export interface NewNote {
  readonly text: string;
  readonly files: readonly StoredFile[];
  /** The person's own post in a chat thread that it was made from. */
  readonly words: PostRef | undefined;
}

/** Keeps something for the team. A note is never mailed to anybody. */
export async function addNote(unit: StaffUnit, conversationId: ConversationId | undefined, { text, files, words }: NewNote): Promise<{ conversation: Conversation; note: Note }> {
  if (!text.trim() && files.length === 0) throw new Refusal('refused.empty-text');
  const conversation = await loadConversation(unit, conversationId);
  const saved = await change(unit, conversation, {});
  const note: Note = {
    id: unit.newId() as NoteId, conversationId: saved.id, authorId: unit.actor.id, text: text.trim(), files, via: unit.via, revision: saved.revision,
    createdAt: unit.now, editedAt: undefined, deletedAt: undefined,
  };
  await unit.tx.notes.add(note);
  await unit.tx.search.index({ conversationId: saved.id, kind: 'note', id: note.id, text: [note.text, ...files.map(({ fileName }) => fileName)].join('\n') });
  if (words) await unit.tx.posts.save({ bridge: unit.via, ref: words, conversationId: saved.id, about: { kind: 'note-words', id: note.id } });
  await showNote(unit, saved, note.id);
  return { conversation: saved, note };
}
