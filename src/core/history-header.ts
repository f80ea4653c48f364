import {
  ATTRIBUTION_STARTS,
  FORWARD_OPENINGS,
  FORWARD_SEPARATORS,
  headerLine,
  REPLY_SEPARATORS,
  WROTE_WORDS,
  type HeaderRole,
} from './mail-phrases.js';

/**
 * Recognises the lines that mail programs put between an answer and the mail it answers: "On Monday, Anna wrote:",
 * `-----Original Message-----`, a block of From/Sent/To/Subject.
 */

/** A history header found in the text. */
export interface HistoryHeader {
  /** First line after the header. */
  readonly end: number;
  /**
   * The header is unmistakable even when the text after it is not marked with `>`: it carries an address or a time of day. Without, it is
   * believed only in front of marked lines.
   */
  readonly certain: boolean;
}

/** Longer than any attribution seen (a long display name and a long address); keeps every expression below short of trouble. */
const MAX_ATTRIBUTION_CHARS = 420;
/** Gmail and Outlook wrap an attribution over up to four lines; Polymail takes six with blanks. */
const MAX_ATTRIBUTION_LINES = 6;
/** From, Sent, To, Cc, Subject, Importance with wrapped addresses. */
const MAX_HEADER_BLOCK_LINES = 20;

const escape = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const WROTE = WROTE_WORDS.map(escape).sort((a, b) => b.length - a.length).join('|');
const HAS_WROTE = new RegExp(`(?:^|[\\s,)>"'”»*_])(?:${WROTE})(?=$|[\\s:,.<"'„«(*_])`, 'iu');
const ENDS_WROTE = new RegExp(`(?:^|[\\s,)>"'”»*_\\]])(?:${WROTE})(?: følgende| följande| folgendes| el siguiente)?[\\s*_]*[:\uff1a]?[\\s*_]*$`, 'iu');
const STARTS = new RegExp(`^(?:${ATTRIBUTION_STARTS.map(escape).sort((a, b) => b.length - a.length).join('|')})[\\s.,:]`, 'iu');
const STARTS_WITH_DATE = /^(?:\d{1,4}[./-]\d{1,2}|\d{1,2}:\d{2}|\d{1,2}\.? \p{L}{3,}|\p{L}{2,9}[.,]{1,2} ?(?:\d|den \d|\p{L}{3,9}\.? \d)|\p{L}{2} \d{1,2}\. \p{L}{3,})/iu;
/** "Anna Nowak wrote:", and not "As you wrote:", which is the sender's own sentence. */
const NAME_WROTE = new RegExp(`^(?!(?:As|You|Your|They|We|I|He|She|Jak|Wie|Sie|Comme|Como|Come) )(?:\\p{Lu}[\\p{L}.'’-]*,? ){1,4}(?:${WROTE})\\s*[:\uff1a]$`, 'u');
const DATE = /\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|(?:^|\D)(?:19|20)\d{2}(?!\d)|\d{1,2}[./-]\p{L}{3}|\p{L}{3,} \d{1,2}\b|\d{1,2}\.? \p{L}{3,}/u;
const TIME = /(?:^|\D)\d{1,2}[:.h]\d{2}(?!\d)/;
const ADDRESS = /[^\s<>@]@[^\s<>@]+\.\p{L}/u;
const ENDS_ADDRESS = /[^\s<>@]@[^\s<>@]{3,}\s*[>)\]]*"?\s*([:\uff1a])?[\s*_]*$/u;
const ENDS_COLON = /[:\uff1a][\s*_]*$/;

export const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';
export const isQuoted = (line: string | undefined): boolean => line !== undefined && /^\s{0,3}>/.test(line);

/** Takes the `>` marks off. */
export const unquote = (line: string): string => line.replace(/^\s{0,3}>[>\s]{0,40}/, '');

