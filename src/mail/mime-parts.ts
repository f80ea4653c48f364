import { parseParameters } from './header-values.js';

/**
 * Takes a raw mail apart into its leaf parts, with their bytes decoded from the transfer encoding. Source: RFC 2045 and RFC 2046, read as
 * forgivingly as mail programs do. Charsets are left alone here.
 *
 * mailparser is not used for it: it decodes text without a declared charset as UTF-8 and so loses it, drops attached mails into the text, and
 * spends most of its time passing chunks between streams. The mail is in memory anyway. The corpus test holds the two against each other.
 */

/** One header field as it travelled: `value` has one character per byte and is still folded. */
export interface RawField {
  readonly name: string;
  readonly value: string;
}

export interface MimePart {
  readonly contentType: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 'inline', 'attachment' or ''. */
  readonly disposition: string;
  /** As the sender wrote it: not safe. */
  readonly fileName: string | undefined;
  readonly contentId: string | undefined;
  readonly content: Buffer;
  /** The number of the innermost multipart/alternative it stands in; undefined outside of one. */
  readonly alternative: number | undefined;
}

export interface MimeMail {
  readonly fields: readonly RawField[];
  /** Content-Type of the whole mail. */
  readonly contentType: string;
  readonly parts: readonly MimePart[];
}

export interface MimeLimits {
  readonly maxHeaderBytes: number;
  readonly maxParts: number;
  readonly maxNesting: number;
  /** All parts together, decoded. */
  readonly maxContentBytes: number;
}

/** A mail that breaks one of the limits. */
export class MimeLimitError extends Error {}

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** Boundaries are at most 70 characters (RFC 2046 section 5.1.1); programs exceed it, but not by this much. */
const MAX_BOUNDARY_CHARS = 1000;

/** @throws MimeLimitError */
export function splitMail(raw: Buffer, limits: MimeLimits): MimeMail {
  return new Splitter(raw, limits).split();
}

interface Head {
  readonly fields: RawField[];
  /** Where the body begins. */
  readonly body: number;
}

class Splitter {
  private readonly parts: MimePart[] = [];
  private alternatives = 0;
  private contentBytes = 0;

  constructor(
    private readonly raw: Buffer,
    private readonly limits: MimeLimits,
  ) {}

  split(): MimeMail {
    const head = this.readHead(skipEnvelope(this.raw), this.raw.length);
    const type = parseParameters(fieldValue(head.fields, 'content-type') ?? '');
    this.readEntity(head, this.raw.length, 1, undefined, 'text/plain');
    // Delimiters that contradict each other: better unformatted than lost.
    if (this.parts.length === 0 && head.body < this.raw.length) this.addPart({ fields: [], body: head.body }, this.raw.length, 'text/plain', new Map(), undefined);
    return { fields: head.fields, contentType: type.value, parts: this.parts };
  }

  private readHead(start: number, end: number): Head {
    const fields: RawField[] = [];
    /** The first line that is no header field. */
    let stray: number | undefined;
    let at = start;
    while (at < end) {
      let next = lineEnd(this.raw, at, end);
      if (isEmptyLine(this.raw, at, next)) return { fields, body: next };
      // A line that begins with a blank belongs to the field before it, even when nothing follows the blank.
      while (next < end && (this.raw[next] === 0x20 || this.raw[next] === 0x09)) next = lineEnd(this.raw, next, end);
      if (next - start > this.limits.maxHeaderBytes) throw new MimeLimitError(`its headers are larger than ${String(this.limits.maxHeaderBytes)} bytes`);
      const line = this.raw.toString('latin1', at, next);
      const last = fields.at(-1);
      const field = toField(line);
      // Some servers forget the blank before a parameter on the next line.
      if (last !== undefined && FORGOTTEN_BLANK.test(line) && last.value.trimEnd().endsWith(';')) fields[fields.length - 1] = { name: last.name, value: `${last.value} ${line}` };
      else if (field) fields.push(field);
      else if (fields.length === 0) return { fields, body: at };
      else stray ??= at;
      at = next;
    }
    // No blank line ever came: the body began where the fields ended.
    return { fields, body: stray ?? end };
  }

