/** What agents are told in person. */
import type { Notice } from '../core/model.js';
import type { NoticeStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Notice as Row } from './generated/sqlite/client.js';
import { id, nullable, oneOf, optional, optionalId } from './rows.js';
import { insertInto } from './sql.js';

export function noticeStore({ sql, write }: Access): NoticeStore {
  return {
    add: (notice) =>
      write(async ({ sql, changes }) => {
        await sql.run(insertInto('notices', { ...notice, noteId: nullable(notice.noteId), byId: nullable(notice.byId), readAt: nullable(notice.readAt) }));
        changes.conversations.add(notice.conversationId);
      }),

    async get(notice) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "notices" WHERE "id" = ${notice}`);
      return row && noticeFrom(row);
    },

    async of(agent, limit) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "notices" WHERE "agentId" = ${agent} ORDER BY "at" DESC, "id" DESC LIMIT ${limit}`);
      return rows.map(noticeFrom);
    },

    async read(agent, conversation, at) {
      const only = conversation === undefined ? Prisma.empty : Prisma.sql`AND "conversationId" = ${conversation}`;
      const unseen = Prisma.sql`"agentId" = ${agent} AND "readAt" IS NULL ${only}`;
      // Asked with every look at a conversation, and nearly always there is none: no writing then.
      const [any] = await sql.all<Pick<Row, 'id'>>(Prisma.sql`SELECT "id" FROM "notices" WHERE ${unseen} LIMIT 1`);
      if (!any) return;
      await write(async ({ sql, changes }) => {
        const read = await sql.all<Pick<Row, 'conversationId'>>(Prisma.sql`UPDATE "notices" SET "readAt" = ${at} WHERE ${unseen} RETURNING "conversationId"`);
        for (const { conversationId } of read) changes.conversations.add(id(conversationId));
      });
    },

    forgetBefore: (at) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "notices" WHERE "at" < ${at}`);
      }),
  };
}

function noticeFrom(row: Row): Notice {
  return { id: id(row.id), agentId: id(row.agentId), kind: oneOf(row.kind), conversationId: id(row.conversationId), noteId: optionalId(row.noteId), byId: optionalId(row.byId), at: row.at, readAt: optional(row.readAt) };
}
