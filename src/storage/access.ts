/**
 * How stores reach the database. A store is written once, against Prisma's client and against SQL that both engines understand; which engine it is shows only
 * in search.ts and in the two backends (sqlite.ts, postgresql.ts).
 */
import type { ConversationId } from '../core/ids.js';
import type { Sight } from '../core/sight.js';
import type { Prisma } from './generated/sqlite/client.js';

/** Prisma's client, inside a transaction or not. The PostgreSQL client is the same but for a few options that we do not use. */
export type Db = Prisma.TransactionClient;

/**
 * Plain SQL beside Prisma's client, in the same transaction. The statements of the intake path use it: on SQLite one costs about 0.02 ms, through Prisma's
 * client 0.3 to 0.5 ms. Times are Dates, booleans booleans, BIGINT bigints, as from Prisma's client.
 */
export interface Sql {
  /** Rows of a SELECT or of a RETURNING, columns under their own names. */
  all<Row>(statement: Prisma.Sql): Promise<Row[]>;
  /** @returns how many rows it wrote. */
  run(statement: Prisma.Sql): Promise<number>;
}

export type EngineName = 'sqlite' | 'postgresql';

/** What a store reads and writes with. */
export interface Access {
  readonly engine: EngineName;
  /** Whose eyes it is read with: lists, numbers and search hold nothing else. */
  readonly sight: Sight;
  /** Inside a transaction they also see what it wrote; outside what is committed. For reading. */
  readonly db: Db;
  readonly sql: Sql;
  /** Of the transaction at hand; undefined outside. */
  readonly changes: Changes | undefined;
  /** Runs in the transaction at hand, or in one of its own. */
  readonly write: <Result>(work: (writing: Writing) => Promise<Result>) => Promise<Result>;
}

/** The inside of a transaction. */
export interface Writing {
  readonly db: Db;
  readonly sql: Sql;
  readonly changes: Changes;
}

/** What a transaction changed, for those who listen. */
export class Changes {
  readonly conversations = new Set<ConversationId>();
  desk = false;
  /** Jobs were enqueued. */
  jobs = false;

  get any(): boolean {
    return this.desk || this.conversations.size > 0;
  }
}

/** One database engine, opened. */
export interface Backend {
  readonly engine: EngineName;
  /** For reading outside transactions. */
  readonly db: Db;
  readonly sql: Sql;
  /** Runs `work` once inside a transaction; rolls back when it rejects. */
  transaction<Result>(work: (db: Db, sql: Sql) => Promise<Result>): Promise<Result>;
  /** Whether running the transaction again may succeed. */
  isConflict(error: unknown): boolean;
  close(): Promise<void>;
}

/** Prisma's own limit for a transaction, above ours (open.ts): its default of 5 s would lose bursts on a slow disk. */
export const PRISMA_TIMEOUT_MS = 120_000;
