/** Finds what does not fit together, with one statement a question; both engines run them. */
import type { RawMailId } from '../core/ids.js';
import type { StoredFile } from '../core/model.js';
import type { AuditStore } from '../core/ports/audit.js';
import type { Log } from '../core/ports/effects.js';
import type { Sql } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import { openPostgresql } from './postgresql.js';
import { fromJson, id } from './rows.js';
import { openSqlite } from './sqlite.js';

/** Opens a database that is migrated, for an audit beside whatever else has it open. */
export async function openAudit(databaseUrl: string, log: Log): Promise<{ readonly audit: AuditStore; close(): Promise<void> }> {
  const file = /^file:(?:\/\/)?(?<path>[^?]+)/.exec(databaseUrl)?.groups?.['path'];
  const backend = file === undefined ? await openPostgresql(databaseUrl, log) : await openSqlite(file);
  return { audit: auditStore(backend.sql), close: () => backend.close() };
}

interface Id {
  readonly id: string;
}

/** Conversations that are to be seen in chat: those of a channel that is on the desk. */
const IN_CHAT = Prisma.sql`"conversations" AS c JOIN "channels" AS ch ON ch."id" = c."channelId" AND ch."removed" = ${false}`;
const UNFINISHED = Prisma.sql`"state" IN ('waiting', 'running')`;

