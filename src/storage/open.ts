/** Opens the database that DATABASE_URL names, brought up to this program, with the job engine that belongs to it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock, Log, NewId, Vault } from '../core/ports/effects.js';
import type { JobEngine } from '../core/ports/jobs.js';
import type { Store } from '../core/ports/store.js';
import { ChangeFeed } from './change-feed.js';
import { EmbeddedJobs } from './jobs-embedded.js';
import { migrateSqlite } from './migrate.js';
import { openConnection, openSqlite } from './sqlite.js';
import { storeOver } from './store.js';

export interface OpenOptions {
  /** `file:<path>` (SQLite) or `postgresql://user:password@host:port/database`. */
  readonly databaseUrl: string;
  readonly vault: Vault;
  readonly log: Log;
  readonly newId: NewId;
  readonly clock: Clock;
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
  if (/^postgres(?:ql)?:\/\//.test(databaseUrl)) {
    throw new Error('PostgreSQL is not there yet.');
  }
  // The URL itself may hold a password: only its kind is said.
  throw new Error(
    `DATABASE_URL begins with "${databaseUrl.split(':', 1)[0] ?? ''}:", which is no database of Goniec's. Examples: file:./data/goniec.db (SQLite), postgresql://goniec:secret@db.example:5432/goniec (PostgreSQL).`,
  );
}

async function openOnSqlite(file: string, { vault, log, clock }: OpenOptions): Promise<Opened> {
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
  const store = storeOver(
    backend,
    {
      feed,
      jobsIn: (writing) => jobs.jobsIn(writing),
      announce: () => Promise.resolve(),
      committed(changes) {
        if (changes.any) feed.tell({ conversations: [...changes.conversations], desk: changes.desk });
        if (changes.jobs) jobs.wake();
      },
      closing: () => jobs.stop(0),
    },
    { vault, clock, deskCache: { loaded: undefined } },
  );
  return { store, jobs };
}
