/** Deliveries, in lanes. Unfinished is what is waiting or running; what waits for a person (failed, uncertain) does not hold up its lane. */
import type { Delivery, DeliveryState } from '../core/deliveries.js';
import type { DeliveryId } from '../core/ids.js';
import type { DeliveryStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Delivery as Row } from './generated/sqlite/client.js';
import { fromJson, id, nullable, oneOf, optional, patchOf } from './rows.js';
import { insertInto, set } from './sql.js';

const NONE: Readonly<Record<DeliveryState, number>> = { waiting: 0, running: 0, done: 0, failed: 0, uncertain: 0, cancelled: 0 };

export function deliveryStore({ db, sql, write }: Access): DeliveryStore {
  const one = (rows: readonly Row[]): Delivery | undefined => (rows[0] ? deliveryFrom(rows[0]) : undefined);

  return {
    add: (delivery) =>
      write(async ({ sql }) => {
        if (delivery.coalesce !== undefined) {
          // Written, not only read: on PostgreSQL the row stays locked until we commit, so that whoever starts it afterwards sees what we changed.
          const waiting = await sql.run(Prisma.sql`UPDATE "deliveries" SET "coalesce" = ${delivery.coalesce} WHERE "coalesce" = ${delivery.coalesce} AND "state" = 'waiting'`);
          if (waiting > 0) return false;
        }
        await sql.run(insertInto('deliveries', rowOf(delivery)));
        return true;
      }),

    async get(delivery) {
      return one(await sql.all<Row>(Prisma.sql`SELECT * FROM "deliveries" WHERE "id" = ${delivery}`));
    },

    async head(lane) {
      return one(await sql.all<Row>(Prisma.sql`SELECT * FROM "deliveries" WHERE "lane" = ${lane} AND "state" IN ('waiting', 'running') ORDER BY "seq" LIMIT 1`));
    },

    move: (delivery, from, to, patch = {}) =>
      write(async ({ sql }) => {
        const columns = patchOf<typeof patch, Row>(patch, {
          tries: (tries) => (tries === undefined ? {} : { tries }),
          dueAt: (dueAt) => (dueAt === undefined ? {} : { dueAt }),
          lastError: (lastError) => ({ lastError: nullable(lastError) }),
          finishedAt: (finishedAt) => ({ finishedAt: nullable(finishedAt) }),
        });
        const moved = await sql.run(Prisma.sql`UPDATE "deliveries" SET ${set('deliveries', { state: to, ...columns })} WHERE "id" = ${delivery} AND "state" = ${from}`);
        return moved > 0;
      }),

    hurry: (lane, now) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`UPDATE "deliveries" SET "dueAt" = ${now} WHERE "lane" = ${lane} AND "state" = 'waiting' AND "dueAt" > ${now}`);
      }),

    async ofMessage(message) {
      return one(await sql.all<Row>(Prisma.sql`SELECT * FROM "deliveries" WHERE "sendsMessageId" = ${message} ORDER BY "seq" DESC LIMIT 1`));
    },

    async running() {
      return (await db.delivery.findMany({ where: { state: 'running' }, orderBy: { seq: 'asc' } })).map(deliveryFrom);
    },

    async openLanes() {
      const rows = await sql.all<Pick<Row, 'lane'>>(Prisma.sql`SELECT DISTINCT "lane" FROM "deliveries" WHERE "state" IN ('waiting', 'running')`);
      return rows.map(({ lane }) => lane);
    },

    async failed(limit) {
      return (await db.delivery.findMany({ where: { state: 'failed' }, orderBy: { seq: 'desc' }, take: limit })).map(deliveryFrom);
    },

    async countByState() {
      const groups = await db.delivery.groupBy({ by: ['state'], _count: true });
      return { ...NONE, ...Object.fromEntries(groups.map((group) => [group.state, group._count])) };
    },
  };
}

function deliveryFrom(row: Row): Delivery {
  return {
    id: id<DeliveryId>(row.id),
    seq: row.seq,
    lane: row.lane,
    coalesce: optional(row.coalesce),
    effect: fromJson(row.effect),
    state: oneOf(row.state),
    tries: row.tries,
    dueAt: row.dueAt,
    lastError: optional(row.lastError),
    createdAt: row.createdAt,
    finishedAt: optional(row.finishedAt),
  };
}

function rowOf(delivery: Parameters<DeliveryStore['add']>[0]): Omit<Row, 'seq'> {
  return {
    id: delivery.id,
    lane: delivery.lane,
    coalesce: nullable(delivery.coalesce),
    effect: JSON.stringify(delivery.effect),
    sendsMessageId: delivery.effect.kind === 'mail.send' ? delivery.effect.messageId : null,
    state: 'waiting',
    tries: 0,
    dueAt: delivery.dueAt,
    lastError: null,
    createdAt: delivery.createdAt,
    finishedAt: null,
  };
}
