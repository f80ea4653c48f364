import { headerBlockAt, historyHeaderAt, isBlank, isForwardMark, isQuoted, unquote } from './history-header.js';

/**
 * Forwarded mails: told by the prefix of the subject or by the block that mail programs write above the mail they hand on. A forward starts
 * a new conversation (C12); a reply does not, so the outermost prefix decides.
 */

/** Prefixes of an answer, without the colon, lower case. Source: en.wikipedia.org/wiki/List_of_email_subject_abbreviations. */
const REPLY_PREFIXES: ReadonlySet<string> = new Set([
  're', 'aw', 'antw', 'antwort', 'odp', 'sv', 'vs', 'svar', 'réf', 'rép', 'rif', 'r', 'res', 'resp', 'vá', 'ynt', 'yan', 'cevap', 'atb', 'ats', 'bls', 'hb', 'отв', 'ответ',
  'вiдп', 'відп', 'απ', 'σχετ', 'trả lời', '回复', '回覆', '答复', '返信', '회신', 're^',
]);

/** Prefixes of a forward, without the colon, lower case. Same source. "VS" is Finnish for a forward as well as Norwegian for an answer. */
const FORWARD_PREFIXES: ReadonlySet<string> = new Set([
  'fwd', 'fw', 'fwd^', 'wg', 'pd', 'tr', 'transf', 'rv', 'renv', 'reenv', 'i', 'vl', 'vb', 'vs', 'vbs', 'doorst', 'dv', 'enc', 'pč', 'přep', 'předáno', 'redir', 'i̇lt', 'ilt', 'iletilen',
  'továbbítás', 'videresend', 'videresendt', 'vidarebefordrat', 'weitergeleitet', 'przek', 'przekazane', 'inoltro', 'inol', 'inoltrato', 'fs', 'trs', 'пересл', 'пер', 'переслано',
  'пд', 'prosl', 'proslijeđeno', 'προωθ', 'yml', 'chuyển tiếp', '转发', '轉寄', '轉發', '転送', '전달', 'пересылка',
]);

/** "RE[2]:", "Re(3):", "Fwd: ", "Re : " (French), "回复：". */
const PREFIX = /^[\s\uFEFF]*([\p{L}\p{M}^]{1,16}(?: [\p{L}\p{M}]{2,6})?)\.?(?:\s?[[(]\d{1,3}[\])])?(?:\^\d{1,2})?\s?[:\uff1a]\s*/u;

/** A subject with more prefixes than this is an attack on the reader, not a thread. */
const MAX_PREFIXES = 50;

/** Reads one prefix off the front. `rest` is what follows it. */
function prefixOf(subject: string): { word: string; rest: string } | undefined {
  const found = PREFIX.exec(subject.slice(0, 64));
  const word = found?.[1]?.toLowerCase();
  if (!found || word === undefined) return undefined;
  if (!REPLY_PREFIXES.has(word) && !FORWARD_PREFIXES.has(word)) return undefined;
  return { word, rest: subject.slice(found[0].length) };
}

/**
 * The subject without reply and forward prefixes, for display only (C12); joining mails never rests on it. A subject that consists of
 * prefixes alone is returned as it is.
 */
export function displaySubject(subject: string): string {
  const whole = subject.replace(/\s+/g, ' ').trim();
  let rest = whole;
  for (let taken = 0; taken < MAX_PREFIXES; taken++) {
    const prefix = prefixOf(rest);
    if (!prefix || prefix.rest.trim() === '') break;
    rest = prefix.rest.trimStart();
  }
  return rest.trim() === '' ? whole : rest.trim();
}

/** Whether the outermost prefix of the subject says that another mail is handed on. */
export function hasForwardPrefix(subject: string): boolean {
  const word = prefixOf(subject.trim())?.word;
  return word !== undefined && FORWARD_PREFIXES.has(word) && !AMBIGUOUS_PREFIXES.has(word);
}

/** Whether the outermost prefix says that this is an answer. */
export function hasReplyPrefix(subject: string): boolean {
  const word = prefixOf(subject.trim())?.word;
  return word !== undefined && REPLY_PREFIXES.has(word) && !AMBIGUOUS_PREFIXES.has(word);
}

/** The same letters mean an answer in one language and a forward in another: only a forward block in the text settles it. */
const AMBIGUOUS_PREFIXES: ReadonlySet<string> = new Set(['vs']);

/** Forward blocks stand under a covering note; one this far down belongs to quoted history. */
const MAX_COVERING_NOTE_LINES = 200;

/**
 * Whether the text hands on another mail: a forward mark before any reply history, or a header block with nothing written above it.
 * `prefixed`: the subject has said so already (or cannot tell), so a bare header block after a note counts as well.
 */
function hasForwardBlock(text: string, prefixed = false): boolean {
  const lines = text.split(/\r\n|\n|\r/, MAX_COVERING_NOTE_LINES);
  let written = false;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (isBlank(line)) continue;
    if (isForwardMark(line)) return true;
    if (isQuoted(line)) {
      // IONOS quotes the whole forwarded mail, its separator first.
      if (!written && historyHeaderAt(lines.slice(index, index + 12).map(unquote), 0) !== undefined) return true;
      continue;
    }
    const header = historyHeaderAt(lines, index);
    if (header) {
      const block = headerBlockAt(lines, index) !== undefined || headerBlockAt(lines, nextFilledIndex(lines, index + 1)) !== undefined;
      return (block || prefixed) && (prefixed || !written);
    }
    if (!/^\s*[-_=*]{3,}\s*$/.test(line)) written = true;
  }
  return false;
}

function nextFilledIndex(lines: readonly string[], from: number): number {
  let index = from;
  while (index < lines.length && index < from + 4 && isBlank(lines[index])) index++;
  return index;
}

/** Whether a mail with this subject and text hands on another one. An answer to a forward ("Re: Fwd: ...") is an answer. */
export function isForward(mail: { readonly subject: string; readonly text: string }): boolean {
  if (hasForwardPrefix(mail.subject)) return true;
  const ambiguous = AMBIGUOUS_PREFIXES.has(prefixOf(mail.subject.trim())?.word ?? '');
  if (ambiguous) return hasForwardBlock(mail.text, true);
  if (hasReplyPrefix(mail.subject)) return hasForwardMarkFirst(mail.text);
  return hasForwardBlock(mail.text);
}

/** Under a reply prefix only an explicit forward mark counts: a header block there is the answered mail. */
function hasForwardMarkFirst(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/, MAX_COVERING_NOTE_LINES);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (isBlank(line)) continue;
    if (isForwardMark(line)) return true;
    if (historyHeaderAt(lines, index)) return false;
  }
  return false;
}
