/** Senders that people blocked or allowed. */
import type { AgentId } from '../core/ids.js';
import type { SenderEntry, SenderPattern, SenderVerdict } from '../core/senders.js';
import type { SenderStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Sender as Row } from './generated/sqlite/client.js';
import { id, oneOf } from './rows.js';
import { indexable, insertInto } from './sql.js';

export function senderStore({ sql, write }: Access): SenderStore {
  return {
    async of(patterns) {
      if (patterns.length === 0) return [];
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "senders" WHERE "pattern" IN (${Prisma.join(patterns.map(indexable))})`);
      return rows.map(entryFrom);
    },

    async all() {
      return (await sql.all<Row>(Prisma.sql`SELECT * FROM "senders" ORDER BY "pattern"`)).map(entryFrom);
    },

    put: ({ pattern, verdict, agentId, at }) =>
      write(async ({ sql }) => {
        const replace = Prisma.sql`ON CONFLICT ("pattern") DO UPDATE SET "verdict" = excluded."verdict", "agentId" = excluded."agentId", "at" = excluded."at"`;
        await sql.run(insertInto('senders', { pattern: indexable(pattern), verdict, agentId, at }, replace));
      }),

    remove: (pattern) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "senders" WHERE "pattern" = ${indexable(pattern)}`);
      }),
  };
}

function entryFrom({ pattern, verdict, agentId, at }: Row): SenderEntry {
  return { pattern: id<SenderPattern>(pattern), verdict: oneOf<SenderVerdict>(verdict), agentId: id<AgentId>(agentId), at };
}
