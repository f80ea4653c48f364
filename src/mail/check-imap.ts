/** Looks whether a mailbox can be read, the way it will be read, and changes nothing on the server. */
import type { ImapFlow, ListResponse } from 'imapflow';

import type { Mailbox } from '../core/model.js';
import { certificateReason, codeOf, type CertificateReason } from './certificate-reason.js';
import { hostIsKnown } from './host-known.js';
import { assertConnected, connectImap, disconnect } from './imap-connect.js';
import { toMailboxProblem, type MailboxProblemKind } from './mailbox-problem.js';

export interface CheckPatience {
  /** DNS, TCP, TLS and greeting, and any single answer, each in milliseconds. */
  readonly answerMs: number;
  /** The whole check, in milliseconds. */
  readonly wholeMs: number;
}
/** A person waits for it; a healthy server answers within a second or two. */
export const CHECK_PATIENCE: CheckPatience = { answerMs: 10_000, wholeMs: 30_000 };

/** A line that says nothing must not count as silent before its greeting counts as missing: the two are told apart. */
const SILENCE_FACTOR = 2;

export type ImapReport =
  | {
      readonly works: false;
      readonly kind: MailboxProblemKind | 'no-host';
      readonly certificate: CertificateReason | undefined;
      /** The server's or the system's own words. */
      readonly detail: string;
    }
  | {
      readonly works: true;
      /** All that the server has, by path. */
      readonly folders: readonly string[];
      /** Watched folders that are not there. */
      readonly missing: readonly string[];
      /** Watched folders that are there and cannot be opened. */
      readonly closed: readonly { readonly folder: string; readonly detail: string }[];
      readonly moveFolderMissing: boolean;
      readonly spamFolderMissing: boolean;
      /** Neither the named folder nor one that the server calls \Sent is there. */
      readonly sentFolderMissing: boolean;
      /** It announces new mail by itself (IDLE, RFC 2177). */
      readonly announces: boolean;
    };

/** Never rejects and never takes longer than the patience. */
export async function checkImap(imap: NonNullable<Mailbox['imap']>, patience: CheckPatience = CHECK_PATIENCE): Promise<ImapReport> {
  const limit = AbortSignal.timeout(patience.wholeMs);
  try {
    const looked = await withLimit(look(imap, patience, limit), limit);
    return looked;
  } catch (error) {
    const problem = toMailboxProblem(error);
    // A server that waits for our TLS greeting says nothing itself: the commonest mistake is STARTTLS on the port for TLS.
    const waitsForTls = imap.security !== 'tls' && codeOf(problem.cause) === 'GREETING_TIMEOUT';
    return { works: false, kind: waitsForTls ? 'no-tls' : problem.kind, certificate: certificateReason(problem.cause), detail: problem.detail };
  }
}

async function look(imap: NonNullable<Mailbox['imap']>, { answerMs }: CheckPatience, limit: AbortSignal): Promise<ImapReport> {
  if (!(await hostIsKnown(imap.host))) return { works: false, kind: 'no-host', certificate: undefined, detail: '' };
  const client = await connectImap(imap, { connectMs: answerMs, silenceMs: answerMs * SILENCE_FACTOR }, limit);
  const close = (): void => client.close();
  limit.addEventListener('abort', close);
  try {
    const folders = await client.list();
    assertConnected(client);
    const missing = imap.folders.filter((folder) => !hasFolder(folders, folder));
    const closed = await closedFolders(client, imap.folders.filter((folder) => !missing.includes(folder)));
    const { after, sentFolder, spamFolder } = imap;
    return {
      works: true,
      folders: folders.map(({ path }) => path),
      missing,
      closed,
      moveFolderMissing: after.do === 'move' && !hasFolder(folders, after.folder),
      spamFolderMissing: spamFolder !== undefined && !hasFolder(folders, spamFolder),
      sentFolderMissing: sentFolder !== undefined && !hasFolder(folders, sentFolder) && !folders.some(({ specialUse }) => specialUse === '\\Sent'),
      announces: client.capabilities.has('IDLE'),
    };
  } finally {
    limit.removeEventListener('abort', close);
    await disconnect(client);
  }
}

function hasFolder(folders: readonly ListResponse[], wanted: string): boolean {
  // INBOX is the one name whose case does not matter (RFC 3501 section 5.1).
  return folders.some(({ path }) => path === wanted || (path.toUpperCase() === 'INBOX' && wanted.toUpperCase() === 'INBOX'));
}

/** Opened read-only, as they are watched: what a list shows may still be closed to this login. */
async function closedFolders(client: ImapFlow, folders: readonly string[]): Promise<readonly { readonly folder: string; readonly detail: string }[]> {
  const closed: { folder: string; detail: string }[] = [];
  for (const folder of folders) {
    try {
      await client.mailboxOpen(folder, { readOnly: true });
    } catch (error) {
      assertConnected(client);
      closed.push({ folder, detail: toMailboxProblem(error).detail });
    }
  }
  return closed;
}

/** Ends the wait when the time is over, whatever the work still waits for. */
export async function withLimit<Result>(work: Promise<Result>, limit: AbortSignal): Promise<Result> {
  let giveUp = (): void => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    limit.addEventListener('abort', giveUp);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, over]);
  } finally {
    limit.removeEventListener('abort', giveUp);
  }
}
