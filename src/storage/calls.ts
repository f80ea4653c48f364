/** Which events of chat platforms were handled. */
import type { CallStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import { insertInto } from './sql.js';

export function callStore({ write }: Access): CallStore {
  return {
    firstSeen: (bridge, eventId, at) =>
      write(async ({ sql }) => {
        const added = await sql.run(insertInto('handled_calls', { bridge, eventId, at }, Prisma.sql`ON CONFLICT ("bridge", "eventId") DO NOTHING`));
        return added > 0;
      }),

    forgetBefore: (at) =>
      write(async ({ db }) => {
        await db.handledCall.deleteMany({ where: { at: { lt: at } } });
      }),
  };
}
