import { createHash } from 'node:crypto';
import addressparser from 'nodemailer/lib/addressparser';
import { isForward } from '../core/forwards.js';
import type { MailAddress, ParsedAttachment, ParsedMail } from '../core/mail.js';
import { trimQuotes } from '../core/quotes.js';
import { bodyOf, type BodyText } from './body.js';
import { readDeliveryReport } from './delivery-report.js';
import { safeFileName } from './file-names.js';
import { decodeValue, decodeWords, structuredValue } from './header-values.js';
import { languageOf } from './language.js';
import { MimeLimitError, splitMail, type MimeLimits, type MimeMail, type MimePart, type RawField } from './mime-parts.js';
import { unpackTnef } from './tnef.js';

/** Reads a raw mail. Nothing that could be shown is dropped; what cannot be read is refused with a reason and stays whole in quarantine. */

export interface ParseLimits extends MimeLimits {
  readonly maxMailBytes: number;
}

/**
 * Where reading ends. Real mail stays far below; beyond, reading would cost memory and time that a mail from a stranger must not cost.
 */
export const DEFAULT_LIMITS: ParseLimits = {
  /** Gmail and Exchange Online let at most 150 MB through. */
  maxMailBytes: 150 * 1024 * 1024,
  /** Headers of real mail are below 100 kB even with long recipient lists; relays refuse more than 1 MB. */
  maxHeaderBytes: 1024 * 1024,
  /** A mail with a photo album has dozens of parts; a thousand is a bomb. */
  maxParts: 1000,
  /** Forwards of forwards reach 10; every level costs a walk up the tree. */
  maxNesting: 100,
  /** Base64 shrinks to three quarters: no honest mail within maxMailBytes comes near. */
  maxContentBytes: 150 * 1024 * 1024,
};

/** A mail that cannot be read. The message is for the person who looks after the quarantine. */
export class UnreadableMail extends Error {
  override readonly name = 'UnreadableMail';
}

/** References beyond this are cut out of the middle: the first names the conversation, the last ones the mails answered. */
const MAX_REFERENCES = 200;
/** Recipients beyond this are not listed; nobody writes to so many by hand. */
const MAX_ADDRESSES = 1000;
/** A longer address header is not looked at: reading it would take seconds. */
const MAX_ADDRESS_HEADER_CHARS = 256 * 1024;

/**
 * Reads a raw mail (RFC 5322, MIME).
 * @throws UnreadableMail when it breaks a limit or is no mail at all.
 */
export async function parseMail(raw: Uint8Array, limits: Partial<ParseLimits> = {}): Promise<ParsedMail> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  if (raw.length === 0) throw new UnreadableMail('The mail is empty: not even a header arrived. Look at the server it came from.');
  if (raw.length > bounds.maxMailBytes) throw new UnreadableMail(`The mail has ${String(raw.length)} bytes, more than the ${String(bounds.maxMailBytes)} that are read. Open it in a mail program.`);
  const bytes = withLineFeeds(Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  return assemble(split(bytes, bounds), raw.length);
}

/** Mail saved on old Macs ends its lines with CR alone, which no parser takes for a line. */
function withLineFeeds(raw: Buffer): Buffer {
  return raw.includes(0x0a) || !raw.includes(0x0d) ? raw : Buffer.from(raw.toString('latin1').replaceAll('\r', '\n'), 'latin1');
}

function split(raw: Buffer, bounds: ParseLimits): MimeMail {
  try {
    return splitMail(raw, bounds);
  } catch (error) {
    if (error instanceof MimeLimitError) throw new UnreadableMail(`The mail was not read: ${error.message}. It is kept whole; open the .eml in a mail program.`, { cause: error });
    const said = error instanceof Error ? error.message : String(error);
    throw new UnreadableMail(`The mail could not be taken apart (${said}). It is kept whole; open the .eml in a mail program, and tell us if that can read it.`, { cause: error });
  }
}

async function assemble(mime: MimeMail, bytes: number): Promise<ParsedMail> {
  const fields = fieldsByName(mime.fields);
  const headers = decodedHeaders(mime.fields);
  const subject = headers.get('subject')?.[0] ?? '';
  const from = addresses(fields.get('from'))[0];
  const sender = addresses(fields.get('sender'))[0];
  const body = bodyOf(mime.parts);
  const attachments = attachmentsOf(mime.parts, body);
  const { text } = body;
  const forwarded = isForward({ subject, text }) || mime.parts.some((part) => part.contentType === 'message/rfc822' && !isReport(mime));
  const trimmed = trimQuotes(text, { ...body.hints, forwarded: isForward({ subject, text }) });
  return {
    messageId: messageIds(fields.get('message-id'))[0],
    inReplyTo: messageIds(fields.get('in-reply-to')),
    references: shortened(messageIds(fields.get('references'))),
    from,
    sender: sender && sender.address !== from?.address ? sender : undefined,
    replyTo: addresses(fields.get('reply-to')),
    to: addresses(fields.get('to')),
    cc: addresses(fields.get('cc')),
    subject,
    date: dateOf(headers.get('date')?.[0]),
    headers,
    text,
    visibleText: trimmed.visible,
    hiddenText: trimmed.hidden,
    hiddenLines: trimmed.hiddenLines,
    html: body.html,
    attachments,
    bytes,
    language: await languageOf(trimmed.visible),
    forwarded,
    report: readDeliveryReport(mime, { headers, from, subject, text }),
    contentHash: hashOf(from, subject, text, attachments),
  };
}

