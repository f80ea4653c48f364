import type { ConversationId } from '../core/ids.js';
import type { StoredFile } from '../core/model.js';
import type { Blobs } from '../core/ports/effects.js';
import type { Store } from '../core/ports/store.js';
import { Refusal } from '../core/errors.js';
import { fold } from '../core/fold.js';
import type { ReadContent } from './read-content.js';

/** Files of a conversation, by name or id, with commas between, ready to go with an answer. @throws Refusal that names what there is */
export type ThreadFiles = (conversationId: ConversationId, said: string) => Promise<readonly StoredFile[]>;

interface Candidate {
  readonly id: string;
  readonly fileName: string;
  readonly take: () => Promise<StoredFile>;
}

/** Done before a verb's transaction: what came with a mail is read out of the mail, which takes its time. */
export function createThreadFiles({ store, blobs, content }: { readonly store: Pick<Store, 'messages' | 'notes'>; readonly blobs: Blobs; readonly content: Pick<ReadContent, 'attachment'> }): ThreadFiles {
  const candidatesOf = async (conversationId: ConversationId): Promise<readonly Candidate[]> => {
    const messages = await store.messages.of(conversationId);
    const notes = await store.notes.of(conversationId);
    const ofMails = messages.flatMap(({ attachments }) => attachments).map(({ id, fileName, contentType, bytes, content: where }): Candidate => ({
      id, fileName,
      take: async () => ({ fileName, contentType, bytes, blob: where.kind === 'blob' ? where.hash : await blobs.put(await content.attachment(id)) }),
    }));
    const ofNotes = notes.filter(({ deletedAt }) => !deletedAt).flatMap(({ id, files }) => files.map((file, index): Candidate => ({ id: `${id}/${index}`, fileName: file.fileName, take: async () => file })));
    // The newest of several of one name is meant.
    return [...ofMails, ...ofNotes].reverse();
  };

  return async (conversationId, said) => {
    const candidates = await candidatesOf(conversationId);
    const wanted = said.split(',').map((name) => name.trim()).filter(Boolean).map((name) => {
      const found = candidates.find(({ id }) => id === name) ?? candidates.find(({ fileName }) => fold(fileName) === fold(name));
      if (!found) throw new Refusal('refused.no-such-file', { said: name, names: [...new Set(candidates.map(({ fileName }) => fileName))].join(', ') || '–' });
      return found;
    });
    return Promise.all([...new Set(wanted)].map(({ take }) => take()));
  };
}
