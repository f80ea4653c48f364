/** Compares what lies on the mail servers with the ledger. */
import type { ServerFolder, UnlistedFolder } from '../core/ports/audit.js';
import type { Desk, FolderCursor, Mailbox } from '../core/model.js';
import type { AuditFinding, AuditNeeds } from './audit-finding.js';

/** What of a folder on the server is not in the ledger. */
export interface Gap {
  /** The cursor went past them, and they were never taken in. */
  readonly lost: readonly number[];
  /** They came after the cursor: their turn is yet to come. */
  readonly unread: readonly number[];
  /** How many were compared. */
  readonly compared: number;
}

/**
 * @param ledger UIDs of this folder and UIDVALIDITY that were taken in
 * @param takenSince older mail was left alone on purpose. Asked only when the folder has no history mark: it was empty at the first connection, or was numbered anew and
 *   read again from then on.
 */
export function compareFolder(folder: Pick<ServerFolder, 'mails'>, cursor: Pick<FolderCursor, 'lastUid' | 'historyUid'>, ledger: ReadonlySet<number>, takenSince: Date | undefined): Gap {
  const { lastUid, historyUid } = cursor;
  const leftAlone = (receivedAt: Date): boolean => historyUid === 0 && takenSince !== undefined && receivedAt < takenSince;
  const due = folder.mails.filter(({ uid }) => uid > historyUid && uid <= lastUid);
  return {
    lost: due.filter(({ uid, receivedAt }) => !ledger.has(uid) && !leftAlone(receivedAt)).map(({ uid }) => uid),
    unread: folder.mails.filter(({ uid }) => uid > Math.max(historyUid, lastUid) && !ledger.has(uid)).map(({ uid }) => uid),
    compared: due.length,
  };
}

export async function auditServers(needs: AuditNeeds, desk: Desk): Promise<{ readonly findings: readonly AuditFinding[]; readonly compared: number }> {
  const results = await Promise.all(desk.mailboxes.map((mailbox) => auditServer(needs, mailbox)));
  return { findings: results.flatMap(({ findings }) => findings), compared: results.reduce((sum, { compared }) => sum + compared, 0) };
}

interface Result {
  readonly findings: readonly AuditFinding[];
  readonly compared: number;
}

async function auditServer(needs: AuditNeeds, mailbox: Mailbox): Promise<Result> {
  const wanted: { folder: string; above: number }[] = [];
  for (const folder of mailbox.imap?.folders ?? []) {
    const cursor = await needs.store.cursors.get(mailbox.id, folder);
    // Never connected yet: there is nothing to compare.
    if (cursor) wanted.push({ folder, above: cursor.historyUid });
  }
  if (wanted.length === 0) return { findings: [], compared: 0 };
  let listed: readonly (ServerFolder | UnlistedFolder)[];
  try {
    listed = await needs.listServerMails(mailbox, wanted);
  } catch (error) {
    return { findings: [unchecked(mailbox, error instanceof Error ? error.message : String(error))], compared: 0 };
  }
  const results: Result[] = [];
  for (const folder of listed) results.push(await auditFolder(needs, mailbox, folder));
  return { findings: results.flatMap(({ findings }) => findings), compared: results.reduce((sum, { compared }) => sum + compared, 0) };
}

async function auditFolder({ store, intake }: AuditNeeds, mailbox: Mailbox, listed: ServerFolder | UnlistedFolder): Promise<Result> {
  const { folder } = listed;
  if ('problem' in listed) return { findings: [unchecked(mailbox, `${folder}: ${listed.problem}`)], compared: 0 };
  // Read after the server was asked, the cursor before the ledger: while a desk runs, whatever the cursor has passed is in the ledger by now.
  const cursor = await store.cursors.get(mailbox.id, folder);
  const params = { mailbox: mailbox.id, folder };
  if (!cursor || cursor.uidValidity !== listed.uidValidity) return { findings: [{ level: 'warn', kind: 'renumbered', key: 'audit.renumbered', params, ids: [] }], compared: 0 };
  const ledger = new Set((await store.rawMails.places(mailbox.id, folder, cursor.uidValidity)).map(({ uid }) => uid));
  const { lost, unread, compared } = compareFolder(listed, cursor, ledger, await intake.takenSince(mailbox.id, folder));
  const findings: AuditFinding[] = [];
  if (lost.length > 0) {
    findings.push({
      level: 'bad', kind: 'lost', key: 'audit.lost', params: { ...params, count: lost.length }, ids: lost.map(String),
      repair: { how: 'fetch-again', mailbox, folder, uidValidity: cursor.uidValidity, uids: lost },
    });
  }
  if (unread.length > 0) findings.push({ level: 'warn', kind: 'unread', key: 'audit.unread', params: { ...params, count: unread.length }, ids: unread.map(String) });
  return { findings, compared };
}

function unchecked({ id }: Mailbox, detail: string): AuditFinding {
  return { level: 'bad', kind: 'unchecked', key: 'audit.unchecked', params: { mailbox: id }, ids: [id], detail };
}
