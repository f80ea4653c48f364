/** SQLite with the job engine inside the process. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { OWNS_EVERYTHING } from '../core/ports/ownership.js';
import { ChangeFeed } from './change-feed.js';
import { DeskWatch } from './desk-watch.js';
import { EmbeddedJobs } from './jobs-embedded.js';
import { migrateSqlite } from './migrate.js';
import type { Opened, OpenOptions } from './opened.js';
import { openConnection, openSqlite } from './sqlite.js';
import { storeOver } from './store.js';

/** @param file path of the database file, made when it is not there */
export async function openOnSqlite(file: string, { vault, log, clock, transactionTimeoutMs }: Required<OpenOptions>): Promise<Opened> {
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
      // Our own transactions come one after the other: it is another process, and it held the database for seconds.
      conflicted: (error) => log.warn({ error: error instanceof Error ? error.message : String(error), what: 'another process holds the write lock of the database; Goniec waits and tries again' }, 'database-locked'),
      closing() {
        deskWatch.stop();
        return jobs.stop(0);
      },
    },
    { vault, clock, deskCache: { loaded: undefined }, transactionTimeoutMs },
  );
  return { store, jobs, ownership: OWNS_EVERYTHING };
}
