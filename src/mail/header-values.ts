import { decodeText } from './charset.js';

/**
 * Header values: unfolding, encoded words (RFC 2047), parameters (RFC 2231). Values come in as binary strings (one character per byte), as
 * they travelled; what does not decode is shown as it is.
 */

/** `=?charset?B?...?=`; the language suffix is RFC 2231 section 5. */
const ENCODED_WORD = /=\?([^?*\s]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=/g;
/** Blanks between two encoded words are not part of the text. Source: RFC 2047 section 6.2. */
const BETWEEN_WORDS = /(\?=)[ \t\r\n]{1,100}(?==\?[^?\s]{1,80}\?[bBqQ]\?)/g;

function unfold(value: string): string {
  return value.replace(/\r?\n[ \t]*|\r/g, ' ').trim();
}

/** Bytes (as a binary string) to text, without looking for encoded words. */
function bytesToText(binary: string): string {
   
  return /^[\u0000-\u001a\u001c-\u007f]*$/.test(binary) ? binary : decodeText(Buffer.from(binary, 'latin1'), undefined);
}

interface EncodedRun {
  charset: string;
  bytes: Buffer[];
}

/** Decodes encoded words. Neighbours of one charset are joined as bytes first: senders break characters apart. */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value;
  const joined = value.replace(BETWEEN_WORDS, '$1');
  let text = '';
  let last = 0;
  let run: EncodedRun | undefined;
  const flush = (): void => {
    if (run) text += decodeText(Buffer.concat(run.bytes), run.charset);
    run = undefined;
  };
  for (const word of joined.matchAll(ENCODED_WORD)) {
    const [whole, charset = '', encoding = '', content = ''] = word;
    if (word.index > last) {
      flush();
      text += joined.slice(last, word.index);
    }
    const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : fromQ(content);
    const key = charset.toLowerCase();
    if (run !== undefined && run.charset !== key) flush();
    run ??= { charset: key, bytes: [] };
    run.bytes.push(bytes);
    last = word.index + whole.length;
  }
  flush();
  return text + joined.slice(last);
}

function fromQ(content: string): Buffer {
  const plain = content.replace(/_/g, ' ');
  return Buffer.from(plain.replace(/=([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1');
}

/** The whole value for people: unfolded and decoded. */
export function decodeValue(binary: string): string {
  const text = bytesToText(unfold(binary));
  return (text.includes('=?') ? decodeWords(text) : text).replace(CONTROLS, ' ').trim();
}

 
const CONTROLS = /[\u0000-\u001f\u007f]+/g;

/** A value whose structure is still needed: unfolded, bytes decoded, encoded words left alone. */
export function structuredValue(binary: string): string {
  return bytesToText(unfold(binary));
}

export interface ParameterValue {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** More parameters than this are no mail program's. */
const MAX_PARAMETERS = 200;

interface Piece {
  readonly index: number;
  readonly encoded: boolean;
  readonly text: string;
}

/** `text/plain; charset="utf-8"; name*0*=iso-8859-2''...`. Source: RFC 2045 section 5.1, RFC 2231 sections 3 and 4. */
export function parseParameters(binary: string): ParameterValue {
  const [head = '', ...rest] = splitParameters(unfold(binary));
  const pieces = new Map<string, Piece[]>();
  for (const part of rest.slice(0, MAX_PARAMETERS)) {
    const equals = part.indexOf('=');
    if (equals <= 0) continue;
    const name = /^([^*\s]+)(?:\*(\d{1,3}))?(\*)?$/.exec(part.slice(0, equals).trim().toLowerCase());
    if (!name?.[1]) continue;
    const list = pieces.get(name[1]) ?? [];
    list.push({ index: Number(name[2] ?? 0), encoded: name[3] === '*', text: unquoteParameter(part.slice(equals + 1).trim()) });
    pieces.set(name[1], list);
  }
  return { value: head.trim().toLowerCase(), parameters: new Map([...pieces].map(([name, list]) => [name, joinPieces(list)])) };
}

/** Cuts at semicolons outside quotes; a quote that never closes ends with the header. */
function splitParameters(value: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    const sign = value[at];
    if (sign === '\\' && quoted) at++;
    else if (sign === '"') quoted = !quoted;
    else if (sign === ';' && !quoted) {
      parts.push(value.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(value.slice(start));
  return parts;
}

function unquoteParameter(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.slice(1, value.endsWith('"') && value.length > 1 ? -1 : undefined).replace(/\\(.)/g, '$1');
}

function joinPieces(list: readonly Piece[]): string {
  // A plain and an encoded form side by side: RFC 6266 prefers the encoded one.
  const encoded = list.some((piece) => piece.encoded);
  const chosen = [...list].sort((a, b) => a.index - b.index).filter((piece, at, all) => at === 0 || piece.index !== all[at - 1]?.index || piece.encoded);
  if (!encoded) return decodeWords(bytesToText(chosen.map((piece) => piece.text).join('')));
  let charset: string | undefined;
  const bytes = chosen.map((piece, at) => {
    let text = piece.text;
    const tagged = at === 0 ? /^([^']{0,60})'[^']{0,40}'/.exec(text) : null;
    if (tagged && piece.encoded) {
      charset = tagged[1];
      text = text.slice(tagged[0].length);
    }
    if (piece.encoded) text = text.replace(/%([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    return text;
  });
  const binary = bytes.join('');
  return decodeWords(decodeText(Buffer.from(binary, 'latin1'), charset));
}
