/**
 * The job engine on PostgreSQL: graphile-worker, shared by all nodes. Jobs are added in the same transaction as their cause.
 *
 * A handler that rejects is run again by us and not by graphile-worker, so that both engines wait alike (back-off.ts); for graphile-worker itself each run
 * succeeds. What a node held when it died is taken over by the others: see `#takeOver`.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Runner, TaskList, WorkerEvents } from 'graphile-worker';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import type { Clock, Log } from '../core/ports/effects.js';
import type { JobEngine, JobHandler, Jobs, NewJob, Task } from '../core/ports/jobs.js';
import type { Backend, Sql, Writing } from './access.js';
import { retryAt, TRIES_UNTIL_FAILED } from './back-off.js';
import { Prisma } from './generated/sqlite/client.js';
import type { PostgresqlSession } from './postgresql-session.js';

/** Jobs mostly wait for chat platforms and mail servers. */
const CONCURRENCY = 8;
/** Workers take one connection each while they look for work, and the runner one to listen. */
const CONNECTIONS = CONCURRENCY + 2;
/** New jobs wake the workers; this is for jobs whose time comes. */
const POLL_MS = 1_000;
/** The most that graphile-worker can count; we end no job (back-off.ts). */
const MAX_ATTEMPTS = 32_767;
/** Marks a job that counts as failed, where `depth` can see it. */
const FAILING = 'failing';
/** How often nodes look for jobs of dead ones. */
const TAKE_OVER_MS = 15_000;
/** A worker says that it lives right after it began; a job younger than this may be ahead of that. */
const TAKE_OVER_AFTER_SECONDS = 5;
/** Queues that were used once stay behind in graphile-worker's tables; a lane of deliveries is a queue. */
const CLEANUP_MS = 3_600_000;

/** First half of the advisory locks under which one key is enqueued at a time; the second is the hash of the key. */
const ENQUEUE_LOCKS = 71_515;

/** A job as graphile-worker keeps it. */
interface Stored extends Omit<NewJob, 'runAt'> {
  /** How often its handler rejected so far. */
  readonly tries: number;
}

export interface GraphileOptions {
  readonly url: string;
  readonly backend: Backend;
  readonly session: PostgresqlSession;
  readonly clock: Clock;
  readonly log: Log;
}

/** Brings graphile-worker's own tables up to its version. Several nodes may do it at once. */
export async function migrateGraphile(url: string, log: Log): Promise<void> {
  const pgPool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    const utils = await makeWorkerUtils({ pgPool, logger: loggerOver(log) });
    await utils.migrate();
    await utils.release();
  } finally {
    await pgPool.end();
  }
}

