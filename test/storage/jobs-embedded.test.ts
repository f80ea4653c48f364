import { describe, expect, it } from 'vitest';
import { jobsContract } from '../contract/jobs-contract.js';
import { eventually } from '../support/eventually.js';
import { sqliteDatabase } from './databases.js';

jobsContract('embedded', sqliteDatabase, { nodes: false });

describe('the embedded job engine', () => {
  it('runs again what was running when the process died', async () => {
    const database = await sqliteDatabase();
    const dying = await database.open();
    const began: string[] = [];
    const hang = (payload: string): Promise<void> => {
      began.push(`hung ${payload}`);
      return new Promise(() => undefined);
    };
    await dying.jobs.start({ receive: hang, deliver: hang, timers: hang, 'search-index': hang, bulk: hang });
    await dying.store.transaction((tx) => tx.jobs.enqueue({ task: 'deliver', payload: 'lane', queue: 'q', key: 'k', runAt: database.clock.now() }));
    await eventually(() => expect(began).toEqual(['hung lane']));
    await dying.jobs.stop(0);
    await dying.store.close();

    const next = await database.open();
    const note = (payload: string): Promise<void> => {
      began.push(`ran ${payload}`);
      return Promise.resolve();
    };
    await next.jobs.start({ receive: note, deliver: note, timers: note, 'search-index': note, bulk: note });
    await eventually(() => expect(began).toEqual(['hung lane', 'ran lane']));
    await database.remove();
  });

  it('counts as failed what does not get through for long, and keeps trying once an hour', async () => {
    const database = await sqliteDatabase();
    const { store, jobs } = await database.open();
    let tries = 0;
    const fail = (): Promise<void> => {
      tries += 1;
      return Promise.reject(new Error('down'));
    };
    await jobs.start({ receive: fail, deliver: fail, timers: fail, 'search-index': fail, bulk: fail });
    await store.transaction((tx) => tx.jobs.enqueue({ task: 'deliver', payload: 'lane', queue: 'q', key: 'k', runAt: database.clock.now() }));
    for (let expected = 1; expected <= 12; expected += 1) {
      await eventually(() => expect(tries).toBe(expected));
      await eventually(async () => expect(await jobs.depth()).toMatchObject({ waiting: 1, failed: expected >= 10 ? 1 : 0 }));
      // More than the longest wait with its jitter.
      database.clock.pass(1.3 * 3_600_000);
    }
    await database.remove();
  });
});
