/** Puts a backup where a desk will find it. Nothing is overwritten: what is there is refused, or moved aside. */
import { copyFile, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { BLOBS } from './backup.js';
import { blobFilesIn, copyBlobs } from './backup-blobs.js';
import { BackupRefused, checkDatabase, readManifest, type Manifest } from './backup-manifest.js';
import { isDeskAtWork, sqliteFileOf } from './desk-at-work.js';
import { inspectDatabase } from './inspect.js';
import { runPostgresqlTool, type Variables } from './postgresql-tools.js';

export interface RestoreOptions {
  readonly folder: string;
  /** Where the desk will look, as `openStore` takes it. */
  readonly databaseUrl: string;
  readonly dataDir: string;
  /** What is there is moved aside, not removed. */
  readonly force: boolean;
  readonly now: Date;
  readonly variables: Variables;
}

export interface RestoreReport {
  readonly manifest: Manifest;
  readonly blobs: number;
  /** Blobs whose content is not what their name says. */
  readonly damaged: readonly string[];
  /** Where what was there before lies now. */
  readonly movedAside: readonly string[];
  /** Answers that were in line at the time of the backup and due since: they may have left. */
  readonly doubtful: number;
}

/** Part of the name of what was moved aside; such things do not make a folder count as full. */
const ASIDE = '.before-restore-';

/** @throws BackupRefused when the backup is not whole, or there is something in the way */
export async function restore({ folder, databaseUrl, dataDir, force, now, variables }: RestoreOptions): Promise<RestoreReport> {
  const manifest = await readManifest(folder);
  await checkDatabase(folder, manifest);
  const file = sqliteFileOf(databaseUrl);
  const engine = file === undefined ? 'postgresql' : 'sqlite';
  if (manifest.database.engine !== engine) {
    throw new BackupRefused(`The backup is of a ${NAMES[manifest.database.engine]} database, and DATABASE_URL names ${NAMES[engine]}. A backup is restored to the engine that it was made of: change DATABASE_URL.`);
  }
  await assertHoldsAllBlobs(folder, manifest);
  const source = join(folder, manifest.database.file);
  await assertKnown(file === undefined ? undefined : source, manifest);
  const movedAside = file === undefined ? [] : await makeRoomForFile(file, force, now);
  if (file === undefined) await assertEmptyDatabase(databaseUrl);
  movedAside.push(...(await makeRoomForBlobs(dataDir, file, force, now)));

  await mkdir(dataDir, { recursive: true });
  const doubtfulThere = file === undefined ? await restorePostgresql(source, databaseUrl, variables) : 0;
  const { copied, damaged } = await copyBlobs(join(folder, BLOBS), join(dataDir, BLOBS), 'check');
  // A file comes after the blobs: a desk that is started too early finds no database rather than one without its mails.
  const doubtful = file === undefined ? doubtfulThere : await restoreSqlite(source, file, now);
  return { manifest, blobs: copied, damaged, movedAside, doubtful };
}

const NAMES = { sqlite: 'SQLite', postgresql: 'PostgreSQL' } as const;

async function assertHoldsAllBlobs(folder: string, { blobs }: Manifest): Promise<void> {
  const { files: there } = await blobFilesIn(join(folder, BLOBS));
  if (there < blobs.files) throw new BackupRefused(`The backup is not whole: it holds ${there} files of mails and attachments, and was made with ${blobs.files}. Take another copy of it.`);
}

/** A newer database would be refused at the next start; better before anything is moved. A dump does not tell. */
async function assertKnown(sqliteCopy: string | undefined, { version }: Manifest): Promise<void> {
  if (sqliteCopy === undefined) return;
  const state = await inspectDatabase(`file:${sqliteCopy}`);
  if (state.state === 'newer') throw new BackupRefused(`The backup was made by Goniec ${version}, which is newer than this program. Restore it with that version.`);
  if (state.state === 'unreachable') throw new BackupRefused(`The database in the backup cannot be read: ${state.detail}`);
}

async function makeRoomForFile(file: string, force: boolean, now: Date): Promise<string[]> {
  if (!(await exists(file))) return [];
  if (!force) throw new BackupRefused(`${file} is there already. Restore into an empty data folder (GONIEC_DATA_DIR), or say --force: what is there is then moved aside.`);
  if (await isDeskAtWork(`file:${file}`)) throw new BackupRefused('A desk is at work on this data folder. Stop it first.');
  const aside = `${file}${suffix(now)}`;
  // A log that was not written back yet belongs to the database, and is found by its name.
  for (const part of ['', '-wal', '-shm']) if (await exists(`${file}${part}`)) await rename(`${file}${part}`, `${aside}${part}`);
  return [aside];
}

async function makeRoomForBlobs(dataDir: string, file: string | undefined, force: boolean, now: Date): Promise<readonly string[]> {
  const names = (await readdir(dataDir).catch(() => [])).filter((name) => !name.includes(ASIDE) && name !== 'lost+found');
  const inTheWay = names.filter((name) => file === undefined || dirname(file) !== dataDir || !name.startsWith(basename(file)));
  if (inTheWay.length > 0 && !force) throw new BackupRefused(`${dataDir} is not empty (${inTheWay.slice(0, 3).join(', ')}). Restore into an empty data folder (GONIEC_DATA_DIR), or say --force: what is there is then moved aside.`);
  if (!names.includes(BLOBS)) return [];
  const aside = join(dataDir, `${BLOBS}${suffix(now)}`);
  await rename(join(dataDir, BLOBS), aside);
  return [aside];
}

const suffix = (now: Date): string => `${ASIDE}${now.toISOString().replace(/[:.]/g, '-')}`;

async function assertEmptyDatabase(url: string): Promise<void> {
  const state = await inspectDatabase(url);
  if (state.state === 'unreachable') throw new BackupRefused(`The database cannot be reached: ${state.detail}`);
  if (state.state !== 'new') throw new BackupRefused('The database that DATABASE_URL names is in use already. Make an empty one (createdb goniec_restored) and set DATABASE_URL to it; the present one stays as it is.');
}

/**
 * Answers that were about to leave may have left after the backup was made. As "being sent" they are looked for in Sent at the next start, and what is not found there
 * is shown as uncertain: nothing goes out twice by itself.
 */
const DOUBT = {
  deliveries: `UPDATE "deliveries" SET "state" = 'running' WHERE "state" = 'waiting' AND "sendsMessageId" IS NOT NULL AND "dueAt" <= `,
  messages: `UPDATE "messages" SET "state" = 'sending' WHERE "state" = 'queued' AND "id" IN (SELECT "sendsMessageId" FROM "deliveries" WHERE "state" = 'running' AND "sendsMessageId" IS NOT NULL)`,
};

async function restoreSqlite(source: string, file: string, now: Date): Promise<number> {
  await mkdir(dirname(file), { recursive: true });
  // Under another name until it is as it should be.
  const unfinished = `${file}${ASIDE}unfinished`;
  await copyFile(source, unfinished);
  const connection = new Database(unfinished, { fileMustExist: true });
  let doubtful = 0;
  try {
    doubtful = connection.transaction(() => {
      const { changes } = connection.prepare(`${DOUBT.deliveries}?`).run(now.getTime());
      connection.exec(DOUBT.messages);
      return changes;
    })();
  } finally {
    connection.close();
  }
  await rename(unfinished, file);
  return doubtful;
}

async function restorePostgresql(source: string, url: string, variables: Variables): Promise<number> {
  await runPostgresqlTool('pg_restore', url, ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction', source], variables);
  const client = new pg.Client({ connectionString: url, application_name: 'goniec-restore' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query(`${DOUBT.deliveries}(now() AT TIME ZONE 'UTC')`);
    await client.query(DOUBT.messages);
    await client.query('COMMIT');
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
