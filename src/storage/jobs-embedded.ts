/**
 * The job engine inside the process, on the table `jobs`. A job stays in the table until it has run, so one that a crash cut short runs again; what is
 * running is known in memory only, because there is one process.
 */
import type { Clock, Log } from '../core/ports/effects.js';
import type { JobEngine, JobHandler, Jobs, Task } from '../core/ports/jobs.js';
import type { Backend, Writing } from './access.js';
import { retryAt, TRIES_UNTIL_FAILED } from './back-off.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Job as Row } from './generated/sqlite/client.js';
import { oneOf } from './rows.js';

/** Jobs mostly wait for chat platforms and mail servers. */
const CONCURRENCY = 8;
/** How late a job of another process (`goniec replay`) may be noticed; our own wake us. */
const POLL_MS = 1_000;

/** How a job that ran is written down. */
interface Settled {
  readonly job: Row;
  readonly error: Error | undefined;
  readonly done: () => void;
}

export class EmbeddedJobs implements JobEngine {
  readonly #backend: Backend;
  readonly #clock: Clock;
  readonly #log: Log;
  /** By key. At most one of a queue. */
  readonly #running = new Map<string, Row>();
  #handlers: Readonly<Record<Task, JobHandler>> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #picking = false;
  #pickAgain = false;
  #settled: Settled[] = [];
  #settling = false;
  #idle: (() => void) | undefined;

  constructor({ backend, clock, log }: { readonly backend: Backend; readonly clock: Clock; readonly log: Log }) {
    this.#backend = backend;
    this.#clock = clock;
    this.#log = log;
  }

  /** Enqueues inside the transaction of the cause. */
  jobsIn({ sql, changes }: Writing): Jobs {
    /** In this transaction, and for when. */
    const enqueued = new Map<string, Date>();
    return {
      enqueue: async ({ task, payload, queue, key, runAt }) => {
        const before = enqueued.get(key);
        if (before && before <= runAt) return;
        enqueued.set(key, runAt);
        // While the job of this row runs, the row's time is the one it was started for: the new time counts alone. Before, the earlier of the two.
        const runningVersion = this.#running.get(key)?.version ?? 0;
        await sql.run(Prisma.sql`
          INSERT INTO "jobs" ("key", "task", "payload", "queue", "runAt", "version", "tries") VALUES (${key}, ${task}, ${payload}, ${queue}, ${runAt}, 1, 0)
          ON CONFLICT ("key") DO UPDATE SET
            "task" = excluded."task", "payload" = excluded."payload", "queue" = excluded."queue", "tries" = 0, "version" = "jobs"."version" + 1,
            "runAt" = CASE WHEN "jobs"."version" = ${runningVersion} THEN excluded."runAt" ELSE MIN("jobs"."runAt", excluded."runAt") END`);
        changes.jobs = true;
      },
    };
  }

