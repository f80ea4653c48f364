/** A ZIP file in memory: what mail programs and every system open. Source: APPNOTE.TXT 6.3.10, sections 4.3 and 4.4; names are UTF-8 (bit 11). */
import { crc32, deflateRawSync } from 'node:zlib';

import type { Archive } from '../core/ports/effects.js';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const UTF8 = 0x0800;
const DEFLATE = 8;
/** Sizes and counts beyond these want ZIP64; an export is far below. */
const MAX_BYTES = 0xffff_ffff;
const MAX_FILES = 0xffff;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;

export const zip: Archive = (files) => {
  if (files.length > MAX_FILES) throw new RangeError(`${files.length} files do not fit into one ZIP file`);
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, at } of files) {
    const written = Buffer.from(name, 'utf8');
    const packed = deflateRawSync(content);
    const entry = { crc: crc32(content), packed: packed.byteLength, bytes: content.byteLength, name: written.byteLength, ...dosTime(at) };
    const local = head(LOCAL_BYTES, LOCAL, entry, 4);
    const central = head(CENTRAL_BYTES, CENTRAL, entry, 6);
    central.writeUInt16LE(VERSION, 4);
    central.writeUInt32LE(offset, 42);
    locals.push(local, written, packed);
    centrals.push(central, written);
    offset += local.byteLength + written.byteLength + packed.byteLength;
    if (offset > MAX_BYTES) throw new RangeError('this does not fit into one ZIP file');
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.byteLength, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
};

interface Entry {
  readonly crc: number;
  readonly packed: number;
  readonly bytes: number;
  readonly name: number;
  readonly time: number;
  readonly date: number;
}

/** The part that local and central headers share, which begins at `from`. */
function head(size: number, signature: number, { crc, packed, bytes, name, time, date }: Entry, from: number): Buffer {
  const header = Buffer.alloc(size);
  header.writeUInt32LE(signature, 0);
  header.writeUInt16LE(VERSION, from);
  header.writeUInt16LE(UTF8, from + 2);
  header.writeUInt16LE(DEFLATE, from + 4);
  header.writeUInt16LE(time, from + 6);
  header.writeUInt16LE(date, from + 8);
  header.writeUInt32LE(crc, from + 10);
  header.writeUInt32LE(packed, from + 14);
  header.writeUInt32LE(bytes, from + 18);
  header.writeUInt16LE(name, from + 22);
  return header;
}

/** In steps of two seconds since 1980, without a zone: UTC. */
function dosTime(at: Date): { readonly time: number; readonly date: number } {
  const year = Math.max(1980, at.getUTCFullYear());
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
}
