/** Whose turn it is in the teams that hand out work. */
import type { AgentId } from '../core/ids.js';
import type { TurnStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Counter, Turn as Row } from './generated/sqlite/client.js';
import { id } from './rows.js';
import { insertInto } from './sql.js';

export function turnStore({ write }: Access): TurnStore {
  return {
    begin: (team) =>
      write(async ({ sql }) => {
        // The counter's row stays locked until the transaction ends, so the turns read after it are the newest.
        const counter = `turn:${team}`;
        await sql.run(Prisma.sql`INSERT INTO "counters" ("name", "value") VALUES (${counter}, 1) ON CONFLICT ("name") DO UPDATE SET "value" = "counters"."value" + 1`);
        const [counted] = await sql.all<Counter>(Prisma.sql`SELECT * FROM "counters" WHERE "name" = ${counter}`);
        if (!counted) throw new Error(`the turns of ${team} cannot be counted`);
        const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "turns" WHERE "teamId" = ${team}`);
        return { turn: counted.value, last: new Map(rows.map(({ agentId, turn }) => [id<AgentId>(agentId), turn])) };
      }),

    took: (team, agent, turn) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('turns', { teamId: team, agentId: agent, turn }, Prisma.sql`ON CONFLICT ("teamId", "agentId") DO UPDATE SET "turn" = excluded."turn"`));
      }),
  };
}
