/** Which person of a chat platform is which agent. */
import type { AgentId } from '../core/ids.js';
import type { PeopleStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Person as Row } from './generated/sqlite/client.js';
import { id } from './rows.js';
import { insertInto } from './sql.js';

export function peopleStore({ sql, write }: Access): PeopleStore {
  return {
    async agentOf(bridge, personId) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "people" WHERE "bridge" = ${bridge} AND "personId" = ${personId}`);
      return row && id<AgentId>(row.agentId);
    },

    async personsOf(bridge, agent) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "people" WHERE "bridge" = ${bridge} AND "agentId" = ${agent} ORDER BY "personId"`);
      return rows.map(({ personId }) => personId);
    },

    link: (bridge, personId, agent) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('people', { bridge, personId, agentId: agent }, Prisma.sql`ON CONFLICT ("bridge", "personId") DO UPDATE SET "agentId" = excluded."agentId"`));
      }),

    unlink: (bridge, personId) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "people" WHERE "bridge" = ${bridge} AND "personId" = ${personId}`);
      }),
  };
}
