/** PostgreSQL with graphile-worker, and what several nodes tell each other. */
import pg from 'pg';
import { ChangeFeed } from './change-feed.js';
import { GraphileJobs, migrateGraphile } from './jobs-graphile.js';
import { migratePostgresql } from './migrate.js';
import type { Opened, OpenOptions } from './opened.js';
import { openPostgresql } from './postgresql.js';
import { PostgresqlSession } from './postgresql-session.js';
import { storeOver } from './store.js';

export async function openOnPostgresql(url: string, { vault, log, clock, transactionTimeoutMs }: Required<OpenOptions>): Promise<Opened> {
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
  return { store, jobs, ownership: session };
}
