import type { AttachmentId, BlobHash, MessageId, RawMailId } from '../core/ids.js';
import type { ParsedMail } from '../core/mail.js';
import type { Attachment, Message } from '../core/model.js';
import type { Blobs } from '../core/ports/effects.js';
import type { ReadMail } from '../core/ports/mail.js';
import type { Stores } from '../core/ports/store.js';
import { Refusal } from '../core/errors.js';

/** Reads what is too large for a row: files, the HTML part, the mail as it came. */
export interface ReadContent {
  attachment(id: AttachmentId): Promise<Uint8Array>;
  html(message: MessageId): Promise<string | undefined>;
  source(rawMail: RawMailId): Promise<Uint8Array>;
  /** A file of its own, such as those on notes. */
  blob(hash: BlobHash): Promise<Uint8Array>;
}

type ContentStores = Pick<Stores, 'messages' | 'rawMails'>;

export interface ContentReader extends ReadContent {
  /** The same for somebody who does not see everything: what these stores do not hold is not there. */
  readonly through: (stores: ContentStores) => ReadContent;
}

/** A mail is usually asked for several times in a row (its inline images, its files): the last few stay read. */
const KEPT_MAILS = 8;

export function createContentReader({ store, blobs, readMail }: { store: ContentStores; blobs: Blobs; readMail: ReadMail }): ContentReader {
  const kept = new Map<RawMailId, Promise<ParsedMail>>();

  const source = async ({ rawMails }: ContentStores, id: RawMailId): Promise<Uint8Array> => {
    const hash: BlobHash | undefined = (await rawMails.get(id))?.blob;
    if (!hash) throw new Refusal('refused.not-stored');
    return blobs.get(hash);
  };
  const parsed = (id: RawMailId): Promise<ParsedMail> => {
    const reading = kept.get(id) ?? source(store, id).then(readMail);
    kept.delete(id);
    kept.set(id, reading);
    reading.catch(() => kept.delete(id));
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_MAILS) break;
      kept.delete(oldest);
    }
    return reading;
  };
  const part = async (attachment: Attachment, message: Message | undefined): Promise<Uint8Array> => {
    if (attachment.content.kind === 'blob') return blobs.get(attachment.content.hash);
    const mail = message?.rawMailId && (await parsed(message.rawMailId));
    const found = mail ? mail.attachments[attachment.content.index] : undefined;
    if (!found) throw new Refusal('refused.not-stored');
    return found.content;
  };

  const through = (stores: ContentStores): ReadContent => ({
    source: (id) => source(stores, id),
    blob: (hash) => blobs.get(hash),
    async attachment(id) {
      const attachment = await stores.messages.attachment(id);
      if (!attachment) throw new Refusal('refused.not-stored');
      return part(attachment, await stores.messages.get(attachment.messageId));
    },
    async html(id) {
      const message = await stores.messages.get(id);
      return message?.rawMailId ? (await parsed(message.rawMailId)).html : undefined;
    },
  });
  return { ...through(store), through };
}