  private readEntity(head: Head, end: number, depth: number, alternative: number | undefined, standard: string): void {
    if (depth > this.limits.maxNesting) throw new MimeLimitError(`its parts are nested more than ${String(this.limits.maxNesting)} deep`);
    const type = parseParameters(fieldValue(head.fields, 'content-type') ?? '');
    const contentType = type.value === '' ? standard : type.value;
    const boundary = type.parameters.get('boundary');
    if (contentType.startsWith('multipart/')) {
      const inner = contentType === 'multipart/alternative' ? this.alternatives++ : alternative;
      const bodies = boundary === undefined || boundary === '' || boundary.length > MAX_BOUNDARY_CHARS ? [] : this.bodiesBetween(boundary, head.body, end);
      for (const body of bodies) {
        const child = this.readHead(body.start, body.end);
        this.readEntity(child, body.end, depth + 1, inner, contentType === 'multipart/digest' ? 'message/rfc822' : 'text/plain');
      }
      // A multipart without parts that can be found is shown as the text it is.
      if (bodies.length === 0 && head.body < end) this.addPart(head, end, 'text/plain', type.parameters, alternative);
      return;
    }
    this.addPart(head, end, contentType, type.parameters, alternative);
  }

  private addPart(head: Head, end: number, contentType: string, parameters: ReadonlyMap<string, string>, alternative: number | undefined): void {
    if (this.parts.length >= this.limits.maxParts) throw new MimeLimitError(`it has more than ${String(this.limits.maxParts)} parts`);
    const content = decodeTransfer(this.raw.subarray(head.body, end), fieldValue(head.fields, 'content-transfer-encoding'));
    this.contentBytes += content.length;
    if (this.contentBytes > this.limits.maxContentBytes) throw new MimeLimitError(`its content is larger than ${String(this.limits.maxContentBytes)} bytes`);
    const disposition = parseParameters(fieldValue(head.fields, 'content-disposition') ?? '');
    const fileName = disposition.parameters.get('filename') ?? parameters.get('name');
    const contentId = fieldValue(head.fields, 'content-id')?.trim().replace(/^<|>$/g, '').trim();
    this.parts.push({
      contentType,
      parameters,
      disposition: disposition.value,
      fileName: fileName === '' ? undefined : fileName,
      contentId: contentId === '' ? undefined : contentId,
      content,
      alternative,
    });
  }

  /** The pieces between the delimiter lines. The line break before a delimiter belongs to it. Source: RFC 2046 section 5.1.1. */
  private bodiesBetween(boundary: string, start: number, end: number): { readonly start: number; readonly end: number }[] {
    const delimiter = Buffer.from(`--${boundary}`, 'latin1');
    const bodies: { start: number; end: number }[] = [];
    let open: number | undefined;
    // Looking beyond the end would search the whole mail again at every level.
    const view = this.raw.subarray(0, end);
    for (let at = view.indexOf(delimiter, start); at >= 0; at = view.indexOf(delimiter, at + delimiter.length)) {
      if (at > start && this.raw[at - 1] !== LF) continue;
      let after = at + delimiter.length;
      const closing = this.raw[after] === DASH && this.raw[after + 1] === DASH;
      if (closing) after += 2;
      const next = lineEnd(this.raw, after, end);
      // A longer boundary may begin with a shorter one.
      if (!isBlankLine(this.raw, after, next)) continue;
      if (open !== undefined) bodies.push({ start: open, end: Math.max(open, withoutLineEnd(this.raw, at)) });
      if (bodies.length > this.limits.maxParts) throw new MimeLimitError(`it has more than ${String(this.limits.maxParts)} parts`);
      open = closing ? undefined : next;
      if (closing) break;
    }
    // Cut off on the way, or its last delimiter forgotten: what arrived is a part.
    if (open !== undefined && open < end) bodies.push({ start: open, end });
    return bodies;
  }
}

function lineEnd(raw: Buffer, from: number, end: number): number {
  const at = raw.indexOf(LF, from);
  return at < 0 || at >= end ? end : at + 1;
}

function isEmptyLine(raw: Buffer, start: number, end: number): boolean {
  return end - start <= 2 && (raw[start] === LF || (raw[start] === CR && (raw[start + 1] === LF || end - start === 1)));
}

function isBlankLine(raw: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const sign = raw[at];
    if (sign !== CR && sign !== LF && sign !== 0x20 && sign !== 0x09) return false;
  }
  return true;
}

