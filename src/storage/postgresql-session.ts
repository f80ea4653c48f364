/**
 * One connection of a node that stays: it hears what other nodes committed, and holds locks that say which workers are alive. It comes back by itself when it
 * breaks. (A pooler in transaction mode cannot carry it: DATABASE_URL must reach the server itself or a pooler in session mode.)
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { ConversationId } from '../core/ids.js';
import type { Log } from '../core/ports/effects.js';
import type { Ownership } from '../core/ports/ownership.js';
import type { Change } from '../core/ports/store.js';
import type { Writing } from './access.js';
import { Prisma } from './generated/sqlite/client.js';

const CHANNEL = 'goniec_changes';
/** PostgreSQL refuses a payload of 8,000 bytes; an id has 36 and a separator. */
const IDS_PER_NOTIFICATION = 150;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** First half of the advisory locks that workers hold; the second is the hash of the worker's id. */
const WORKER_LOCKS = 71_514;
/** The same for what a node owns. */
const OWNER_LOCKS = 71_515;

export interface SessionOptions {
  readonly url: string;
  readonly log: Log;
  /** What another node committed. After the connection was lost, also `{ conversations: [], desk: true }`: who shows something looks again. */
  readonly onChange: (change: Change) => void;
}

export class PostgresqlSession implements Ownership {
  /** So that a node does not hear itself: its own listeners were told at the commit. */
  readonly #node = randomUUID();
  readonly #options: SessionOptions;
  readonly #workers = new Set<string>();
  readonly #owned = new Set<string>();
  readonly #onLost = new Set<() => void>();
  #client: pg.Client | undefined;
  /** Ends when the query before has ended: a connection takes one at a time. */
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { url, log } = this.#options;
    const client = new pg.Client({ connectionString: url, application_name: 'goniec-session', keepAlive: true });
    client.on('error', (error) => log.warn({ err: error }, 'database-session-broken'));
    client.on('end', () => {
      if (this.#client === client) void this.#reopen();
    });
    client.on('notification', ({ payload }) => this.#heard(payload ?? ''));
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    this.#client = client;
    for (const worker of this.#workers) await this.#lock(worker);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.catch(() => undefined);
    await this.#client?.end();
  }

  /** Inside a transaction: other nodes hear of it when it commits. */
  async announce({ sql, changes }: Writing): Promise<void> {
    if (!changes.any) return;
    const ids = [...changes.conversations];
    for (let at = 0; at === 0 || at < ids.length; at += IDS_PER_NOTIFICATION) {
      const payload = [this.#node, changes.desk ? 'desk' : '', ...ids.slice(at, at + IDS_PER_NOTIFICATION)].join(' ');
      await sql.run(Prisma.sql`SELECT pg_notify(${CHANNEL}, ${payload})`);
    }
  }

  /** Says that this worker of the job engine lives, for as long as this session does. */
  async workerBegan(worker: string): Promise<void> {
    this.#workers.add(worker);
    await this.#lock(worker);
  }

  async workerEnded(worker: string): Promise<void> {
    this.#workers.delete(worker);
    await this.#query('SELECT pg_advisory_unlock($1, hashtext($2))', [WORKER_LOCKS, worker]);
  }

  /** Of these workers, those that no living session speaks for. */
  async dead(workers: readonly string[]): Promise<readonly string[]> {
    if (!this.#client || workers.length === 0) return [];
    const rows = await this.#query<{ worker: string }>(
      `SELECT worker FROM unnest($1::text[]) AS worker WHERE NOT EXISTS (
         SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = $2 AND objid::bigint = hashtext(worker)::bigint & 4294967295
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`,
      [workers, WORKER_LOCKS],
    );
    return rows.map(({ worker }) => worker);
  }

  async own(what: string): Promise<boolean> {
    if (this.#owned.has(what)) return true;
    const client = this.#client;
    const [row] = await this.#query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS got', [OWNER_LOCKS, what]).catch(() => []);
    // The lock went with its connection, if that broke meanwhile.
    const ours = row?.got === true && client === this.#client;
    if (ours) this.#owned.add(what);
    return ours;
  }

  async disown(what: string): Promise<void> {
    if (this.#owned.delete(what)) await this.#query('SELECT pg_advisory_unlock($1, hashtext($2))', [OWNER_LOCKS, what]);
  }

  onLost(listener: () => void): () => void {
    this.#onLost.add(listener);
    return () => this.#onLost.delete(listener);
  }

  async #lock(worker: string): Promise<void> {
    await this.#query('SELECT pg_advisory_lock($1, hashtext($2))', [WORKER_LOCKS, worker]);
  }

  /** [] while there is no connection: what it would have said is said again when it is back. */
  #query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const result = this.#queue.then(async () => (this.#closed || !this.#client ? [] : (await this.#client.query<Row>(text, [...values])).rows));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #reopen(): Promise<void> {
    this.#client = undefined;
    const lost = this.#owned.size > 0;
    this.#owned.clear();
    if (lost && !this.#closed) for (const listener of this.#onLost) listener();
    for (let pause = FIRST_PAUSE_MS; !this.#closed; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      await wait(pause);
      try {
        if (this.#closed) return;
        await this.open();
        this.#options.log.info({}, 'database-session-restored');
        this.#options.onChange({ conversations: [], desk: true });
        return;
      } catch (error) {
        this.#options.log.debug({ err: error }, 'database-session-not-restored');
      }
    }
  }

  #heard(payload: string): void {
    const [node, desk, ...conversations] = payload.split(' ');
    if (node !== this.#node) this.#options.onChange({ conversations: conversations as ConversationId[], desk: desk === 'desk' });
  }
}
