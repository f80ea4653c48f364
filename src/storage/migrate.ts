/**
 * Brings the database up to this program at start. Migrations are plain SQL in Prisma's own folder format, one set per engine, recorded in Prisma's own table:
 * `prisma migrate` stays usable on the same database.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Client } from 'pg';
import type { Database } from 'better-sqlite3';
import type { EngineName } from './access.js';

export interface Migration {
  /** Folder name; they are applied in its order. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hex, as Prisma writes it down. */
  readonly checksum: string;
}

/** The database cannot be used by this program; the message says what to do. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

const FOLDERS: Readonly<Record<EngineName, URL>> = {
  sqlite: new URL('../../prisma/migrations/', import.meta.url),
  postgresql: new URL('../../prisma/postgresql/migrations/', import.meta.url),
};

/** The migrations that come with this program, oldest first. */
export function shippedMigrations(engine: EngineName): readonly Migration[] {
  const folder = FOLDERS[engine];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(new URL(`${name}/migration.sql`, folder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** A row of _prisma_migrations. */
interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
}

/** As `prisma migrate` makes them. Source: prisma-engines, sql-schema-connector, `create_migrations_table`. */
const SQLITE_LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`;
const POSTGRESQL_LEDGER = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT,
  rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;
const READ_LEDGER = 'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL';

/**
 * Applies what is missing, all in one transaction.
 * @returns the names of what was applied
 * @throws MigrationRefused when the database is newer than this program, or was made by other migrations
 */
export function migrateSqlite(connection: Database, shipped = shippedMigrations('sqlite')): readonly string[] {
  return connection
    .transaction(() => {
      connection.exec(SQLITE_LEDGER);
      const pending = pendingOf(shipped, connection.prepare<[], Applied>(READ_LEDGER).all());
      for (const migration of pending) {
        const started = Date.now();
        connection.exec(migration.sql);
        connection
          .prepare('INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)')
          .run(randomUUID(), migration.checksum, Date.now(), migration.name, started);
      }
      return pending.map(({ name }) => name);
    })
    .immediate();
}

/** "goniec" in letters of the alphabet: the advisory lock that nodes starting together take in turn. */
const MIGRATION_LOCK = 7_151_409_053;

/** Like `migrateSqlite`; several nodes may start at once. */
export async function migratePostgresql(client: Client, shipped = shippedMigrations('postgresql')): Promise<readonly string[]> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(POSTGRESQL_LEDGER);
    const pending = pendingOf(shipped, (await client.query<Applied>(READ_LEDGER)).rows);
    for (const migration of pending) {
      const started = new Date();
      await client.query(migration.sql);
      await client.query(
        'INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES ($1, $2, clock_timestamp(), $3, $4, 1)',
        [randomUUID(), migration.checksum, migration.name, started],
      );
    }
    await client.query('COMMIT');
    return pending.map(({ name }) => name);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

function pendingOf(shipped: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const known = new Map(shipped.map((migration) => [migration.name, migration]));
  const unknown = applied.filter(({ migration_name }) => !known.has(migration_name)).map(({ migration_name }) => migration_name);
  if (unknown.length > 0) {
    throw new MigrationRefused(
      `The database is newer than this program: it has ${unknown.join(', ')}, which this version does not know. Start the newer version of Goniec, or restore the backup made before the upgrade.`,
    );
  }
  const changed = applied.filter(({ migration_name, checksum }) => known.get(migration_name)?.checksum !== checksum).map(({ migration_name }) => migration_name);
  if (changed.length > 0) {
    throw new MigrationRefused(
      `The migration ${changed.join(', ')} was edited after it had been applied to this database. Put prisma/ back as it was released; a change of the schema is a new migration.`,
    );
  }
  const done = new Set(applied.map(({ migration_name }) => migration_name));
  return shipped.filter(({ name }) => !done.has(name));
}