/** Steps back over the line break that ends just before `at`. */
function withoutLineEnd(raw: Buffer, at: number): number {
  if (raw[at - 1] !== LF) return at;
  return raw[at - 2] === CR ? at - 2 : at - 1;
}

/** `From sender date` (mbox) and blank lines before the first header. */
function skipEnvelope(raw: Buffer): number {
  let at = 0;
  if (raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf) at = 3;
  while (at < raw.length && (raw[at] === CR || raw[at] === LF)) at++;
  const line = raw.toString('latin1', at, at + 6);
  return line.startsWith('From ') || line.startsWith('>From ') ? lineEnd(raw, at, raw.length) : at;
}

function toField(line: string): RawField | undefined {
  const colon = line.indexOf(':');
  if (colon <= 0) return undefined;
  const name = line.slice(0, colon).trim().toLowerCase();
  if (!/^[!-9;-~]+$/.test(name)) return undefined;
  return { name, value: line.slice(colon + 1).replace(/\r?\n$/, '') };
}

const FORGOTTEN_BLANK = /^(?:boundary|charset|name|filename|type|report-type|protocol|micalg)\*?\d*\*?=/i;

function fieldValue(fields: readonly RawField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

function decodeTransfer(bytes: Buffer, encoding: string | undefined): Buffer {
  switch ((encoding ?? '').replace(/\([^()]*\)/g, '').trim().toLowerCase()) {
    case 'base64':
      return decodeBase64(bytes);
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes);
    case 'x-uuencode':
    case 'uuencode':
    case 'x-uue':
      return decodeUu(bytes) ?? bytes;
    default:
      return bytes;
  }
}

/** Several padded runs one after the other (a relay added a footer) are each decoded; Node alone would stop at the first padding. */
function decodeBase64(bytes: Buffer): Buffer {
  const runs = bytes.toString('latin1').split('=').filter((run) => run.trim() !== '');
  return runs.length === 1 ? Buffer.from(runs[0] ?? '', 'base64') : Buffer.concat(runs.map((run) => Buffer.from(run, 'base64')));
}

/** Source: RFC 2045 section 6.7. A `=` that encodes nothing is kept as it is. */
function decodeQuotedPrintable(bytes: Buffer): Buffer {
  if (!bytes.includes(0x3d)) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let to = 0;
  for (let at = 0; at < bytes.length; at++) {
    const sign = bytes[at] ?? 0;
    if (sign !== 0x3d) {
      out[to++] = sign;
      continue;
    }
    const high = hexValue(bytes[at + 1]);
    const low = hexValue(bytes[at + 2]);
    if (high >= 0 && low >= 0) {
      out[to++] = high * 16 + low;
      at += 2;
      continue;
    }
    let skip = at + 1;
    while (bytes[skip] === 0x20 || bytes[skip] === 0x09) skip++;
    if (bytes[skip] === CR && bytes[skip + 1] === LF) at = skip + 1;
    else if (bytes[skip] === LF || bytes[skip] === CR) at = skip;
    else if (skip < bytes.length) out[to++] = sign;
    else at = skip;
  }
  return out.subarray(0, to);
}

function hexValue(sign: number | undefined): number {
  if (sign === undefined) return -1;
  if (sign >= 0x30 && sign <= 0x39) return sign - 0x30;
  if (sign >= 0x41 && sign <= 0x46) return sign - 0x37;
  if (sign >= 0x61 && sign <= 0x66) return sign - 0x57;
  return -1;
}

/** `begin 644 name` ... `end`, from before MIME. */
function decodeUu(bytes: Buffer): Buffer | undefined {
  const lines = bytes.toString('latin1').split(/\r?\n/);
  const begin = lines.findIndex((line) => /^begin [0-7]{3,4} /.test(line));
  if (begin < 0) return undefined;
  const out: number[] = [];
  for (const line of lines.slice(begin + 1)) {
    const length = (line.charCodeAt(0) - 0x20) & 0x3f;
    if (line === 'end' || line === '' || length === 0) break;
    const values = [...line.slice(1)].map((sign) => (sign.charCodeAt(0) - 0x20) & 0x3f);
    for (let at = 0, left = length; left > 0; at += 4, left -= 3) {
      const [a = 0, b = 0, c = 0, d = 0] = values.slice(at, at + 4);
      out.push(...[(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d].slice(0, left));
    }
  }
  return Buffer.from(out);
}
