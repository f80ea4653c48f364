/**
 * Fills a database fast: a sample of mails goes through the product, then all that each left behind, in every table, is copied many times with ids, numbers, addresses and words of its own.
 * Whatever the schema is, the copies have it.
 */
import Database from 'better-sqlite3';

import type { Mailbox } from '../src/core/model.js';
import { foldedWords } from '../src/core/fold.js';
import type { House } from '../src/main.js';
import { newId } from './built.js';
import { clock } from './desk.js';
import { markOf, sampleMail } from './mails.js';

type Row = Record<string, string | number | null>;

/** Tables in which a mail leaves rows, parents first, and the column that names its conversation or mail. */
const TABLES = [
  ['customers', 'id'], ['customer_addresses', 'customerId'], ['conversations', 'id'], ['messages', 'conversationId'], ['attachments', 'messageId'], ['events', 'conversationId'], ['raw_mails', 'messageId'],
  ['deliveries', 'conversation'], ['posts', 'conversationId'], ['search_entries', 'conversationId'],
] as const;

/** Columns that the database numbers by itself. */
const OWN_NUMBERS = ['seq'];
const MOMENTS = ['createdAt', 'updatedAt', 'receivedAt', 'at', 'dueAt', 'finishedAt', 'sentAt'];
/** Between two copies. */
const APART_MS = 60_000;
const COPIES_A_TRANSACTION = 2_000;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Keeps mails as SMTP intake does. */
export async function keepMails(house: House, mailbox: Mailbox, from: number, count: number): Promise<void> {
  const arrivals = Array.from({ length: count }, (_, offset) => {
    const raw = Buffer.from(sampleMail(from + offset));
    return { source: 'smtp' as const, place: undefined, raw, headers: undefined, bytes: raw.byteLength, recipients: [mailbox.address], receivedAt: clock.now(), historic: false, reread: false };
  });
  await house.intake.keep(mailbox, arrivals, undefined);
}

/** Copies what the mails that are there left behind until there are `wanted` messages. Their deliveries are done and their cards posted. */
export function fill(file: string, wanted: number): void {
  const database = new Database(file);
  try {
    database.pragma('synchronous = OFF');
    settleDeliveries(database);
    const samples = readSamples(database);
    const begun = Number(database.prepare('SELECT COUNT(*) FROM messages').pluck().get());
    const inserts = new Map<string, Database.Statement>();
    for (let done = begun; done < wanted; done += COPIES_A_TRANSACTION) {
      database.transaction(() => {
        for (let index = done; index < Math.min(wanted, done + COPIES_A_TRANSACTION); index += 1) copy(database, samples[index % samples.length] ?? [], index, inserts);
      })();
    }
    database.prepare("UPDATE counters SET value = (SELECT MAX(number) FROM conversations) WHERE name = 'conversation'").run();
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.exec('ANALYZE');
  } finally {
    database.close();
  }
}

/** As after the cards were posted. */
function settleDeliveries(database: Database.Database): void {
  database.exec("UPDATE deliveries SET state = 'done', finishedAt = createdAt, tries = 1 WHERE state = 'waiting'; DELETE FROM jobs");
  database.exec("UPDATE conversations SET cardRef = 'web-post-' || id, threadRef = 'web-thread-' || id WHERE channelId IS NOT NULL AND cardRef IS NULL");
}

type Sample = readonly { readonly table: string; readonly rows: readonly Row[] }[];

function readSamples(database: Database.Database): readonly Sample[] {
  const conversations = database.prepare('SELECT id, customerId FROM conversations').all() as { id: string; customerId: string }[];
  return conversations.map(({ id, customerId }) => {
    const messages = database.prepare('SELECT id FROM messages WHERE conversationId = ?').pluck().all(id) as string[];
    return TABLES.map(([table, column]) => {
      if (column === 'conversation') return { table, rows: database.prepare(`SELECT * FROM ${table} WHERE effect LIKE ?`).all(`%${id}%`) as Row[] };
      const keys = table === 'customers' || table === 'customer_addresses' ? [customerId] : column === 'messageId' ? messages : [id];
      return { table, rows: keys.flatMap((key) => database.prepare(`SELECT * FROM ${table} WHERE "${column}" = ?`).all(key) as Row[]) };
    });
  });
}

function copy(database: Database.Database, sample: Sample, index: number, inserts: Map<string, Database.Statement>): void {
  const ids = new Map<string, string>();
  const mark = markOf(index);
  const anew = (text: string): string =>
    text.replace(/\bc\d{6}\b/g, mark).replace(UUID, (id) => {
      const known = ids.get(id) ?? newId();
      ids.set(id, known);
      return known;
    });
  for (const { table, rows } of sample) {
    for (const row of rows) {
      const own = table === 'search_entries' ? [...OWN_NUMBERS, 'id'] : OWN_NUMBERS;
      const columns = Object.keys(row).filter((name) => !own.includes(name));
      const values = columns.map((name) => valueOf(name, row[name] ?? null, index, anew));
      const key = `${table} ${columns.join()}`;
      const insert = inserts.get(key) ?? database.prepare(`INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join()}) VALUES (${columns.map(() => '?').join()})`);
      inserts.set(key, insert);
      const { lastInsertRowid } = insert.run(...values);
      if (table === 'search_entries') indexEntry(database, Number(lastInsertRowid), String(values[columns.indexOf('text')]), mark);
    }
  }
}

/** As the product does it for a mail of ours: sender and subject by the mark, receiver the mailbox. */
function indexEntry(database: Database.Database, entry: number, text: string, mark: string): void {
  const [subject = ''] = text.split('\n', 1);
  database.prepare('INSERT INTO search_index (rowid, words, sender, receivers, subject) VALUES (?, ?, ?, ?, ?)').run(entry, words(text), words(`${mark}@customer.example Customer ${mark}`), words('box1@desk.example Shop'), words(subject));
}

const words = (text: string): string => foldedWords(text).join(' ');

function valueOf(name: string, value: string | number | null, index: number, anew: (text: string) => string): string | number | null {
  if (name === 'number') return index + 1;
  if (name === 'contentHash') return `${String(value).slice(0, 50)}-${index}`;
  if (MOMENTS.includes(name) && typeof value === 'number') return value - index * APART_MS;
  // A blob is named by its hash, which may look like anything; copies share it.
  return typeof value === 'string' && name !== 'blob' ? anew(value) : value;
}