function auditStore(sql: Sql): AuditStore {
  const ids = async <Name extends string>(statement: Prisma.Sql): Promise<readonly Name[]> => (await sql.all<Id>(statement)).map((row) => id<Name>(row.id));
  const count = async (table: 'raw_mails' | 'messages' | 'conversations'): Promise<number> => {
    const [row] = await sql.all<{ count: number | bigint }>(Prisma.sql`SELECT COUNT(*) AS "count" FROM ${Prisma.raw(`"${table}"`)}`);
    return Number(row?.count ?? 0);
  };
  const mails = async (statement: Prisma.Sql): ReturnType<AuditStore['mailsWaiting']> =>
    (await sql.all<Id & { mailboxId: string }>(statement)).map((row) => ({ id: id(row.id), mailboxId: id(row.mailboxId) }));
  const messages = async (statement: Prisma.Sql): ReturnType<AuditStore['messagePostsMissing']> =>
    (await sql.all<Id & { conversationId: string }>(statement)).map((row) => ({ conversationId: id(row.conversationId), messageId: id(row.id) }));

  return {
    counts: async () => ({ mails: await count('raw_mails'), messages: await count('messages'), conversations: await count('conversations') }),

    async blobs() {
      const ofMails = await sql.all<{ hash: string; mail: string }>(Prisma.sql`SELECT "blob" AS "hash", MIN("id") AS "mail" FROM "raw_mails" WHERE "blob" IS NOT NULL AND "state" <> 'purged' GROUP BY "blob"`);
      const ofAnswers = await sql.all<{ hash: string }>(Prisma.sql`SELECT DISTINCT "blob" AS "hash" FROM "attachments" WHERE "blob" IS NOT NULL`);
      const ofNotes = await sql.all<{ files: string }>(Prisma.sql`SELECT "files" FROM "notes" WHERE "files" <> '[]'`);
      const ofTemplates = await sql.all<{ files: string }>(Prisma.sql`SELECT "files" FROM "templates" WHERE "files" <> '[]'`);
      const files = [...ofAnswers.map(({ hash }) => hash), ...[...ofNotes, ...ofTemplates].flatMap((note) => fromJson<readonly StoredFile[]>(note.files).map(({ blob }) => blob))];
      const known = new Map<string, string | undefined>([...files.map((hash) => [hash, undefined] as const), ...ofMails.map(({ hash, mail }) => [hash, mail] as const)]);
      return [...known].map(([hash, mail]) => ({ hash: id(hash), mail: mail === undefined ? undefined : id<RawMailId>(mail) }));
    },

    mailsWaiting: () => mails(Prisma.sql`SELECT "id", "mailboxId" FROM "raw_mails" WHERE "state" = 'stored' ORDER BY "receivedAt", "id"`),

    mailsInQuarantine: () => ids(Prisma.sql`SELECT "id" FROM "raw_mails" WHERE "state" = 'quarantined' ORDER BY "receivedAt", "id"`),

    mailsWithoutMessage: () =>
      mails(Prisma.sql`
        SELECT r."id", r."mailboxId" FROM "raw_mails" AS r
        WHERE r."state" IN ('done', 'history') AND (
          (r."messageId" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "messages" AS m WHERE m."id" = r."messageId"))
          OR (r."messageId" IS NULL AND COALESCE(r."outcome", '') <> 'known')
          OR (r."messageId" IS NULL AND r."outcome" = 'known' AND NOT EXISTS (
            SELECT 1 FROM "raw_mails" AS o WHERE o."mailboxId" = r."mailboxId" AND o."blob" = r."blob" AND o."id" <> r."id" AND COALESCE(o."outcome", '') <> 'known')))
        ORDER BY r."id"`),

    mailsTwice: () => ids(Prisma.sql`SELECT "rawMailId" AS "id" FROM "messages" WHERE "rawMailId" IS NOT NULL GROUP BY "rawMailId" HAVING COUNT(*) > 1 ORDER BY "rawMailId"`),

    messagesWithoutMail: () =>
      ids(Prisma.sql`
        SELECT m."id" FROM "messages" AS m
        WHERE m."direction" = 'in' AND NOT EXISTS (SELECT 1 FROM "raw_mails" AS r WHERE r."id" = m."rawMailId") ORDER BY m."id"`),

    // A message that is in line posts the card before itself.
    cardsMissing: () =>
      ids(Prisma.sql`
        SELECT c."id" FROM ${IN_CHAT}
        WHERE (c."cardRef" IS NULL OR c."threadRef" IS NULL) AND NOT EXISTS (
          SELECT 1 FROM "deliveries" AS d WHERE d."lane" = 'chat:' || c."id" AND d.${UNFINISHED} AND (d."coalesce" LIKE 'card:%' OR d."coalesce" LIKE 'message:%'))
        ORDER BY c."number"`),

    messagePostsMissing: () =>
      messages(Prisma.sql`
        SELECT m."id", m."conversationId" FROM ${IN_CHAT} JOIN "messages" AS m ON m."conversationId" = c."id"
        WHERE NOT (m."direction" = 'in' AND COALESCE(m."automaticKind", '') = 'bounce')
          AND NOT EXISTS (SELECT 1 FROM "posts" AS p WHERE p."conversationId" = m."conversationId" AND p."aboutKind" = 'message' AND p."aboutId" = m."id")
          AND NOT EXISTS (SELECT 1 FROM "deliveries" AS d WHERE d."coalesce" = 'message:' || m."id" AND d.${UNFINISHED})
        ORDER BY m."createdAt", m."id"`),

    async notePostsMissing() {
      const rows = await sql.all<Id & { conversationId: string }>(Prisma.sql`
        SELECT n."id", n."conversationId" FROM ${IN_CHAT} JOIN "notes" AS n ON n."conversationId" = c."id"
        WHERE n."via" <> ch."bridge" AND n."deletedAt" IS NULL
          AND NOT EXISTS (SELECT 1 FROM "posts" AS p WHERE p."conversationId" = n."conversationId" AND p."aboutKind" = 'note' AND p."aboutId" = n."id")
          AND NOT EXISTS (SELECT 1 FROM "deliveries" AS d WHERE d."coalesce" = 'note:' || n."id" AND d.${UNFINISHED})
        ORDER BY n."createdAt", n."id"`);
      return rows.map((row) => ({ conversationId: id(row.conversationId), noteId: id(row.id) }));
    },

    postsTwice: () => ids(Prisma.sql`SELECT "aboutId" AS "id" FROM "posts" GROUP BY "bridge", "conversationId", "aboutKind", "aboutId" HAVING COUNT(*) > 1 ORDER BY "aboutId"`),

    // Only what is shown is coalesced.
    async postsStale() {
      const rows = await sql.all<Id & { effect: string }>(Prisma.sql`
        SELECT d."id", d."effect" FROM "deliveries" AS d
        WHERE d."state" = 'failed' AND d."coalesce" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "deliveries" AS n WHERE n."coalesce" = d."coalesce" AND n."seq" > d."seq")
        ORDER BY d."seq"`);
      return rows.map((row) => ({ id: id(row.id), effect: fromJson(row.effect) }));
    },

    answersUnsent: () =>
      messages(Prisma.sql`
        SELECT m."id", m."conversationId" FROM "messages" AS m
        WHERE m."direction" = 'out' AND m."state" IN ('queued', 'sending') AND NOT EXISTS (SELECT 1 FROM "deliveries" AS d WHERE d."sendsMessageId" = m."id" AND d.${UNFINISHED})
        ORDER BY m."createdAt", m."id"`),

    // What has a raw mail was written in another mail program.
    answersWithoutId: () => ids(Prisma.sql`SELECT "id" FROM "messages" WHERE "direction" = 'out' AND "rawMailId" IS NULL AND "headerId" IS NULL ORDER BY "id"`),

    answersUncertain: () => ids(Prisma.sql`SELECT "id" FROM "messages" WHERE "direction" = 'out' AND "state" = 'uncertain' ORDER BY "id"`),

    deliveriesFailed: () =>
      ids(Prisma.sql`
        SELECT d."id" FROM "deliveries" AS d
        WHERE d."state" = 'failed' AND d."coalesce" IS NULL
          AND (d."sendsMessageId" IS NULL OR EXISTS (SELECT 1 FROM "messages" AS m WHERE m."id" = d."sendsMessageId" AND m."state" = 'failed'))
        ORDER BY d."seq"`),
  };
}
