/** Copies the files of the blob store. A blob never changes once it has its name, so what is there already is left alone. */
import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { syncFolder } from './blob-journal.js';

const SHARD = /^[0-9a-f]{2}$/;
const BLOB_FILE = /^([0-9a-f]{64})\.gz$/;
/** Files in hand at once: enough to keep a disk busy, few enough to leave a desk beside it its share. */
const AT_ONCE = 8;
/** Older files were synced long ago. */
const FRESH_MS = 10 * 60_000;
const expand = promisify(gunzip);

export interface CopiedBlobs {
  /** Newly there. */
  readonly copied: number;
  /** There already. */
  readonly kept: number;
  /** Names of files whose content is not what their name says; copied all the same, for whoever wants to look. */
  readonly damaged: readonly string[];
}

export interface BlobFiles {
  readonly files: number;
  readonly bytes: number;
  readonly hashes: ReadonlySet<string>;
}

/** Whole files of a blob folder; what is still being written has another name. A folder that is not there has none. */
export async function blobFilesIn(folder: string): Promise<BlobFiles> {
  const hashes = new Set<string>();
  let bytes = 0;
  for (const shard of await namesIn(folder, SHARD)) {
    for (const name of await namesIn(join(folder, shard), BLOB_FILE)) {
      hashes.add(name.slice(0, -'.gz'.length));
      bytes += (await stat(join(folder, shard, name))).size;
    }
  }
  return { files: hashes.size, bytes, hashes };
}

/**
 * @param how `link`: shares the file where both lie on one file system, which costs neither time nor room; `check`: a copy whose content is compared with its name
 */
export async function copyBlobs(from: string, to: string, how: 'link' | 'check'): Promise<CopiedBlobs> {
  const result = { copied: 0, kept: 0, damaged: [] as string[] };
  let tryLinks = how === 'link';
  for (const shard of await namesIn(from, SHARD)) {
    await mkdir(join(to, shard), { recursive: true });
    const there = new Set(await namesIn(join(to, shard), BLOB_FILE));
    const names = await namesIn(join(from, shard), BLOB_FILE);
    const wanted = names.filter((name) => !there.has(name));
    result.kept += names.length - wanted.length;
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      await Promise.all(
        wanted.slice(at, at + AT_ONCE).map(async (name) => {
          const [source, target] = [join(from, shard, name), join(to, shard, name)];
          if (tryLinks && (await linked(source, target))) return;
          tryLinks = false;
          const bytes = await readFile(source);
          if (how === 'check' && !(await isWhole(bytes, name))) result.damaged.push(name);
          await writeWhole(target, bytes);
        }),
      );
      result.copied += Math.min(AT_ONCE, wanted.length - at);
    }
    await syncFolder(join(to, shard));
  }
  return result;
}

/** @returns false where files cannot be shared: another disk, or a file system without links. */
async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
  } catch {
    return false;
  }
  // A file of the last minute may be safe in the journal only, which is not part of a backup.
  if (Date.now() - (await stat(target)).mtimeMs < FRESH_MS) await syncFile(target);
  return true;
}

async function isWhole(bytes: Buffer, name: string): Promise<boolean> {
  try {
    return createHash('sha256').update(await expand(bytes)).digest('hex') === BLOB_FILE.exec(name)?.[1];
  } catch {
    return false;
  }
}

/** Whatever has the name of a blob is whole, also when we are stopped in the middle. */
async function writeWhole(target: string, bytes: Buffer): Promise<void> {
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function namesIn(folder: string, pattern: RegExp): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => pattern.test(name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}
