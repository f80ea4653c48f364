/** When agents are out of office. */
import type { Absence, Assignee } from '../core/model.js';
import type { AbsenceStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Absence as Row } from './generated/sqlite/client.js';
import { id, nullable } from './rows.js';
import { insertInto } from './sql.js';

export function absenceStore({ sql, write }: Access): AbsenceStore {
  return {
    add: (absence) =>
      write(async ({ sql }) => {
        const { standIn, ...row } = absence;
        await sql.run(insertInto('absences', { ...row, standInKind: nullable(standIn?.kind), standInId: nullable(standIn?.id) }));
      }),

    async notOver(now) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "absences" WHERE "until" > ${now} ORDER BY "from", "id"`);
      return rows.map(absenceFrom);
    },

    end: (absence, at) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "absences" WHERE "id" = ${absence} AND "from" >= ${at}`);
        await sql.run(Prisma.sql`UPDATE "absences" SET "until" = ${at} WHERE "id" = ${absence} AND "until" > ${at}`);
      }),
  };
}

function absenceFrom(row: Row): Absence {
  return { id: id(row.id), agentId: id(row.agentId), from: row.from, until: row.until, standIn: standInFrom(row) };
}

function standInFrom({ standInKind, standInId }: Row): Assignee | undefined {
  if (standInKind === null || standInId === null) return undefined;
  return standInKind === 'team' ? { kind: 'team', id: id(standInId) } : { kind: 'agent', id: id(standInId) };
}
