import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/ports/store.js';
import { sightContract } from '../contract/sight-contract.js';
import { storeContract } from '../contract/store-contract.js';
import { eventually } from '../support/eventually.js';
import { aDesk } from '../support/samples.js';
import { sqliteDatabase } from './databases.js';

storeContract('SQLite', sqliteDatabase, { nodes: false });
sightContract('SQLite', sqliteDatabase);

describe('the SQLite store', () => {
  it('notices that another process changed the desk', async () => {
    const database = await sqliteDatabase();
    const { store } = await database.open();
    const { store: cli } = await database.open();
    const told: Change[] = [];
    store.onChange((change) => told.push(change));
    await store.desk.load();
    await cli.desk.save(aDesk({ name: 'Applied' }));
    await eventually(() => expect(told).toEqual([{ conversations: [], desk: true }]));
    expect((await store.desk.load()).name).toBe('Applied');
    await database.remove();
  });

  it('lets others have their turn during a long transaction', async () => {
    const database = await sqliteDatabase();
    const { store } = await database.open();
    let turns = 0;
    const others = setInterval(() => (turns += 1), 1);
    await store.transaction(async (tx) => {
      const end = performance.now() + 300;
      while (performance.now() < end) await tx.cursors.get('shop' as never, 'INBOX');
    });
    clearInterval(others);
    expect(turns).toBeGreaterThan(5);
    await database.remove();
  });
});
