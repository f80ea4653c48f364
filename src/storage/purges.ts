/** Deletes what is to be deleted for good, and remembers which numbers it had. */
import type { BlobHash, ConversationId } from '../core/ids.js';
import type { Purged } from '../core/model.js';
import type { PurgeStore } from '../core/ports/store.js';
import type { Access, EngineName, Sql } from './access.js';
import { blobsInList, FILE_LISTS, NAMED_BLOBS } from './blob-references.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Conversation as ConversationRow, PurgedConversation as Row } from './generated/sqlite/client.js';
import { id, nullable, optionalId } from './rows.js';
import { insertInto } from './sql.js';

/** Tables that hold something of a conversation under `conversationId`, in the order in which they can be emptied. */
export const OF_A_CONVERSATION = ['search_entries', 'conversation_labels', 'bulk_items', 'posts', 'presence', 'reminders', 'notices', 'events', 'notes', 'messages'] as const;

interface Id {
  readonly id: string;
}

export function purgeStore({ engine, sql, write }: Access): PurgeStore {
  const one = (rows: readonly Row[]): Purged | undefined => rows.map(purgedFrom)[0];

  return {
    async due(before, limit) {
      // An answer that is on its way, and one of which a person has to say what became of it, is no thing of the past.
      const rows = await sql.all<Id>(Prisma.sql`
        SELECT c."id" FROM "conversations" AS c
        WHERE c."status" = 'spam' AND c."updatedAt" < ${before}
          AND NOT EXISTS (SELECT 1 FROM "messages" AS m WHERE m."conversationId" = c."id" AND m."state" IN ('queued', 'sending', 'uncertain'))
          AND NOT EXISTS (SELECT 1 FROM "deliveries" AS d WHERE d."lane" IN ('chat:' || c."id", 'mail:' || c."id") AND d."state" IN ('waiting', 'running'))
        ORDER BY c."updatedAt", c."id" LIMIT ${limit}`);
      return rows.map((row) => id<ConversationId>(row.id));
    },

    purge: (conversation, { at, spamSince, agentId }) =>
      write(async ({ sql, changes }) => {
        const all = await withMergedInto(sql, conversation);
        for (const row of all) {
          await sql.run(insertInto('purged_conversations', { number: row.number, conversationId: row.id, spamSince, agentId: nullable(agentId), purgedAt: at }));
          changes.conversations.add(id(row.id));
        }
        const ids = Prisma.join(all.map((row) => row.id));
        await rememberBlobs(sql, ids, at);
        await forgetMails(sql, ids);
        await deleteContents(sql, engine, ids);
        await sql.run(Prisma.sql`DELETE FROM "conversations" WHERE "id" IN (${ids})`);
        for (const customer of new Set(all.map(({ customerId }) => customerId))) await deleteCustomerOfNothing(sql, customer);
      }),

    async byNumber(number) {
      return one(await sql.all<Row>(Prisma.sql`SELECT * FROM "purged_conversations" WHERE "number" = ${number}`));
    },

    async get(conversation) {
      return one(await sql.all<Row>(Prisma.sql`SELECT * FROM "purged_conversations" WHERE "conversationId" = ${conversation}`));
    },

    async blobs(limit) {
      const rows = await sql.all<{ hash: string }>(Prisma.sql`SELECT "hash" FROM "purged_blobs" ORDER BY "at", "hash" LIMIT ${limit}`);
      return rows.map(({ hash }) => id<BlobHash>(hash));
    },

    async needed(blobs) {
      if (blobs.length === 0) return new Set();
      const named = await sql.all<{ blob: string }>(Prisma.sql`SELECT "blob" FROM (${Prisma.raw(NAMED_BLOBS)}) AS n WHERE "blob" IN (${Prisma.join(blobs)})`);
      const lists = await sql.all<{ files: string }>(Prisma.raw(FILE_LISTS));
      const wanted = new Set<string>(blobs);
      return new Set([...named.map(({ blob }) => blob), ...lists.flatMap(({ files }) => blobsInList(files)).filter((hash) => wanted.has(hash))].map((hash) => id<BlobHash>(hash)));
    },

    forgetBlobs: (blobs) =>
      write(async ({ sql }) => {
        if (blobs.length > 0) await sql.run(Prisma.sql`DELETE FROM "purged_blobs" WHERE "hash" IN (${Prisma.join(blobs)})`);
      }),
  };
}

type Doomed = Pick<ConversationRow, 'id' | 'number' | 'customerId'>;

/** The conversation and those whose mails went into it, and theirs: their numbers led here. */
async function withMergedInto(sql: Sql, conversation: ConversationId): Promise<readonly Doomed[]> {
  return sql.all<Doomed>(Prisma.sql`
    WITH RECURSIVE "doomed"("id", "number", "customerId") AS (
      SELECT "id", "number", "customerId" FROM "conversations" WHERE "id" = ${conversation}
      UNION SELECT c."id", c."number", c."customerId" FROM "conversations" AS c JOIN "doomed" AS d ON c."mergedInto" = d."id")
    SELECT * FROM "doomed"`);
}