function isReport(mime: MimeMail): boolean {
  return mime.contentType === 'multipart/report' || mime.parts.some((part) => part.contentType === 'message/delivery-status' || part.contentType === 'message/feedback-report');
}

function fieldsByName(fields: readonly RawField[]): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const values = byName.get(name);
    if (values) values.push(value);
    else byName.set(name, [value]);
  }
  return byName;
}

function decodedHeaders(fields: readonly RawField[]): ReadonlyMap<string, readonly string[]> {
  const decoded = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const values = decoded.get(name);
    if (values) values.push(decodeValue(value));
    else decoded.set(name, [decodeValue(value)]);
  }
  return decoded;
}

/** Addresses of one kind of header. Encoded words are decoded after the structure is read, and never make an address (RFC 2047 section 5). */
function addresses(values: readonly string[] | undefined): MailAddress[] {
  if (!values) return [];
  const found: MailAddress[] = [];
  const add = (entries: ReturnType<typeof addressparser>): void => {
    for (const entry of entries) {
      if (found.length >= MAX_ADDRESSES) return;
      if ('group' in entry && entry.group) add(entry.group);
      else if ('address' in entry && isAddress(entry.address)) found.push({ address: entry.address.toLowerCase(), name: plainName(entry.name) });
    }
  };
  for (const value of values) if (value.length <= MAX_ADDRESS_HEADER_CHARS) add(addressparser(structuredValue(value)));
  return found;
}

function isAddress(address: string | undefined): address is string {
  return address !== undefined && address.length <= 320 && /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+$|^"[^"]{1,64}"@[^\s@<>(),;:"]+$/.test(address);
}

function plainName(name: string): string {
  return decodeWords(name)
    .replace(NAME_NOISE, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Control characters, and those that turn the writing direction: a name must not be able to disguise itself. */
 
const NAME_NOISE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** `<id>` as often as it stands; ids without brackets from programs that forget them. */
function messageIds(values: readonly string[] | undefined): string[] {
  if (!values) return [];
  const ids = new Set<string>();
  for (const value of values) {
    const text = structuredValue(value);
    const bracketed = [...text.matchAll(/<\s*([^<>]{1,998}?)\s*>/g)].map((match) => (match[1] ?? '').replace(/\s+/g, ''));
    const found = bracketed.length > 0 ? bracketed : text.split(/[\s,;]+/).filter((word) => word.includes('@') || (values.length === 1 && !/\s/.test(text)));
    for (const id of found) if (id !== '') ids.add(id);
  }
  return [...ids];
}

function shortened(ids: readonly string[]): readonly string[] {
  return ids.length <= MAX_REFERENCES ? ids : [...ids.slice(0, 1), ...ids.slice(1 - MAX_REFERENCES)];
}

/** Dates are written in many ways; a comment such as "(CET)" and a doubled time zone are the usual disturbances. */
function dateOf(value: string | undefined): Date | undefined {
  if (value === undefined || value === '') return undefined;
  for (const attempt of [value, value.replace(/\([^()]*\)/g, ' ').trim(), value.replace(/\s+[A-Z]{2,5}$/, ''), value.replace(/^\p{L}+\.?,?\s*/u, '')]) {
    const date = new Date(attempt);
    if (!Number.isNaN(date.getTime())) return date;
  }
  return undefined;
}

function attachmentsOf(parts: readonly MimePart[], body: BodyText): ParsedAttachment[] {
  const files: ParsedAttachment[] = [];
  for (const part of parts) {
    if (body.used.has(part)) continue;
    const unpacked = isTnef(part) ? unpackTnef(part.content) : undefined;
    for (const file of unpacked?.files ?? []) files.push(toAttachment({ ...file, contentId: undefined }, files.length + 1, body.html));
    // What could not be unpacked stays as it came.
    if (unpacked === undefined) files.push(toAttachment(part, files.length + 1, body.html));
  }
  return files;
}

function isTnef(part: MimePart): boolean {
  return /^application\/(?:vnd\.)?ms-tnef$/.test(part.contentType) || /^winmail\.dat$/i.test(part.fileName ?? '');
}

function toAttachment(part: Pick<MimePart, 'contentType' | 'fileName' | 'contentId' | 'content'>, number: number, html: string | undefined): ParsedAttachment {
  const { contentId } = part;
  return {
    fileName: safeFileName(part.fileName, part.contentType, number),
    contentType: part.contentType,
    bytes: part.content.length,
    inline: contentId !== undefined && html !== undefined && (html.includes(`cid:${contentId}`) || html.includes(`cid:${encodeURIComponent(contentId)}`)),
    contentId,
    content: part.content,
  };
}

function hashOf(from: MailAddress | undefined, subject: string, text: string, attachments: readonly ParsedAttachment[]): string {
  const hash = createHash('sha256').update(JSON.stringify([from?.address ?? '', subject, text.trimEnd()]));
  for (const file of attachments) hash.update(createHash('sha256').update(file.content).digest());
  return hash.digest('hex');
}
