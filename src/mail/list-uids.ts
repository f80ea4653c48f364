/** What lies in the folders of a mailbox on its server, for an audit; and mails of it fetched once more. Reads only. */
import type { ImapFlow } from 'imapflow';

import type { Mailbox } from '../core/model.js';
import type { FetchAgain, ListServerMails, ServerFolder, UnlistedFolder } from '../core/ports/audit.js';
import type { ArrivedMail } from '../core/ports/intake.js';
import { Caution, portions, uidSet, type Listed } from './fetch-plan.js';
import { assertConnected, connectImap, disconnect } from './imap-connect.js';
import { MailboxProblem, toMailboxProblem } from './mailbox-problem.js';

/** UIDs named in one command; keeps command lines short where they are far apart. */
const NAMED_AT_ONCE = 500;

export const listServerMails: ListServerMails = (mailbox, folders) =>
  withServer(mailbox, async (client) => {
    const listed: (ServerFolder | UnlistedFolder)[] = [];
    for (const { folder, above } of folders) {
      try {
        listed.push(await listFolder(client, folder, above));
      } catch (error) {
        // A folder that was removed must not keep the others from being compared.
        assertConnected(client);
        listed.push({ folder, problem: toMailboxProblem(error).detail });
      }
    }
    return listed;
  });

export const fetchAgain: FetchAgain = (mailbox, { folder, uidValidity, uids }, take) =>
  withServer(mailbox, async (client) => {
    const selected = await client.mailboxOpen(folder, { readOnly: true });
    if (Number(selected.uidValidity) !== uidValidity) throw new MailboxProblem('other', `${folder} has been numbered anew since`);
    const listed = await sizesOf(client, uids);
    for (const portion of portions(listed, mailbox.maxMailBytes, new Caution())) await take(await fetchPortion(client, mailbox, { folder, uidValidity }, portion));
  });

/** @throws MailboxProblem */
async function withServer<Result>(mailbox: Mailbox, work: (client: ImapFlow) => Promise<Result>): Promise<Result> {
  if (!mailbox.imap) throw new MailboxProblem('other', 'the mailbox has no IMAP server');
  const client = await connectImap(mailbox.imap);
  try {
    const result = await work(client);
    assertConnected(client);
    return result;
  } catch (error) {
    throw toMailboxProblem(error);
  } finally {
    await disconnect(client);
  }
}

async function listFolder(client: ImapFlow, folder: string, above: number): Promise<ServerFolder> {
  const selected = await client.mailboxOpen(folder, { readOnly: true });
  const mails: { uid: number; receivedAt: Date }[] = [];
  if (selected.exists > 0) {
    for await (const { uid, internalDate } of client.fetch(`${above + 1}:*`, { uid: true, internalDate: true }, { uid: true })) {
      // With nothing above, `n:*` is the last mail (RFC 3501 section 6.4.8).
      if (uid > above) mails.push({ uid, receivedAt: new Date(internalDate ?? 0) });
    }
  }
  assertConnected(client);
  return { folder, uidValidity: Number(selected.uidValidity), mails: mails.sort((left, right) => left.uid - right.uid) };
}

async function sizesOf(client: ImapFlow, uids: readonly number[]): Promise<readonly Listed[]> {
  const listed: Listed[] = [];
  for (let at = 0; at < uids.length; at += NAMED_AT_ONCE) {
    for await (const { uid, size, internalDate } of client.fetch(uidSet(uids.slice(at, at + NAMED_AT_ONCE)), { uid: true, size: true, internalDate: true }, { uid: true })) {
      listed.push({ uid, bytes: size ?? 0, receivedAt: new Date(internalDate ?? 0) });
    }
  }
  assertConnected(client);
  return listed.sort((left, right) => left.uid - right.uid);
}

async function fetchPortion(client: ImapFlow, { maxMailBytes }: Mailbox, place: { readonly folder: string; readonly uidValidity: number }, portion: readonly Listed[]): Promise<readonly ArrivedMail[]> {
  const arrivals: ArrivedMail[] = [];
  for (const tooLarge of [false, true]) {
    const wanted = new Map(portion.filter(({ bytes }) => bytes > maxMailBytes === tooLarge).map((mail) => [mail.uid, mail]));
    if (wanted.size === 0) continue;
    // imapflow asks with BODY.PEEK, which leaves \Seen alone.
    for await (const { uid, source, headers } of client.fetch(uidSet([...wanted.keys()]), tooLarge ? { uid: true, headers: true } : { uid: true, source: true }, { uid: true })) {
      const mail = wanted.get(uid);
      if (!mail) continue;
      arrivals.push({
        source: 'imap', place: { ...place, uid }, raw: source, headers, bytes: source?.length ?? mail.bytes, recipients: [], receivedAt: mail.receivedAt, historic: false,
        // It may be known under another UID.
        reread: true,
      });
    }
  }
  assertConnected(client);
  return arrivals;
}