export class GraphileJobs implements JobEngine {
  readonly #options: GraphileOptions;
  #pool: pg.Pool | undefined;
  #runner: Runner | undefined;
  #stopped = false;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: GraphileOptions) {
    this.#options = options;
  }

  /** Enqueues inside the transaction of the cause. */
  jobsIn({ sql }: Writing): Jobs {
    return { enqueue: ({ runAt, ...job }) => enqueue(sql, { ...job, tries: 0 }, runAt) };
  }

  async start(handlers: Readonly<Record<Task, JobHandler>>): Promise<void> {
    const { url, session, log } = this.#options;
    const events: WorkerEvents = new EventEmitter();
    const failed = (error: unknown): void => log.error({ err: error }, 'worker-not-announced');
    events.on('worker:create', ({ worker }) => void session.workerBegan(worker.workerId).catch(failed));
    events.on('worker:stop', ({ worker }) => void session.workerEnded(worker.workerId).catch(failed));
    const tasks = Object.entries(handlers).map(([task, handler]) => [task, (job: unknown) => this.#run(job as Stored, handler)]);

    this.#stopped = false;
    await this.#takeOver();
    this.#pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, application_name: 'goniec-jobs' });
    this.#pool.on('error', (error) => log.warn({ err: error }, 'database-connection-lost'));
    this.#runner = await run({
      pgPool: this.#pool,
      taskList: Object.fromEntries(tasks) as TaskList,
      concurrency: CONCURRENCY,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      parsedCronItems: [],
      logger: loggerOver(log),
      events,
    });
    this.#runner.promise.catch((error: unknown) => log.error({ err: error }, 'job-runner-ended'));
    this.#timers = [setInterval(() => void this.#takeOver(), TAKE_OVER_MS), setInterval(() => void this.#cleanUp(), CLEANUP_MS)];
  }

  async stop(graceMs: number): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopped = true;
    const [runner, pool] = [this.#runner, this.#pool];
    this.#runner = undefined;
    if (!runner) return;
    const ended = runner.stop().then(() => pool?.end());
    ended.catch((error: unknown) => this.#options.log.warn({ err: error }, 'job-runner-not-stopped'));
    await Promise.race([ended, wait(graceMs, undefined, { ref: false })]);
  }

  async depth(): Promise<{ waiting: number; oldestDueMs: number; failed: number }> {
    const now = this.#options.clock.now();
    const [row] = await this.#options.backend.sql.all<{ waiting: bigint; failed: bigint; oldest: Date | null }>(Prisma.sql`
      SELECT COUNT(*) AS "waiting", COUNT(*) FILTER (WHERE jsonb_exists("flags", ${FAILING})) AS "failed", MIN("run_at") AT TIME ZONE 'UTC' AS "oldest"
      FROM "graphile_worker"."jobs" WHERE "locked_at" IS NULL AND "attempts" < "max_attempts"`);
    return {
      waiting: Number(row?.waiting ?? 0),
      oldestDueMs: row?.oldest ? Math.max(0, now.getTime() - row.oldest.getTime()) : 0,
      failed: Number(row?.failed ?? 0),
    };
  }

  async #run(job: Stored, handler: JobHandler): Promise<void> {
    const { backend, clock, log } = this.#options;
    if (this.#stopped) {
      // A worker that was just asking when we stopped got it all the same: back with it.
      await backend.transaction((_db, sql) => enqueue(sql, job, clock.now()));
      return;
    }
    try {
      await handler(job.payload);
    } catch (error) {
      const tries = job.tries + 1;
      log.warn({ err: error, task: job.task, key: job.key, tries }, 'job-failed');
      // When even this fails, graphile-worker runs the job again by its own rules.
      await backend.transaction((_db, sql) => enqueue(sql, { ...job, tries }, retryAt(tries, clock.now(), Math.random())));
    }
  }

  /** Frees what workers hold whose node is gone; graphile-worker itself would wait four hours. */
  async #takeOver(): Promise<void> {
    const { backend, session, log } = this.#options;
    try {
      const held = await backend.sql.all<{ worker: string }>(Prisma.sql`
        SELECT DISTINCT "locked_by" AS "worker" FROM "graphile_worker"."jobs"
        WHERE "locked_by" IS NOT NULL AND "locked_at" < now() - ${TAKE_OVER_AFTER_SECONDS} * interval '1 second'`);
      const dead = await session.dead(held.map(({ worker }) => worker));
      if (dead.length === 0) return;
      await backend.sql.run(Prisma.sql`SELECT graphile_worker.force_unlock_workers(ARRAY[${Prisma.join(dead)}]::text[])`);
      log.warn({ workers: dead }, 'jobs-taken-over');
    } catch (error) {
      log.error({ err: error }, 'jobs-not-taken-over');
    }
  }

  async #cleanUp(): Promise<void> {
    const { log } = this.#options;
    if (!this.#pool) return;
    try {
      const utils = await makeWorkerUtils({ pgPool: this.#pool, logger: loggerOver(log) });
      await utils.cleanup({ tasks: ['GC_JOB_QUEUES', 'DELETE_PERMAFAILED_JOBS'] });
      await utils.release();
    } catch (error) {
      log.warn({ err: error }, 'jobs-not-cleaned-up');
    }
  }
}

/**
 * graphile-worker replaces a waiting job of the same key; a running one keeps running without its key, and the new one follows it in their queue. What it
 * does not do is keep the earlier time, so we look first, one transaction at a time.
 */
async function enqueue(sql: Sql, job: Stored, runAt: Date): Promise<void> {
  await sql.run(Prisma.sql`SELECT pg_advisory_xact_lock(${ENQUEUE_LOCKS}::int, hashtext(${job.key}))`);
  const flags = job.tries >= TRIES_UNTIL_FAILED ? [FAILING] : [];
  await sql.run(Prisma.sql`
    SELECT graphile_worker.add_job(
      ${job.task}::text, payload := ${JSON.stringify(job)}::json, queue_name := ${job.queue}::text, job_key := ${job.key}::text, max_attempts := ${MAX_ATTEMPTS}::int,
      flags := ${flags}::text[],
      run_at := LEAST(${runAt.toISOString()}::timestamptz, (SELECT "run_at" FROM "graphile_worker"."jobs" WHERE "key" = ${job.key} AND "locked_at" IS NULL)))`);
}

/** graphile-worker's words at our levels; its info is news of every job. */
function loggerOver(log: Log): Logger {
  return new Logger(() => (level, message) => {
    // Its levels are a const enum of its declarations, which has no value at run time.
    const words = { message };
    switch (`${level}`) {
      case 'error': return log.error(words, 'job-engine');
      case 'warning': return log.warn(words, 'job-engine');
      default: return log.debug(words, 'job-engine');
    }
  });
}