/** Their files may go once nothing else needs them; they are written down first, so that being stopped in between leaves nothing behind. */
async function rememberBlobs(sql: Sql, ids: Prisma.Sql, at: Date): Promise<void> {
  const rows = await sql.all<{ blob: string }>(Prisma.sql`
    SELECT r."blob" FROM "raw_mails" AS r JOIN "messages" AS m ON m."rawMailId" = r."id" OR m."id" = r."messageId" WHERE m."conversationId" IN (${ids}) AND r."blob" IS NOT NULL
    UNION SELECT a."blob" FROM "attachments" AS a JOIN "messages" AS m ON m."id" = a."messageId" WHERE m."conversationId" IN (${ids}) AND a."blob" IS NOT NULL`);
  const lists = await sql.all<{ files: string }>(Prisma.sql`SELECT "files" FROM "notes" WHERE "conversationId" IN (${ids}) AND "files" <> '[]'`);
  for (const hash of new Set([...rows.map(({ blob }) => blob), ...lists.flatMap(({ files }) => blobsInList(files))])) {
    await sql.run(insertInto('purged_blobs', { hash, at }, Prisma.sql`ON CONFLICT ("hash") DO NOTHING`));
  }
}

/** The lines of the ledger stay, so that a mail that still lies on its server is not taken for a new one; of what it said and who wrote it nothing is left. */
async function forgetMails(sql: Sql, ids: Prisma.Sql): Promise<void> {
  await sql.run(Prisma.sql`
    UPDATE "raw_mails" SET "state" = 'purged', "outcome" = 'purged', "messageId" = NULL, "subject" = '', "sender" = '', "recipients" = '[]'
    WHERE "id" IN (SELECT "rawMailId" FROM "messages" WHERE "conversationId" IN (${ids}) AND "rawMailId" IS NOT NULL)
      OR "messageId" IN (SELECT "id" FROM "messages" WHERE "conversationId" IN (${ids}))`);
}

async function deleteContents(sql: Sql, engine: EngineName, ids: Prisma.Sql): Promise<void> {
  const ofMessages = Prisma.sql`(SELECT "id" FROM "messages" WHERE "conversationId" IN (${ids}))`;
  // On PostgreSQL the index goes with the entries.
  if (engine === 'sqlite') await sql.run(Prisma.sql`DELETE FROM "search_index" WHERE "rowid" IN (SELECT "id" FROM "search_entries" WHERE "conversationId" IN (${ids}))`);
  await sql.run(Prisma.sql`
    DELETE FROM "deliveries" WHERE "lane" IN (SELECT 'chat:' || "id" FROM "conversations" WHERE "id" IN (${ids}) UNION SELECT 'mail:' || "id" FROM "conversations" WHERE "id" IN (${ids}))
      OR "sendsMessageId" IN ${ofMessages} OR "lane" IN (SELECT 'copy:' || "id" FROM "messages" WHERE "conversationId" IN (${ids}))`);
  await sql.run(Prisma.sql`DELETE FROM "attachments" WHERE "messageId" IN ${ofMessages}`);
  for (const table of OF_A_CONVERSATION) {
    await sql.run(Prisma.sql`DELETE FROM ${Prisma.raw(`"${table}"`)} WHERE "conversationId" IN (${ids})`);
  }
  await sql.run(Prisma.sql`DELETE FROM "merges" WHERE "fromId" IN (${ids}) OR "intoId" IN (${ids})`);
}

/** Somebody of whom nothing is left, and of whom staff wrote nothing down, is nobody we know. */
async function deleteCustomerOfNothing(sql: Sql, customer: string): Promise<void> {
  const [row] = await sql.all<Id>(Prisma.sql`SELECT "id" FROM "conversations" WHERE "customerId" = ${customer} LIMIT 1`);
  if (row) return;
  const known = await sql.all<Id>(Prisma.sql`
    SELECT "id" FROM "customers" AS c WHERE c."id" = ${customer} AND (c."labels" <> '[]' OR c."mergedInto" IS NOT NULL OR EXISTS (SELECT 1 FROM "customer_events" AS e WHERE e."customerId" = c."id")
      OR EXISTS (SELECT 1 FROM "customer_notes" AS n WHERE n."customerId" = c."id") OR EXISTS (SELECT 1 FROM "customers" AS o WHERE o."mergedInto" = c."id"))`);
  if (known.length > 0) return;
  await sql.run(Prisma.sql`DELETE FROM "customer_addresses" WHERE "customerId" = ${customer}`);
  await sql.run(Prisma.sql`DELETE FROM "customers" WHERE "id" = ${customer}`);
}

function purgedFrom(row: Row): Purged {
  return { number: row.number, conversationId: id(row.conversationId), spamSince: row.spamSince, agentId: optionalId(row.agentId), purgedAt: row.purgedAt };
}
