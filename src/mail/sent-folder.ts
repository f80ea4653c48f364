/**
 * Copies of answers in the mailbox's Sent folder, for those who look there. Looking comes first, so that trying again never makes a second copy; and filing
 * a copy has nothing to do with sending, so that its failure never sends again (C08).
 */
import type { ImapFlow } from 'imapflow';

import { MailError } from '../core/errors.js';
import type { Mailbox } from '../core/model.js';
import type { Log } from '../core/ports/effects.js';
import type { FileCopy, FindInSent } from '../core/ports/mail.js';
import { assertConnected, type ImapPatience } from './imap-connect.js';
import { createImapSessions } from './imap-sessions.js';

/** Newest mails of the folder whose Message-IDs are compared one by one: some servers' SEARCH does not find what has just come, or knows no HEADER. */
const LOOK_AT_NEWEST = 50;

export interface SentFolder {
  readonly fileCopy: FileCopy;
  readonly findInSent: FindInSent;
  close(): Promise<void>;
}

export function createSentFolder({ log, patience }: { readonly log: Log; readonly patience?: ImapPatience }): SentFolder {
  const sessions = createImapSessions(patience);
  return {
    fileCopy: (mailbox, mail, headerId) =>
      sessions.use(mailbox, async (client) => {
        const folder = await sentFolderOf(client, mailbox);
        if (folder === undefined) throw new MailError('gone', true, `there is no Sent folder (${mailbox.imap?.sentFolder ?? 'none is named'})`);
        // Not read-only: imapflow leaves out the flags that the selected folder does not let it set.
        if (await contains(client, folder, headerId, { readOnly: false })) {
          log.debug({ mailbox: mailbox.id, headerId }, 'copy is in Sent already');
          return;
        }
        const raw = Buffer.from(mail.raw.buffer, mail.raw.byteOffset, mail.raw.byteLength);
        const appended = await client.append(folder, raw, ['\\Seen']);
        assertConnected(client);
        if (!appended) throw new MailError('unavailable', false, 'the server did not say that it filed the copy');
        log.debug({ mailbox: mailbox.id, headerId }, 'copy filed in Sent');
      }),

    async findInSent(mailbox, headerId) {
      if (!mailbox.imap) return undefined;
      return sessions.use(mailbox, async (client) => {
        const folder = await sentFolderOf(client, mailbox);
        return folder === undefined ? undefined : contains(client, folder, headerId, { readOnly: true });
      });
    },

    close: () => sessions.close(),
  };
}

/** The folder the mailbox names; otherwise the one the server calls \Sent (RFC 6154). */
async function sentFolderOf(client: ImapFlow, mailbox: Mailbox): Promise<string | undefined> {
  const folders = await client.list();
  assertConnected(client);
  const named = mailbox.imap?.sentFolder;
  const found = folders.find(({ path }) => path === named) ?? folders.find(({ specialUse }) => specialUse === '\\Sent');
  return found?.path;
}

async function contains(client: ImapFlow, folder: string, headerId: string, open: { readonly readOnly: boolean }): Promise<boolean> {
  const { exists } = await client.mailboxOpen(folder, open);
  const wanted = `<${headerId}>`;
  const found = await client.search({ header: { 'message-id': wanted } }, { uid: true });
  assertConnected(client);
  if (Array.isArray(found) && found.length > 0) return true;
  if (exists === 0) return false;
  const newest = await client.fetchAll(`${Math.max(1, exists - LOOK_AT_NEWEST + 1)}:*`, { envelope: true });
  assertConnected(client);
  return newest.some(({ envelope }) => envelope?.messageId?.toLowerCase() === wanted.toLowerCase());
}
