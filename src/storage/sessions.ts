/** Sessions of the web desk. */
import type { SessionStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { id } from './rows.js';

export function sessionStore({ db, write }: Access): SessionStore {
  return {
    add: ({ tokenHash, agentId, csrf, expiresAt }) =>
      write(async ({ db }) => {
        await db.session.create({ data: { tokenHash, agentId, csrf, expiresAt } });
      }),

    async get(tokenHash) {
      const row = await db.session.findUnique({ where: { tokenHash } });
      return row ? { ...row, agentId: id(row.agentId) } : undefined;
    },

    remove: (tokenHash) =>
      write(async ({ db }) => {
        await db.session.deleteMany({ where: { tokenHash } });
      }),

    removeExpired: (now) =>
      write(async ({ db }) => {
        await db.session.deleteMany({ where: { expiresAt: { lte: now } } });
      }),
  };
}