/** Without the dashes, blanks and bold markers around it, in lower case. */
function betweenDashes(line: string): { text: string; dashed: boolean } | undefined {
  if (line.length > MAX_ATTRIBUTION_CHARS) return undefined;
  const trimmed = line.replace(/^[\s\uFEFF*#>]+/, '').replace(/[\s*#]+$/, '');
  const text = trimmed.replace(/^[-_=—–]{2,}\s*/, '').replace(/\s*[-_=—–]{2,}[:]?$/, '');
  return { text: text.replace(/^[*_]+|[*_]+$/g, '').trim(), dashed: text.length < trimmed.length };
}

const REPLY_SEPARATOR_SET: ReadonlySet<string> = new Set(REPLY_SEPARATORS);
const FORWARD_SEPARATOR_SET: ReadonlySet<string> = new Set(FORWARD_SEPARATORS);
const FORWARD_OPENING_SET: ReadonlySet<string> = new Set(FORWARD_OPENINGS.map((opening) => opening.replace(/\s*:$/, '')));

/** A `----- Forwarded message -----` or "Begin forwarded message:" line; also when it is quoted, as Apple Mail writes it. */
export function isForwardMark(line: string): boolean {
  if (line.length > MAX_ATTRIBUTION_CHARS * 2) return false;
  const bare = isQuoted(line) ? unquote(line) : line;
  const dash = /^[\s\uFEFF*]*[-_=—–]{2,}/.test(bare);
  if (!dash && !ENDS_COLON.test(bare)) return false;
  const lower = bare.toLowerCase();
  if (dash) {
    // Yahoo writes the headers on the same line, after the second run of dashes.
    const inner = /^[\s\uFEFF*]*[-_=—–]{2,}\s*(.{4,60}?)\s*[-_=—–]{2,}/u.exec(lower)?.[1];
    return inner !== undefined && FORWARD_SEPARATOR_SET.has(inner.replace(/[*:]/g, '').trim());
  }
  return FORWARD_OPENING_SET.has(lower.replace(/^[\s\uFEFF*_]+|[\s*_]*[:\uff1a][\s*_]*$/g, '').trim());
}

function replySeparatorAt(lines: readonly string[], at: number): HistoryHeader | undefined {
  const line = lines[at] ?? '';
  if (!/[-_=—–#]{2}/.test(line)) return undefined;
  const bare = betweenDashes(line);
  if (!bare?.dashed) return undefined;
  if (!REPLY_SEPARATOR_SET.has(bare.text.toLowerCase())) return undefined;
  let next = at + 1;
  while (next < lines.length && next < at + 4 && isBlank(lines[next])) next++;
  const block = headerBlockAt(lines, next);
  return { end: block?.end ?? at + 1, certain: true };
}

/** A block of From/Sent/To/Subject lines starting at `at`. Every mail program names a date in it; contact forms usually do not. */
export function headerBlockAt(lines: readonly string[], at: number): HistoryHeader | undefined {
  const first = headerLine(lines[at] ?? '');
  if (!first || first.role === 'cc' || first.role === 'other') return undefined;
  const roles = new Set<HeaderRole>();
  let address = false;
  let wraps = false;
  let end = at;
  for (let index = at; index < lines.length && index < at + MAX_HEADER_BLOCK_LINES; index++) {
    const line = lines[index] ?? '';
    if (isBlank(line)) break;
    const header = headerLine(line);
    if (header) {
      roles.add(header.role);
      wraps = header.value === '' || /[,;:<[]$/.test(header.value);
      address ||= ADDRESS.test(header.value.slice(0, MAX_ATTRIBUTION_CHARS));
      if (header.value.includes(': ')) inlineRoles(header.value, roles);
    } else if (wraps || /^[\s<]/.test(line) || (line.length < 200 && ADDRESS.test(line))) {
      wraps = /[,;<[]\s*$/.test(line);
      address ||= line.length < MAX_ATTRIBUTION_CHARS && ADDRESS.test(line);
    } else break;
    end = index + 1;
  }
  if (!roles.has('date') || roles.size < 2) return undefined;
  if (!roles.has('from') && !roles.has('to')) return undefined;
  if (!address && roles.size < 3) return undefined;
  return { end, certain: true };
}

/** Samsung writes "À : a@b.example Objet : ..." on one line. */
function inlineRoles(value: string, roles: Set<HeaderRole>): void {
  const inner = /\s(\p{L}{3,12})\s?:\s/u.exec(value.slice(0, MAX_ATTRIBUTION_CHARS));
  const found = inner?.[1] === undefined ? undefined : headerLine(`${inner[1]}:`);
  if (found) roles.add(found.role);
}

interface Sentence {
  readonly attribution: boolean;
  readonly certain: boolean;
}

const NO_ATTRIBUTION: Sentence = { attribution: false, certain: false };

/** Judges one joined line. `marked`: quoted lines follow it. */
function judge(joined: string, marked: boolean): Sentence {
  const bare = betweenDashes(joined);
  if (!bare) return NO_ATTRIBUTION;
  const text = bare.text.replace(/^[>\s]+/, '');
  const endsWrote = ENDS_WROTE.test(text);
  if (bare.dashed && endsWrote) return { attribution: true, certain: true };
  const endsColon = ENDS_COLON.test(text);
  const endsAddress = ENDS_ADDRESS.test(text);
  if (!endsColon && !endsWrote && !(endsAddress && marked)) return NO_ATTRIBUTION;
  const address = ADDRESS.test(text);
  const time = TIME.test(text);
  const certain = address || time;
  const dated = DATE.test(text);
  const wrote = endsWrote || HAS_WROTE.test(text);
  if (STARTS.test(text)) {
    if (dated && (wrote || (endsAddress && endsColon))) return { attribution: true, certain: certain && (endsColon || time) };
  }
  if (STARTS_WITH_DATE.test(text)) {
    if (dated && wrote && endsColon && certain) return { attribution: true, certain };
    if (dated && endsAddress && (endsColon ? certain : marked)) return { attribution: true, certain: endsColon };
  }
  // "Anna Nowak <anna@shop.example> wrote:", "John Doe <john@doe.example> kirjoitti 28/10/2021 12.46:"
  if (wrote && endsColon && (address || dated) && (marked || (address && (endsWrote || time)))) return { attribution: true, certain: address };
  if (marked && endsColon && endsWrote && NAME_WROTE.test(text)) return { attribution: true, certain: false };
  return NO_ATTRIBUTION;
}

/** Cheap look before the dear one: an attribution has a digit, an address or a colon. */
const WORTH_A_LOOK = /[\d@:\uff1a<]|-{2}/;

function attributionAt(lines: readonly string[], at: number): HistoryHeader | undefined {
  const first = lines[at] ?? '';
  if (first.length > MAX_ATTRIBUTION_CHARS || !WORTH_A_LOOK.test(first)) return undefined;
  const trimmed = first.trim().replace(/^[-_*]+\s*/, '');
  const opens = STARTS.test(trimmed) || STARTS_WITH_DATE.test(trimmed);
  let joined = '';
  let open = 0;
  for (let index = at; index < lines.length && index < at + MAX_ATTRIBUTION_LINES; index++) {
    const line = lines[index] ?? '';
    if (index > at) {
      if (!opens && !(index === at + 1 && /[<(]\s*\S*$/.test(first))) return undefined;
      if (isBlank(line)) {
        if (isBlank(lines[index + 1]) || !/^\s*</.test(lines[index + 1] ?? '')) return undefined;
        continue;
      }
      if (isQuoted(line) && open <= 0) return undefined;
    }
    joined += joined === '' ? line.trim() : ` ${line.trim()}`;
    if (joined.length > MAX_ATTRIBUTION_CHARS) return undefined;
    open += count(line, '<') - count(line, '>');
    const marked = isQuoted(nextFilled(lines, index + 1));
    const found = judge(joined, marked);
    if (found.attribution && (found.certain || marked)) return { end: index + 1, certain: found.certain };
  }
  return undefined;
}

function count(line: string, sign: string): number {
  let found = 0;
  for (let at = line.indexOf(sign); at >= 0; at = line.indexOf(sign, at + 1)) found++;
  return found;
}

/** The next line with text in it. Programs leave at most a few blank lines; looking further would make blank mail quadratic. */
export function nextFilled(lines: readonly string[], from: number): string | undefined {
  for (let index = from; index < lines.length && index < from + 8; index++) if (!isBlank(lines[index])) return lines[index];
  return undefined;
}

/** "To: a" is the shortest. */
const MIN_HEADER_CHARS = 5;

/** A history header that starts at line `at`, if there is one. */
export function historyHeaderAt(lines: readonly string[], at: number): HistoryHeader | undefined {
  const line = lines[at];
  if (line === undefined || line.length < MIN_HEADER_CHARS || isBlank(line)) return undefined;
  return replySeparatorAt(lines, at) ?? headerBlockAt(lines, at) ?? attributionAt(lines, at);
}

/** "Answer text On Wed, Apr 4, 2012 at 3:59 PM, bob@example.com wrote:": where the attribution begins inside the line, or -1. */
export function attributionInside(line: string): number {
  if (line.length > MAX_ATTRIBUTION_CHARS || !ENDS_WROTE.test(line)) return -1;
  const at = line.search(/(?<=\S)\s+(?:On|Am|Le|El|Il|Op|Den|Em|Dnia|W dniu) \S{0,20}[\s,]?.{0,20}\d/u);
  if (at <= 0) return -1;
  return judge(line.slice(at), true).attribution ? at : -1;
}
