/** What becomes of a mail on the IMAP server once it is stored here: it is left, marked as read, or moved, as its mailbox says. */
import type { ImapFlow } from 'imapflow';

import { MailError } from '../core/errors.js';
import type { Log } from '../core/ports/effects.js';
import type { SettleOnServer } from '../core/ports/mail.js';
import { assertConnected, type ImapPatience } from './imap-connect.js';
import { createImapSessions } from './imap-sessions.js';

export interface Settler {
  readonly settle: SettleOnServer;
  close(): Promise<void>;
}

export function createSettler({ log, patience }: { readonly log: Log; readonly patience?: ImapPatience }): Settler {
  const sessions = createImapSessions(patience);
  return {
    async settle(mailbox, mail) {
      const { place } = mail;
      const after = mailbox.imap?.after ?? { do: 'leave' };
      if (!place || after.do === 'leave') return;
      await sessions.use(mailbox, async (client) => {
        const selected = await client.mailboxOpen(place.folder);
        if (Number(selected.uidValidity) !== place.uidValidity) {
          // The UID means another mail now, or none: better to leave this one than to touch a wrong one.
          log.info({ mailbox: mailbox.id, folder: place.folder, mail: mail.id }, 'mail left as it is, UIDVALIDITY changed');
          return;
        }
        const done = after.do === 'mark-seen' ? await client.messageFlagsAdd(String(place.uid), ['\\Seen'], { uid: true }) : await move(client, place.uid, after.folder);
        assertConnected(client);
        // Somebody else may have deleted or moved it: then there is nothing left to do.
        if (!done && (await isThere(client, place.uid))) throw new MailError('unavailable', true, `the server refused to ${after.do === 'move' ? `move the mail to ${after.folder}` : 'mark the mail as read'}`);
      });
    },
    close: () => sessions.close(),
  };
}

/** Makes the folder when it is missing. */
async function move(client: ImapFlow, uid: number, folder: string): Promise<boolean> {
  const moved = await client.messageMove(String(uid), folder, { uid: true });
  if (moved) return true;
  assertConnected(client);
  const folders = await client.list();
  if (folders.some(({ path }) => path === folder)) return false;
  await client.mailboxCreate(folder);
  return Boolean(await client.messageMove(String(uid), folder, { uid: true }));
}

async function isThere(client: ImapFlow, uid: number): Promise<boolean> {
  const found = await client.fetchAll(String(uid), { uid: true }, { uid: true });
  assertConnected(client);
  return found.length > 0;
}
