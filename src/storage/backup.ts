/**
 * A backup of everything a desk holds, made while it runs. The database first, as one moment in time; then the blobs. A blob is on the disk before a row names it
 * and is never changed, nor removed while one names it; so all that the copied database names is there when the blobs are copied, but for spam that was deleted in between.
 */
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { blobFilesIn, copyBlobs } from './backup-blobs.js';
import { blobsInList, FILE_LISTS, NAMED_BLOBS } from './blob-references.js';
import { openBlobs } from './blobs.js';
import { BackupRefused, MANIFEST, readManifest, sha256Of, writeManifest, type Manifest } from './backup-manifest.js';
import { sqliteFileOf } from './desk-at-work.js';
import { inspectDatabase } from './inspect.js';
import { runPostgresqlTool, type Variables } from './postgresql-tools.js';

export interface BackupOptions {
  /** As `openStore` takes it. */
  readonly databaseUrl: string;
  /** Where the blobs are. */
  readonly blobs: string;
  /** Made when it is not there. One that holds a backup is brought up to date: files that it has are not copied again. */
  readonly folder: string;
  /** Of this program. */
  readonly version: string;
  readonly now: Date;
  /** For PostgreSQL's programs: PATH and what begins with PG. */
  readonly variables: Variables;
}

export interface BackupReport {
  readonly manifest: Manifest;
  readonly copied: number;
  readonly kept: number;
  /** Hashes that the database names and that the data folder does not have: they were lost before. */
  readonly missing: readonly string[];
}

interface DatabaseCopy {
  readonly counts: Manifest['counts'];
  /** Hashes of blobs that it names. */
  readonly blobs: ReadonlySet<string>;
}

/** Inside a backup. */
export const BLOBS = 'blobs';
const DATABASE_FILE = /^database-[\w-]+\.(db|dump)(-journal)?$/;

/** @throws BackupRefused when the folder holds something else, or the database cannot be copied */
export async function backUp({ databaseUrl, blobs, folder, version, now, variables }: BackupOptions): Promise<BackupReport> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await assertOurs(folder);
  const state = await inspectDatabase(databaseUrl);
  if (state.state === 'unreachable') throw new BackupRefused(`The database cannot be read: ${state.detail}`);
  if (state.state === 'new') throw new BackupRefused('There is nothing to back up: the database is empty. Is DATABASE_URL or GONIEC_DATA_DIR another one for the desk?');

  // A name of its own: until the new manifest stands, the old one still speaks of a whole backup.
  const file = `database-${now.toISOString().replace(/[:.]/g, '-')}.${state.engine === 'sqlite' ? 'db' : 'dump'}`;
  const path = join(folder, file);
  await rm(path, { force: true });
  const source = sqliteFileOf(databaseUrl);
  const copy = source === undefined ? await dumpPostgresql(databaseUrl, path, variables) : copySqlite(source, path);
  await syncFile(path);

  // Opening makes whole what a power cut damaged.
  await openBlobs(blobs).close();
  const { copied, kept } = await copyBlobs(blobs, join(folder, BLOBS), 'link');
  const there = await blobFilesIn(join(folder, BLOBS));
  const manifest = await writeManifest(folder, {
    version,
    createdAt: now.toISOString(),
    database: { engine: state.engine, file, bytes: (await stat(path)).size, sha256: await sha256Of(path) },
    counts: copy.counts,
    blobs: { files: there.files, bytes: there.bytes },
  });
  await syncFile(folder);
  for (const name of await readdir(folder)) if (DATABASE_FILE.test(name) && name !== file) await rm(join(folder, name), { force: true });
  return { manifest, copied, kept, missing: [...copy.blobs].filter((hash) => !there.hashes.has(hash)) };
}

/** A mistyped folder must not be filled, nor a backup of another kind be mixed in. */
async function assertOurs(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name !== 'lost+found');
  if (names.includes(MANIFEST)) {
    await readManifest(folder);
    return;
  }
  // One that was broken off has these, and is gone on with.
  const foreign = names.filter((name) => name !== BLOBS && name !== `${MANIFEST}.tmp` && !DATABASE_FILE.test(name));
  if (foreign.length > 0) throw new BackupRefused(`${folder} is not empty and holds no backup of Goniec's. Name an empty folder, or one of an earlier backup.`);
}

/** Readers do not hold up the desk's writing; the copy is of the moment in which it begins. */
function copySqlite(source: string, target: string): DatabaseCopy {
  const connection = new Database(source, { fileMustExist: true });
  try {
    connection.prepare('VACUUM INTO ?').run(target);
  } finally {
    connection.close();
  }
  const copy = new Database(target, { readonly: true, fileMustExist: true });
  try {
    const wrong = copy.pragma('quick_check', { simple: true });
    if (wrong !== 'ok') throw new BackupRefused(`The copy of the database is damaged, so the database itself may be: ${String(wrong)}. The earlier backup was left as it was.`);
    const count = (table: string): number => copy.prepare<[], number>(`SELECT COUNT(*) FROM "${table}"`).pluck().get() ?? 0;
    const texts = (sql: string): readonly string[] => copy.prepare<[], string>(sql).pluck().all();
    return { counts: { conversations: count('conversations'), messages: count('messages'), mails: count('raw_mails') }, blobs: namedBlobs(texts(NAMED_BLOBS), texts(FILE_LISTS)) };
  } finally {
    copy.close();
  }
}

/** Dump and counts see the same moment: they share a snapshot. */
async function dumpPostgresql(url: string, target: string, variables: Variables): Promise<DatabaseCopy> {
  const client = new pg.Client({ connectionString: url, application_name: 'goniec-backup' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
    await runPostgresqlTool('pg_dump', url, ['--format=custom', '--no-owner', '--no-privileges', `--snapshot=${rows[0]?.snapshot ?? ''}`, `--file=${target}`], variables);
    const count = async (table: string): Promise<number> => Number((await client.query<{ count: string }>(`SELECT COUNT(*) AS count FROM "${table}"`)).rows[0]?.count ?? 0);
    const texts = async (sql: string): Promise<readonly string[]> => (await client.query<[string]>({ text: sql, rowMode: 'array' })).rows.map(([text]) => text);
    const counts = { conversations: await count('conversations'), messages: await count('messages'), mails: await count('raw_mails') };
    return { counts, blobs: namedBlobs(await texts(NAMED_BLOBS), await texts(FILE_LISTS)) };
  } finally {
    await client.end();
  }
}

/** @param lists JSON: lists of stored files */
function namedBlobs(hashes: readonly string[], lists: readonly string[]): ReadonlySet<string> {
  return new Set([...hashes, ...lists.flatMap(blobsInList)]);
}

/** Of a file or a folder. Windows cannot sync a folder, and need not. */
async function syncFile(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
