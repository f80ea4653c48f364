import { attributionInside, historyHeaderAt, isBlank, isForwardMark, isQuoted, nextFilled, unquote } from './history-header.js';
import { signatureLine, signatureReaches } from './signatures.js';

/**
 * Honest trimming: folds away quoted history and signatures, keeps everything the sender wrote now, wherever in the mail it stands.
 * Nothing is thrown away: every line is in `visible` or in `hidden`. Linear in the length of the text.
 */

export interface TrimmedText {
  /** What the sender wrote now. Never blank when the text is not. */
  readonly visible: string;
  /** What was folded away, in order; '' when nothing was. */
  readonly hidden: string;
  readonly hiddenLines: number;
}

/** What is known of the text from elsewhere (the markup of an HTML mail, the subject). Line numbers count from 0. */
export interface TrimHints {
  /** Lines at which the markup says that quoted history starts. */
  readonly historyAt?: ReadonlySet<number>;
  /** Signatures that the markup names: first line, and the line after the last. */
  readonly signatures?: ReadonlyMap<number, number>;
  /** The mail hands on another one: what looks like history is the message. */
  readonly forwarded?: boolean;
}

/** So much of a quoted passage stays beside the answer that was written under it. */
const MAX_CONTEXT_LINES = 12;
/** Mail programs wrap quoted text near this column; a shorter line did not spill over into the next. */
const WRAP_COLUMN = 70;

/** History starts within the first lines of any mail that a person wrote; what comes later is not searched for headers. */
const MAX_SEARCHED_LINES = 20_000;

const KEEP = 0;
const HIDE = 1;

interface QuoteBlock {
  readonly start: number;
  readonly end: number;
  /** An attribution stands before it or in its first line. */
  readonly attributed: boolean;
}

/** Splits what the sender wrote now from quoted history and signature. */
export function trimQuotes(text: string, hints: TrimHints = {}): TrimmedText {
  if (text.trim() === '') return { visible: text.trim(), hidden: '', hiddenLines: 0 };
  if (hints.forwarded === true) return { visible: trimBlankEnds(text), hidden: '', hiddenLines: 0 };
  const lines = splitLines(text);
  const fate = new Uint8Array(lines.length);
  const limit = markHistory(lines, fate, hints);
  const blocks = quoteBlocks(lines, fate, limit);
  markSignatures(lines, fate, limit, blocks, hints);
  markBlocks(lines, fate, limit, blocks);
  return assemble(text, lines, fate);
}

function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  const result: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const at = isQuoted(lines[index + 1]) && !isQuoted(line) ? attributionInside(line) : -1;
    if (at < 0) result.push(line);
    else result.push(line.slice(0, at).replace(/[\s-]+$/, ''), line.slice(at).trim());
  }
  return result;
}

/**
 * Hides history headers, and all that follows where the quoted text is not marked with `>`. Returns the line at which looking ends: the
 * start of unmarked history or of a forwarded mail, which belongs to the message.
 */
function markHistory(lines: readonly string[], fate: Uint8Array, hints: TrimHints): number {
  let written = false;
  for (let index = 0; index < Math.min(lines.length, MAX_SEARCHED_LINES); index++) {
    const line = lines[index] ?? '';
    if (isBlank(line)) continue;
    if (isForwardMark(line)) return index;
    const hinted = hints.historyAt?.has(index) === true;
    if (isQuoted(line) && !hinted) continue;
    const header = historyHeaderAt(lines, index) ?? (hinted ? { end: index + 1, certain: true } : undefined);
    if (!header) {
      if (!isRule(line)) written = true;
      continue;
    }
    const marked = isQuoted(nextFilled(lines, header.end));
    if (marked) {
      hide(fate, withRulesBefore(lines, index), header.end);
      index = header.end - 1;
    } else if (written) {
      hide(fate, withRulesBefore(lines, index), lines.length);
      return index;
    } else if (header.certain) {
      // Nothing was written above: this is the message itself, handed on.
      return lines.length;
    }
  }
  return lines.length;
}

