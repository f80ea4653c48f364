/** Customers and their addresses. */
import type { CustomerId } from '../core/ids.js';
import type { Customer } from '../core/model.js';
import type { CustomerStore } from '../core/ports/store.js';
import { seesEverything } from '../core/sight.js';
import type { Access, Db } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Customer as Row, CustomerAddress as AddressRow } from './generated/sqlite/client.js';
import { id, nullable, optional, patchOf } from './rows.js';
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
        await sql.run(insertInto('customers', { id: customer.id, name: customer.name, language: nullable(customer.language) }));
        for (const [position, address] of customer.addresses.entries()) {
          await sql.run(insertInto('customer_addresses', { address: indexable(address), customerId: customer.id, position }));
        }
      }),

    update: (customer, patch) =>
      write(async ({ sql }) => {
        const columns = patchOf<typeof patch, Row>(patch, {
          name: (name) => (name === undefined ? {} : { name }),
          language: (language) => ({ language: nullable(language) }),
        });
        const update = updateById('customers', customer, columns);
        if (update) await sql.run(update);
      }),

    addAddress: (customer, address) =>
      write(async ({ sql }) => {
        const [row] = await sql.all<{ count: number | bigint }>(Prisma.sql`SELECT COUNT(*) AS "count" FROM "customer_addresses" WHERE "customerId" = ${customer}`);
        await sql.run(insertInto('customer_addresses', { address: indexable(address), customerId: customer, position: Number(row?.count ?? 0) }));
      }),
  };
}

/** For lists: many at once. */
export async function customersByIds(db: Db, ids: readonly string[]): Promise<ReadonlyMap<CustomerId, Customer>> {
  const rows = await db.customer.findMany({ where: { id: { in: [...new Set(ids)] } }, include: { addresses: { orderBy: { position: 'asc' } } } });
  return new Map(rows.map((row) => [id<CustomerId>(row.id), customerFrom(row, row.addresses.map(({ address }) => address))]));
}

function customerFrom(row: Row, addresses: readonly string[]): Customer {
  return { id: id(row.id), name: row.name, addresses, language: optional(row.language) };
}
