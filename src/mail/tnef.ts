import { decodeText } from './charset.js';

/**
 * Unpacks `winmail.dat`, in which Outlook wraps attachments when it takes the recipient for an Exchange user. Source: [MS-OXTNEF], the
 * attributes in section 2.1.3, the property lists in section 2.1.3.4.
 */

export interface TnefFile {
  readonly fileName: string | undefined;
  readonly contentType: string;
  readonly content: Buffer;
}

export interface TnefContent {
  /** The plain text of the mail, when it was packed as well. */
  readonly text: string | undefined;
  readonly files: readonly TnefFile[];
}

const SIGNATURE = 0x223e9f78;
const ATT_BODY = 0x0002800c;
const ATT_ATTACH_TITLE = 0x00018010;
const ATT_ATTACH_DATA = 0x0006800f;
const ATT_ATTACH_REND = 0x00069002;
const ATT_ATTACHMENT = 0x00069005;
const PROPERTY_LONG_NAME = 0x3707;
const PROPERTY_MIME_TYPE = 0x370e;
const PROPERTY_DATA = 0x3701;
/** An embedded object starts with the identifier of its interface, which is no content. */
const INTERFACE_ID_BYTES = 16;

interface Draft {
  title: string | undefined;
  longName: string | undefined;
  mimeType: string | undefined;
  data: Buffer | undefined;
}

/** The files inside, or undefined when this is no TNEF or it is broken before the first file. */
export function unpackTnef(bytes: Buffer): TnefContent | undefined {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== SIGNATURE) return undefined;
  const drafts: Draft[] = [];
  let text: string | undefined;
  let at = 6;
  // Level, identifier, length, data, checksum.
  while (at + 9 <= bytes.length) {
    const id = bytes.readUInt32LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const start = at + 9;
    if (start + length > bytes.length) break;
    const data = bytes.subarray(start, start + length);
    const draft = drafts.at(-1);
    if (id === ATT_ATTACH_REND) drafts.push({ title: undefined, longName: undefined, mimeType: undefined, data: undefined });
    else if (id === ATT_BODY) text = cString(data);
    else if (draft && id === ATT_ATTACH_TITLE) draft.title = cString(data);
    else if (draft && id === ATT_ATTACH_DATA) draft.data = data;
    else if (draft && id === ATT_ATTACHMENT) readProperties(data, draft);
    at = start + length + 2;
  }
  const files = drafts.filter((draft) => draft.data !== undefined).map((draft) => ({
    fileName: draft.longName ?? draft.title,
    contentType: draft.mimeType?.toLowerCase() ?? 'application/octet-stream',
    content: draft.data ?? Buffer.alloc(0),
  }));
  return files.length === 0 && text === undefined ? undefined : { text, files };
}

function cString(data: Buffer): string {
  const end = data.indexOf(0);
  return decodeText(end < 0 ? data : data.subarray(0, end), undefined);
}

/** Reads the property list of one attachment as far as it makes sense. */
function readProperties(data: Buffer, draft: Draft): void {
  try {
    walkProperties(data, draft);
  } catch (error) {
    // A list cut short: what was read before it counts.
    if (!(error instanceof RangeError)) throw error;
  }
}

function walkProperties(data: Buffer, draft: Draft): void {
  let at = 4;
  for (let left = data.readUInt32LE(0); left > 0 && at + 4 <= data.length; left--) {
    const type = data.readUInt16LE(at);
    const id = data.readUInt16LE(at + 2);
    at += 4;
    if (id >= 0x8000) at = skipName(data, at);
    const fixed = FIXED_SIZES[type & 0x0fff];
    if (fixed !== undefined && (type & 0x1000) === 0) {
      at += fixed;
      continue;
    }
    const many = (type & 0x1000) !== 0;
    const size = fixed ?? 0;
    const count = data.readUInt32LE(at);
    at += 4;
    if (many && size > 0) {
      at += count * size;
      continue;
    }
    for (let one = 0; one < count; one++) {
      const length = data.readUInt32LE(at);
      const value = data.subarray(at + 4, at + 4 + length);
      keep(id, type & 0x0fff, value, draft);
      at += 4 + Math.ceil(length / 4) * 4;
      if (at > data.length) return;
    }
  }
}

/** Sizes in bytes, padded to four. Source: [MS-OXCDATA] section 2.11.1. */
const FIXED_SIZES: Readonly<Record<number, number>> = { 0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xa: 4, 0xb: 4, 0x14: 8, 0x40: 8, 0x48: 16 };

function skipName(data: Buffer, at: number): number {
  const kind = data.readUInt32LE(at + 16);
  if (kind === 0) return at + 24;
  const length = data.readUInt32LE(at + 20);
  return at + 24 + Math.ceil(length / 4) * 4;
}

function keep(id: number, type: number, value: Buffer, draft: Draft): void {
  const text = (): string => (type === 0x1f ? value.toString('utf16le').replace(/\0+$/, '') : cString(value));
  if (id === PROPERTY_LONG_NAME) draft.longName = text();
  else if (id === PROPERTY_MIME_TYPE) draft.mimeType = text();
  else if (id === PROPERTY_DATA && draft.data === undefined) draft.data = type === 0xd ? value.subarray(INTERFACE_ID_BYTES) : value;
}
