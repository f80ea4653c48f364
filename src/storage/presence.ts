/** Who has an answer form open. */
import type { Presence } from '../core/model.js';
import type { PresenceStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Presence as Row } from './generated/sqlite/client.js';
import { id } from './rows.js';
import { insertInto } from './sql.js';

export function presenceStore({ sql, write }: Access): PresenceStore {
  return {
    begin: (presence) =>
      write(async ({ sql, changes }) => {
        await sql.run(insertInto('presence', rowOf(presence), Prisma.sql`
          ON CONFLICT ("conversationId", "agentId") DO UPDATE SET "via" = excluded."via", "until" = excluded."until"`));
        changes.conversations.add(presence.conversationId);
      }),

    end: (conversation, agent) =>
      write(async ({ sql, changes }) => {
        const ended = await sql.run(Prisma.sql`DELETE FROM "presence" WHERE "conversationId" = ${conversation} AND "agentId" = ${agent}`);
        if (ended > 0) changes.conversations.add(conversation);
      }),

    async of(conversation, now) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "presence" WHERE "conversationId" = ${conversation} AND "until" > ${now} ORDER BY "until", "agentId"`);
      return rows.map(presenceFrom);
    },
  };
}

export function presenceFrom(row: Row): Presence {
  return { conversationId: id(row.conversationId), agentId: id(row.agentId), via: row.via, until: row.until };
}

function rowOf({ conversationId, agentId, via, until }: Presence): Row {
  return { conversationId, agentId, via, until };
}
