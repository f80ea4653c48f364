/** Writes INSERT and UPDATE statements from rows, so that no column is forgotten: the compiler knows every table's row. */
import { Prisma } from './generated/sqlite/client.js';
import type * as Rows from './generated/sqlite/client.js';

/** Tables that are written with plain SQL, and their rows. */
interface Tables {
  conversations: Rows.Conversation;
  messages: Rows.Message;
  attachments: Rows.Attachment;
  notes: Rows.Note;
  events: Rows.HistoryEvent;
  customers: Rows.Customer;
  customer_addresses: Rows.CustomerAddress;
  customer_notes: Rows.CustomerNote;
  customer_events: Rows.CustomerEvent;
  customer_merges: Rows.CustomerMerge;
  raw_mails: Rows.RawMail;
  deliveries: Rows.Delivery;
  posts: Rows.Post;
  presence: Rows.Presence;
  people: Rows.Person;
  reminders: Rows.Reminder;
  merges: Rows.Merge;
  template_uses: Rows.TemplateUse;
  turns: Rows.Turn;
  absences: Rows.Absence;
  notices: Rows.Notice;
  handled_calls: Rows.HandledCall;
  senders: Rows.Sender;
  purged_conversations: Rows.PurgedConversation;
  purged_blobs: Rows.PurgedBlob;
  saved_searches: Rows.SavedSearch;
  bulks: Rows.Bulk;
}
/** Columns that the database fills in. */
type Automatic = 'seq';

export function insertInto<Table extends keyof Tables>(table: Table, row: Omit<Tables[Table], Automatic>, onConflict: Prisma.Sql = Prisma.empty): Prisma.Sql {
  const values = Object.values(row);
  return new Prisma.Sql([...insertTexts(table, Object.keys(row)), ''], [...values, onConflict]);
}

/** Statements of the intake path are written thousands of times: what stands before, between and after the values is put together once. */
const insertTextsByTable = new Map<string, { readonly columns: readonly string[]; readonly texts: readonly string[] }>();

function insertTexts(table: string, columns: readonly string[]): readonly string[] {
  const known = insertTextsByTable.get(table);
  if (known?.columns.length === columns.length && known.columns.every((column, at) => column === columns[at])) return known.texts;
  const texts = [`INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(',')}) VALUES (`, ...columns.slice(1).map(() => ','), ') '];
  insertTextsByTable.set(table, { columns, texts });
  return texts;
}

/** `SET "a" = ..., "b" = ...` of the given columns. */
export function set<Table extends keyof Tables>(_table: Table, patch: Partial<Tables[Table]>): Prisma.Sql {
  return Prisma.join(Object.entries(patch).map(([column, value]) => Prisma.sql`${Prisma.raw(`"${column}"`)} = ${value}`));
}

/** `UPDATE table SET ... WHERE id = ...`; undefined when there is nothing to set. */
export function updateById<Table extends keyof Tables>(table: Table, id: string, patch: Partial<Tables[Table]>): Prisma.Sql | undefined {
  if (Object.keys(patch).length === 0) return undefined;
  return Prisma.sql`UPDATE ${Prisma.raw(`"${table}"`)} SET ${set(table, patch)} WHERE "id" = ${id}`;
}

/** PostgreSQL's text cannot hold U+0000, which mail can; on both engines it becomes the replacement character. */
export function withoutNul(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

/** A B-tree entry of PostgreSQL holds 2,704 bytes, and a letter takes up to four; real Message-IDs and addresses are far shorter. */
const MAX_KEY_CHARS = 600;

/** Text from outside that is looked up by an index, cut to what an index can hold. Both ends of a comparison go through it. */
export function indexable(text: string): string {
  return text.length > MAX_KEY_CHARS ? text.slice(0, MAX_KEY_CHARS) : text;
}
