/** The store over one opened engine: transactions that are run again on conflict, and what happens after a commit. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Jobs } from '../core/ports/jobs.js';
import type { Store, Tx } from '../core/ports/store.js';
import { EVERYTHING } from '../core/sight.js';
import type { Access, Backend, Sql, Writing } from './access.js';
import { Changes } from './access.js';
import type { ChangeFeed } from './change-feed.js';
import type { StoreNeeds } from './stores.js';
import { storesInSight, storesOver } from './stores.js';

/** Conflicts are between people (or nodes) who act on one conversation in the same instant; more than a few in a row is something else. */
const MAX_RUNS = 6;
/** Doubles with each run, and is spread at random, so that those who met do not meet again. */
const FIRST_PAUSE_MS = 5;

/** What the engines do differently around a transaction. */
export interface Surroundings {
  /** Enqueues within a transaction. */
  jobsIn(writing: Writing): Jobs;
  /** Before the commit, inside the transaction: tells other nodes, if there are any. */
  announce(writing: Writing): Promise<void>;
  /** After the commit. */
  committed(changes: Changes): void;
  readonly feed: ChangeFeed;
  /** A transaction met somebody else's and is run again. */
  conflicted?(error: unknown): void;
  /** Before the database is closed. */
  closing(): Promise<void>;
}

export function storeOver(backend: Backend, around: Surroundings, needs: StoreNeeds): Store {
  async function inTransaction<Result>(work: (writing: Writing) => Promise<Result>): Promise<Result> {
    for (let run = 1; ; run += 1) {
      const changes = new Changes();
      try {
        const result = await backend.transaction((db, sql) =>
          withLifetime(sql, needs.transactionTimeoutMs, async (mortal) => {
            const writing: Writing = { db, sql: mortal, changes };
            const outcome = await work(writing);
            await around.announce(writing);
            return outcome;
          }),
        );
        around.committed(changes);
        return result;
      } catch (error) {
        if (run === MAX_RUNS || !backend.isConflict(error)) throw error;
        around.conflicted?.(error);
        await wait(FIRST_PAUSE_MS * 2 ** run * Math.random());
      }
    }
  }

  let closed: Promise<void> | undefined;
  const outside: Access = { engine: backend.engine, sight: EVERYTHING, db: backend.db, sql: backend.sql, changes: undefined, write: inTransaction };

  return {
    ...storesOver(outside, needs),

    transaction: (work) =>
      inTransaction((writing) => {
        const inside: Access = { engine: backend.engine, sight: EVERYTHING, ...writing, write: (use) => use(writing) };
        const jobs = around.jobsIn(writing);
        const inSight: Tx['inSight'] = (sight) => ({ ...storesInSight(inside, needs, sight), jobs, inSight });
        return work({ ...storesOver(inside, needs), jobs, inSight });
      }),

    inSight: (sight) => storesInSight(outside, needs, sight),

    onChange: (listener) => around.feed.listen(listener),

    close: () => (closed ??= around.closing().then(() => backend.close())),
  };
}

/**
 * Runs `work` with SQL that ends with it: a store call that nobody waited for must not write into somebody else's transaction on the same connection. (Prisma's
 * own client sees to that itself.) Work that takes too long is given up, so that the transaction is rolled back and the next one can begin.
 */
async function withLifetime<Result>(sql: Sql, timeoutMs: number, work: (mortal: Sql) => Promise<Result>): Promise<Result> {
  let over: Error | undefined;
  const mortal: Sql = {
    all: (statement) => (over ? Promise.reject(over) : sql.all(statement)),
    run: (statement) => (over ? Promise.reject(over) : sql.run(statement)),
  };
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      over = new Error(`A transaction was given up after ${timeoutMs} ms. Its work may have waited for something outside, or for a store that is not its own.`);
      reject(over);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(mortal), tooLong]);
  } finally {
    clearTimeout(timer);
    over ??= new Error('A store was used after its transaction had ended: a call was not awaited.');
  }
}
