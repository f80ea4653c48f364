/**
 * Blobs as files: `<folder>/ab/<sha256>.gz`. Same bytes, same file. A file comes into being by a rename, so whatever has the right name is whole; it is
 * made safe by the journal, where one sync serves all that came meanwhile (blob-journal.ts). A large one is synced by itself.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import type { BlobHash } from '../core/ids.js';
import type { Blobs } from '../core/ports/effects.js';
import { fairShare } from './fair-share.js';
import { BlobJournal, eachOf, syncFolder, type JournalRecord, type OpenFile } from './blob-journal.js';

/** Mail is text and base64: level 1 takes off almost all that level 9 would, at a fifth of the time. */
const LEVEL = constants.Z_BEST_SPEED;
const HASH = /^[0-9a-f]{64}$/;

/** Below this, handing content to another thread and back costs more than compressing it here. */
const SMALL_BYTES = 64 * 1024;

const compressLarge = promisify(gzip);
const expandLarge = promisify(gunzip);

/** The file of a blob is not there: it was deleted, or the folder of another installation is mounted. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
}
/** The file of a blob does not hold what its name says. */
export class BlobDamaged extends Error {
  override readonly name = 'BlobDamaged';
}
/** There is no room on the disk; nothing was stored, and the mail stays where it is until there is. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

/** Compressed; above this, writing a file twice costs more than syncing it. */
const LARGE_BYTES = 1024 * 1024;
/** What was put last is read soon. */
const REMEMBERED_BYTES = 8 * 1024 * 1024;

export interface BlobFolder extends Blobs {
  /** Leaves nothing to be made good. Without it nothing is lost, but the next start has more to read. */
  close(): Promise<void>;
}

/** @param folder is made when it is not there; what a power cut damaged is made whole */
export function openBlobs(folder: string, openFile: OpenFile = open): BlobFolder {
  mkdirSync(folder, { recursive: true });
  const files = new Files(folder);
  const recent = new Recent();
  const journal = new BlobJournal({
    folder, openFile,
    writeFile: (record) => files.write(record),
    makeWhole: (record) => {
      files.makeWhole(record);
    },
    syncFiles: (hashes) => files.sync(hashes),
  });
  journal.recover();

  return {
    async put(content) {
      const hash = createHash('sha256').update(content).digest('hex') as BlobHash;
      // Its time is left behind, so that nobody deletes it now.
      if (files.touch(hash)) return hash;
      const bytes = await compress(content);
      try {
        await (bytes.length > LARGE_BYTES ? files.writeSynced({ hash, bytes }) : journal.put({ hash, bytes }));
      } catch (error) {
        throw isNoSpace(error)
          ? new DiskFull(`No space left on the disk of ${folder}: make room or mount a larger disk there. Nothing was lost, storing goes on by itself afterwards.`, { cause: error })
          : error;
      }
      recent.add(hash, content);
      return hash;
    },

    async get(hash) {
      const known = recent.take(hash);
      if (known) {
        await fairShare();
        return known;
      }
      let file: Buffer;
      try {
        file = await readFile(files.pathOf(hash));
      } catch (cause) {
        if (errorCode(cause) !== 'ENOENT') throw cause;
        throw new BlobMissing(`Blob ${hash} is not in ${folder}.`, { cause });
      }
      let content: Buffer;
      try {
        content = await expand(file);
      } catch (cause) {
        throw new BlobDamaged(`Blob ${hash} in ${folder} cannot be read: its file was changed.`, { cause });
      }
      if (createHash('sha256').update(content).digest('hex') !== hash) throw new BlobDamaged(`Blob ${hash} in ${folder} has other content than it was stored with.`);
      return content;
    },

    has: (hash) => Promise.resolve(HASH.test(hash) && files.has(hash)),

    remove: (hash, untouchedSince) => Promise.resolve(files.remove(hash, untouchedSince)),

    close: () => journal.close(),
  };
}

class Files {
  readonly #made = new Set<string>();

  constructor(private readonly folder: string) {}

  /** @throws BlobMissing when it is not a hash */
  pathOf(hash: BlobHash): string {
    if (!HASH.test(hash)) throw new BlobMissing(`${JSON.stringify(hash)} is not the hash of a blob.`);
    return join(this.folder, hash.slice(0, 2), `${hash}.gz`);
  }

