/**
 * What becomes of a mail on the IMAP server once it is stored here: it is left, marked as read, or moved, as its mailbox says. And spam is moved out of people's sight there as
 * well, and back when it was none.
 */
import type { ImapFlow } from 'imapflow';

import { MailError } from '../core/errors.js';
import type { Mailbox, RawMail, ServerPlace } from '../core/model.js';
import type { Log } from '../core/ports/effects.js';
import type { SettleOnServer, SortSpamOnServer } from '../core/ports/mail.js';
import { assertConnected, type ImapPatience } from './imap-connect.js';
import { createImapSessions } from './imap-sessions.js';
import { toMailboxProblem } from './mailbox-problem.js';

export interface Settler {
  readonly settle: SettleOnServer;
  readonly sortSpam: SortSpamOnServer;
  close(): Promise<void>;
}

export function createSettler({ log, patience }: { readonly log: Log; readonly patience?: ImapPatience }): Settler {
  const sessions = createImapSessions(patience);
  return {
    async settle(mailbox, mail) {
      const { place } = mail;
      const after = mailbox.imap?.after ?? { do: 'leave' };
      if (!place || after.do === 'leave') return undefined;
      return sessions.use(mailbox, async (client) => {
        const selected = await client.mailboxOpen(place.folder);
        if (Number(selected.uidValidity) !== place.uidValidity) {
          // The UID means another mail now, or none: better to leave this one than to touch a wrong one.
          log.info({ mailbox: mailbox.id, folder: place.folder, mail: mail.id }, 'mail left as it is, UIDVALIDITY changed');
          return undefined;
        }
        const moved = after.do === 'move' ? await move(client, place.uid, after.folder) : undefined;
        const done = after.do === 'mark-seen' ? await client.messageFlagsAdd(String(place.uid), ['\\Seen'], { uid: true }) : moved !== undefined;
        assertConnected(client);
        // Somebody else may have deleted or moved it: then there is nothing left to do.
        if (!done && (await isThere(client, place.uid))) throw new MailError('unavailable', true, `the server refused to ${after.do === 'move' ? `move the mail to ${after.folder}` : 'mark the mail as read'}`);
        return moved;
      });
    },

    async sortSpam(mailbox, mail, headerId, spam) {
      const folders = foldersOf(mailbox, mail);
      if (!folders) return undefined;
      const target = spam ? folders.spam : folders.home;
      return sessions.use(mailbox, async (client) => {
        const found = await find(client, placesOf(mail, folders), headerId);
        if (!found) {
          log.info({ mailbox: mailbox.id, mail: mail.id }, 'mail is no longer where it was on the server, nothing to move');
          return undefined;
        }
        if (found.folder === target) return found;
        const moved = await move(client, found.uid, target);
        if (!moved) throw new MailError('unavailable', true, `the server refused to move the mail to ${target}`);
        return moved;
      });
    },

    close: () => sessions.close(),
  };
}

interface Folders {
  readonly spam: string;
  /** Where mail lies that was taken in. */
  readonly home: string;
}

/** undefined: this mailbox leaves spam where it is, or the mail never lay on a server. */
function foldersOf({ imap }: Mailbox, { place }: RawMail): Folders | undefined {
  if (!imap?.spamFolder || !place) return undefined;
  return { spam: imap.spamFolder, home: imap.after.do === 'move' ? imap.after.folder : place.folder };
}

/** Where the mail may lie, the likeliest first. Without a number it is looked for by its Message-ID. */
function placesOf({ place, movedTo }: RawMail, { spam, home }: Folders): readonly ServerPlace[] {
  const known: readonly ServerPlace[] = [movedTo, place].filter((one) => one !== undefined);
  const folders = [...new Set([...known.map(({ folder }) => folder), spam, home])];
  return [...known.filter(({ uid }) => uid !== undefined), ...folders.map((folder) => ({ folder, uidValidity: undefined, uid: undefined }))];
}

type FoundPlace = ServerPlace & { readonly uid: number };

async function find(client: ImapFlow, places: readonly ServerPlace[], headerId: string | undefined): Promise<FoundPlace | undefined> {
  for (const { folder, uidValidity, uid } of places) {
    const selected = await open(client, folder);
    if (selected === undefined) continue;
    if (uid !== undefined) {
      if (selected === uidValidity && (await isThere(client, uid))) return { folder, uidValidity, uid };
      continue;
    }
    const byId = headerId === undefined ? undefined : await findById(client, headerId);
    if (byId !== undefined) return { folder, uidValidity: selected, uid: byId };
  }
  return undefined;
}

/** @returns its UIDVALIDITY; undefined when there is no such folder */
async function open(client: ImapFlow, folder: string): Promise<number | undefined> {
  try {
    return Number((await client.mailboxOpen(folder)).uidValidity);
  } catch (error) {
    assertConnected(client);
    if (toMailboxProblem(error).kind === 'no-such-folder') return undefined;
    throw error;
  }
}

async function findById(client: ImapFlow, headerId: string): Promise<number | undefined> {
  const found = await client.search({ header: { 'message-id': `<${headerId}>` } }, { uid: true });
  assertConnected(client);
  return Array.isArray(found) ? found.at(-1) : undefined;
}

/** Makes the folder when it is missing. @returns where the mail lies now; undefined when it was not moved */
async function move(client: ImapFlow, uid: number, folder: string): Promise<ServerPlace | undefined> {
  const placeIn = (moved: Awaited<ReturnType<ImapFlow['messageMove']>>): ServerPlace | undefined =>
    moved ? { folder, uidValidity: moved.uidValidity === undefined ? undefined : Number(moved.uidValidity), uid: moved.uidMap?.get(uid) } : undefined;
  const moved = placeIn(await client.messageMove(String(uid), folder, { uid: true }));
  if (moved) return moved;
  assertConnected(client);
  const folders = await client.list();
  if (folders.some(({ path }) => path === folder)) return undefined;
  await client.mailboxCreate(folder);
  return placeIn(await client.messageMove(String(uid), folder, { uid: true }));
}

async function isThere(client: ImapFlow, uid: number): Promise<boolean> {
  const found = await client.fetchAll(String(uid), { uid: true }, { uid: true });
  assertConnected(client);
  return found.length > 0;
}
