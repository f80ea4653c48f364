/**
 * Text as search compares it: no case, no accents. "Żółty", "ZOLTY" and "zolty" are one word.
 */

/** Letters that Unicode does not take apart into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ł: 'l', đ: 'd', ð: 'd', ø: 'o', ħ: 'h', ı: 'i', ŧ: 't', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
const BEYOND_ASCII = /[^\x00-\x7f]/;
const MARKS = /\p{M}+/gu;
const WORD = /[\p{L}\p{N}]+/gu;
/** A letter with the marks that follow it belongs to one word also where it is written in two code points. */
const WRITTEN_WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Lower case, compatibility forms and accents resolved, Polish ł and its like turned into their base letter. */
export function fold(text: string): string {
  // Most text has nothing to take off, and this is most of what indexing and searching do.
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').toLowerCase().replace(MARKS, '').replace(LETTER, (letter) => LETTERS[letter] ?? letter);
}

/** The words of a text, folded, in order. Everything but letters and digits separates words. */
export function foldedWords(text: string): string[] {
  return fold(text).match(WORD) ?? [];
}

/** How much of the text stands before and after the hit in a snippet, in UTF-16 units. */
const BEFORE_HIT = 50;
const AFTER_HIT = 110;

/**
 * A piece of `text`, in one line, around the first word that is one of `words` (folded; the last one may be the beginning of a longer word). The beginning
 * of the text when none is in it.
 */
export function snippet(text: string, words: readonly string[]): string {
  const last = words.at(-1);
  let hit = 0;
  for (const found of text.matchAll(WRITTEN_WORD)) {
    const word = fold(found[0]);
    if (words.includes(word) || (last !== undefined && word.startsWith(last))) {
      hit = found.index;
      break;
    }
  }
  const from = hit <= BEFORE_HIT ? 0 : wordStart(text, hit - BEFORE_HIT, hit);
  const to = wordEnd(text, hit + AFTER_HIT, hit);
  const piece = text.slice(from, to).replace(/\s+/g, ' ').trim();
  return `${from > 0 ? '… ' : ''}${piece}${to < text.length ? ' …' : ''}`;
}

/** The first place after a space in [at, limit); `at` when there is none. */
function wordStart(text: string, at: number, limit: number): number {
  const space = text.slice(at, limit).search(/\s/);
  return space === -1 ? at : at + space + 1;
}

/** The last space in (floor, at]; `at` when there is none. */
function wordEnd(text: string, at: number, floor: number): number {
  if (at >= text.length) return text.length;
  const space = text.slice(floor, at).search(/\s\S*$/);
  return space <= 0 ? at : floor + space;
}
