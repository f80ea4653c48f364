import { TextDecoder } from 'node:util';

/**
 * Bytes to Unicode, forgiving (C25): a wrong or unknown charset never drops text. What cannot be decoded is shown byte by byte.
 */

/** Names seen in mail that the WHATWG Encoding Standard (TextDecoder) does not list. */
const ALIASES: Readonly<Record<string, string>> = {
  cp1250: 'windows-1250', cp1251: 'windows-1251', cp1252: 'windows-1252', cp1253: 'windows-1253', cp1254: 'windows-1254', cp1257: 'windows-1257', cp1258: 'windows-1258',
  'win-1250': 'windows-1250', 'win-1251': 'windows-1251', 'win-1252': 'windows-1252', win1250: 'windows-1250', win1251: 'windows-1251', 'ms-ansi': 'windows-1252',
  'iso-8859-8-i': 'iso-8859-8', 'iso8859-2': 'iso-8859-2', cp932: 'shift_jis', ms932: 'shift_jis', 'windows-932': 'shift_jis', cp936: 'gbk', ms936: 'gbk', 'windows-936': 'gbk', cp949: 'euc-kr',
  ms949: 'euc-kr', 'ks_c_5601': 'euc-kr', cp950: 'big5', 'gb_2312-80': 'gbk', 'euc-cn': 'gbk', 'iso-2022-jp-1': 'iso-2022-jp', 'iso-2022-jp-2': 'iso-2022-jp', 'iso-2022-jp-3': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp', cp50220: 'iso-2022-jp', jis: 'iso-2022-jp', 'us-ascii-7': 'us-ascii', 'tis-620-2533': 'windows-874', 'utf8mb4': 'utf-8', unicode: 'utf-16le', 'koi8-ru': 'koi8-u',
};

/** Labels that say nothing: the bytes are asked instead. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['', 'us-ascii', 'ascii', 'usascii', 'ansi_x3.4-1968', 'unknown', 'unknown-8bit', 'x-unknown', '8bit', '7bit', 'binary', 'default', 'default_charset', 'utf-8', 'utf8']);

/** In these every byte string is valid, so that UTF-8 mislabelled with them can only be told by its shape. */
const LATIN: ReadonlySet<string> = new Set(['windows-1252']);

const decoders = new Map<string, TextDecoder | undefined>();

function decoderFor(label: string): TextDecoder | undefined {
  if (!decoders.has(label)) {
    let decoder: TextDecoder | undefined;
    try {
      decoder = new TextDecoder(ALIASES[label] ?? label);
    } catch {
      decoder = undefined;
    }
    // Labels come from outside: the table must not grow without end.
    if (decoders.size > MAX_KNOWN_LABELS) decoders.clear();
    decoders.set(label, decoder);
  }
  return decoders.get(label);
}

/** Twice as many as there are encodings in the standard. */
const MAX_KNOWN_LABELS = 100;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const latin = new TextDecoder('windows-1252');
const ESC = 0x1b;

/** Decodes a text part or a header value. `label` is the charset as the sender wrote it, if he did. */
export function decodeText(bytes: Uint8Array, label: string | undefined): string {
  if (bytes.length === 0) return '';
  const name = (label ?? '').trim().toLowerCase().replace(/^["']|["']$/g, '').replace(/^x-(?=mac|cp|win|iso|utf)/, '');
  const high = hasHighBytes(bytes);
  if (!high && hasJapaneseEscape(bytes)) return (decoderFor('iso-2022-jp') ?? latin).decode(bytes);
  if (/^(?:unicode-1-1-)?utf-?7$/.test(name)) return decodeUtf7(bytes);
  if (SAYS_NOTHING.has(name)) return high ? guess(bytes) : latin.decode(bytes);
  const decoder = decoderFor(name);
  if (!decoder) return guess(bytes);
  if (LATIN.has(decoder.encoding) && high) return utf8OrUndefined(bytes) ?? decoder.decode(bytes);
  const text = decoder.decode(bytes);
  // Labelled wrongly: what is broken in its own charset but whole in UTF-8 is UTF-8.
  if (high && decoder.encoding !== 'utf-8' && text.includes('\uFFFD')) return utf8OrUndefined(bytes) ?? text;
  return decoder.encoding === 'windows-1258' ? text.normalize('NFC') : text;
}

function guess(bytes: Uint8Array): string {
  const exact = utf8OrUndefined(bytes);
  if (exact !== undefined) return exact;
  // One broken sequence in much UTF-8 (a part cut off) must not turn the rest into mojibake.
  const loose = new TextDecoder('utf-8').decode(bytes);
  const broken = loose.split('\uFFFD').length - 1;
   
  const beyond = loose.replace(/[\u0000-\u007f\uFFFD]/g, '').length;
  return beyond > broken ? loose : latin.decode(bytes);
}

function utf8OrUndefined(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function hasHighBytes(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] ?? 0) > 0x7f) return true;
  return false;
}

/** ESC $ @, ESC $ B, ESC ( J: mail from Japan often forgets the label. Source: RFC 1468. */
function hasJapaneseEscape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(ESC); at >= 0; at = bytes.indexOf(ESC, at + 1)) {
    const [second, third] = [bytes[at + 1], bytes[at + 2]];
    if (second === 0x24 && (third === 0x40 || third === 0x42)) return true;
    if (second === 0x28 && third === 0x4a) return true;
  }
  return false;
}

/** Source: RFC 2152. Old Exchange servers still write it. */
function decodeUtf7(bytes: Uint8Array): string {
  return latin.decode(bytes).replace(/\+([A-Za-z0-9+/]*)-?/g, (_whole, encoded: string) => {
    if (encoded === '') return '+';
    const wide = Buffer.from(encoded, 'base64');
    let text = '';
    for (let at = 0; at + 1 < wide.length; at += 2) text += String.fromCharCode(wide.readUInt16BE(at));
    return text;
  });
}
