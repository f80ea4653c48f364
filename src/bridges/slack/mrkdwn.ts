/**
 * Markdown -> mrkdwn (https://docs.slack.dev/messaging/formatting-message-text). The Markdown comes from outside: only bold, italics, struck out, code, lists, headings and links with a web
 * address are carried over; a link always shows where it goes when its words claim another place.
 */
import { escape, isWebAddress, link, visible, withoutHalf } from './text.js';

const TOKEN = new RegExp(
  [
    '(?<image>!\\[(?<alt>[^\\]\\n]*)\\]\\([^)\\s]*(?:\\s+"[^"\\n]*")?\\))',
    '(?<link>\\[(?<label>[^\\]\\n]+)\\]\\((?<href>[^)\\s]+)(?:\\s+"[^"\\n]*")?\\))',
    '(?<auto><(?<autoHref>(?:https?://|mailto:)[^\\s<>]+)>)',
    '(?<url>https?://[^\\s<>()\\[\\]]+[^\\s<>()\\[\\].,;:!?\'"*_~])',
    '(?<code>`[^`\\n]+`)',
    '(?<bold>\\*\\*(?<boldText>[^*\\n]+)\\*\\*)',
    '(?<struck>~~(?<struckText>[^~\\n]+)~~)',
    '(?<italic>(?<![\\w*])\\*(?<italicText>[^*\\s][^*\\n]*)\\*(?![\\w*]))',
    '(?<escaped>\\\\(?<char>[\\\\`*_{}\\[\\]()#+\\-.!~>|]))',
  ].join('|'),
  'gu',
);
const FENCE = /^\s*(```|~~~)/;
const HEADING = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const BULLET = /^(\s*)[-*+]\s+(.*)$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;
const HOST = /^(?:https?:\/\/)?(?:www\.)?([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/iu;

/** Blocks of code keep their marks; everything else line by line. */
export function toMrkdwn(markdown: string): string {
  let inCode = false;
  return visible(markdown)
    .split('\n')
    .map((one) => {
      if (FENCE.test(one)) {
        inCode = !inCode;
        return '```';
      }
      return inCode ? escape(one) : lineOf(one);
    })
    .join('\n');
}

function lineOf(one: string): string {
  const heading = HEADING.exec(one)?.[1];
  if (heading) return `*${inline(heading).replaceAll('*', '')}*`;
  const [, indent, item] = BULLET.exec(one) ?? [];
  if (item !== undefined) return `${indent ?? ''}• ${inline(item)}`;
  const quoted = QUOTE.exec(one)?.[1];
  return quoted === undefined ? inline(one) : `> ${inline(quoted)}`;
}

function inline(text: string): string {
  let from = 0;
  let out = '';
  for (const match of text.matchAll(TOKEN)) {
    out += escape(text.slice(from, match.index));
    out += tokenOf(match.groups ?? {}, match[0]);
    from = match.index + match[0].length;
  }
  return out + escape(text.slice(from));
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, whole: string): string {
  if (groups['image'] !== undefined) return escape(`[${groups['alt'] || '…'}]`);
  if (groups['link'] !== undefined) return linkOf(groups['label'] ?? '', groups['href'] ?? '', whole);
  if (groups['auto'] !== undefined) return linkOf(groups['autoHref'] ?? '', groups['autoHref'] ?? '', whole);
  if (groups['url'] !== undefined) return link(whole, escape(whole));
  if (groups['bold'] !== undefined) return `*${escape(groups['boldText'] ?? '')}*`;
  if (groups['struck'] !== undefined) return `~${escape(groups['struckText'] ?? '')}~`;
  if (groups['italic'] !== undefined) return `_${escape(groups['italicText'] ?? '')}_`;
  return escape(groups['char'] ?? whole);
}

/** "bank.example" that leads to evil.example says so. */
function linkOf(label: string, href: string, whole: string): string {
  if (!isWebAddress(href)) return escape(whole);
  const words = label.replaceAll(/[*_~`]/g, '');
  const claimed = HOST.exec(words.trim())?.[1]?.toLowerCase();
  const real = HOST.exec(href)?.[1]?.toLowerCase();
  const honest = claimed === undefined || claimed === real || href.startsWith('mailto:');
  return honest ? link(href, escape(words)) : `${escape(words)} (${link(href, escape(href))})`;
}

/** Marks that are not carried over make text shorter, by far less than this. */
const SHRINKS = 4;

export interface Pieces {
  /** mrkdwn, each at most `most` characters. */
  readonly pieces: readonly string[];
  /** Something had to be left out. */
  readonly cut: boolean;
}

/**
 * Cuts Markdown between paragraphs, or where a paragraph is too long between lines, between words, or anywhere, in this order.
 *
 * @param most characters of a piece
 * @param total characters of all pieces; what does not fit is left out
 */
export function split(markdown: string, most: number, total: number): Pieces {
  const source = visible(markdown).trim();
  if (source === '') return { pieces: [], cut: false };
  const pieces: string[] = [];
  let used = 0;
  let open: string | undefined;
  const close = (): void => {
    if (open !== undefined) pieces.push(toMrkdwn(open));
    open = undefined;
  };
  // Each round either takes the part or cuts it into two smaller ones.
  const parts = source.slice(0, total * SHRINKS).split(/\n{2,}/).reverse();
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const joined: string = open === undefined ? part : `${open}\n\n${part}`;
    const size = toMrkdwn(joined).length;
    if (size <= most && used + size <= total) {
      open = joined;
      continue;
    }
    const before = open === undefined ? 0 : toMrkdwn(open).length;
    if (open !== undefined) {
      used += before;
      close();
      parts.push(part);
      continue;
    }
    if (used + Math.min(size, most) > total) return { pieces, cut: true };
    const at = middle(part);
    parts.push(part.slice(at).trimStart(), part.slice(0, at).trimEnd());
  }
  close();
  return { pieces: pieces.filter((piece) => piece.trim() !== ''), cut: source.length > total * SHRINKS };
}

/** Near the middle: after a line, else after a word, else between two characters. */
function middle(part: string): number {
  const half = Math.ceil(part.length / 2);
  for (const mark of ['\n', ' ']) {
    const before = part.lastIndexOf(mark, half);
    if (before > part.length / 8) return before + 1;
  }
  return withoutHalf(part.slice(0, half)).length || half;
}
