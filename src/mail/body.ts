import type { TrimHints } from '../core/quotes.js';
import { decodeText } from './charset.js';
import { unflow } from './flowed.js';
import { readHtml } from './html.js';
import type { MimePart } from './mime-parts.js';
import { unpackTnef } from './tnef.js';

/** Which parts of a mail are its text, and what that text is. */
export interface BodyText {
  readonly text: string;
  /** What the markup says of quoted history, when the text was made from HTML alone. */
  readonly hints: TrimHints;
  readonly html: string | undefined;
  /** The parts that went into the text; all others are attachments. */
  readonly used: ReadonlySet<MimePart>;
}

/** A plain part shorter than this may be no more than "your program cannot show HTML". */
const MAX_STUB_CHARS = 300;

interface Section {
  readonly plain: string[];
  readonly html: string[];
}

export function bodyOf(parts: readonly MimePart[]): BodyText {
  const used = new Set<MimePart>();
  const sections: Section[] = [];
  const byAlternative = new Map<number, Section>();
  for (const part of parts) {
    if (!isBody(part, sections.length > 0)) continue;
    used.add(part);
    let section = part.alternative === undefined ? undefined : byAlternative.get(part.alternative);
    if (!section) {
      section = { plain: [], html: [] };
      sections.push(section);
      if (part.alternative !== undefined) byAlternative.set(part.alternative, section);
    }
    if (part.contentType === 'text/html') section.html.push(decodeHtml(part));
    else section.plain.push(decodePlain(part));
  }
  const { text, hints } = textOf(sections);
  const html = sections.flatMap((section) => section.html);
  return { text: text === '' ? tnefText(parts) : text, hints, html: html.length === 0 ? undefined : html.join('\n'), used };
}

/** Text parts without a file name, unless they say that they are attachments. A later one with a name is a file that was shown inline. */
function isBody(part: MimePart, hasBody: boolean): boolean {
  if (part.disposition === 'attachment') return false;
  if (part.contentType === 'text/plain' || part.contentType === 'text/html') return part.fileName === undefined || (!hasBody && part.disposition !== 'attachment');
  // "Content-Type: text" and text/enriched come from programs older than MIME; their text is readable.
  return part.fileName === undefined && (part.contentType === 'text' || part.contentType === 'text/enriched' || part.contentType === 'text/markdown');
}

function decodePlain(part: MimePart): string {
  const text = clean(decodeText(part.content, part.parameters.get('charset')));
  const flowed = part.parameters.get('format')?.toLowerCase() === 'flowed';
  return flowed ? unflow(text, part.parameters.get('delsp')?.toLowerCase() === 'yes') : text;
}

function decodeHtml(part: MimePart): string {
  const declared = part.parameters.get('charset');
  // Some senders name the charset only inside the document.
  const inside = declared === undefined ? /<meta[^>]{0,200}charset=["']?([\w-]{2,40})/i.exec(part.content.subarray(0, 2048).toString('latin1'))?.[1] : undefined;
  return clean(decodeText(part.content, declared ?? inside));
}

/** One kind of line ending, and no NUL, which neither SQLite's text nor PostgreSQL takes. */
function clean(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return lines.includes('\0') ? lines.replaceAll('\0', '') : lines;
}

function textOf(sections: readonly Section[]): { text: string; hints: TrimHints } {
  let hints: TrimHints = {};
  const texts = sections.map((section) => {
    const plain = section.plain.join('\n');
    const html = section.html.join('\n');
    if (html === '' || !isStub(plain)) return plain;
    const converted = readHtml(html);
    if (plain.trim() !== '' && converted.markdown.length < plain.length) return plain;
    if (sections.length === 1) hints = converted.hints;
    return converted.markdown;
  });
  return { text: texts.filter((text) => text.trim() !== '').join('\n\n').trimEnd(), hints };
}

/** Nothing, or a line that points to the HTML part. */
function isStub(plain: string): boolean {
  const text = plain.trim();
  return text === '' || (text.length < MAX_STUB_CHARS && /\bhtml\b/i.test(text));
}

function tnefText(parts: readonly MimePart[]): string {
  const packed = parts.find((part) => /ms-tnef$/.test(part.contentType) || /^winmail\.dat$/i.test(part.fileName ?? ''));
  return packed === undefined ? '' : (unpackTnef(packed.content)?.text ?? '');
}
