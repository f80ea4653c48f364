import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forPostgresql } from '../../scripts/generate.mjs';
import { MigrationRefused, migratePostgresql, migrateSqlite, shippedMigrations, type Migration } from '../../src/storage/migrate.js';
import type { Conversation } from '../../src/core/model.js';
import { newId } from '../../src/storage/new-id.js';
import { openStore } from '../../src/storage/open.js';
import { openVault } from '../../src/storage/vault.js';
import { freshDatabase } from '../support/postgres.js';
import { quietLog } from '../support/quiet-log.js';
import { available } from '../support/servers.js';
import { tempFolder, type TempFolder } from '../support/temp-folder.js';
import { structureOf, structureOfPostgresql, structureOfSqlite } from './schema-structure.js';

const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
const another = (sql: string): Migration => ({ name: '29990101000000_from_the_future', sql, checksum: 'c' });

/** Migrations of a version that did not have this one yet. */
const before = (name: string, engine: 'sqlite' | 'postgresql'): readonly Migration[] => shippedMigrations(engine).filter((migration) => migration.name < name);
const TEMPLATES = '20260320000000_templates';
const OLD_TEMPLATE = `INSERT INTO "templates" ("id", "position", "removed", "name", "locale", "body") VALUES ('zwrot', 0, false, 'Zwrot', 'pl', 'Dzień dobry "Pani"\ndo widzenia')`;
const NEW_TEMPLATE = { name: 'Zwrot', category: '', texts: [{ language: 'pl', body: 'Dzień dobry "Pani"\ndo widzenia' }] };

const DUE_TIMES = '20261122150000_due_times';
/** @param moment as the engine writes one */
const oldConversation = (moment: string): string => `
  INSERT INTO "customers" ("id", "name") VALUES ('anna', 'Anna');
  INSERT INTO "conversations" ("id", "number", "mailboxId", "customerId", "subject", "status", "labels", "priority", "revision", "participants", "excerpt", "waitingSince", "createdAt", "updatedAt")
    VALUES ('old', 7, 'shop', 'anna', 'Cup', 'open', '[]', 'normal', 1, '[]', '', ${moment}, ${moment}, ${moment})`;
/** What the store makes of it, once it is brought up to date. */
async function conversationSeven(databaseUrl: string): Promise<Conversation | undefined> {
  const { store } = await openStore({ databaseUrl, vault: openVault('an-app-secret-for-tests-only-0123456789'), log: quietLog(), newId, clock: { now: () => new Date() } });
  try {
    return await store.conversations.byNumber(7);
  } finally {
    await store.close();
  }
}

describe('the schema for PostgreSQL', () => {
  it('is the schema for SQLite but for provider and output', () => {
    const [ours, derived] = [schema.split('\n'), forPostgresql(schema).split('\n').slice(1)];
    const differences = ours.flatMap((line, at) => (line === derived[at] ? [] : [line.trim().split(/\s+/)[0]]));
    expect(derived).toHaveLength(ours.length);
    expect(differences).toEqual(['output', 'provider']);
  });

  it('is what the client was generated from', () => {
    expect(readFileSync(new URL('../../prisma/postgresql/schema.prisma', import.meta.url), 'utf8')).toBe(forPostgresql(schema));
    for (const engine of ['sqlite', 'postgresql']) {
      const generated = readFileSync(new URL(`../../src/storage/generated/${engine}/internal/class.ts`, import.meta.url), 'utf8');
      const inlined: unknown = JSON.parse(/"inlineSchema": (".*")/.exec(generated)?.[1] ?? '""');
      expect(structureOf(String(inlined)), engine).toEqual(structureOf(schema));
    }
  });
});

