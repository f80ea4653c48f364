/**
 * Reads one IMAP folder from where it was left off. What is new is told by UID alone (RFC 3501 section 2.3.1.1): \Seen plays no part (C02), nor does any
 * window of time (C03). The folder is opened read-only, so reading changes nothing on the server.
 */
import type { FetchMessageObject, ImapFlow } from 'imapflow';

import type { FolderCursor, Mailbox } from '../core/model.js';
import type { Clock, Log } from '../core/ports/effects.js';
import type { ArrivedMail, Intake } from '../core/ports/intake.js';
import { portions, uidSet, type Caution, type Listed } from './fetch-plan.js';
import { assertConnected } from './imap-connect.js';
import { MailboxProblem } from './mailbox-problem.js';

export interface FolderNeeds {
  readonly client: ImapFlow;
  readonly mailbox: Mailbox;
  readonly folder: string;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Log;
  readonly caution: Caution;
  /** Asked between portions. */
  readonly stopping: () => boolean;
}

export interface FolderReader {
  /** Reads what has come since; when it resolves, all of it is kept. @throws MailboxProblem, or what imapflow throws. */
  readNew(): Promise<boolean>;
}

/** SEARCH SINCE goes by the server's calendar day (RFC 3501 section 6.4.4), wherever that server is. */
const DAY_MS = 24 * 3_600_000;
/** Mails asked about in one command; keeps command lines short. */
const LIST_AT_ONCE = 500;

/**
 * Selects the folder and settles where reading goes on:
 * - never read before: from here on, and back to the mailbox's `since` as history;
 * - read before: after the last UID kept;
 * - UIDVALIDITY changed, so that UIDs mean other mails now (C09, C29): the folder is read anew, marked so that what is known is recognised.
 *
 * @throws MailboxProblem, or what imapflow throws.
 */
export async function openFolder(needs: FolderNeeds): Promise<FolderReader> {
  const { client, mailbox, folder, intake, log } = needs;
  const selected = await client.mailboxOpen(folder, { readOnly: true });
  const uidValidity = Number(selected.uidValidity);
  const highest = selected.uidNext > 0 ? selected.uidNext - 1 : await highestUid(client);
  let cursor = await intake.cursor(mailbox.id, folder);

  if (!cursor) {
    cursor = { mailboxId: mailbox.id, folder, uidValidity, lastUid: mailbox.since === undefined ? highest : 0, historyUid: highest };
    await keep(needs, [], cursor);
    log.info({ mailbox: mailbox.id, folder, history: highest }, 'folder connected for the first time');
  } else if (cursor.uidValidity !== uidValidity) {
    log.warn({ mailbox: mailbox.id, folder, was: cursor.uidValidity, is: uidValidity }, 'UIDVALIDITY changed, reading the folder anew');
    // Until it is done the old cursor stays: a crash in between begins anew, and nothing new can be taken for history.
    const since = await intake.takenSince(mailbox.id, folder);
    const listed = since === undefined ? await list(needs, uidSetFrom(1)) : await listSince(needs, 1, highest, since);
    const known = listed.filter(({ uid }) => uid <= highest);
    for (const { arrivals } of fetched(needs, known, uidValidity, { historic: false, reread: true })) await keep(needs, await arrivals, undefined);
    if (needs.stopping()) return { readNew: () => Promise.resolve(false) };
    cursor = { mailboxId: mailbox.id, folder, uidValidity, lastUid: highest, historyUid: 0 };
    await keep(needs, [], cursor);
  }
  return reader(needs, cursor);
}

function reader(needs: FolderNeeds, start: FolderCursor): FolderReader {
  let cursor = start;
  const take = async (mails: readonly Listed[], historic: boolean): Promise<boolean> => {
    for (const { portion, arrivals } of fetched(needs, mails, cursor.uidValidity, { historic, reread: false })) {
      const next = { ...cursor, lastUid: portion.at(-1)?.uid ?? cursor.lastUid };
      await keep(needs, await arrivals, next);
      cursor = next;
      needs.log.debug({ mailbox: needs.mailbox.id, folder: needs.folder, mails: portion.length, lastUid: cursor.lastUid }, 'mails kept');
    }
    return mails.length > 0;
  };
  const readHistory = async (): Promise<void> => {
    const { since } = needs.mailbox;
    if (since !== undefined) await take(await listSince(needs, cursor.lastUid + 1, cursor.historyUid, since), true);
    if (needs.stopping()) return;
    const next = { ...cursor, lastUid: cursor.historyUid };
    await keep(needs, [], next);
    cursor = next;
  };
  return {
    async readNew() {
      if (cursor.lastUid < cursor.historyUid) await readHistory();
      if (needs.stopping()) return false;
      const from = cursor.lastUid + 1;
      // With nothing new, `n:*` is the last mail (RFC 3501 section 6.4.8): what was read stays out.
      return take((await list(needs, uidSetFrom(from))).filter(({ uid }) => uid >= from), false);
    },
  };
}

/** Fetches portion by portion, as the caller asks for them. A failure is remembered, so that the next try is more careful. */
function* fetched(
  needs: FolderNeeds,
  mails: readonly Listed[],
  uidValidity: number,
  marks: Pick<ArrivedMail, 'historic' | 'reread'>,
): Generator<{ readonly portion: readonly Listed[]; readonly arrivals: Promise<readonly ArrivedMail[]> }> {
  for (const portion of portions(mails, needs.mailbox.maxMailBytes, needs.caution)) {
    if (needs.stopping()) return;
    const arrivals = fetchPortion(needs, portion).then((contents) =>
      contents.map(({ mail, raw, headers }) => ({
        source: 'imap' as const,
        place: { folder: needs.folder, uidValidity, uid: mail.uid },
        raw,
        headers,
        bytes: raw?.length ?? mail.bytes,
        recipients: [],
        receivedAt: mail.receivedAt,
        ...marks,
      })),
    );
    yield { portion, arrivals };
  }
}

