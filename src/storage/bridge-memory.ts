/** What bridges keep over restarts, in the table of settings. */
import type { MemoryStore } from '../core/ports/store.js';
import type { Access } from './access.js';

/** Keeps their keys apart from the desk's own. */
const PREFIX = 'bridge:';

export function memoryStore({ db, write }: Access): MemoryStore {
  return {
    async get(key) {
      return (await db.setting.findUnique({ where: { key: PREFIX + key } }))?.value;
    },
    set: (key, value) =>
      write(async ({ db }) => {
        await db.setting.upsert({ where: { key: PREFIX + key }, create: { key: PREFIX + key, value }, update: { value } });
      }),
  };
}
