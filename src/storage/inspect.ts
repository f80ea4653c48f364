/** Looks at a database without changing it: for `goniec doctor`, which must neither make one nor bring it up to date. */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import pg from 'pg';
import type { EngineName } from './access.js';
import { shippedMigrations } from './migrate.js';

export type DatabaseState =
  /** No file yet, or nothing of ours in it: the first start makes it. */
  | { readonly state: 'new'; readonly engine: EngineName }
  | { readonly state: 'current'; readonly engine: EngineName }
  /** The next start brings it up to date. */
  | { readonly state: 'behind'; readonly engine: EngineName; readonly pending: readonly string[] }
  /** It has migrations that this program does not know, or other ones under the same names. */
  | { readonly state: 'newer'; readonly engine: EngineName; readonly unknown: readonly string[] }
  | { readonly state: 'unreachable'; readonly detail: string };

/** A database on another continent answers within a second; `doctor` must not hang. */
const CONNECT_MS = 10_000;

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
}
const READ_LEDGER = 'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL';

/** @param databaseUrl as `openStore` takes it. Never rejects; what it says holds no password. */
export async function inspectDatabase(databaseUrl: string): Promise<DatabaseState> {
  try {
    const file = /^file:(?:\/\/)?(?<path>[^?]+)/.exec(databaseUrl)?.groups?.['path'];
    return file === undefined ? await inspectPostgresql(databaseUrl) : inspectSqlite(file);
  } catch (error) {
    return { state: 'unreachable', detail: error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code ?? error.name) : String(error) };
  }
}

function inspectSqlite(file: string): DatabaseState {
  if (!existsSync(file)) return { state: 'new', engine: 'sqlite' };
  const connection = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const ledger = connection.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'").get();
    return ledger === undefined ? { state: 'new', engine: 'sqlite' } : compare('sqlite', connection.prepare<[], Applied>(READ_LEDGER).all());
  } finally {
    connection.close();
  }
}

async function inspectPostgresql(url: string): Promise<DatabaseState> {
  const client = new pg.Client({ connectionString: url, application_name: 'goniec-doctor', connectionTimeoutMillis: CONNECT_MS, query_timeout: CONNECT_MS });
  // Without a listener a line that breaks would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ ledger: string | null }>("SELECT to_regclass('_prisma_migrations')::text AS ledger");
    return (rows[0]?.ledger ?? null) === null ? { state: 'new', engine: 'postgresql' } : compare('postgresql', (await client.query<Applied>(READ_LEDGER)).rows);
  } finally {
    await client.end();
  }
}

function compare(engine: EngineName, applied: readonly Applied[]): DatabaseState {
  const shipped = new Map(shippedMigrations(engine).map(({ name, checksum }) => [name, checksum]));
  const unknown = applied.filter(({ migration_name, checksum }) => shipped.get(migration_name) !== checksum).map(({ migration_name }) => migration_name);
  if (unknown.length > 0) return { state: 'newer', engine, unknown };
  const done = new Set(applied.map(({ migration_name }) => migration_name));
  const pending = [...shipped.keys()].filter((name) => !done.has(name));
  return pending.length > 0 ? { state: 'behind', engine, pending } : { state: 'current', engine };
}