interface Content {
  readonly mail: Listed;
  readonly raw: Uint8Array | undefined;
  readonly headers: Uint8Array | undefined;
}

async function fetchPortion(needs: FolderNeeds, portion: readonly Listed[]): Promise<readonly Content[]> {
  const { client, mailbox, caution, log } = needs;
  const careOf = (mail: Listed): 'whole' | 'headers' | 'nothing' => {
    const care = caution.care(mail.uid);
    return care === 'whole' && mail.bytes > mailbox.maxMailBytes ? 'headers' : care;
  };
  const byCare = (wanted: string): readonly number[] => portion.filter((mail) => careOf(mail) === wanted).map(({ uid }) => uid);
  try {
    const raws = new Map<number, Buffer | undefined>();
    const headers = new Map<number, Buffer | undefined>();
    // imapflow asks with BODY.PEEK, which leaves \Seen alone.
    for await (const message of fetchUids(client, byCare('whole'), { uid: true, source: true })) raws.set(message.uid, message.source);
    for await (const message of fetchUids(client, byCare('headers'), { uid: true, headers: true })) headers.set(message.uid, message.headers);
    assertConnected(client);
    const contents = portion.map((mail) => ({ mail, raw: raws.get(mail.uid), headers: headers.get(mail.uid) }));
    const missing = contents.filter(({ mail, raw, headers: block }) => !raw && !block && careOf(mail) !== 'nothing').map(({ mail }) => mail.uid);
    const gone = await goneOf(client, missing);
    if (gone.size < missing.length) throw new MailboxProblem('other', `the server lists mails but does not hand them out (UID ${uidSet(missing.filter((uid) => !gone.has(uid)))})`);
    for (const uid of byCare('nothing')) log.error({ mailbox: mailbox.id, folder: needs.folder, uid }, 'mail cannot be fetched');
    return contents.filter(({ mail }) => !gone.has(mail.uid));
  } catch (error) {
    caution.failed(portion);
    throw error;
  }
}

/** Of these UIDs, those that have been removed from the folder since they were listed. */
async function goneOf(client: ImapFlow, uids: readonly number[]): Promise<ReadonlySet<number>> {
  if (uids.length === 0) return new Set();
  const gone = new Set(uids);
  for await (const { uid } of fetchUids(client, uids, { uid: true })) gone.delete(uid);
  assertConnected(client);
  return gone;
}

async function* fetchUids(client: ImapFlow, uids: readonly number[], query: Parameters<ImapFlow['fetch']>[1]): AsyncGenerator<FetchMessageObject> {
  if (uids.length > 0) yield* client.fetch(uidSet(uids), query, { uid: true });
}

/** Size and arrival of the mails of a UID set, in UID order. */
async function list({ client, clock }: Pick<FolderNeeds, 'client' | 'clock'>, set: string): Promise<readonly Listed[]> {
  const mails: Listed[] = [];
  for await (const { uid, size, internalDate } of client.fetch(set, { uid: true, size: true, internalDate: true }, { uid: true })) {
    mails.push({ uid, bytes: size ?? 0, receivedAt: internalDate === undefined ? clock.now() : new Date(internalDate) });
  }
  assertConnected(client);
  return mails.sort((left, right) => left.uid - right.uid);
}

/** Mails of a UID range that arrived at or after `since`. */
async function listSince(needs: FolderNeeds, from: number, to: number, since: Date): Promise<readonly Listed[]> {
  if (from > to) return [];
  const { client, log, mailbox, folder } = needs;
  // A plain SEARCH: some servers that announce SEARCH RETURN refuse it (C23).
  const found = await client.search({ uid: `${from}:${to}`, since: new Date(since.getTime() - DAY_MS) }, { uid: true });
  assertConnected(client);
  const mails: Listed[] = [];
  if (found === false || found === undefined) {
    log.warn({ mailbox: mailbox.id, folder }, 'SEARCH refused, listing the whole folder instead');
    mails.push(...(await list(needs, `${from}:${to}`)));
  } else {
    for (let start = 0; start < found.length; start += LIST_AT_ONCE) mails.push(...(await list(needs, uidSet(found.slice(start, start + LIST_AT_ONCE)))));
  }
  return mails.filter(({ uid, receivedAt }) => uid >= from && uid <= to && receivedAt >= since);
}

/** For servers that do not tell UIDNEXT. */
async function highestUid(client: ImapFlow): Promise<number> {
  let highest = 0;
  for await (const { uid } of client.fetch('*', { uid: true })) highest = Math.max(highest, uid);
  assertConnected(client);
  return highest;
}

function uidSetFrom(uid: number): string {
  return `${uid}:*`;
}

async function keep({ intake, mailbox }: Pick<FolderNeeds, 'intake' | 'mailbox'>, arrivals: readonly ArrivedMail[], cursor: FolderCursor | undefined): Promise<void> {
  try {
    await intake.keep(mailbox, arrivals, cursor);
  } catch (error) {
    throw new MailboxProblem('other', 'mail was received but could not be stored', { cause: error });
  }
}
