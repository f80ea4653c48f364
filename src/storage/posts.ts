/** Which post shows what. */
import type { PostStore, PostSubject } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Post as Row } from './generated/sqlite/client.js';
import { id } from './rows.js';
import { insertInto } from './sql.js';

export function postStore({ sql, write }: Access): PostStore {
  return {
    save: ({ bridge, ref, conversationId, about }) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('posts', { bridge, ref, conversationId, aboutKind: about.kind, aboutId: about.id }, Prisma.sql`
          ON CONFLICT ("bridge", "ref") DO UPDATE
          SET "conversationId" = excluded."conversationId", "aboutKind" = excluded."aboutKind", "aboutId" = excluded."aboutId"`));
      }),

    async find(conversation, about) {
      const [row] = await sql.all<Row>(Prisma.sql`
        SELECT * FROM "posts" WHERE "conversationId" = ${conversation} AND "aboutKind" = ${about.kind} AND "aboutId" = ${about.id} ORDER BY "seq" DESC LIMIT 1`);
      return row && { bridge: row.bridge, ref: id(row.ref) };
    },

    async shown(bridge, conversation) {
      const rows = await sql.all<Row>(Prisma.sql`
        SELECT * FROM "posts" WHERE "bridge" = ${bridge} AND "conversationId" = ${conversation} AND "aboutKind" IN ('message', 'note', 'event') ORDER BY "seq"`);
      return rows.map(({ ref }) => id(ref));
    },

    forgetShown: (conversation) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "posts" WHERE "conversationId" = ${conversation} AND "aboutKind" IN ('message', 'note', 'event')`);
      }),

    async wordsOn(bridge, limit) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "posts" WHERE "bridge" = ${bridge} AND "aboutKind" IN ('note-words', 'message-words') ORDER BY "seq" DESC LIMIT ${limit}`);
      return rows.map((row) => ({ ref: id(row.ref), conversationId: id(row.conversationId), about: subjectFrom(row) }));
    },

    async subjectOf(bridge, ref) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "posts" WHERE "bridge" = ${bridge} AND "ref" = ${ref}`);
      return row && { conversationId: id(row.conversationId), about: subjectFrom(row) };
    },
  };
}

/** Kind and id were written from a PostSubject. */
function subjectFrom({ aboutKind, aboutId }: Row): PostSubject {
  return { kind: aboutKind, id: aboutId } as PostSubject;
}
