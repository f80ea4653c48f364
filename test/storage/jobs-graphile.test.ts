import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { jobsContract } from '../contract/jobs-contract.js';
import { eventually } from '../support/eventually.js';
import { available } from '../support/servers.js';
import { postgresqlDatabase } from './databases.js';

describe.runIf(available('postgresql'))('on a real server', () => {
  jobsContract('graphile-worker', postgresqlDatabase, { nodes: true });

  it('takes over what a node held when it died, and leaves alone what a living one holds', async () => {
    const database = await postgresqlDatabase();
    const living = await database.open();
    const began: string[] = [];
    let release: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hold = (payload: string): Promise<void> => {
      began.push(`living ${payload}`);
      return holding;
    };
    await living.jobs.start({ receive: hold, deliver: hold, timers: hold, 'search-index': hold, bulk: hold });
    const enqueue = (key: string, inMs: number): Promise<void> =>
      living.store.transaction((tx) => tx.jobs.enqueue({ task: 'deliver', payload: key, queue: key, key, runAt: new Date(database.clock.now().getTime() + inMs) }));
    await enqueue('held', 0);
    await eventually(() => expect(began).toEqual(['living held']), { timeoutMs: 10_000 });

    // As a worker leaves it whose process was killed a minute ago: job and queue locked.
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await living.jobs.stop(0);
    await enqueue('orphan', 3_600_000);
    await admin.query(`UPDATE graphile_worker._private_jobs SET locked_by = 'worker-of-the-dead', locked_at = now() - interval '1 minute', run_at = now(), attempts = 1 WHERE key = 'orphan'`);
    await admin.query(`UPDATE graphile_worker._private_job_queues SET locked_by = 'worker-of-the-dead', locked_at = now() - interval '1 minute' WHERE queue_name = 'orphan'`);
    await admin.query(`UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 minute' WHERE key = 'held'`);
    await admin.end();

    const next = await database.open();
    const note = (payload: string): Promise<void> => {
      began.push(`next ${payload}`);
      return Promise.resolve();
    };
    await next.jobs.start({ receive: note, deliver: note, timers: note, 'search-index': note, bulk: note });
    await eventually(() => expect(began).toEqual(['living held', 'next orphan']), { timeoutMs: 10_000 });
    expect(database.log.lines.filter(({ verb }) => verb === 'jobs-taken-over')).toEqual([{ level: 'warn', verb: 'jobs-taken-over', facts: { workers: ['worker-of-the-dead'] } }]);
    release();
    await database.remove();
    expect(began).toEqual(['living held', 'next orphan']);
  });
});
