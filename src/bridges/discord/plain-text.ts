/**
 * Text that comes from outside, made harmless: it shows what it says and nothing else. No pings, no forged headings, no links whose words lie, no characters that hide or turn text around.
 */
import type { Json } from './json.js';

/** C0 and C1 controls but tab and line feed; soft hyphen; fillers that look like nothing; line and paragraph separators; bidi marks, embeddings, overrides and isolates; invisible operators; Braille without dots; notes without heads; BOM; tags; interlinear marks. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb]|[\u{1d159}\u{1d173}-\u{1d17a}\u{1bca0}-\u{1bca3}\u{e0000}-\u{e0fff}]/gu;
/** Variation selectors belong behind what they vary: a picture, a digit on a key, a letter or sign of some scripts; elsewhere they only hide. */
const STRAY_SELECTOR = /(?<!\p{Emoji})[\ufe0e\ufe0f]+|(?<![\p{L}\p{S}])[\ufe00-\ufe0d]+|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]+/gu;
/** Joiners belong between letters (Persian, Hindi) and between parts of an emoji; elsewhere they only hide. */
const STRAY_JOINER = /(?<![\p{L}\p{M}\p{Extended_Pictographic}\u{1f3fb}-\u{1f3ff}\ufe0f])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;
/** More combining marks on one letter than any language has climb over the lines around. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;
/** What Discord reads as Markdown or as a mention anywhere in a line. */
const SPECIAL = /[\\*_~`|[\]<>]/g;
/** What it reads so at the beginning of a line: headings and small print. */
const SPECIAL_AT_START = /^([ \t]*)(-?#)/gm;
/** Never pings (allowed_mentions), but would be drawn as if it did. */
const EVERYBODY = /@(?=everyone|here)/g;

/** A web address in running text. */
const ADDRESS = /https?:\/\/(?:(?!@(?:everyone|here))[^\s<>"'`|\\[\]{}^])+/giu;
/** A longer one is shown as text: it would not fit beside anything. */
const MAX_ADDRESS_CHARS = 1_000;
/** Longer spans are shown without their style, so that no split can tear one. */
const MAX_SPAN_CHARS = 300;

const FENCE = /^[ \t]*(`{3,}|~{3,})[^\n`]*\n([^]*?)\n[ \t]*\1[ \t]*$/gm;
const MASKED_LINK = /!?\[([^\][\n]{0,300})\]\(<?(https?:\/\/[^\s)>]+)>?(?:[ \t]+"[^"\n]*")?\)/gi;
const INLINE = new RegExp(`\\\\([\\\\\`*_{}[\\]()#+\\-.!|<>~])|\`([^\`\\n]{1,${MAX_SPAN_CHARS}})\`|\\*\\*([^*\\n\`]{1,${MAX_SPAN_CHARS}})\\*\\*`, 'g');

/** Nobody is ever pinged by what Goniec posts. */
export const NO_MENTIONS = { parse: [], replied_user: false } as const satisfies Json;

/** Without what cannot be seen or turns text around. */
export function visible(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\p{Surrogate}/gu, '\ufffd').replace(HIDDEN, '').replace(STRAY_SELECTOR, '').replace(STRAY_JOINER, '').replace(PILED_MARKS, '$1');
}

/** One line: for names, titles and labels, where Discord knows no Markdown. */
export function oneLine(text: string, maxChars: number): string {
  return shorten(visible(text).replace(/\s+/gu, ' ').trim(), maxChars);
}

/** Cut to `maxChars` with an ellipsis; never within a character. */
export function shorten(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, Math.max(0, maxChars - 1)).replace(/[\ud800-\udbff]$/, '').trimEnd()}…`;
}

/** Shows exactly these characters. Addresses stay addresses. */
export function literally(text: string): string {
  return withAddresses(visible(text), escapeSpecial);
}

/** The Markdown of a mail as Discord may show it: code stays code, strong stays strong, a link says where it leads, all else is shown literally. */
export function mailText(markdown: string): string {
  const text = visible(markdown);
  let result = '';
  let from = 0;
  for (const match of text.matchAll(FENCE)) {
    result += outsideCode(text.slice(from, match.index));
    const code = unpinging((match[2] ?? '').replaceAll('```', "'''"));
    result += code.trim() ? `\`\`\`\n${code}\n\`\`\`` : '';
    from = match.index + match[0].length;
  }
  return result + outsideCode(text.slice(from));
}

function outsideCode(text: string): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(MASKED_LINK)) {
    const [whole, words = '', address = ''] = match;
    result += spans(text.slice(from, match.index));
    const said = words.trim();
    // What a link says may be another address than the one it leads to: both are shown.
    result += said && said !== address ? `${escapeSpecial(said)} (${withAddresses(address, escapeSpecial)})` : withAddresses(address, escapeSpecial);
    from = match.index + whole.length;
  }
  return guardLineStarts(result + spans(text.slice(from)));
}

function spans(text: string): string {
  return withAddresses(text, (words) => {
    let result = '';
    let from = 0;
    for (const match of words.matchAll(INLINE)) {
      const [whole, escaped, code, strong] = match;
      result += escapeInline(words.slice(from, match.index));
      if (escaped !== undefined) result += escapeInline(escaped);
      else if (code?.trim()) result += `\`${unpinging(code)}\``;
      else if (strong !== undefined && strong.trim() === strong && strong !== '') result += `**${escapeInline(strong)}**`;
      else result += escapeInline(whole);
      from = match.index + whole.length;
    }
    return result + escapeInline(words.slice(from));
  });
}

function withAddresses(text: string, words: (text: string) => string): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    if (address.length > MAX_ADDRESS_CHARS || !/^https?:\/\/[^/]/i.test(address)) continue;
    // In angle brackets: nothing in it is read as Markdown, and no preview is drawn.
    result += `${words(text.slice(from, match.index))}<${address}>`;
    from = match.index + address.length;
  }
  return result + words(text.slice(from));
}

/** The full stop behind an address ends the sentence. */
function trimmed(address: string): string {
  const bare = address.replace(/[.,;:!?*_~]+$/u, '');
  return bare.endsWith(')') && !bare.includes('(') ? bare.slice(0, -1) : bare;
}

const unpinging = (text: string): string => text.replace(EVERYBODY, '@\u200b');
const escapeInline = (text: string): string => unpinging(text.replace(SPECIAL, '\\$&'));
const guardLineStarts = (text: string): string => text.replace(SPECIAL_AT_START, '$1\\$2');
const escapeSpecial = (text: string): string => guardLineStarts(escapeInline(text));
