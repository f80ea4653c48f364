/**
 * SQLite through Prisma's better-sqlite3 adapter. That adapter has one connection, and a query outside a transaction would run inside whatever transaction is
 * open on it. So there are two clients: a writer, used for one transaction at a time and for nothing else, and a read-only reader for all other reading.
 */
import Database from 'better-sqlite3';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type { Backend, Db, Sql } from './access.js';
import { PRISMA_TIMEOUT_MS } from './access.js';
import { Prisma, PrismaClient } from './generated/sqlite/client.js';
import { fairShare } from './fair-share.js';
import { withoutNul } from './sql.js';

/** How long migrations wait for another process (`goniec apply`, a backup) to let go of the write lock. */
const BUSY_TIMEOUT_MS = 10_000;
/** How long one try of a transaction waits for it. better-sqlite3 waits on the event loop, where nothing else happens meanwhile; the store tries several times. */
const WRITE_BUSY_TIMEOUT_MS = 2_000;
/** Transactions come one after the other, so none waits for its beginning; a process that was stopped for a while may be late. */
const BEGIN_TIMEOUT_MS = 10_000;
/** SQLite's own 2 MB does not hold the upper pages of our indexes. */
const CACHE_KIB = 16_384;
/** 16 MB of log before it is written back: pages that change with every mail are written back once for many. SQLite's own is a quarter of it. */
const CHECKPOINT_PAGES = 4_096;
/** Statements come from a small fixed set, but lists of ids make variants; with more than this many all are prepared anew. */
const MAX_CACHED_STATEMENTS = 500;

/**
 * Changes nothing, but makes the transaction a writing one at its very beginning: a deferred one fails at its first write when another process wrote since its first read.
 * Not BEGIN IMMEDIATE: when that fails because another process holds the lock, Prisma's adapter never gives its own mutex back, and no transaction begins any more.
 */
const TAKE_WRITE_LOCK = Prisma.sql`DELETE FROM "jobs" WHERE 0`;

/** @param file path of the database file; migrated. */
export async function openSqlite(file: string): Promise<Backend> {
  const write = await client(file, false);
  const read = await client(file, true);
  /** Ends when the transactions before have ended. */
  let gate: Promise<unknown> = Promise.resolve();

  return {
    engine: 'sqlite',
    db: read.prisma,
    sql: read.sql,
    transaction<Result>(work: (db: Db, sql: Sql) => Promise<Result>): Promise<Result> {
      const locked = async (db: Db): Promise<Result> => {
        await write.sql.run(TAKE_WRITE_LOCK);
        return work(db, write.sql);
      };
      const result = gate.then(() => write.prisma.$transaction(locked, { maxWait: BEGIN_TIMEOUT_MS, timeout: PRISMA_TIMEOUT_MS }));
      gate = result.catch(() => undefined);
      return result;
    },
    isConflict: isBusy,
    async close() {
      await gate;
      await read.prisma.$disconnect();
      await write.prisma.$disconnect();
    },
  };
}

/** Another process held the write lock for longer than we waited: SQLITE_BUSY, or P1008 where it comes through Prisma. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && (error.code === 'P1008' || error.code.startsWith('SQLITE_BUSY'));
}

/** A connection of its own, for migrations. */
export function openConnection(file: string): Database.Database {
  const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  prepareConnection(connection, false);
  return connection;
}

function prepareConnection(connection: Database.Database, readonly: boolean): void {
  if (!readonly) connection.pragma('journal_mode = WAL');
  // In WAL mode only FULL syncs at each commit: what was acknowledged to a mail server survives a power cut.
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}

