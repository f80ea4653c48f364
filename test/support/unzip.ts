import { crc32, inflateRawSync } from 'node:zlib';
import { expect } from 'vitest';

/** Reads a ZIP by its directory, as every program does. */
export function unzip(bytes: Uint8Array): ReadonlyMap<string, Buffer> {
  const file = Buffer.from(bytes);
  const end = file.length - 22;
  expect(file.readUInt32LE(end)).toBe(0x06054b50);
  const found = new Map<string, Buffer>();
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(file.readUInt32LE(at)).toBe(0x02014b50);
    const [packed, size, nameBytes, local] = [file.readUInt32LE(at + 20), file.readUInt32LE(at + 24), file.readUInt16LE(at + 28), file.readUInt32LE(at + 42)];
    const name = file.subarray(at + 46, at + 46 + nameBytes).toString('utf8');
    expect(file.readUInt32LE(local)).toBe(0x04034b50);
    const begins = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const content = inflateRawSync(file.subarray(begins, begins + packed));
    expect([content.length, crc32(content)]).toEqual([size, file.readUInt32LE(at + 16)]);
    found.set(name, content);
    at += 46 + nameBytes;
  }
  return found;
}
