/**
 * PostgreSQL through Prisma's pg adapter. Transactions are READ COMMITTED: what must not be overtaken is compared and set (a conversation's revision, a
 * delivery's state), counted up under a row lock, or kept unique by an index; who loses is run again by store.ts. Stricter levels would run whole
 * transactions again for every conversation number that two of them want at once.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { StaleRevision } from '../core/errors.js';
import type { Log } from '../core/ports/effects.js';
import type { Backend, Sql } from './access.js';
import { PRISMA_TIMEOUT_MS } from './access.js';
import { PrismaClient } from './generated/postgresql/client.js';
import type { PrismaClient as CommonClient } from './generated/sqlite/client.js';
import { Prisma } from './generated/sqlite/client.js';
import { withoutNul } from './sql.js';

type SqlDriverAdapterFactory = NonNullable<ConstructorParameters<typeof PrismaClient>[0]['adapter']>;

/** Connections of one node; a server takes 100 by default, and other nodes and the job engine want theirs. */
const CONNECTIONS = 10;
/** How long a transaction may wait for a connection: a burst queues, it is not refused. */
const MAX_WAIT_MS = 60_000;

/** @param url of a database that is migrated */
export async function openPostgresql(url: string, log: Log): Promise<Backend> {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, application_name: 'goniec' });
  const report = (error: Error): void => log.warn({ err: error }, 'database-connection-lost');
  const factory = new PrismaPg(pool, { onPoolError: report, onConnectionError: report });
  /** Where the transaction that is being started puts its connection. */
  const starting = new AsyncLocalStorage<{ connection: pg.ClientBase | undefined }>();
  const adapter: SqlDriverAdapterFactory = {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const connected = await factory.connect();
      const startTransaction = connected.startTransaction.bind(connected);
      connected.startTransaction = async (isolationLevel) => {
        const transaction = await startTransaction(isolationLevel);
        const place = starting.getStore();
        if (place) place.connection = connectionOf(transaction);
        return transaction;
      };
      return connected;
    },
  };
  // The two generated clients differ in options that we do not use (scripts/generate.mjs derives one schema from the other; a test compares them).
  const prisma = new PrismaClient({ adapter }) as unknown as CommonClient;
  await prisma.$connect();

  return {
    engine: 'postgresql',
    db: prisma,
    sql: plainSql(pool),
    transaction(work) {
      const place: { connection: pg.ClientBase | undefined } = { connection: undefined };
      return starting.run(place, () =>
        prisma.$transaction(
          (db) => {
            if (!place.connection) throw new Error('Prisma started a transaction elsewhere than in its adapter: look at src/storage/postgresql.ts.');
            return work(db, plainSql(place.connection));
          },
          { maxWait: MAX_WAIT_MS, timeout: PRISMA_TIMEOUT_MS },
        ),
      );
    },
    isConflict,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** The connection of a transaction of the adapter: a plain property, though its types do not say so. */
function connectionOf(transaction: object): pg.ClientBase {
  const connection: unknown = Reflect.get(transaction, 'client');
  if (!(connection instanceof pg.Client)) throw new Error('@prisma/adapter-pg keeps its connection elsewhere now: look at src/storage/postgresql.ts.');
  return connection;
}

/** Statements come from a small fixed set, but lists of ids make variants; those beyond this number are not kept prepared. */
const MAX_PREPARED_STATEMENTS = 300;
/** Their names on the server, by text. */
const statementNames = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= MAX_PREPARED_STATEMENTS) return known;
  const name = `goniec_${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

/** SQL straight on the connection. */
function plainSql(connection: Pick<pg.Pool, 'query'> | pg.ClientBase): Sql {
  const query = (statement: Prisma.Sql): Promise<pg.QueryResult> => {
    const { text } = statement;
    const name = nameOf(text);
    return connection.query({ text, values: statement.values.map(toColumn), types: TYPES, ...(name !== undefined && { name }) });
  };
  return {
    async all<Row>(statement: Prisma.Sql) {
      return (await query(statement)).rows as Row[];
    },
    async run(statement) {
      return (await query(statement)).rowCount ?? 0;
    },
  };
}

/** Our times are TIMESTAMP columns in UTC, as Prisma makes them; node-postgres would take both directions for local time. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.TIMESTAMP]: (text) => new Date(`${text.replace(' ', 'T')}Z`),
  [pg.types.builtins.INT8]: BigInt,
};
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => PARSERS[oid] ?? pg.types.getTypeParser(oid, format),
};

function toColumn(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : withoutNul(value);
}

/** unique_violation (somebody was first: the next run finds theirs), serialization_failure, deadlock_detected. */
const CONFLICT_STATES = new Set(['23505', '40001', '40P01']);
/** The same as Prisma names them: unique constraint failed, write conflict or deadlock. */
const CONFLICT_CODES = new Set(['P2002', 'P2034']);

function isConflict(error: unknown): boolean {
  if (error instanceof StaleRevision) return true;
  if (error instanceof pg.DatabaseError) return CONFLICT_STATES.has(error.code ?? '');
  return error instanceof Prisma.PrismaClientKnownRequestError && CONFLICT_CODES.has(error.code);
}
