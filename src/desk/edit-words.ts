import type { PostRef } from '../core/ids.js';
import type { Conversation, Message, Note } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { mentionsIn } from '../core/mentions.js';
import { editAnswer, UNCHANGED } from './edit-answer.js';
import { tellMentioned } from './note.js';
import { addHistory, byActor, change, loadConversation, showNote, type StaffUnit } from './unit.js';
import { undo } from './undo.js';

export type Edited =
  | { readonly what: 'note'; readonly conversation: Conversation; readonly deleted: boolean }
  /** The answer that waits says the new words now. */
  | { readonly what: 'answer'; readonly conversation: Conversation }
  /** The answer that waited was taken back. */
  | { readonly what: 'undone'; readonly conversation: Conversation }
  /** The answer had left: the customer has the old text, and the history says so. */
  | { readonly what: 'too-late'; readonly conversation: Conversation };

/**
 * A person edited or deleted their own post in chat (C24): a note follows; an answer follows while it waits, and afterwards the desk says that the customer has
 * the old text.
 * @param text undefined: deleted
 * @returns undefined when the post means nothing to us
 */
export async function editWords(unit: StaffUnit, post: PostRef, text: string | undefined): Promise<Edited | undefined> {
  // Platforms also say "edited" when only a preview of a link was added: what says the same means nothing, below.
  const known = await unit.tx.posts.subjectOf(unit.via, post);
  if (known?.about.kind === 'note-words') {
    const note = await unit.tx.notes.get(known.about.id);
    return note && editNote(unit, note, text);
  }
  if (known?.about.kind === 'message-words') {
    const message = await unit.tx.messages.get(known.about.id);
    return message && editAnswerOf(unit, message, text);
  }
  return undefined;
}

async function editNote(unit: StaffUnit, note: Note, text: string | undefined): Promise<Edited | undefined> {
  if (text?.trim() === note.text) return undefined;
  const conversation = await loadConversation(unit, note.conversationId);
  if (note.authorId !== unit.actor.id) throw new Refusal('refused.not-your-note');
  await unit.tx.notes.update(note.id, text === undefined ? { deletedAt: unit.now } : { text: text.trim(), editedAt: unit.now });
  const saved = await change(unit, conversation, {});
  if (text !== undefined) await unit.tx.search.index({ conversationId: saved.id, kind: 'note', id: note.id, text });
  await showNote(unit, saved, note.id);
  if (text !== undefined) await tellMentioned(unit, saved, { ...note, text }, mentionsIn(note.text, unit.desk).agents);
  return { what: 'note', conversation: saved, deleted: text === undefined };
}

async function editAnswerOf(unit: StaffUnit, message: Message, text: string | undefined): Promise<Edited | undefined> {
  if (text?.trim() === message.text) return undefined;
  try {
    if (text === undefined) return { what: 'undone', conversation: (await undo(unit, message.conversationId, message.id)).conversation };
    const edited = await editAnswer(unit, message.conversationId, message.id, { ...UNCHANGED, text });
    return { what: 'answer', conversation: edited.conversation };
  } catch (error) {
    if (!(error instanceof Refusal) || error.key !== 'refused.sent-already') throw error;
    const conversation = await loadConversation(unit, message.conversationId);
    await addHistory(unit, conversation, [{ what: 'old-text', actor: byActor(unit) }]);
    return { what: 'too-late', conversation };
  }
}
