import { readFile } from 'node:fs/promises';

import type { RawMailId } from '../core/ids.js';
import type { Mailbox } from '../core/model.js';
import { wakeReceiver } from '../desk/quarantine.js';
import { newId } from '../storage/new-id.js';
import { CommandLineError, print, withHouse } from './setting.js';

/** `goniec replay mail.eml`: puts a saved mail in line as if it had just come. */
export async function replayMail(file: string, options: { mailbox?: string }): Promise<void> {
  const raw = await readMailFile(file);
  await withHouse(async ({ store, blobs, desk }) => {
    const mailbox = chooseMailbox((await desk()).mailboxes, options.mailbox);
    const blob = await blobs.put(raw);
    await store.transaction(async (tx) => {
      await tx.rawMails.addMany([{
        id: newId() as RawMailId, mailboxId: mailbox.id, source: 'replay', place: undefined, blob, bytes: raw.byteLength, recipients: [], receivedAt: new Date(), state: 'stored', historic: false, tries: 0,
        outcome: undefined, messageId: undefined, subject: '', sender: '',
      }]);
      await wakeReceiver({ tx, now: new Date() }, mailbox.id);
    });
    print(`In line for ${mailbox.id}. A running desk reads it now, otherwise the next start does.`);
  });
}

export async function readMailFile(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CommandLineError(cause.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${cause.message}`);
  });
}

export function chooseMailbox(mailboxes: readonly Mailbox[], key: string | undefined): Mailbox {
  const [first] = mailboxes;
  if (!first) throw new CommandLineError('The desk has no mailbox. Describe one in desk.yaml, then run: goniec apply desk.yaml');
  const found = key === undefined ? first : mailboxes.find(({ id }) => id === key);
  if (!found) throw new CommandLineError(`There is no mailbox “${key ?? ''}”. There are: ${mailboxes.map(({ id }) => id).join(', ')}`);
  return found;
}
