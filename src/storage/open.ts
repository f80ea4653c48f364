/** Opens the database that DATABASE_URL names, brought up to this program, with the job engine that belongs to it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pg from 'pg';
import type { Clock, Log, NewId, Vault } from '../core/ports/effects.js';
import type { JobEngine } from '../core/ports/jobs.js';
import type { Store } from '../core/ports/store.js';
import { ChangeFeed } from './change-feed.js';
import { DeskWatch } from './desk-watch.js';
import { EmbeddedJobs } from './jobs-embedded.js';
import { GraphileJobs, migrateGraphile } from './jobs-graphile.js';
import { migratePostgresql, migrateSqlite } from './migrate.js';
import { openPostgresql } from './postgresql.js';
import { PostgresqlSession } from './postgresql-session.js';
import { openConnection, openSqlite } from './sqlite.js';
import { storeOver } from './store.js';

/** A use case takes milliseconds; one that hangs must not hold up the desk for ever. Less than PRISMA_TIMEOUT_MS, which would not end the work. */
const TRANSACTION_TIMEOUT_MS = 30_000;

export interface OpenOptions {
  /** `file:<path>` (SQLite) or `postgresql://user:password@host:port/database`. */
  readonly databaseUrl: string;
  readonly vault: Vault;
  readonly log: Log;
  readonly newId: NewId;
  readonly clock: Clock;
  /** How long the work of a transaction may take before it is given up and rolled back; 30 seconds. */
  readonly transactionTimeoutMs?: number;
}

export interface Opened {
  readonly store: Store;
  /** Stop it before the store is closed. */
  readonly jobs: JobEngine;
}

/**
 * @throws Error when the URL is of no kind that we know, or the database cannot be reached
 * @throws MigrationRefused when the database is newer than this program
 */
export async function openStore(options: OpenOptions): Promise<Opened> {
  const { databaseUrl } = options;
  const file = /^file:(?:\/\/)?(?<path>[^?]+)/.exec(databaseUrl)?.groups?.['path'];
  if (file !== undefined) return openOnSqlite(file, options);
  if (/^postgres(?:ql)?:\/\//.test(databaseUrl)) return openOnPostgresql(databaseUrl, options);
  // The URL itself may hold a password: only its kind is said.
  throw new Error(
    `DATABASE_URL begins with "${databaseUrl.split(':', 1)[0] ?? ''}:", which is no database of Goniec's. Examples: file:./data/goniec.db (SQLite), postgresql://goniec:secret@db.example:5432/goniec (PostgreSQL).`,
  );
}

async function openOnSqlite(file: string, { vault, log, clock, transactionTimeoutMs = TRANSACTION_TIMEOUT_MS }: OpenOptions): Promise<Opened> {
  mkdirSync(dirname(file), { recursive: true });
  const connection = openConnection(file);
  try {
    const applied = migrateSqlite(connection);
    if (applied.length > 0) log.info({ migrations: applied }, 'database-migrated');
  } finally {
    connection.close();
  }
  const backend = await openSqlite(file);
  const jobs = new EmbeddedJobs({ backend, clock, log });
  const feed = new ChangeFeed(log);
  const deskWatch = new DeskWatch(backend.sql, () => feed.tell({ conversations: [], desk: true }));
  const store = storeOver(
    backend,
    {
      feed,
      jobsIn: (writing) => jobs.jobsIn(writing),
      announce: () => Promise.resolve(),
      committed(changes) {
        if (changes.desk) deskWatch.ours();
        if (changes.any) feed.tell({ conversations: [...changes.conversations], desk: changes.desk });
        if (changes.jobs) jobs.wake();
      },
      closing() {
        deskWatch.stop();
        return jobs.stop(0);
      },
    },
    { vault, clock, deskCache: { loaded: undefined }, transactionTimeoutMs },
  );
  return { store, jobs };
}

async function openOnPostgresql(url: string, { vault, log, clock, transactionTimeoutMs = TRANSACTION_TIMEOUT_MS }: OpenOptions): Promise<Opened> {
  const client = new pg.Client({ connectionString: url, application_name: 'goniec-migrate' });
  client.on('error', (error) => log.warn({ err: error }, 'database-connection-lost'));
  await client.connect();
  try {
    const applied = await migratePostgresql(client);
    if (applied.length > 0) log.info({ migrations: applied }, 'database-migrated');
  } finally {
    await client.end();
  }
  await migrateGraphile(url, log);
  const feed = new ChangeFeed(log);
  const session = new PostgresqlSession({ url, log, onChange: (change) => feed.tell(change) });
  await session.open();
  const backend = await openPostgresql(url, log);
  const jobs = new GraphileJobs({ url, backend, session, clock, log });
  const store = storeOver(
    backend,
    {
      feed,
      jobsIn: (writing) => jobs.jobsIn(writing),
      announce: (writing) => session.announce(writing),
      committed(changes) {
        if (changes.any) feed.tell({ conversations: [...changes.conversations], desk: changes.desk });
      },
      async closing() {
        await jobs.stop(0);
        await session.close();
      },
    },
    { vault, clock, deskCache: { loaded: undefined }, transactionTimeoutMs },
  );
  return { store, jobs };
}
