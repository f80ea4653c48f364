/** Who reads a conversation, and who writes an answer. */
import type { Presence } from '../core/model.js';
import type { Clock } from '../core/ports/effects.js';
import type { PresenceStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Presence as Row } from './generated/sqlite/client.js';
import { id, oneOf } from './rows.js';
import { insertInto } from './sql.js';

export function presenceStore({ sql, write }: Access, clock: Clock): PresenceStore {
  return {
    begin: (presence) =>
      write(async ({ sql, changes }) => {
        const { conversationId, agentId, doing, via } = presence;
        const [known] = await sql.all<Row>(Prisma.sql`SELECT * FROM "presence" WHERE "conversationId" = ${conversationId} AND "agentId" = ${agentId}`);
        await sql.run(insertInto('presence', rowOf(presence), Prisma.sql`
          ON CONFLICT ("conversationId", "agentId") DO UPDATE SET "via" = excluded."via", "doing" = excluded."doing", "until" = excluded."until"`));
        const goesOn = known && known.until > clock.now() && known.doing === doing && known.via === via;
        if (!goesOn) changes.conversations.add(conversationId);
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
  return { conversationId: id(row.conversationId), agentId: id(row.agentId), via: row.via, doing: oneOf(row.doing), until: row.until };
}

function rowOf({ conversationId, agentId, via, doing, until }: Presence): Row {
  return { conversationId, agentId, via, doing, until };
}
