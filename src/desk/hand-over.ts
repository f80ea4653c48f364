import type { ConversationId } from '../core/ids.js';
import type { Conversation } from '../core/model.js';
import { assign, type AssignWish } from './assign.js';
import { addNote } from './note.js';
import type { StaffUnit } from './unit.js';

/** Assigns with a word about how things stand: the note is there before the new owner is told. */
export async function handOver(unit: StaffUnit, conversationId: ConversationId | undefined, wish: AssignWish, text: string): Promise<Conversation> {
  const { conversation, note } = await addNote(unit, conversationId, { text, files: [], words: undefined, knows: wish.to.kind === 'agent' ? wish.to.id : undefined });
  return assign(unit, conversation.id, { ...wish, noteId: note.id });
}
