/** What people type in Slack -> Markdown, as notes and answers keep it. */

export const COMMAND = '/mail';
/** What stands before a verb in a thread, where Slack has no slash commands. */
export const WORD_PREFIX = '!';

/** Names of people by id, as far as they are known. */
export type NameOf = (userId: string) => string | undefined;

const MARKUP = /<([^<>\n]+)>/g;
const CODE = /(```[\s\S]*?```|`[^`\n]+`)/;

/** @param text as events carry it: escaped, with mentions and links in angle brackets, bold as *this* */
export function toMarkdown(text: string, nameOf: NameOf): string {
  const pieces = text.split(CODE).map((piece, index) => (index % 2 === 1 ? piece.replaceAll(MARKUP, (_, inside: string) => bare(inside)) : formatted(piece, nameOf)));
  return unescape(pieces.join('')).trim();
}

/** Users that are mentioned, so that their names can be looked up. */
export function mentionedIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g)].map(([, id]) => id ?? ''))];
}

function formatted(text: string, nameOf: NameOf): string {
  return text
    .replaceAll(/(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])/g, '**$1**')
    .replaceAll(/(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])/g, '~~$1~~')
    .replaceAll(/^(\s*)[•◦▪]\s*/gm, '$1- ')
    .replaceAll(MARKUP, (_, inside: string) => markup(inside, nameOf));
}

function markup(inside: string, nameOf: NameOf): string {
  const [target = '', label] = cut(inside);
  if (target.startsWith('@')) return `@${nameOf(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith('#')) return `#${label || target.slice(1)}`;
  if (target.startsWith('!')) return label ?? `@${target.slice(1).replace(/^subteam\^/, '')}`;
  if (target.startsWith('mailto:') || target.startsWith('tel:')) return label ?? target.replace(/^(mailto|tel):/, '');
  return label === undefined || label === target || target.endsWith(label) ? target : `[${label}](${target})`;
}

/** Links within code are only what was typed. */
function bare(inside: string): string {
  const [target = '', label] = cut(inside);
  return label ?? target.replace(/^mailto:/, '');
}

function cut(inside: string): readonly [string, string | undefined] {
  const bar = inside.indexOf('|');
  return bar < 0 ? [inside, undefined] : [inside.slice(0, bar), inside.slice(bar + 1)];
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
