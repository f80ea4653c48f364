/** Fresh databases of both engines, for the suites that run on each. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import type { Clock } from '../../src/core/ports/effects.js';
import { newId } from '../../src/storage/new-id.js';
import { openStore, type Opened } from '../../src/storage/open.js';
import { openVault } from '../../src/storage/vault.js';
import { freshDatabase } from '../support/postgres.js';
import { quietLog } from '../support/quiet-log.js';
import { tempFolder } from '../support/temp-folder.js';

export interface FreshDatabase {
  readonly url: string;
  readonly clock: TestClock;
  readonly log: ReturnType<typeof quietLog>;
  /** Opens it; again for a second node, or after a close. */
  open(over?: { readonly transactionTimeoutMs?: number }): Promise<Opened>;
  /** Everything that lies in the database, as far as a thief could read it. */
  contents(): Promise<string>;
  remove(): Promise<void>;
}

export type FreshDatabaseOf = () => Promise<FreshDatabase>;

/** The real time, shifted by what a test says has passed. */
class TestClock implements Clock {
  #shiftMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#shiftMs);
  }

  pass(ms: number): void {
    this.#shiftMs += ms;
  }
}

const vault = openVault('an-app-secret-for-tests-only-0123456789');

export const sqliteDatabase: FreshDatabaseOf = async () => {
  const folder = tempFolder('sqlite');
  const file = join(folder.path, 'goniec.db');
  return database(`file:${file}`, {
    contents: () => Promise.resolve(readdirSync(dirname(file)).filter((name) => name.startsWith(basename(file))).map((name) => readFileSync(join(dirname(file), name), 'latin1')).join('')),
    remove: () => folder.remove(),
  });
};

export const postgresqlDatabase: FreshDatabaseOf = async () => {
  const url = await freshDatabase({
    name: 'store',
    template: {
      name: 'goniec',
      async prepare(template) {
        const { store } = await openStore({ databaseUrl: template, vault, log: quietLog(), newId, clock: new TestClock() });
        await store.close();
      },
    },
  });
  return database(url, {
    async contents() {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const tables = await client.query<{ name: string }>(`SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`);
        const texts: string[] = [];
        for (const { name } of tables.rows) texts.push(JSON.stringify((await client.query(`SELECT * FROM ${name}`)).rows));
        return texts.join('\n');
      } finally {
        await client.end();
      }
    },
    remove: () => Promise.resolve(),
  });
};

function database(url: string, { contents, remove }: Pick<FreshDatabase, 'contents' | 'remove'>): FreshDatabase {
  const clock = new TestClock();
  const log = quietLog();
  const opened: Opened[] = [];
  return {
    url,
    clock,
    log,
    async open(over) {
      const one = await openStore({ databaseUrl: url, vault, log, newId, clock, ...over });
      opened.push(one);
      return one;
    },
    contents,
    async remove() {
      for (const { store, jobs } of opened) {
        await jobs.stop(2_000);
        await store.close();
      }
      await remove();
    },
  };
}
