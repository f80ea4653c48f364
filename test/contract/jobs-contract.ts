/** What every job engine keeps (core/ports/jobs.ts), run on each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobEngine, JobHandler, NewJob, Task } from '../../src/core/ports/jobs.js';
import type { Store } from '../../src/core/ports/store.js';
import { eventually } from '../support/eventually.js';
import type { FreshDatabase, FreshDatabaseOf } from '../storage/databases.js';

/** Longer than an engine needs to notice a due job: at most a second, and a busy machine. */
const SOON = { timeoutMs: 10_000 };
/** Long enough for a job to run that should not. */
const A_WHILE_MS = 400;
const HOUR_MS = 3_600_000;

/**
 * @param openFresh a fresh database of the engine
 * @param options `nodes`: several processes can share it at once
 */
export function jobsContract(name: string, openFresh: FreshDatabaseOf, options: { readonly nodes: boolean }): void {
  describe(`the ${name} job engine`, () => {
    let database: FreshDatabase;
    let store: Store;
    let jobs: JobEngine;
    /** Payloads in the order in which their jobs began. */
    let began: string[];

    beforeEach(async () => {
      database = await openFresh();
      ({ store, jobs } = await database.open());
      began = [];
    });
    afterEach(() => database.remove());

    const handlers = (handler: JobHandler): Record<Task, JobHandler> => ({
      receive: handler,
      deliver: handler,
      timers: handler, 'search-index': handler, bulk: handler,
    });
    const noting = (handler: JobHandler = () => Promise.resolve()): Record<Task, JobHandler> =>
      handlers((payload) => {
        began.push(payload);
        return handler(payload);
      });
    const fromNow = (ms: number): Date => new Date(database.clock.now().getTime() + ms);
    const enqueue = (payload: string, over: Partial<NewJob> = {}): Promise<void> =>
      store.transaction((tx) => tx.jobs.enqueue({ task: 'deliver', payload, queue: payload, key: payload, runAt: fromNow(0), ...over }));
    /** A promise to be resolved from outside. */
    function gate(): { readonly opened: Promise<void>; open(): void } {
      let open: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      return { opened, open };
    }

    it('runs a job with its payload, of its task, and forgets it', async () => {
      const tasks: string[] = [];
      const note = (task: Task): JobHandler => (payload) => {
        tasks.push(`${task} ${payload}`);
        return Promise.resolve();
      };
      await jobs.start({ receive: note('receive'), deliver: note('deliver'), timers: note('timers'), 'search-index': note('search-index'), bulk: note('bulk') });
      await enqueue('Łódź "x"', { task: 'receive' });
      await enqueue('lane');
      await enqueue('', { task: 'timers', queue: 't', key: 't' });
      await eventually(() => expect([...tasks].sort()).toEqual(['deliver lane', 'receive Łódź "x"', 'timers ']), SOON);
      await eventually(async () => expect(await jobs.depth()).toEqual({ waiting: 0, oldestDueMs: 0, failed: 0 }), SOON);
    });

    it('runs what was enqueued before it started', async () => {
      await enqueue('early');
      expect(await jobs.depth()).toMatchObject({ waiting: 1, failed: 0 });
      await jobs.start(noting());
      await eventually(() => expect(began).toEqual(['early']), SOON);
    });

    it('does not see a job before the commit, nor one that was rolled back', async () => {
      await jobs.start(noting());
      await store.transaction(async (tx) => {
        await tx.jobs.enqueue({ task: 'deliver', payload: 'committed', queue: 'q', key: 'a', runAt: fromNow(0) });
        await sleep(A_WHILE_MS);
        expect(began).toEqual([]);
      });
      await eventually(() => expect(began).toEqual(['committed']), SOON);
      await expect(store.transaction(async (tx) => {
        await tx.jobs.enqueue({ task: 'deliver', payload: 'rolled back', queue: 'q', key: 'b', runAt: fromNow(0) });
        throw new Error('no');
      })).rejects.toThrow('no');
      await sleep(A_WHILE_MS);
      expect(began).toEqual(['committed']);
    });

    it('waits for the time of a job', async () => {
      await jobs.start(noting());
      const runAt = fromNow(1_200);
      await enqueue('later', { runAt });
      await enqueue('never', { runAt: fromNow(HOUR_MS) });
      await eventually(() => expect(began).toEqual(['later']), SOON);
      expect(Date.now()).toBeGreaterThanOrEqual(runAt.getTime() - 50);
      expect(await jobs.depth()).toMatchObject({ waiting: 1, oldestDueMs: 0 });
    });

    it('says how long the oldest due job has been waiting', async () => {
      await enqueue('old', { runAt: fromNow(-HOUR_MS) });
      await enqueue('new');
      const { waiting, oldestDueMs } = await jobs.depth();
      expect(waiting).toBe(2);
      expect(oldestDueMs).toBeGreaterThan(HOUR_MS - 1_000);
      expect(oldestDueMs).toBeLessThan(HOUR_MS + 60_000);
    });

    it('replaces a waiting job of the same key, at the earlier of the two times', async () => {
      const key = { key: 'k', queue: 'q' };
      await enqueue('one', { ...key, runAt: fromNow(HOUR_MS) });
      await enqueue('two', { ...key, runAt: fromNow(0) });
      await enqueue('three', { ...key, runAt: fromNow(HOUR_MS) });
      expect((await jobs.depth()).waiting).toBe(1);
      await jobs.start(noting());
      await eventually(() => expect(began).toEqual(['three']), SOON);
      await sleep(A_WHILE_MS);
      expect(began).toEqual(['three']);
    });

    it('keeps the earlier time also when two transactions enqueue at once', async () => {
      const key = { key: 'k', queue: 'q' };
      await Promise.all([enqueue('now', { ...key, runAt: fromNow(0) }), enqueue('later', { ...key, runAt: fromNow(HOUR_MS) }), enqueue('later', { ...key, runAt: fromNow(HOUR_MS) })]);
      expect((await jobs.depth()).waiting).toBe(1);
      await jobs.start(noting());
      await eventually(() => expect(began).toHaveLength(1), SOON);
    });

    it('leaves a running job alone and runs the new one after it', async () => {
      const first = gate();
      let running = 0;
      let most = 0;
      await jobs.start(noting(async (payload) => {
        running += 1;
        most = Math.max(most, running);
        if (payload === 'first') await first.opened;
        running -= 1;
      }));
      await enqueue('first', { key: 'k', queue: 'q' });
      await eventually(() => expect(began).toEqual(['first']), SOON);
      await enqueue('second', { key: 'k', queue: 'q' });
      await enqueue('third', { key: 'k', queue: 'q' });
      await sleep(A_WHILE_MS);
      expect(began).toEqual(['first']);
      first.open();
      await eventually(() => expect(began).toEqual(['first', 'third']), SOON);
      await eventually(async () => expect((await jobs.depth()).waiting).toBe(0), SOON);
      expect(most).toBe(1);
    });

    it('runs a job that a running one enqueued for later only then', async () => {
      let again = true;
      await jobs.start(noting(async () => {
        if (!again) return;
        again = false;
        await enqueue('self', { runAt: fromNow(1_500) });
      }));
      await enqueue('self');
      await eventually(() => expect(began).toHaveLength(1), SOON);
      const start = Date.now();
      await sleep(A_WHILE_MS);
      expect(began).toHaveLength(1);
      await eventually(() => expect(began).toHaveLength(2), SOON);
      expect(Date.now() - start).toBeGreaterThan(1_000);
      await eventually(async () => expect((await jobs.depth()).waiting).toBe(0), SOON);
    });

    it('runs jobs of one queue one after the other, of several at once', async () => {
      const running = new Map<string, number>();
      let mostOfOne = 0;
      let mostOfAll = 0;
      await jobs.start(handlers(async (payload) => {
        const queue = payload.slice(0, 1);
        running.set(queue, (running.get(queue) ?? 0) + 1);
        mostOfOne = Math.max(mostOfOne, ...running.values());
        mostOfAll = Math.max(mostOfAll, [...running.values()].reduce((sum, count) => sum + count, 0));
        await sleep(15);
        running.set(queue, (running.get(queue) ?? 0) - 1);
        began.push(payload);
      }));
      await store.transaction(async (tx) => {
        for (let at = 0; at < 18; at += 1) {
          const payload = `${'abc'.charAt(at % 3)}${at}`;
          await tx.jobs.enqueue({ task: 'deliver', payload, queue: payload.slice(0, 1), key: payload, runAt: new Date(fromNow(-1_000).getTime() + at) });
        }
      });
      await eventually(() => expect(began).toHaveLength(18), SOON);
      expect(mostOfOne).toBe(1);
      expect(mostOfAll).toBeGreaterThan(1);
      for (const queue of ['a', 'b', 'c']) {
        const order = began.filter((payload) => payload.startsWith(queue)).map((payload) => Number(payload.slice(1)));
        expect(order).toEqual([...order].sort((one, other) => one - other));
      }
    });

    it('runs a job again whose handler rejects, and does not hold up other queues', async () => {
      let fails = 1;
      await jobs.start(noting((payload) => (payload === 'bad' && fails-- > 0 ? Promise.reject(new Error('down')) : Promise.resolve())));
      await enqueue('bad');
      await enqueue('good');
      await eventually(() => expect([...began].sort()).toEqual(['bad', 'bad', 'good']), SOON);
      await eventually(async () => expect(await jobs.depth()).toEqual({ waiting: 0, oldestDueMs: 0, failed: 0 }), SOON);
      expect(database.log.lines.some(({ verb }) => verb === 'job-failed')).toBe(true);
    });

    it('runs a job at once that is enqueued again while it waits for its next try', async () => {
      let down = true;
      await jobs.start(noting(() => (down ? Promise.reject(new Error('down')) : Promise.resolve())));
      await enqueue('lane');
      // The wait doubles: after three tries it is four seconds.
      await eventually(() => expect(began).toHaveLength(3), SOON);
      down = false;
      await enqueue('lane');
      await eventually(() => expect(began).toHaveLength(4), { timeoutMs: 2_500 });
    });

    it('stops: jobs in hand end, others wait for the next start', async () => {
      const first = gate();
      let ended = false;
      await jobs.start(noting(async () => {
        await first.opened;
        ended = true;
      }));
      await enqueue('in hand');
      await eventually(() => expect(began).toEqual(['in hand']), SOON);
      const stopping = jobs.stop(5_000);
      await enqueue('next');
      setTimeout(() => first.open(), 100);
      await stopping;
      expect(ended).toBe(true);
      await sleep(A_WHILE_MS);
      expect(began).toEqual(['in hand']);
      expect((await jobs.depth()).waiting).toBe(1);
      await store.close();

      const again = await database.open();
      await again.jobs.start(noting());
      await eventually(() => expect(began).toEqual(['in hand', 'next']), SOON);
    });

    it('does not wait longer than the grace for a job that hangs', async () => {
      const never = gate();
      await jobs.start(noting(() => never.opened));
      await enqueue('hangs');
      await eventually(() => expect(began).toEqual(['hangs']), SOON);
      const start = Date.now();
      await jobs.stop(200);
      expect(Date.now() - start).toBeLessThan(3_000);
      never.open();
    });

    it('stops without having been started', async () => {
      await jobs.stop(1_000);
    });

    if (options.nodes) {
      it('shares jobs between nodes, each runs once', async () => {
        const other = await database.open();
        await jobs.start(noting(() => sleep(20)));
        await other.jobs.start(noting(() => sleep(20)));
        await store.transaction(async (tx) => {
          for (let at = 0; at < 30; at += 1) await tx.jobs.enqueue({ task: 'deliver', payload: `p${at}`, queue: `q${at % 20}`, key: `k${at}`, runAt: fromNow(0) });
        });
        await eventually(async () => expect((await jobs.depth()).waiting).toBe(0), SOON);
        await eventually(() => expect(new Set(began).size).toBe(30), SOON);
        expect(began).toHaveLength(30);
      });
    }
  });
}
