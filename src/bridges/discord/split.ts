/** Cuts a long text into messages: between paragraphs if possible, else between lines, else between words; never within code, a link, a styled span or an escaped character. */

/** What must stay in one piece; code blocks are taken apart by lines, each part a block of its own. */
const ATOM = /```\n[^]*?\n```|<https?:\/\/[^\s>]+>|\*\*(?:\\.|[^*\n])+\*\*|`[^`\n]+`|\\[^]|[\ud800-\udbff][\udc00-\udfff]/g;
const CODE_OPEN = '```\n';
const CODE_CLOSE = '\n```';
/** A piece that ends before this share of its room wastes too much; then the next finer place is taken. */
const FULL_ENOUGH = 0.4;

/** @param firstMaxChars room in the first message, where a heading stands above */
export function splitText(text: string, maxChars: number, firstMaxChars = maxChars): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  for (let room = firstMaxChars; rest.length > room; room = maxChars) {
    if (leadingCodeEnd(rest) > room) {
      // A block of code longer than a message: closed here, opened again in the next one.
      const cut = cutInCode(rest, room - CODE_CLOSE.length);
      pieces.push(`${rest.slice(0, cut)}${CODE_CLOSE}`);
      rest = `${CODE_OPEN}${rest.slice(cut).replace(/^\n/, '')}`;
    } else {
      const cut = findCut(rest, room);
      pieces.push(rest.slice(0, cut).trimEnd());
      rest = rest.slice(cut).replace(/^\s*\n|^ +/, '');
    }
  }
  return [...pieces, rest].filter((piece) => piece.trim() !== '');
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function findCut(text: string, room: number): number {
  const atoms = [...text.matchAll(ATOM)].map(({ 0: { length }, index }): Range => ({ from: index, to: index + length }));
  const isFree = (at: number): boolean => !atoms.some(({ from, to }) => at > from && at < to);
  for (const separator of ['\n\n', '\n', ' ']) {
    for (let at = text.lastIndexOf(separator, room); at > room * FULL_ENOUGH; at = text.lastIndexOf(separator, at - 1)) if (isFree(at)) return at;
  }
  for (let at = room; at > 0; at -= 1) if (isFree(at)) return at;
  return room;
}

/** Where the code block ends that the text begins with; 0: it begins with something else. */
function leadingCodeEnd(text: string): number {
  if (!text.startsWith(CODE_OPEN)) return 0;
  const close = text.indexOf(CODE_CLOSE, CODE_OPEN.length - 1);
  return close < 0 ? 0 : close + CODE_CLOSE.length;
}

function cutInCode(text: string, room: number): number {
  const line = text.lastIndexOf('\n', room);
  if (line > CODE_OPEN.length + room * FULL_ENOUGH) return line;
  return /[\ud800-\udbff]$/.test(text.slice(0, room)) ? room - 1 : room;
}
