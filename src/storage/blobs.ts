/**
 * Blobs as files: `<folder>/ab/<sha256>.gz`. Same bytes, same file. A file comes into being by a rename after it was synced, so whatever has the right
 * name is whole. Waiting for the disk is what costs: folders are few, and one sync of a folder serves all files that came into it meanwhile.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import type { BlobHash } from '../core/ids.js';
import type { Blobs } from '../core/ports/effects.js';

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

/** What of node:fs writing a file takes; a test puts a full disk here. */
export type OpenFile = typeof open;

/** @param folder is made when it is not there */
export function openBlobs(folder: string, openFile: OpenFile = open): Blobs {
  mkdirSync(folder, { recursive: true });
  const folders = new Folders(folder);
  const pathOf = (hash: BlobHash): string => {
    if (!HASH.test(hash)) throw new BlobMissing(`${JSON.stringify(hash)} is not the hash of a blob.`);
    return join(folder, hash.slice(0, 2), `${hash}.gz`);
  };

  return {
    async put(content) {
      const hash = createHash('sha256').update(content).digest('hex') as BlobHash;
      const path = pathOf(hash);
      if (await exists(path)) return hash;
      const temporary = join(folder, `${randomUUID()}.tmp`);
      try {
        await writeSynced(openFile, temporary, await compress(content));
        await folders.make(dirname(path));
        await rename(temporary, path);
        await folders.sync(dirname(path));
      } catch (error) {
        folders.forget(dirname(path));
        await rm(temporary, { force: true });
        throw isNoSpace(error)
          ? new DiskFull(`No space left on the disk of ${folder}: make room or mount a larger disk there. Nothing was lost, storing goes on by itself afterwards.`, { cause: error })
          : error;
      }
      return hash;
    },

    async get(hash) {
      let file: Buffer;
      try {
        file = await readFile(pathOf(hash));
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

    async has(hash) {
      return HASH.test(hash) && exists(pathOf(hash));
    },
  };
}

async function writeSynced(openFile: OpenFile, path: string, bytes: Uint8Array): Promise<void> {
  const file = await openFile(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The folders that blobs lie in. */
class Folders {
  /** There, and on the disk: a synced file in a forgotten folder is lost as well. */
  readonly #made = new Map<string, Promise<void>>();
  /** Syncs that have not begun yet: whoever comes before one begins is served by it. */
  readonly #next = new Map<string, Promise<void>>();
  readonly #last = new Map<string, Promise<void>>();

  constructor(private readonly root: string) {}

  make(path: string): Promise<void> {
    const known = this.#made.get(path);
    if (known) return known;
    const making = mkdir(path, { recursive: true }).then(() => syncFolder(this.root));
    this.#made.set(path, making);
    making.catch(() => this.#made.delete(path));
    return making;
  }

  /** It is not there after all: somebody removed it. */
  forget(path: string): void {
    this.#made.delete(path);
  }

  /** Resolves when all that was renamed into it before the call is on the disk. */
  sync(path: string): Promise<void> {
    const waiting = this.#next.get(path);
    if (waiting) return waiting;
    const before = this.#last.get(path) ?? Promise.resolve();
    const sync = before
      .catch(() => undefined)
      .then(() => {
        this.#next.delete(path);
        return syncFolder(path);
      });
    this.#next.set(path, sync);
    this.#last.set(path, sync);
    return sync;
  }
}

async function compress(content: Uint8Array): Promise<Uint8Array> {
  return content.byteLength < SMALL_BYTES ? gzipSync(content, { level: LEVEL }) : compressLarge(content, { level: LEVEL });
}

async function expand(file: Uint8Array): Promise<Buffer> {
  return file.byteLength < SMALL_BYTES ? gunzipSync(file) : expandLarge(file);
}

/** A rename is on the disk when its folder is. Windows cannot sync a folder, and need not. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** A quota is a full disk, too. */
const isNoSpace = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
