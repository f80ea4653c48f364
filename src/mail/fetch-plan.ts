/**
 * In which portions mails are fetched: large enough to be fast (one command a portion), small enough for memory, and ever more careful around a mail
 * that a server cannot hand out, so that one damaged mail never blocks those behind it.
 */

/** What a server tells about a mail before it is fetched. */
export interface Listed {
  readonly uid: number;
  /** RFC822.SIZE: as claimed; some servers are a little off. */
  readonly bytes: number;
  readonly receivedAt: Date;
}

/** Mails a portion: beyond this the speed no longer grows, and a crash repeats less. */
const MAX_MAILS = 250;
/** Bytes a portion holds in memory; a single larger mail is a portion of its own. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Failures of one mail after which only its headers are asked for, and after which it is kept by name only. In between the connection is made anew. */
const HEADERS_ONLY_AFTER = 3;
const NOTHING_AFTER = 5;

export type Care = 'whole' | 'headers' | 'nothing';

/** Remembers, over reconnections, where fetching failed. One per folder. */
export class Caution {
  private until = 0;
  private uid = 0;
  private failures = 0;

  /** Fetching this portion failed: up to its end mails are fetched one by one. */
  failed(portion: readonly Listed[]): void {
    this.until = Math.max(this.until, portion.at(-1)?.uid ?? 0);
    const [only] = portion;
    if (portion.length !== 1 || only === undefined) return;
    this.failures = only.uid === this.uid ? this.failures + 1 : 1;
    this.uid = only.uid;
  }

  /** How many mails to fetch at once from this UID on. */
  mailsAtOnce(uid: number): number {
    return uid <= this.until ? 1 : MAX_MAILS;
  }

  /** How much of this mail to ask for. */
  care(uid: number): Care {
    if (uid !== this.uid || this.failures < HEADERS_ONLY_AFTER) return 'whole';
    return this.failures < NOTHING_AFTER ? 'headers' : 'nothing';
  }
}

/** Cuts mails (in UID order) into portions; asks `caution` anew for each, since it may have learned meanwhile. */
export function* portions(mails: readonly Listed[], maxMailBytes: number, caution: Caution): Generator<readonly Listed[]> {
  let start = 0;
  while (start < mails.length) {
    const first = mails[start];
    if (first === undefined) return;
    const most = caution.mailsAtOnce(first.uid);
    let end = start;
    let bytes = 0;
    for (const mail of mails.slice(start, start + most)) {
      // Of a mail over the limit only headers are fetched.
      bytes += mail.bytes > maxMailBytes ? 0 : mail.bytes;
      if (end > start && bytes > MAX_BYTES) break;
      end += 1;
    }
    yield mails.slice(start, end);
    start = end;
  }
}

/** [1,2,3,7] -> "1:3,7". Source: RFC 3501 section 9, sequence-set. */
export function uidSet(uids: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const uid of uids) {
    const last = ranges.at(-1);
    if (last?.to === uid - 1) last.to = uid;
    else ranges.push({ from: uid, to: uid });
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}:${to}`)).join(',');
}
