/** How far each folder has been read. */
import type { Clock } from '../core/ports/effects.js';
import type { CursorStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { FolderCursor as Row } from './generated/sqlite/client.js';

export function cursorStore({ sql, write }: Access, clock: Clock): CursorStore {
  return {
    async get(mailboxId, folder) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "folder_cursors" WHERE "mailboxId" = ${mailboxId} AND "folder" = ${folder}`);
      return row && { mailboxId, folder, uidValidity: Number(row.uidValidity), lastUid: Number(row.lastUid), historyUid: Number(row.historyUid) };
    },

    save: ({ mailboxId, folder, uidValidity, lastUid, historyUid }) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`
          INSERT INTO "folder_cursors" ("mailboxId", "folder", "uidValidity", "lastUid", "historyUid", "firstAt")
          VALUES (${mailboxId}, ${folder}, ${BigInt(uidValidity)}, ${BigInt(lastUid)}, ${BigInt(historyUid)}, ${clock.now()})
          ON CONFLICT ("mailboxId", "folder") DO UPDATE
          SET "uidValidity" = excluded."uidValidity", "lastUid" = excluded."lastUid", "historyUid" = excluded."historyUid"`);
      }),

    async firstSavedAt(mailboxId, folder) {
      const [row] = await sql.all<Pick<Row, 'firstAt'>>(Prisma.sql`SELECT "firstAt" FROM "folder_cursors" WHERE "mailboxId" = ${mailboxId} AND "folder" = ${folder}`);
      return row?.firstAt;
    },
  };
}
