/** Opens the database that DATABASE_URL names, brought up to this program, with the job engine that belongs to it. */
import type { Opened, OpenOptions } from './opened.js';

export type { Opened } from './opened.js';

/** A use case takes milliseconds; one that hangs must not hold up the desk for ever. Less than PRISMA_TIMEOUT_MS, which would not end the work. */
const TRANSACTION_TIMEOUT_MS = 30_000;

/**
 * @throws Error when the URL is of no kind that we know, or the database cannot be reached
 * @throws MigrationRefused when the database is newer than this program
 */
export async function openStore(options: OpenOptions): Promise<Opened> {
  const { databaseUrl } = options;
  const limited = { transactionTimeoutMs: TRANSACTION_TIMEOUT_MS, ...options };
  const file = /^file:(?:\/\/)?(?<path>[^?]+)/.exec(databaseUrl)?.groups?.['path'];
  // Each engine brings libraries of its own: only the one in use is loaded.
  if (file !== undefined) return (await import('./open-sqlite.js')).openOnSqlite(file, limited);
  if (/^postgres(?:ql)?:\/\//.test(databaseUrl)) return (await import('./open-postgresql.js')).openOnPostgresql(databaseUrl, limited);
  // The URL itself may hold a password: only its kind is said.
  throw new Error(
    `DATABASE_URL begins with "${databaseUrl.split(':', 1)[0] ?? ''}:", which is no database of Goniec's. Examples: file:./data/goniec.db (SQLite), postgresql://goniec:secret@db.example:5432/goniec (PostgreSQL).`,
  );
}