describe('migrations on SQLite', () => {
  let folder: TempFolder;
  let db: Database.Database;
  beforeEach(() => {
    folder = tempFolder('migrate');
    db = new Database(join(folder.path, 'a.db'));
  });
  afterEach(async () => {
    db.close();
    await folder.remove();
  });

  it('make the structure that the schema asks for', () => {
    migrateSqlite(db);
    expect(structureOfSqlite(db)).toEqual(structureOf(schema));
  });

  it('are missed where the structure drifts', () => {
    migrateSqlite(db);
    db.exec('DROP INDEX "messages_headerId_idx"; ALTER TABLE "notes" ADD COLUMN "extra" INTEGER NOT NULL DEFAULT 0; ALTER TABLE "notes" DROP COLUMN "editedAt"');
    const [found, wanted] = [structureOfSqlite(db), structureOf(schema)];
    expect(wanted.filter((line) => !found.includes(line))).toEqual(['messages index (headerId)', 'notes.editedAt TIME?']);
    expect(found.filter((line) => !wanted.includes(line))).toEqual(['notes.extra INTEGER']);
  });

  it('are applied once, and recorded as Prisma does', () => {
    const shipped = shippedMigrations('sqlite');
    expect(migrateSqlite(db)).toEqual(shipped.map(({ name }) => name));
    expect(migrateSqlite(db)).toEqual([]);
    const ledger = db.prepare('SELECT * FROM _prisma_migrations ORDER BY migration_name').all();
    expect(ledger).toEqual(shipped.map(({ name, checksum }) => ({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, checksum, migration_name: name, logs: null, rolled_back_at: null, applied_steps_count: 1,
      started_at: expect.any(Number) as number, finished_at: expect.any(Number) as number,
    })));
    expect(shipped[0]?.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  it('apply what is new, and leave nothing behind of one that fails', () => {
    migrateSqlite(db);
    const shipped = shippedMigrations('sqlite');
    expect(() => migrateSqlite(db, [...shipped, another('CREATE TABLE "half" ("a" TEXT); CREATE TABLE "half" ("a" TEXT);')])).toThrow(/already exists/);
    expect(structureOfSqlite(db)).toEqual(structureOf(schema));
    expect(migrateSqlite(db, [...shipped, another('CREATE TABLE "whole" ("a" TEXT)')])).toEqual(['29990101000000_from_the_future']);
  });

  it('bring templates of an older version along', () => {
    migrateSqlite(db, before(TEMPLATES, 'sqlite'));
    db.exec(OLD_TEMPLATE);
    migrateSqlite(db);
    const { name, texts, category } = db.prepare('SELECT * FROM "templates"').get() as Record<string, string>;
    expect({ name, category, texts: JSON.parse(texts ?? '') as unknown }).toEqual(NEW_TEMPLATE);
  });

  it('leave conversations of an older version waiting, with nothing due', async () => {
    migrateSqlite(db, before(DUE_TIMES, 'sqlite'));
    db.exec(oldConversation(String(Date.parse('2026-01-01T00:00:00Z'))));
    expect(await conversationSeven(`file:${join(folder.path, 'a.db')}`)).toMatchObject({ waitingSince: new Date('2026-01-01T00:00:00Z'), dueAt: undefined });
  });

  it('refuse a database that is newer, and one made by other migrations', () => {
    migrateSqlite(db, [...shippedMigrations('sqlite'), another('CREATE TABLE "newer" ("a" TEXT)')]);
    expect(() => migrateSqlite(db)).toThrow(MigrationRefused);
    expect(() => migrateSqlite(db)).toThrow(/newer than this program.*29990101000000_from_the_future/);
    db.exec(`UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name NOT LIKE '2999%'; DELETE FROM _prisma_migrations WHERE migration_name LIKE '2999%'`);
    expect(() => migrateSqlite(db)).toThrow(/was edited after it had been applied/);
  });

  it('are applied when the store opens, which also makes the folder', async () => {
    const file = join(folder.path, 'new', 'folder', 'goniec.db');
    const open = (databaseUrl: string): ReturnType<typeof openStore> =>
      openStore({ databaseUrl, vault: openVault('an-app-secret-for-tests-only-0123456789'), log: quietLog(), newId, clock: { now: () => new Date() } });
    const { store } = await open(`file:${file}`);
    await store.close();
    await store.close();
    const opened = new Database(file);
    expect(opened.pragma('journal_mode', { simple: true })).toBe('wal');
    opened.close();
    await expect(open('mysql://user:secret@x/y')).rejects.toThrow(/DATABASE_URL begins with "mysql:".*file:.*postgresql:/);
    await expect(open('mysql://user:secret@x/y')).rejects.not.toThrow(/secret@x/);
    await expect(open('nonsense')).rejects.toThrow(/DATABASE_URL/);
  });
});

describe.runIf(available('postgresql'))('migrations on PostgreSQL', () => {
  const clients: pg.Client[] = [];
  async function connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    clients.push(client);
    return client;
  }
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
  });

  it('make the structure that the schema asks for, once', async () => {
    const client = await connect(await freshDatabase());
    const shipped = shippedMigrations('postgresql');
    expect(await migratePostgresql(client)).toEqual(shipped.map(({ name }) => name));
    expect(await structureOfPostgresql(client)).toEqual(structureOf(schema));
    expect(await migratePostgresql(client)).toEqual([]);
    const { rows } = await client.query('SELECT * FROM _prisma_migrations');
    expect(rows).toMatchObject(shipped.map(({ name, checksum }) => ({ migration_name: name, checksum, rolled_back_at: null, applied_steps_count: 1 })));
    await client.query('DROP INDEX "messages_headerId_idx"');
    expect(await structureOfPostgresql(client)).not.toEqual(structureOf(schema));
  });

  it('bring templates of an older version along', async () => {
    const client = await connect(await freshDatabase());
    await migratePostgresql(client, before(TEMPLATES, 'postgresql'));
    await client.query(OLD_TEMPLATE);
    await migratePostgresql(client);
    const { rows: [row] } = await client.query<{ name: string; category: string; texts: string }>('SELECT * FROM "templates"');
    expect({ name: row?.name, category: row?.category, texts: JSON.parse(row?.texts ?? '') as unknown }).toEqual(NEW_TEMPLATE);
  });

  it('leave conversations of an older version waiting, with nothing due', async () => {
    const url = await freshDatabase();
    const client = await connect(url);
    await migratePostgresql(client, before(DUE_TIMES, 'postgresql'));
    await client.query(oldConversation("'2026-01-01 00:00:00'"));
    expect(await conversationSeven(url)).toMatchObject({ waitingSince: new Date('2026-01-01T00:00:00Z'), dueAt: undefined });
  });

  it('take turns when nodes start at once', async () => {
    const url = await freshDatabase();
    const nodes = [await connect(url), await connect(url), await connect(url)];
    const applied = await Promise.all(nodes.map((node) => migratePostgresql(node)));
    expect(applied.flat()).toEqual(shippedMigrations('postgresql').map(({ name }) => name));
  });

  it('refuse a newer database and roll back what fails', async () => {
    const client = await connect(await freshDatabase());
    const shipped = shippedMigrations('postgresql');
    await expect(migratePostgresql(client, [...shipped, another('CREATE TABLE "half" ("a" TEXT); SELECT nonsense')])).rejects.toThrow(/nonsense/);
    expect(await structureOfPostgresql(client)).toEqual([]);
    await migratePostgresql(client, [...shipped, another('CREATE TABLE "newer" ("a" TEXT)')]);
    await expect(migratePostgresql(client)).rejects.toThrow(/newer than this program/);
  });

  it('are the same as on SQLite', () => {
    const names = (engine: 'sqlite' | 'postgresql'): string[] => shippedMigrations(engine).map(({ name }) => name);
    expect(names('postgresql')).toEqual(names('sqlite'));
  });
});
