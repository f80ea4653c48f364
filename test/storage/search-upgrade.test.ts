/** A database that an older version filled: searched with operators after the upgrade, on each engine. */
import Database from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { ConversationId, CustomerId, LabelId, MessageId } from '../../src/core/ids.js';
import { parseSearch } from '../../src/core/search/parse.js';
import { newId } from '../../src/storage/new-id.js';
import { aConversation, aDesk, aMessage, NOON } from '../support/samples.js';
import { available } from '../support/servers.js';
import { postgresqlDatabase, sqliteDatabase, type FreshDatabaseOf } from './databases.js';

type Execute = (sql: string) => Promise<void>;

const onSqlite = async (url: string, work: (execute: Execute) => Promise<void>): Promise<void> => {
  const db = new Database(url.replace(/^file:/, ''));
  await work((sql) => Promise.resolve(void db.exec(sql)));
  db.close();
};
const onPostgresql = async (url: string, work: (execute: Execute) => Promise<void>): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await work(async (sql) => void (await client.query(sql)));
  await client.end();
};

describe.each([
  ['SQLite', sqliteDatabase, onSqlite, 'DELETE FROM "search_index"'],
  ...(available('postgresql') ? [['PostgreSQL', postgresqlDatabase, onPostgresql, 'TRUNCATE "search_index"'] as const] : []),
] as readonly (readonly [string, FreshDatabaseOf, typeof onSqlite, string])[])('an older database on %s', (_name, fresh, on, empty) => {
  it('is searched by its newest mails at once, and by all when the index is filled', async () => {
    const database = await fresh();
    const { store } = await database.open();
    const customer = { id: newId() as CustomerId, name: 'Żaneta', addresses: ['zaneta@customer.example'], language: 'pl' };
    await store.customers.add(customer);
    const numbers: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const conversation = await store.conversations.create(aConversation({ id: newId() as ConversationId, customerId: customer.id, labels: ['complaint' as LabelId] }));
      const message = aMessage({ id: newId() as MessageId, conversationId: conversation.id, headerId: newId(), from: { address: 'zaneta@customer.example', name: 'Żaneta' }, subject: 'Kubek', createdAt: NOON });
      await store.messages.add(message);
      await store.search.index({ conversationId: conversation.id, kind: 'message', id: message.id, text: 'Kubek' });
      numbers.push(conversation.number);
    }
    // What the migration leaves of an older database: entries without words in the index, and where to begin.
    await on(database.url, async (execute) => {
      await execute(empty);
      await execute(`UPDATE "counters" SET "value" = (SELECT MAX("id") FROM "search_entries") WHERE "name" = 'search-index'`);
    });
    const found = async (text: string): Promise<readonly number[]> => {
      const parsed = parseSearch(text, { desk: aDesk(), me: 'marek' as never, now: NOON, timeZone: 'UTC', saved: [] });
      if ('problem' in parsed) throw new Error(parsed.problem.key);
      return (await store.search.find(parsed.query, 10)).map(({ conversation }) => conversation.number).sort();
    };
    expect(await found('from:zaneta')).toEqual([]);
    expect(await found('label:complaint')).toEqual(numbers);
    expect(await store.search.reindex(2)).toBe(true);
    expect(await found('from:zaneta')).toEqual(numbers.slice(3));
    while (await store.search.reindex(2));
    expect(await found('from:zaneta')).toEqual(numbers);
    expect(await found('kubek from:zaneta label:complaint on:2026-11-20')).toEqual(numbers);
    expect(await store.search.reindex(2)).toBe(false);
    await database.remove();
  });
});
