/** Merges of conversations, so that they can be undone. */
import type { Merge } from '../core/model.js';
import type { MergeStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Merge as Row } from './generated/sqlite/client.js';
import { fromJson, id } from './rows.js';
import { insertInto } from './sql.js';

export function mergeStore({ sql, write }: Access): MergeStore {
  return {
    add: (merge) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('merges', { id: merge.id, fromId: merge.from, intoId: merge.into, at: merge.at, agentId: merge.agentId, moved: JSON.stringify(merge.moved), undoneAt: null }));
      }),

    async last(conversation) {
      const [row] = await sql.all<Row>(Prisma.sql`
        SELECT * FROM "merges" WHERE ("intoId" = ${conversation} OR "fromId" = ${conversation}) AND "undoneAt" IS NULL ORDER BY "at" DESC, "id" DESC LIMIT 1`);
      return row && mergeFrom(row);
    },

    undone: (merge, at) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`UPDATE "merges" SET "undoneAt" = ${at} WHERE "id" = ${merge}`);
      }),
  };
}

function mergeFrom(row: Row): Merge {
  return { id: id(row.id), from: id(row.fromId), into: id(row.intoId), at: row.at, agentId: id(row.agentId), moved: fromJson(row.moved) };
}