/** A line of nothing but dashes, underscores, equals signs or asterisks (a Markdown rule), as programs draw above history. */
function isRule(line: string): boolean {
  return /^\s*(?:[-_=—–]{3,}|\*(?: ?\*){2,})\s*$/.test(line);
}

function withRulesBefore(lines: readonly string[], at: number): number {
  let start = at;
  for (let index = at - 1; index >= 0 && index >= at - 4; index--) {
    if (isRule(lines[index] ?? '')) start = index;
    else if (!isBlank(lines[index])) break;
  }
  return start;
}

function hide(fate: Uint8Array, from: number, to: number): void {
  fate.fill(HIDE, from, to);
}

/** Runs of `>` lines, joined over blank lines and over lines that a wrapping program broke off. */
function quoteBlocks(lines: readonly string[], fate: Uint8Array, limit: number): QuoteBlock[] {
  const blocks: QuoteBlock[] = [];
  let index = 0;
  while (index < limit) {
    if (!isQuoted(lines[index]) || fate[index] === HIDE) {
      index++;
      continue;
    }
    const start = index;
    let end = index + 1;
    let wrapped = false;
    for (let next = end; next < limit; next++) {
      if (fate[next] === HIDE) break;
      if (isQuoted(lines[next])) end = next + 1;
      else if (isBlank(lines[next])) continue;
      else if (next === end && isSpill(lines, next, wrapped)) {
        wrapped = true;
        end = next + 1;
      } else break;
    }
    const headed = headerBefore(lines, fate, start);
    blocks.push({ start, end, attributed: headed || startsWithHeader(lines, start, end) });
    index = end;
  }
  return blocks;
}

function headerBefore(lines: readonly string[], fate: Uint8Array, start: number): boolean {
  for (let index = start - 1; index >= 0 && index >= start - 8; index--) if (!isBlank(lines[index])) return fate[index] === HIDE;
  return false;
}

function startsWithHeader(lines: readonly string[], start: number, end: number): boolean {
  const head = lines.slice(start, Math.min(end, start + 8)).map(unquote);
  const first = head.findIndex((line) => !isBlank(line));
  return first >= 0 && historyHeaderAt([...head, '> '], first) !== undefined;
}

/**
 * A line without `>` between quoted ones that continues the line before it: it broke off at the wrap column or inside an address. An answer
 * of one word under a question does not look so.
 */
function isSpill(lines: readonly string[], at: number, wrapped: boolean): boolean {
  const before = lines[at - 1] ?? '';
  const line = lines[at] ?? '';
  if (!isQuoted(before)) return false;
  const quotedAfter = isQuoted(lines[at + 1]);
  if (openBracket(before) && /^\s*\S{1,400}[)>]\s*>?\s*$/.test(line)) return quotedAfter || isBlank(lines[at + 1]);
  if (/^\s*\(https?:\S{1,400}\)\s*>?\s*$/.test(line)) return quotedAfter;
  if (!quotedAfter || !/^[\p{Ll}\d,;)]/u.test(line) || SHORT_ANSWER.test(line)) return false;
  if (wrapped) return true;
  return before.length >= WRAP_COLUMN && /[\p{L}\d,]\s*$/u.test(before.slice(-4));
}

const SHORT_ANSWER = /^(?:yes|no|ok|okay|sure|done|agreed|fine|tak|nie|ja|nein|oui|non|si|sì|sí|da|net|jo|ano|hai|nee|jep|да|нет)\b/iu;

function openBracket(line: string): boolean {
  const tail = line.slice(-400);
  return tail.lastIndexOf('(') > tail.lastIndexOf(')') || tail.lastIndexOf('<') > Math.max(tail.lastIndexOf('>'), 0);
}

function markSignatures(lines: readonly string[], fate: Uint8Array, limit: number, blocks: readonly QuoteBlock[], hints: TrimHints): void {
  let start = 0;
  for (const block of blocks) {
    markSignature(lines, fate, start, endOfText(fate, start, block.start), hints);
    start = block.end;
  }
  markSignature(lines, fate, start, endOfText(fate, start, limit), hints);
}