  /** Looks for due jobs; call it after a commit that enqueued some. */
  wake(): void {
    if (!this.#handlers) return;
    if (this.#picking) {
      this.#pickAgain = true;
      return;
    }
    this.#picking = true;
    void this.#pick();
  }

  start(handlers: Readonly<Record<Task, JobHandler>>): Promise<void> {
    this.#handlers = handlers;
    this.wake();
    return Promise.resolve();
  }

  async stop(graceMs: number): Promise<void> {
    this.#handlers = undefined;
    clearTimeout(this.#timer);
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, graceMs);
      this.#idle = () => {
        clearTimeout(giveUp);
        resolve();
      };
    });
  }

  async depth(): Promise<{ waiting: number; oldestDueMs: number; failed: number }> {
    const key = { notIn: [...this.#running.keys()] };
    const now = this.#clock.now();
    const { _count: waiting, _min: oldest } = await this.#backend.db.job.aggregate({ where: { key }, _count: true, _min: { runAt: true } });
    const failed = await this.#backend.db.job.count({ where: { tries: { gte: TRIES_UNTIL_FAILED } } });
    return { waiting, oldestDueMs: oldest.runAt ? Math.max(0, now.getTime() - oldest.runAt.getTime()) : 0, failed };
  }

  async #pick(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      do {
        this.#pickAgain = false;
        for (const job of await this.#due()) this.#begin(job);
      } while (this.#pickAgain);
    } catch (error) {
      if (this.#handlers) this.#log.error({ err: error }, 'jobs-not-read');
    }
    this.#picking = false;
    const delay = await this.#untilNext();
    if (!this.#handlers || this.#picking) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), delay);
  }

  /** Due jobs that may start now: one of each idle queue, those that wait longest first. */
  async #due(): Promise<readonly Row[]> {
    const room = CONCURRENCY - this.#running.size;
    if (room <= 0 || !this.#handlers) return [];
    const busy = [...this.#running.values()].map(({ queue }) => queue);
    const idle = busy.length === 0 ? Prisma.empty : Prisma.sql`AND "queue" NOT IN (${Prisma.join(busy)})`;
    // The first of each queue: SQLite takes the other columns from the row that holds the minimum (sqlite.org/lang_select.html, "bare columns").
    const rows = await this.#backend.sql.all<Row>(Prisma.sql`
      SELECT * FROM (SELECT *, MIN("runAt") FROM "jobs" WHERE "runAt" <= ${this.#clock.now()} ${idle} GROUP BY "queue") ORDER BY "runAt", "id" LIMIT ${room}`);
    return rows.filter(({ key }) => !this.#running.has(key));
  }

  #begin(job: Row): void {
    const handler = this.#handlers?.[oneOf<Task>(job.task)];
    if (!handler) return;
    this.#running.set(job.key, job);
    void this.#run(job, handler);
  }

  async #run(job: Row, handler: JobHandler): Promise<void> {
    let error: Error | undefined;
    try {
      await handler(job.payload);
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error('rejected with something that is no error', { cause: thrown });
      this.#log.warn({ err: error, task: job.task, key: job.key, tries: job.tries + 1 }, 'job-failed');
    }
    await new Promise<void>((done) => {
      this.#settled.push({ job, error, done });
      if (!this.#settling) {
        this.#settling = true;
        void this.#settle();
      }
    });
    this.#running.delete(job.key);
    if (this.#running.size === 0) this.#idle?.();
    this.wake();
  }

  /** Writes down what ran, all that ended meanwhile in one transaction: a commit waits for the disk. */
  async #settle(): Promise<void> {
    while (this.#settled.length > 0) {
      const batch = this.#settled;
      this.#settled = [];
      try {
        await this.#backend.transaction(async (_db, sql) => {
          // A row that was enqueued again meanwhile has another version, and stays as it is.
          for (const { job, error } of batch) {
            if (error === undefined) await sql.run(Prisma.sql`DELETE FROM "jobs" WHERE "id" = ${job.id} AND "version" = ${job.version}`);
            else {
              const tries = job.tries + 1;
              await sql.run(Prisma.sql`
                UPDATE "jobs" SET "tries" = ${tries}, "lastError" = ${error.message},
                  "runAt" = ${retryAt(tries, this.#clock.now(), Math.random())}
                WHERE "id" = ${job.id} AND "version" = ${job.version}`);
            }
          }
        });
      } catch (error) {
        // They run once more; the database has bigger troubles.
        this.#log.error({ err: error }, 'jobs-not-settled');
      }
      for (const { done } of batch) done();
    }
    this.#settling = false;
  }

  /** Milliseconds until the next look. */
  async #untilNext(): Promise<number> {
    try {
      const next = await this.#backend.sql.all<{ runAt: Date | null }>(Prisma.sql`
        SELECT "runAt" FROM "jobs" WHERE "runAt" > ${this.#clock.now()} ORDER BY "runAt" LIMIT 1`);
      const runAt = next[0]?.runAt;
      return runAt ? Math.max(1, Math.min(POLL_MS, runAt.getTime() - this.#clock.now().getTime())) : POLL_MS;
    } catch {
      return POLL_MS;
    }
  }
}
