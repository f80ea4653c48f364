/** What is done with many conversations at once, and how far it is. */
import type { Bulk, BulkCounts, BulkItem, BulkItemState } from '../core/bulk.js';
import type { BulkStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Bulk as Row, BulkItem as ItemRow } from './generated/sqlite/client.js';
import { fromJson, id, nullable, oneOf, optional } from './rows.js';
import { insertInto } from './sql.js';

/** Rows in one statement: PostgreSQL takes 65,535 values in all. */
const ROWS_AT_ONCE = 500;

export function bulkStore({ sql, write }: Access): BulkStore {
  return {
    add: (bulk, conversations) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('bulks', { ...bulk, finishedAt: nullable(bulk.finishedAt) }));
        for (let from = 0; from < conversations.length; from += ROWS_AT_ONCE) {
          const rows = conversations.slice(from, from + ROWS_AT_ONCE).map((conversation, index) => Prisma.sql`(${bulk.id}, ${from + index}, ${conversation}, 'waiting')`);
          await sql.run(Prisma.sql`INSERT INTO "bulk_items" ("bulkId", "position", "conversationId", "state") VALUES ${Prisma.join(rows)}`);
        }
      }),

    async get(bulk) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "bulks" WHERE "id" = ${bulk}`);
      return row && bulkFrom(row);
    },

    async recent(of, limit) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "bulks" WHERE "state" <> 'asked' ${of === undefined ? Prisma.empty : Prisma.sql`AND "agentId" = ${of}`} ORDER BY "createdAt" DESC, "id" DESC LIMIT ${limit}`);
      return rows.map(bulkFrom);
    },

    async newest(of) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "bulks" WHERE "agentId" = ${of} ORDER BY "createdAt" DESC, "id" DESC LIMIT 1`);
      return row && bulkFrom(row);
    },

    async underWay() {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "bulks" WHERE "state" IN ('running', 'undoing') ORDER BY "createdAt", "id"`);
      return rows.map(bulkFrom);
    },

    async counts(bulk) {
      const groups = await sql.all<{ state: string; count: number | bigint }>(Prisma.sql`SELECT "state", COUNT(*) AS "count" FROM "bulk_items" WHERE "bulkId" = ${bulk} GROUP BY "state"`);
      const of = (state: BulkItemState): number => Number(groups.find((group) => group.state === state)?.count ?? 0);
      return { waiting: of('waiting'), done: of('done'), skipped: of('skipped'), undone: of('undone'), kept: of('kept') } satisfies BulkCounts;
    },

    async items(bulk, state, limit) {
      const rows = await sql.all<ItemRow>(Prisma.sql`SELECT * FROM "bulk_items" WHERE "bulkId" = ${bulk} AND "state" = ${state} ORDER BY "position" LIMIT ${limit}`);
      return rows.map(itemFrom);
    },

    move: (bulk, from, to, finishedAt) =>
      write(async ({ sql }) => (await sql.run(Prisma.sql`UPDATE "bulks" SET "state" = ${to}, "finishedAt" = ${nullable(finishedAt)} WHERE "id" = ${bulk} AND "state" IN (${Prisma.join([...from])})`)) === 1),

    settle: (bulk, { position, state, revision, before }) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`
          UPDATE "bulk_items" SET "state" = ${state}, "revision" = ${nullable(revision)}, "before" = ${before === undefined ? null : JSON.stringify(before)} WHERE "bulkId" = ${bulk} AND "position" = ${position}`);
      }),

    forgetAsked: (before) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "bulk_items" WHERE "bulkId" IN (SELECT "id" FROM "bulks" WHERE "state" = 'asked' AND "createdAt" < ${before})`);
        await sql.run(Prisma.sql`DELETE FROM "bulks" WHERE "state" = 'asked' AND "createdAt" < ${before}`);
      }),
  };
}

function bulkFrom(row: Row): Bulk {
  return { id: id(row.id), agentId: id(row.agentId), via: row.via, action: oneOf(row.action), value: row.value, words: row.words, state: oneOf(row.state), total: row.total, createdAt: row.createdAt, finishedAt: optional(row.finishedAt) };
}

function itemFrom(row: ItemRow): BulkItem {
  return { position: row.position, conversationId: id(row.conversationId), state: oneOf(row.state), revision: optional(row.revision), before: row.before === null ? undefined : fromJson(row.before) };
}