  has(hash: BlobHash): boolean {
    return existsSync(this.pathOf(hash));
  }

  /** Whether it is there; if so, it was touched just now. */
  touch(hash: BlobHash): boolean {
    // Almost always it is not: asking costs a fraction of a refused call.
    if (!this.has(hash)) return false;
    const now = new Date();
    return ifThere(() => utimesSync(this.pathOf(hash), now, now)) !== undefined;
  }

  /** @returns whether it is gone */
  remove(hash: BlobHash, untouchedSince: Date): boolean {
    const path = this.pathOf(hash);
    const touchedSince = (file: string): boolean | undefined => ifThere(() => statSync(file).mtime >= untouchedSince);
    const before = touchedSince(path);
    if (before !== false) return before === undefined;
    // Out of the way first: whoever puts the same bytes from now on, on this node or another, writes them anew; who came before has left the time of it.
    const aside = join(this.folder, `${randomUUID()}.tmp`);
    if (ifThere(() => renameSync(path, aside)) === undefined) return true;
    if (touchedSince(aside)) {
      renameSync(aside, path);
      return false;
    }
    rmSync(aside, { force: true });
    return true;
  }

  makeWhole({ hash, bytes }: JournalRecord): void {
    if (this.has(hash) && readFileSync(this.pathOf(hash)).equals(bytes)) return;
    const temporary = this.#temporary(hash);
    mkdirSync(dirname(temporary), { recursive: true });
    writeFileSync(temporary, bytes);
    renameSync(temporary, this.pathOf(hash));
  }

  async write({ hash, bytes }: JournalRecord, flush = false): Promise<void> {
    const temporary = this.#temporary(hash);
    const folder = dirname(temporary);
    try {
      if (!this.#made.has(folder)) await mkdir(folder, { recursive: true });
      this.#made.add(folder);
      await writeFile(temporary, bytes, { flag: 'wx', flush });
      await rename(temporary, this.pathOf(hash));
    } catch (error) {
      this.#made.delete(folder);
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async writeSynced(record: JournalRecord): Promise<void> {
    await this.write(record, true);
    await syncFolder(dirname(this.pathOf(record.hash)));
    await syncFolder(this.folder);
  }

  /** Those that are still there, the folders that they lie in, and the one that those lie in. */
  async sync(hashes: ReadonlySet<BlobHash>): Promise<void> {
    const paths = [...hashes].map((hash) => this.pathOf(hash)).filter((path) => existsSync(path));
    await eachOf(paths, async (path) => {
      const file = await open(path, 'r+');
      await file.sync().finally(() => file.close());
    });
    await eachOf([...new Set(paths.map((path) => dirname(path)))], syncFolder);
    await syncFolder(this.folder);
  }

  /** Beside what it becomes: a rename within one folder holds up nobody else. */
  #temporary(hash: BlobHash): string {
    return join(dirname(this.pathOf(hash)), `${randomUUID()}.tmp`);
  }
}

/** What was put last, each until it is read once: intake reads every mail soon after it was kept. */
class Recent {
  readonly #contents = new Map<BlobHash, Uint8Array>();
  #bytes = 0;

  add(hash: BlobHash, content: Uint8Array): void {
    this.take(hash);
    this.#contents.set(hash, content);
    this.#bytes += content.byteLength;
    for (const [oldest] of this.#contents) {
      if (this.#bytes <= REMEMBERED_BYTES) return;
      this.take(oldest);
    }
  }

  take(hash: BlobHash): Uint8Array | undefined {
    const content = this.#contents.get(hash);
    if (content && this.#contents.delete(hash)) this.#bytes -= content.byteLength;
    return content;
  }
}

async function compress(content: Uint8Array): Promise<Uint8Array> {
  return content.byteLength < SMALL_BYTES ? gzipSync(content, { level: LEVEL }) : compressLarge(content, { level: LEVEL });
}

async function expand(file: Uint8Array): Promise<Buffer> {
  return file.byteLength < SMALL_BYTES ? gunzipSync(file) : expandLarge(file);
}

/** What a call to the disk gives; undefined when the file is not there. */
function ifThere<Result>(call: () => Result): Exclude<Result, void> | true | undefined {
  try {
    return (call() ?? true) as Exclude<Result, void> | true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A quota is a full disk, too. */
const isNoSpace = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
