/**
 * What makes many small files safe with one sync: their bytes are appended to a journal, which is synced once for all that came meanwhile; the files
 * themselves are written without waiting, and synced later, all together, before their journal is removed. After a power cut the files are made good from it.
 *
 * A journal belongs to the process that began it, and several may share a folder (nodes over one database): a process never writes to or waits for another's.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { BlobHash } from '../core/ids.js';

/** Files are synced once nothing came for so long ... */
const IDLE_MS = 2_000;
/** ... at the latest so long after their journal was begun ... */
const MAX_AGE_MS = 20_000;
/** ... or when so much stands in it: what is to be made good after a power cut is read in a moment. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Nobody writes to a journal for longer than MAX_AGE_MS: one that lay still for so long was left behind by a process that is gone. */
const LEFT_BEHIND_MS = 3 * MAX_AGE_MS;

/** A record: length of the bytes and their CRC-32 (big-endian, 4 bytes each), the hash (32 bytes), the bytes. */
const HEAD_BYTES = 4 + 4 + 32;

const FOLDER = 'journal';

/** Files that are written or synced at once: as many as Node.js has threads for it, so that others' turn comes soon. */
const FILES_AT_ONCE = 4;

export interface JournalRecord {
  readonly hash: BlobHash;
  /** As they stand in the blob's file. */
  readonly bytes: Uint8Array;
}

/** What of node:fs writing a file takes; a test puts a full disk here. */
export type OpenFile = typeof open;

interface Needs {
  /** Of the blobs. */
  readonly folder: string;
  readonly openFile: OpenFile;
  /** Without syncing. */
  readonly writeFile: (record: JournalRecord) => Promise<void>;
  /** Writes the file anew where it is missing or different; while a desk opens, nothing else is done. */
  readonly makeWhole: (record: JournalRecord) => void;
  /** Syncs the files of these blobs, those of them that are still there, and their folders. */
  readonly syncFiles: (hashes: ReadonlySet<BlobHash>) => Promise<void>;
}

interface Waiting extends JournalRecord {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Current {
  readonly file: FileHandle;
  readonly path: string;
  readonly hashes: Set<BlobHash>;
  bytes: number;
  readonly begunAt: number;
}

export class BlobJournal {
  readonly #needs: Needs;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #current: Current | undefined;
  readonly #settling = new Set<Promise<void>>();
  #idle: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout | undefined;

  constructor(needs: Needs) {
    this.#needs = needs;
    mkdirSync(join(needs.folder, FOLDER), { recursive: true });
  }

  /** Resolves when the record is on the disk and its file is written. Records that come while others are being written share the next sync. */
  put(record: JournalRecord): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ ...record, done, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Makes files whole that a power cut has damaged or swallowed, from every journal that is there. To be called before anything is read. */
  recover(): void {
    const journals = journalsIn(this.#needs.folder);
    for (const record of journals.flatMap(recordsOf)) this.#needs.makeWhole(record);
    if (journals.length === 0) return;
    this.#settleLeftBehind();
    this.#later = setTimeout(() => {
      this.#settleLeftBehind();
    }, LEFT_BEHIND_MS).unref();
  }

  /** Syncs the files of this process's journals, and removes those. */
  async close(): Promise<void> {
    clearTimeout(this.#later);
    await this.#writing;
    this.#retire();
    await Promise.all(this.#settling);
  }

  async #write(): Promise<void> {
    // What is put in this same turn goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const portion = this.#waiting;
      this.#waiting = [];
      try {
        await this.#journal(portion);
        await eachOf(portion, (waiting) => this.#writeFile(waiting));
        if (this.#current && isFull(this.#current)) this.#retire();
      } catch (error) {
        // A part of it may stand there. Reading ends at what is torn, so nothing may come behind it.
        this.#retire();
        for (const { failed } of portion) failed(error);
      }
    }
    this.#writing = undefined;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (!this.#writing) this.#retire();
    }, IDLE_MS).unref();
  }

  async #journal(portion: readonly JournalRecord[]): Promise<void> {
    const bytes = Buffer.concat(portion.flatMap((record) => [headOf(record), record.bytes]));
    const current = (this.#current ??= await this.#begin());
    await current.file.writeFile(bytes);
    await current.file.datasync();
    current.bytes += bytes.length;
    for (const { hash } of portion) current.hashes.add(hash);
    if (existsSync(current.path)) return;
    // This process was asleep for minutes, and another one settled and removed its journal meanwhile.
    this.#retire();
    await this.#journal(portion);
  }

  #writeFile({ done, failed, ...record }: Waiting): Promise<void> {
    return this.#needs.writeFile(record).then(done, failed);
  }

  async #begin(): Promise<Current> {
    const path = join(this.#needs.folder, FOLDER, `${randomUUID()}.journal`);
    const file = await this.#needs.openFile(path, 'wx');
    await syncFolder(join(this.#needs.folder, FOLDER));
    return { file, path, hashes: new Set(), bytes: 0, begunAt: Date.now() };
  }

  /** What comes next goes into a new one. */
  #retire(): void {
    const retired = this.#current;
    if (!retired) return;
    this.#current = undefined;
    this.#settle(retired.path, retired.hashes, retired.file.close());
  }

  /** A journal that cannot be settled stays, and is settled after a later start. */
  #settle(path: string, hashes: ReadonlySet<BlobHash>, before: Promise<void>): void {
    const settling = before
      .then(() => this.#needs.syncFiles(hashes))
      .then(() => rm(path, { force: true }))
      .catch(() => undefined)
      .then(() => void this.#settling.delete(settling));
    this.#settling.add(settling);
  }

  #settleLeftBehind(): void {
    for (const path of journalsIn(this.#needs.folder)) {
      if (path !== this.#current?.path && isLeftBehind(path)) this.#settle(path, new Set(recordsOf(path).map(({ hash }) => hash)), Promise.resolve());
    }
  }
}

const isFull = ({ bytes, begunAt }: Current): boolean => bytes >= MAX_BYTES || Date.now() - begunAt >= MAX_AGE_MS;

function headOf({ hash, bytes }: JournalRecord): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(bytes.length, 0);
  head.writeUInt32BE(crc32(bytes), 4);
  head.write(hash, 8, 'hex');
  return head;
}

/** All that was written whole; a record torn by a power cut was never acknowledged, and nothing is behind it. */
function recordsOf(path: string): readonly JournalRecord[] {
  const file = readIfThere(path);
  const records: JournalRecord[] = [];
  for (let at = 0; at + HEAD_BYTES <= file.length; ) {
    const start = at + HEAD_BYTES;
    const bytes = file.subarray(start, start + file.readUInt32BE(at));
    // Zeros, too: a file system may have made the file longer before its content came.
    if (bytes.length === 0 || bytes.length !== file.readUInt32BE(at) || crc32(bytes) !== file.readUInt32BE(at + 4)) break;
    at = start + bytes.length;
    records.push({ hash: file.toString('hex', start - 32, start) as BlobHash, bytes });
  }
  return records;
}

function journalsIn(blobs: string): readonly string[] {
  const folder = join(blobs, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.journal'))
    .map((name) => join(folder, name));
}

/** Another process may settle and remove it at any moment. */
function readIfThere(path: string): Buffer {
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
}

function isLeftBehind(path: string): boolean {
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return modified !== undefined && Date.now() - modified > LEFT_BEHIND_MS;
}

/** A new or renamed file is on the disk when its folder is. Windows cannot sync a folder, and need not. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A few at a time. */
export async function eachOf<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, worker));
}
