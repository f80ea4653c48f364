/** Whether a program has the database open: what would pull it away from under a desk refuses then. */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import pg from 'pg';

/** The path in a `file:` address; undefined for PostgreSQL. */
export const sqliteFileOf = (databaseUrl: string): string | undefined => /^file:(?:\/\/)?(?<path>[^?]+)/.exec(databaseUrl)?.groups?.['path'];

export async function isDeskAtWork(databaseUrl: string): Promise<boolean> {
  const file = sqliteFileOf(databaseUrl);
  if (file === undefined) return hasSessions(databaseUrl);
  if (!existsSync(file)) return false;
  const connection = new Database(file, { fileMustExist: true, timeout: 0 });
  try {
    return !leaveAlone(connection);
  } finally {
    connection.close();
  }
}

/**
 * SQLite leaves WAL mode only when nobody else has the file open, so this asks exactly that. A desk goes back to WAL when it opens the file.
 * @returns false when somebody has
 */
export function leaveAlone(connection: Database.Database): boolean {
  try {
    connection.pragma('journal_mode = DELETE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

async function hasSessions(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'goniec-look' });
  // Without a listener a line that breaks would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await hasDeskSessions(client);
  } finally {
    await client.end();
  }
}

/** A desk holds a session for what other nodes say, all the time that it runs (postgresql-session.ts). */
export async function hasDeskSessions(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'goniec-session' LIMIT 1`);
  return (rowCount ?? 0) > 0;
}
