import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/ports/store.js';
import { sightContract } from '../contract/sight-contract.js';
import { storeContract } from '../contract/store-contract.js';
import { eventually } from '../support/eventually.js';
import { aDesk } from '../support/samples.js';
import { available } from '../support/servers.js';
import { postgresqlDatabase } from './databases.js';

describe.runIf(available('postgresql'))('on a real server', () => {
  storeContract('PostgreSQL', postgresqlDatabase, { nodes: true });
  sightContract('PostgreSQL', postgresqlDatabase);

  it('comes back when its connections break, and hears other nodes again', async () => {
    const database = await postgresqlDatabase();
    const { store } = await database.open();
    const told: Change[] = [];
    store.onChange((change) => told.push(change));
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await admin.end();
    await eventually(() => expect(told).toEqual([{ conversations: [], desk: true }]), { timeoutMs: 10_000 });
    const { store: other } = await database.open();
    await other.desk.save(aDesk({ name: 'Of another node' }));
    await eventually(() => expect(told).toHaveLength(2));
    expect((await store.desk.load()).name).toBe('Of another node');
    await store.desk.save(aDesk());
    await database.remove();
  });

  it('lets one node own something: the next one when it gives it up, closes, or loses its connection', async () => {
    const database = await postgresqlDatabase();
    const [one, other, third] = [await database.open(), await database.open(), await database.open()];
    expect(await one.ownership.own('shop')).toBe(true);
    expect(await one.ownership.own('shop')).toBe(true);
    expect(await other.ownership.own('shop')).toBe(false);
    expect(await other.ownership.own('support')).toBe(true);

    await one.ownership.disown('shop');
    expect(await other.ownership.own('shop')).toBe(true);
    await other.store.close();
    await eventually(async () => expect(await one.ownership.own('shop')).toBe(true));

    let lost = 0;
    one.ownership.onLost(() => (lost += 1));
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'goniec-session'`);
    await admin.end();
    await eventually(() => expect(lost).toBe(1));
    // Whoever is back first has it, and only one of them.
    await eventually(async () => expect([await one.ownership.own('shop'), await third.ownership.own('shop')].sort()).toEqual([false, true]), { timeoutMs: 10_000 });
    await database.remove();
  });
});