/** A segment between quotations ends where an attribution was hidden. */
function endOfText(fate: Uint8Array, start: number, end: number): number {
  for (let index = start; index < end; index++) if (fate[index] === HIDE) return index;
  return end;
}

function markSignature(lines: readonly string[], fate: Uint8Array, start: number, end: number, hints: TrimHints): void {
  let written = false;
  for (let index = start; index < end; index++) {
    const line = lines[index] ?? '';
    if (isBlank(line)) continue;
    const named = hints.signatures?.get(index);
    if (named !== undefined && written) {
      hide(fate, index, Math.min(named, end));
      index = named - 1;
      continue;
    }
    const kind = signatureLine(line);
    if (kind !== undefined) {
      const tail = kind === 'strict' ? [] : lines.slice(index + 1, Math.min(end, index + 60));
      if (end - index > 60 && kind !== 'strict' && kind !== 'mobile') continue;
      if (signatureReaches(kind, tail) && (written || kind !== 'mobile')) {
        return hide(fate, index, end);
      }
      if (kind === 'mobile') hide(fate, index, index + 1);
      continue;
    }
    written = true;
  }
}

/** Decides on the quoted passages: history goes, what was answered in place stays beside its answer. */
function markBlocks(lines: readonly string[], fate: Uint8Array, limit: number, blocks: readonly QuoteBlock[]): void {
  if (blocks.length === 0) return;
  const answered = blocks.map((block, index) => hasText(lines, fate, block.end, blocks[index + 1]?.start ?? limit));
  const before = hasText(lines, fate, 0, blocks[0]?.start ?? 0);
  const lastAnswered = answered.lastIndexOf(true);
  const passages = answered.filter(Boolean).length;
  const interleaved = passages > 1 || (passages === 1 && lastAnswered < blocks.length - 1);
  const lastAttributed = blocks.map((block) => block.attributed).lastIndexOf(true);
  blocks.forEach((block, index) => {
    const ownPassage = !block.attributed && (index > 0 || before);
    if (answered[index] === true) {
      if (interleaved || ownPassage) hide(fate, block.start, Math.max(block.start, block.end - MAX_CONTEXT_LINES));
      else hideBlock(lines, fate, block, limit);
    } else if (!(ownPassage && index < lastAttributed)) hideBlock(lines, fate, block, limit);
  });
}

/** With the blank lines that follow, so that no hole is left. */
function hideBlock(lines: readonly string[], fate: Uint8Array, block: QuoteBlock, limit: number): void {
  let end = block.end;
  while (end < limit && isBlank(lines[end])) end++;
  let start = block.start;
  while (start > 0 && isBlank(lines[start - 1]) && fate[start - 2] === HIDE) start--;
  hide(fate, start, end);
}

function hasText(lines: readonly string[], fate: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (fate[index] === KEEP && !isBlank(lines[index])) return true;
  return false;
}

function assemble(text: string, lines: readonly string[], fate: Uint8Array): TrimmedText {
  const kept: string[] = [];
  const folded: string[] = [];
  lines.forEach((line, index) => {
    if (fate[index] === HIDE) folded.push(line);
    // Where something was taken out between two blank lines, one of them goes with it.
    else if (!(fate[index - 1] === HIDE && isBlank(line) && isBlank(kept.at(-1)))) kept.push(line);
  });
  const visible = trimBlankEnds(kept.join('\n'));
  if (visible === '') return { visible: trimBlankEnds(text), hidden: '', hiddenLines: 0 };
  const hidden = trimBlankEnds(folded.join('\n'));
  return { visible, hidden, hiddenLines: hidden === '' ? 0 : hidden.split('\n').length };
}

/** Takes blank lines off both ends; the first line keeps its indentation. */
function trimBlankEnds(text: string): string {
  return text.trimEnd().replace(/^(?:[^\S\n]*\n)+/, '');
}
