/**
 * In-Reply-To and References of an answer. Source: RFC 5322 section 3.6.4.
 */

/** Header blocks over about 4 kB are refused by some relays; References is what grows. Longer lists lose their middle. */
const MAX_REFERENCES_CHARS = 1_500;
/** A longer Message-ID cannot stand on one line (RFC 5322 section 2.1.1 allows 998 characters) and is taken for damage. */
const MAX_ID_CHARS = 900;
/** Angle brackets and a space around each id. */
const CHARS_AROUND_ID = 3;

/** What an answer needs to know of the mail that it answers. Ids without angle brackets. */
export interface Answered {
  readonly headerId: string | undefined;
  readonly inReplyTo: string | undefined;
  readonly references: readonly string[];
}

/**
 * @returns In-Reply-To and References for an answer to `mail`. A mail without Message-ID cannot be referred to, but what it referred to can.
 */
export function referencesOfAnswer(mail: Answered): { readonly inReplyTo: string | undefined; readonly references: readonly string[] } {
  const ancestors = mail.references.length > 0 ? mail.references : mail.inReplyTo === undefined ? [] : [mail.inReplyTo];
  const own = mail.headerId === undefined ? [] : [mail.headerId];
  return { inReplyTo: own.find(isUsableId), references: trimReferences([...ancestors, ...own]) };
}

/**
 * Keeps the first id (the thread's root, which clients group by) and as many of the last ones as fit. Repeated and damaged ids fall out, so nothing a
 * stranger wrote can break the header; trimming again changes nothing.
 */
export function trimReferences(ids: readonly string[], maxChars: number = MAX_REFERENCES_CHARS): readonly string[] {
  const usable = withoutRepeats(ids.filter(isUsableId));
  const [first, ...rest] = usable;
  if (first === undefined) return [];
  let left = maxChars - lengthInHeader(first);
  const kept: string[] = [];
  for (const id of rest.reverse()) {
    left -= lengthInHeader(id);
    if (left < 0) break;
    kept.unshift(id);
  }
  return [first, ...kept];
}

/** Of an id that occurs twice the last one counts: it is nearer to the mail answered. The first id of all keeps its place. */
function withoutRepeats(ids: readonly string[]): readonly string[] {
  return ids.filter((id, index) => index === 0 || (id !== ids[0] && ids.lastIndexOf(id) === index));
}

function isUsableId(id: string): boolean {
  return id.length > 0 && id.length <= MAX_ID_CHARS && /^[\x21-\x7e]+$/.test(id) && !/[<>]/.test(id);
}

function lengthInHeader(id: string): number {
  return id.length + CHARS_AROUND_ID;
}
