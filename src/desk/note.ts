import type { AgentId, ConversationId, NoteId, PostRef } from '../core/ids.js';
import type { Conversation, Note, StoredFile } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { mentionsIn, type Mentions } from '../core/mentions.js';
import { maySee, sightOf } from '../core/sight.js';
import { tell } from './tell.js';
import { change, loadConversation, showNote, type StaffUnit } from './unit.js';

export interface NewNote {
  readonly text: string;
  readonly files: readonly StoredFile[];
  /** The person's own post in a chat thread that it was made from. */
  readonly words: PostRef | undefined;
  /** Is told about it in another way. */
  readonly knows?: AgentId | undefined;
  /** Were told by the platform that it was written on. */
  readonly pinged?: readonly AgentId[] | undefined;
}

export interface Noted {
  readonly conversation: Conversation;
  readonly note: Note;
  readonly mentions: Mentions;
}

/** Keeps something for the team, and tells those whom it mentions. A note is never mailed to anybody. */
export async function addNote(unit: StaffUnit, conversationId: ConversationId | undefined, { text, files, words, knows, pinged }: NewNote): Promise<Noted> {
  if (!text.trim() && files.length === 0) throw new Refusal('refused.empty-text');
  const conversation = await loadConversation(unit, conversationId);
  const saved = await change(unit, conversation, {});
  const note: Note = {
    id: unit.newId() as NoteId, conversationId: saved.id, authorId: unit.actor.id, text: text.trim(), files, via: unit.via, revision: saved.revision,
    createdAt: unit.now, editedAt: undefined, deletedAt: undefined, pinnedAt: undefined,
  };
  await unit.tx.notes.add(note);
  await unit.tx.search.index({ conversationId: saved.id, kind: 'note', id: note.id, text: [note.text, ...files.map(({ fileName }) => fileName)].join('\n') });
  if (words) await unit.tx.posts.save({ bridge: unit.via, ref: words, conversationId: saved.id, about: { kind: 'note-words', id: note.id } });
  await showNote(unit, saved, note.id);
  return { conversation: saved, note, mentions: await tellMentioned(unit, saved, note, knows ? [knows] : [], pinged) };
}

/** Whoever writes of themselves need not be told. @param told who knows of it already @param pinged whom this platform told itself */
export async function tellMentioned(unit: StaffUnit, conversation: Conversation, note: Note, told: readonly AgentId[], pinged: readonly AgentId[] = []): Promise<Mentions> {
  const found = mentionsIn(note.text, unit.desk);
  // What somebody may not see they are not told of either.
  const seeing = new Set(unit.whole.agents.filter((agent) => maySee(sightOf(unit.whole, agent), conversation)).map(({ id }) => id));
  const mentions = { ...found, agents: found.agents.filter((id) => id !== unit.actor.id && !told.includes(id) && seeing.has(id)) };
  for (const agent of mentions.agents) await tell(unit, agent, conversation, { kind: 'mentioned', by: unit.actor.id, noteId: note.id, ...(pinged.includes(agent) && { except: unit.via }) });
  return mentions;
}