/** A client with a connection of its own, and plain SQL on that same connection. */
async function client(file: string, readonly: boolean): Promise<{ prisma: PrismaClient; sql: Sql }> {
  const factory = new PrismaBetterSqlite3({ url: `file:${file}`, readonly, timeout: WRITE_BUSY_TIMEOUT_MS }, { timestampFormat: 'unixepoch-ms' });
  let sql: Sql | undefined;
  const prisma = new PrismaClient({
    adapter: {
      provider: factory.provider,
      adapterName: factory.adapterName,
      async connect() {
        const adapter = await factory.connect();
        const connection = connectionOf(adapter);
        prepareConnection(connection, readonly);
        const prepare = connection.prepare.bind(connection);
        sql = plainSql(prepare, readonly ? undefined : fairShare);
        Object.assign(connection, { prepare: cachingPrepare(prepare) });
        return adapter;
      },
    },
  });
  await prisma.$connect();
  if (!sql) throw new Error('Prisma did not open the database.');
  return { prisma, sql };
}

/** The adapter's own connection: a plain property, though its types do not say so. */
function connectionOf(adapter: object): Database.Database {
  const connection: unknown = Reflect.get(adapter, 'client');
  if (!(connection instanceof Database)) throw new Error('@prisma/adapter-better-sqlite3 keeps its connection elsewhere now: look at src/storage/sqlite.ts.');
  return connection;
}

type Prepare = (sql: string) => Database.Statement<unknown[], unknown>;

/** A prepared statement as far as the adapter uses it: bound, then run or read. */
interface Bindable {
  run(): Database.RunResult;
  bind(args: unknown[]): {
    readonly reader: boolean;
    run(): Database.RunResult;
    columns(): Database.ColumnDefinition[];
    raw(): { all(): unknown[] };
  };
}

/** A `prepare` that keeps its statements: Prisma's own become a fifth to a third faster. */
function cachingPrepare(prepare: Prepare): (sql: string) => Bindable {
  return cached((text) => {
    const statement = prepare(text);
    const { reader } = statement;
    if (reader) statement.raw();
    return {
      run: () => statement.run(),
      // A statement of better-sqlite3 can be bound only once, so the arguments are kept until it runs.
      bind: (args) => ({
        reader,
        run: () => statement.run(...args),
        columns: () => statement.columns(),
        raw: () => ({ all: () => statement.all(...args) }),
      }),
    };
  });
}

/**
 * SQL straight on the connection.
 * @param between is awaited before each statement: where many follow each other, others get their turn
 */
function plainSql(prepare: Prepare, between: (() => Promise<void> | undefined) | undefined): Sql {
  const statementOf = cached((text) => {
    const statement = prepare(text);
    // Numbers here stay below 2^53: rowids, counts, milliseconds, UIDs.
    statement.safeIntegers(false);
    return { statement, read: statement.reader ? columnReaders(statement) : [] };
  });
  return {
    async all<Row>(query: Prisma.Sql) {
      await between?.();
      const { statement, read } = statementOf(query.sql);
      const rows = statement.all(...query.values.map(toColumn)) as Record<string, unknown>[];
      for (const row of rows) for (const { name, convert } of read) row[name] = convert(row[name]);
      return rows as Row[];
    },
    async run(query) {
      await between?.();
      const { statement } = statementOf(query.sql);
      return statement.run(...query.values.map(toColumn)).changes;
    },
  };
}

/** What SQLite stores, by the column's declared type, as what Prisma's client would give. */
const CONVERSIONS: Readonly<Record<string, (value: number) => unknown>> = {
  DATETIME: (value) => new Date(value),
  BOOLEAN: (value) => value !== 0,
  BIGINT: (value) => BigInt(value),
};

interface ColumnReader {
  readonly name: string;
  readonly convert: (value: unknown) => unknown;
}

function columnReaders(statement: Database.Statement): ColumnReader[] {
  return statement.columns().flatMap(({ name, type }) => {
    const conversion = CONVERSIONS[type ?? ''];
    return conversion ? [{ name, convert: (value: unknown) => (typeof value === 'number' ? conversion(value) : value) }] : [];
  });
}

function toColumn(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return withoutNul(value);
}

function cached<Value>(make: (text: string) => Value): (text: string) => Value {
  const cache = new Map<string, Value>();
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const value = make(text);
    if (cache.size >= MAX_CACHED_STATEMENTS) cache.clear();
    cache.set(text, value);
    return value;
  };
}
