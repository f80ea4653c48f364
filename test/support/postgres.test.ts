import pg from 'pg';
import { describe, expect, it } from 'vitest';

import { freshDatabase, startPostgres } from './postgres.js';
import { available } from './servers.js';

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe.runIf(available('postgresql'))('the PostgreSQL of the tests', () => {
  it('gives every caller a database of its own that knows letters beyond ASCII', async () => {
    const [one, two] = await Promise.all([freshDatabase(), freshDatabase({ name: 'other' })]);
    await query(one, 'CREATE TABLE thing (id int)');
    expect(await query(two, `SELECT to_regclass('thing') AS thing, lower('ŻÓŁW') AS word`)).toEqual([{ thing: null, word: 'żółw' }]);
  });

  it('copies a template that is filled once', async () => {
    let filled = 0;
    const template = {
      name: 'self_test',
      prepare: async (url: string) => {
        filled += 1;
        await query(url, 'CREATE TABLE thing AS SELECT 7 AS id');
      },
    };
    const urls = await Promise.all([freshDatabase({ template }), freshDatabase({ template }), freshDatabase({ template })]);
    for (const url of urls) expect(await query(url, 'SELECT id FROM thing')).toEqual([{ id: 7 }]);
    expect(filled).toBe(1);
  });

  it('keeps what was committed when it is killed and started again', async () => {
    const postgres = await startPostgres();
    const url = await postgres.url('kept');
    await query(url, 'CREATE TABLE thing AS SELECT 7 AS id');
    await postgres.kill();
    await expect(query(url, 'SELECT id FROM thing')).rejects.toThrow();
    await postgres.start();
    expect(await query(url, 'SELECT id FROM thing')).toEqual([{ id: 7 }]);
    await postgres.stop();
    await postgres.start();
    expect(await query(url, 'SELECT id FROM thing')).toEqual([{ id: 7 }]);
    await postgres.close();
  });
});
