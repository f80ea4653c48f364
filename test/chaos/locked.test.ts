/** Found by `npm run chaos -- --faults database-locked`: a lock that outlasted one try of a transaction stopped all writing for good. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

import { newId } from '../../src/storage/new-id.js';
import { openStore } from '../../src/storage/open.js';
import { openVault } from '../../src/storage/vault.js';
import { quietLog } from '../support/quiet-log.js';
import { aDesk } from '../support/samples.js';
import { tempFolder } from '../support/temp-folder.js';

/** Longer than one try waits. */
const HELD_MS = 3_500;
/** In a thread of its own: waiting for a lock stops the thread that waits. */
const HOLDER = `
const { parentPort, workerData } = require('node:worker_threads');
const other = new (require('better-sqlite3'))(workerData.file);
other.exec('BEGIN IMMEDIATE');
parentPort.postMessage('held');
setTimeout(() => { other.exec('ROLLBACK'); other.close(); }, workerData.ms);`;

describe('a database that another process holds', () => {
  it('is written to once it is free again, and the log says what was waited for', async () => {
    const temp = tempFolder('locked');
    const file = join(temp.path, 'goniec.db');
    const log = quietLog();
    const { store } = await openStore({ databaseUrl: `file:${file}`, vault: openVault('test secret, long enough for the vault'), log, newId, clock: { now: () => new Date() } });
    const holder = new Worker(HOLDER, { eval: true, workerData: { file, ms: HELD_MS } });
    await once(holder, 'message');
    const began = performance.now();
    await store.transaction((tx) => tx.desk.save(aDesk()));
    expect(performance.now() - began).toBeGreaterThan(1_000);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', verb: 'database-locked' }));
    await store.transaction((tx) => tx.desk.save(aDesk({ name: 'Later' })));
    expect((await store.desk.load()).name).toBe('Later');
    await store.close();
    await temp.remove();
  });
});
