/** Customers and their addresses. */
import type { CustomerId } from '../core/ids.js';
import type { Customer, CustomerMerge } from '../core/model.js';
import type { CustomerStore } from '../core/ports/store.js';
import { seesEverything } from '../core/sight.js';
import type { Access, Sql } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Customer as Row, CustomerAddress as AddressRow, CustomerEvent as EventRow, CustomerMerge as MergeRow, CustomerNote as NoteRow } from './generated/sqlite/client.js';
import { fromJson, id, nullable, oneOf, optional, optionalId, patchOf } from './rows.js';
import { andInSight } from './sight-sql.js';
import { indexable, insertInto, updateById } from './sql.js';

export function customerStore({ sql, sight, write }: Access): CustomerStore {
  async function get(customer: string): Promise<Customer | undefined> {
    const rows = await sql.all<Row & { address: string | null }>(Prisma.sql`
      SELECT "customers".*, "customer_addresses"."address" FROM "customers"
      LEFT JOIN "customer_addresses" ON "customer_addresses"."customerId" = "customers"."id"
      WHERE "customers"."id" = ${customer} ORDER BY "customer_addresses"."position"`);
    const [row] = rows;
    return row && customerFrom(row, rows.flatMap(({ address }) => address ?? []));
  }

  return {
    async get(customer) {
      if (!seesEverything(sight)) {
        const having = (seen: Prisma.Sql): Promise<object[]> => sql.all(Prisma.sql`SELECT 1 AS "one" FROM "conversations" WHERE "customerId" = ${customer}${seen} LIMIT 1`);
        if ((await having(andInSight(sight))).length === 0 && (await having(Prisma.empty)).length > 0) return undefined;
      }
      return get(customer);
    },

    async byAddress(address) {
      const [row] = await sql.all<Pick<AddressRow, 'customerId'>>(Prisma.sql`SELECT "customerId" FROM "customer_addresses" WHERE "address" = ${indexable(address)}`);
      return row && get(row.customerId);
    },

    add: (customer) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('customers', { id: customer.id, name: customer.name, language: nullable(customer.language), labels: '[]', mergedInto: null }));
        for (const [position, address] of customer.addresses.entries()) {
          await sql.run(insertInto('customer_addresses', { address: indexable(address), customerId: customer.id, position }));
        }
      }),

    update: (customer, patch) =>
      write(async ({ sql }) => {
        const columns = patchOf<typeof patch, Row>(patch, {
          name: (name) => (name === undefined ? {} : { name }),
          language: (language) => ({ language: nullable(language) }),
          labels: (labels) => (labels === undefined ? {} : { labels: JSON.stringify(labels) }),
          mergedInto: (mergedInto) => ({ mergedInto: nullable(mergedInto) }),
        });
        const update = updateById('customers', customer, columns);
        if (update) await sql.run(update);
      }),

    addAddress: (customer, address) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('customer_addresses', { address: indexable(address), customerId: customer, position: await nextPosition(sql, customer) }));
      }),

    removeAddress: (customer, address) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "customer_addresses" WHERE "customerId" = ${customer} AND "address" = ${indexable(address)}`);
      }),

    move: ({ addresses, notes }, from, to) =>
      write(async ({ sql }) => {
        const first = await nextPosition(sql, to);
        for (const [index, address] of addresses.entries()) {
          await sql.run(Prisma.sql`UPDATE "customer_addresses" SET "customerId" = ${to}, "position" = ${first + index} WHERE "customerId" = ${from} AND "address" = ${indexable(address)}`);
        }
        for (const note of notes) await sql.run(Prisma.sql`UPDATE "customer_notes" SET "customerId" = ${to} WHERE "id" = ${note} AND "customerId" = ${from}`);
      }),

    async notes(customer) {
      const rows = await sql.all<NoteRow>(Prisma.sql`SELECT * FROM "customer_notes" WHERE "customerId" = ${customer} ORDER BY "createdAt", "id"`);
      return rows.map(({ id: note, customerId, authorId, text, createdAt }) => ({ id: id(note), customerId: id(customerId), authorId: id(authorId), text, createdAt }));
    },

    addNote: (note) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('customer_notes', { ...note }));
      }),

    removeNote: (note) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "customer_notes" WHERE "id" = ${note}`);
      }),

    async events(customer) {
      const rows = await sql.all<EventRow>(Prisma.sql`SELECT * FROM "customer_events" WHERE "customerId" = ${customer} ORDER BY "at", "id"`);
      return rows.map((row) => ({ id: id(row.id), customerId: id(row.customerId), at: row.at, agentId: id(row.agentId), what: oneOf(row.what), data: fromJson(row.data) }));
    },

    addEvent: (event) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('customer_events', { ...event, data: JSON.stringify(event.data) }));
      }),

    addMerge: ({ id: merge, from, into, at, agentId, moved }) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('customer_merges', { id: merge, fromId: from, intoId: into, at, agentId, moved: JSON.stringify(moved), undoneAt: null }));
      }),

    async lastMerge(into) {
      const [row] = await sql.all<MergeRow>(Prisma.sql`SELECT * FROM "customer_merges" WHERE "intoId" = ${into} AND "undoneAt" IS NULL ORDER BY "at" DESC, "id" DESC LIMIT 1`);
      return row && mergeFrom(row);
    },

    mergeUndone: (merge, at) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`UPDATE "customer_merges" SET "undoneAt" = ${at} WHERE "id" = ${merge}`);
      }),
  };
}

async function nextPosition(sql: Sql, customer: string): Promise<number> {
  const [row] = await sql.all<{ last: number | bigint | null }>(Prisma.sql`SELECT MAX("position") AS "last" FROM "customer_addresses" WHERE "customerId" = ${customer}`);
  const last = row?.last ?? undefined;
  return last === undefined ? 0 : Number(last) + 1;
}

function mergeFrom(row: MergeRow): CustomerMerge {
  const moved = fromJson<CustomerMerge['moved']>(row.moved);
  // JSON has no undefined.
  return { id: id(row.id), from: id(row.fromId), into: id(row.intoId), at: row.at, agentId: id(row.agentId), moved: { ...moved, before: { ...moved.before, language: moved.before.language } } };
}

/** For lists: many at once. */
export async function customersByIds(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<CustomerId, Customer>> {
  if (ids.length === 0) return new Map();
  const wanted = Prisma.join([...new Set(ids)]);
  const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "customers" WHERE "id" IN (${wanted})`);
  const addresses = await sql.all<Pick<AddressRow, 'customerId' | 'address'>>(Prisma.sql`SELECT "customerId", "address" FROM "customer_addresses" WHERE "customerId" IN (${wanted}) ORDER BY "position"`);
  const byCustomer = new Map<string, string[]>();
  for (const { customerId, address } of addresses) byCustomer.set(customerId, [...(byCustomer.get(customerId) ?? []), address]);
  return new Map(rows.map((row) => [id<CustomerId>(row.id), customerFrom(row, byCustomer.get(row.id) ?? [])]));
}

function customerFrom(row: Row, addresses: readonly string[]): Customer {
  return { id: id(row.id), name: row.name, addresses, language: optional(row.language), labels: fromJson(row.labels), mergedInto: optionalId(row.mergedInto) };
}
