/** Moves stored secrets from one APP_SECRET to another, all of them or none. */
import Database from 'better-sqlite3';
import pg from 'pg';
import type { Vault } from '../core/ports/effects.js';
import { hasDeskSessions, leaveAlone, sqliteFileOf } from './desk-at-work.js';

export interface Resealed {
  /** Passwords that are now sealed with the new secret. */
  readonly changed: number;
  /** Passwords that were sealed with it before: an earlier run came that far. */
  readonly already: number;
}

/** A desk has the database open; it would go on with the old secret. */
export class DeskAtWork extends Error {
  override readonly name = 'DeskAtWork';
}

interface Row {
  readonly id: string;
  readonly settings: string;
}
/** Mailboxes that were taken off the desk keep their row, and so their password. Nothing else is sealed (mailboxes.ts). */
const READ = 'SELECT "id", "settings" FROM "mailboxes"';

/**
 * @param databaseUrl of a database that is migrated
 * @throws DeskAtWork
 * @throws Error when one of the secrets can be opened with neither; then nothing was changed
 */
export async function resealSecrets(databaseUrl: string, from: Vault, to: Vault): Promise<Resealed> {
  const file = sqliteFileOf(databaseUrl);
  return file === undefined ? resealPostgresql(databaseUrl, from, to) : resealSqlite(file, from, to);
}

function resealSqlite(file: string, from: Vault, to: Vault): Resealed {
  const connection = new Database(file, { fileMustExist: true, timeout: 0 });
  try {
    if (!leaveAlone(connection)) throw new DeskAtWork('A desk is at work on this database.');
    // What is overwritten must not stay readable in free pages: whoever rotates may do so because the old secret got out.
    connection.pragma('secure_delete = ON');
    return connection
      .transaction(() => {
        const { rows, counts } = resealRows(connection.prepare<[], Row>(READ).all(), from, to);
        const update = connection.prepare('UPDATE "mailboxes" SET "settings" = ? WHERE "id" = ?');
        for (const { id, settings } of rows) update.run(settings, id);
        return counts;
      })
      .exclusive();
  } finally {
    connection.close();
  }
}

async function resealPostgresql(url: string, from: Vault, to: Vault): Promise<Resealed> {
  const client = new pg.Client({ connectionString: url, application_name: 'goniec-rotate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE "mailboxes" IN ACCESS EXCLUSIVE MODE');
    if (await hasDeskSessions(client)) throw new DeskAtWork('A desk is at work on this database.');
    const { rows, counts } = resealRows((await client.query<Row>(READ)).rows, from, to);
    for (const { id, settings } of rows) await client.query('UPDATE "mailboxes" SET "settings" = $1 WHERE "id" = $2', [settings, id]);
    await client.query('COMMIT');
    return counts;
  } finally {
    // An open transaction ends with its connection, without effect.
    await client.end();
  }
}

/** Part of a mailbox's settings, as far as it matters here: the logins of its servers. */
type Settings = Readonly<Record<string, unknown>>;
const LOGINS = ['imap', 'smtp'] as const;

function resealRows(rows: readonly Row[], from: Vault, to: Vault): { readonly rows: readonly Row[]; readonly counts: Resealed } {
  const counts = { changed: 0, already: 0 };
  const reseal = (sealed: string): string => {
    const clear = openedBy(to, sealed);
    if (clear !== undefined) {
      counts.already += 1;
      return sealed;
    }
    counts.changed += 1;
    return to.seal(from.open(sealed));
  };
  const resealed = rows.map(({ id, settings }) => {
    const changed: Record<string, unknown> = { ...(JSON.parse(settings) as Settings) };
    for (const name of LOGINS) {
      const login = changed[name];
      if (isRecord(login) && typeof login['password'] === 'string') changed[name] = { ...login, password: reseal(login['password']) };
    }
    return { id, settings: JSON.stringify(changed) };
  });
  return { rows: resealed, counts };
}

function openedBy(vault: Vault, sealed: string): string | undefined {
  try {
    return vault.open(sealed);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Settings => typeof value === 'object' && value !== null;
