/** Searches that agents keep under a name. */
import type { SavedSearchStore } from '../core/ports/store.js';
import type { SavedSearch } from '../core/search/saved.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { SavedSearch as Row } from './generated/sqlite/client.js';
import { id } from './rows.js';
import { insertInto, updateById } from './sql.js';

export function savedSearchStore({ sql, write }: Access): SavedSearchStore {
  return {
    add: (search) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('saved_searches', { ...search }));
      }),

    async usableBy(agent) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "saved_searches" WHERE "agentId" = ${agent} OR "shared" = ${true} ORDER BY "name", "id"`);
      return rows.map(searchFrom);
    },

    update: (search, patch) =>
      write(async ({ sql }) => {
        const update = updateById('saved_searches', search, patch);
        if (update) await sql.run(update);
      }),

    remove: (search) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "saved_searches" WHERE "id" = ${search}`);
      }),
  };
}

function searchFrom(row: Row): SavedSearch {
  return { id: id(row.id), agentId: id(row.agentId), name: row.name, words: row.words, shared: row.shared, createdAt: row.createdAt };
}
