import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobHash } from '../../src/core/ids.js';
import type { OpenFile } from '../../src/storage/blob-journal.js';
import { BlobDamaged, BlobMissing, DiskFull, openBlobs } from '../../src/storage/blobs.js';
import { tempFolder, type TempFolder } from '../support/temp-folder.js';

const CONTENT = Buffer.from('Subject: Łódź\r\n\r\n'.repeat(1_000));

describe('blobs', () => {
  let folder: TempFolder;
  beforeEach(() => {
    folder = tempFolder('blobs');
  });
  afterEach(() => folder.remove());
  const files = (): string[] => readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder.path, name)).isFile());
  const pathOf = (hash: string): string => join(folder.path, hash.slice(0, 2), `${hash}.gz`);

  it('come back as they were put, under the hash of their bytes, compressed', async () => {
    const blobs = openBlobs(join(folder.path));
    for (const content of [CONTENT, new Uint8Array(), randomBytes(300_000)]) {
      const hash = await blobs.put(content);
      expect(hash).toBe(createHash('sha256').update(content).digest('hex'));
      // What was put a moment ago is handed out from memory, then from the disk.
      expect(Buffer.compare(await blobs.get(hash), content)).toBe(0);
      expect(Buffer.compare(await blobs.get(hash), content)).toBe(0);
      expect(await blobs.has(hash)).toBe(true);
    }
    const size = statSync(pathOf(await blobs.put(CONTENT))).size;
    expect(size).toBeLessThan(CONTENT.length / 20);
  });

  it('of the same bytes are kept once, also when put at the same moment', async () => {
    const blobs = openBlobs(folder.path);
    const hashes = await Promise.all(Array.from({ length: 8 }, () => blobs.put(CONTENT)));
    expect(new Set(hashes).size).toBe(1);
    await blobs.close();
    expect(files()).toHaveLength(1);
    const before = statSync(pathOf(hashes[0] ?? '')).ino;
    await blobs.put(CONTENT);
    expect(statSync(pathOf(hashes[0] ?? '')).ino).toBe(before);
  });

  it('are deleted, unless they were put again lately', async () => {
    const blobs = openBlobs(folder.path);
    const hash = await blobs.put(CONTENT);
    await blobs.close();
    const [longAgo, then, soon] = [new Date(Date.now() - 7_200_000), new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)];
    utimesSync(pathOf(hash), longAgo, longAgo);
    await blobs.put(CONTENT);
    expect([await blobs.remove(hash, then), await blobs.has(hash)]).toEqual([false, true]);
    expect([await blobs.remove(hash, soon), await blobs.has(hash)]).toEqual([true, false]);
    expect(await blobs.remove(hash, soon)).toBe(true);
    expect(files()).toEqual([]);
    await blobs.put(CONTENT);
    expect(await blobs.has(hash)).toBe(true);
    await blobs.close();
  });

  it('that are not there are said to be missing, whatever is asked for', async () => {
    const blobs = openBlobs(folder.path);
    for (const hash of ['a'.repeat(64), '../../etc/passwd', '', 'A'.repeat(64)] as BlobHash[]) {
      expect(await blobs.has(hash)).toBe(false);
      await expect(blobs.get(hash)).rejects.toBeInstanceOf(BlobMissing);
    }
  });

  it('that were changed on the disk are not handed out', async () => {
    const blobs = openBlobs(folder.path);
    const hash = await blobs.put(CONTENT);
    expect(await blobs.get(hash)).toHaveLength(CONTENT.length);
    writeFileSync(pathOf(hash), gzipSync('something else'));
    await expect(blobs.get(hash)).rejects.toBeInstanceOf(BlobDamaged);
    writeFileSync(pathOf(hash), 'not even compressed');
    await expect(blobs.get(hash)).rejects.toBeInstanceOf(BlobDamaged);
    writeFileSync(pathOf(hash), gzipSync(CONTENT).subarray(0, 40));
    await expect(blobs.get(hash)).rejects.toBeInstanceOf(BlobDamaged);
  });

  it('on a full disk fail with words that help, leave nothing behind, and go on once there is room', async () => {
    let full = true;
    const onFullDisk: OpenFile = async (...args) => {
      const file = await open(...args);
      if (full) file.writeFile = () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
      return file;
    };
    const blobs = openBlobs(folder.path, onFullDisk);
    const failing = blobs.put(CONTENT);
    await expect(failing).rejects.toBeInstanceOf(DiskFull);
    await expect(failing).rejects.toThrow(/No space left .* make room/);
    await blobs.close();
    expect(files()).toEqual([]);
    full = false;
    expect(await blobs.get(await blobs.put(CONTENT))).toHaveLength(CONTENT.length);
  });

  it('of a burst are made safe with few syncs, and leave no journal behind', async () => {
    let syncs = 0;
    const counting: OpenFile = async (...args) => {
      const file = await open(...args);
      const sync = file.datasync.bind(file);
      file.datasync = () => {
        syncs += 1;
        return sync();
      };
      return file;
    };
    const blobs = openBlobs(folder.path, counting);
    const contents = Array.from({ length: 200 }, () => randomBytes(500));
    const hashes = await Promise.all(contents.map((content) => blobs.put(content)));
    expect(syncs).toBeGreaterThan(0);
    expect(syncs).toBeLessThan(20);
    expect(files().filter((name) => name.endsWith('.journal'))).toHaveLength(1);
    await blobs.close();
    expect(files().filter((name) => !name.endsWith('.gz'))).toEqual([]);
    const again = openBlobs(folder.path);
    expect(await Promise.all(hashes.map((hash) => again.get(hash)))).toEqual(contents);
  });

  it('whose files did not reach the disk before a power cut come back from the journal', async () => {
    // As after one: files that are gone, empty, or full of zeros; the journal torn at its end. Not closed: the process is gone.
    const blobs = openBlobs(folder.path);
    const contents = Array.from({ length: 4 }, () => randomBytes(500));
    const [gone, empty, zeros, whole] = await Promise.all(contents.map((content) => blobs.put(content)));
    rmSync(pathOf(gone ?? ''));
    writeFileSync(pathOf(empty ?? ''), '');
    writeFileSync(pathOf(zeros ?? ''), Buffer.alloc(300));
    const [journal = ''] = files().filter((name) => name.endsWith('.journal'));
    appendFileSync(join(folder.path, journal), Buffer.concat([readFileSync(join(folder.path, journal)).subarray(0, 100), Buffer.alloc(4096)]));

    const restarted = openBlobs(folder.path);
    expect(await Promise.all([gone, empty, zeros, whole].map((hash) => restarted.get(hash ?? ('' as BlobHash))))).toEqual(contents);
    expect(files().filter((name) => name.endsWith('.gz'))).toHaveLength(4);
    await restarted.close();
    await blobs.close();
  });

  it('left behind by a process that is gone are synced and their journal removed; one that may be in use stays', async () => {
    await openBlobs(folder.path).put(CONTENT);
    const [journal = ''] = files().filter((name) => name.endsWith('.journal'));
    await openBlobs(folder.path).close();
    expect(files()).toContain(journal);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(folder.path, journal), longAgo, longAgo);
    await openBlobs(folder.path).close();
    expect(files().filter((name) => !name.endsWith('.gz'))).toEqual([]);
  });

  it('put by a process whose journal was taken for left behind go into a new one', async () => {
    const asleep = openBlobs(folder.path);
    await asleep.put(CONTENT);
    const [journal = ''] = files().filter((name) => name.endsWith('.journal'));
    rmSync(join(folder.path, journal));
    const hash = await asleep.put(randomBytes(500));
    const [fresh = ''] = files().filter((name) => name.endsWith('.journal'));
    expect(readFileSync(join(folder.path, fresh)).includes(Buffer.from(hash, 'hex'))).toBe(true);
  });

  it('pass on other troubles as they are', async () => {
    const blobs = openBlobs(folder.path, () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' })));
    await expect(blobs.put(CONTENT)).rejects.toThrow('EIO');
    expect(files()).toEqual([]);
  });

  it('make their folder', () => {
    openBlobs(join(folder.path, 'a', 'b'));
    expect(existsSync(join(folder.path, 'a', 'b'))).toBe(true);
  });
});
