/** The history of conversations. */
import type { Actor, HistoryEvent } from '../core/model.js';
import type { EventStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { HistoryEvent as Row } from './generated/sqlite/client.js';
import { fromJson, id, oneOf } from './rows.js';
import { insertInto } from './sql.js';

export function eventStore({ sql, write }: Access): EventStore {
  return {
    add: (event) =>
      write(async ({ sql, changes }) => {
        await sql.run(insertInto('events', {
          id: event.id,
          conversationId: event.conversationId,
          at: event.at,
          actorKind: event.actor.kind,
          actorId: event.actor.kind === 'goniec' ? null : event.actor.id,
          what: event.what,
          data: JSON.stringify(event.data),
          revision: event.revision,
        }));
        changes.conversations.add(event.conversationId);
      }),

    async of(conversation) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "events" WHERE "conversationId" = ${conversation} ORDER BY "at", "id"`);
      return rows.map(eventFrom);
    },
  };
}

function eventFrom(row: Row): HistoryEvent {
  return {
    id: id(row.id),
    conversationId: id(row.conversationId),
    at: row.at,
    actor: actorFrom(row),
    what: oneOf(row.what),
    data: fromJson(row.data),
    revision: row.revision,
  };
}

function actorFrom({ actorKind, actorId }: Row): Actor {
  const kind = oneOf<Actor['kind']>(actorKind);
  if (kind === 'goniec' || actorId === null) return { kind: 'goniec' };
  return kind === 'agent' ? { kind, id: id(actorId) } : { kind, id: id(actorId) };
}
