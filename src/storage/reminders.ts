/** What agents asked to be reminded of. */
import type { Reminder } from '../core/model.js';
import type { ReminderStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Reminder as Row } from './generated/sqlite/client.js';
import { id } from './rows.js';
import { insertInto } from './sql.js';

export function reminderStore({ sql, write }: Access): ReminderStore {
  return {
    add: (reminder) =>
      write(async ({ sql, changes }) => {
        await sql.run(insertInto('reminders', { ...reminder, doneAt: null }));
        changes.conversations.add(reminder.conversationId);
      }),

    async get(reminder) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "reminders" WHERE "id" = ${reminder} AND "doneAt" IS NULL`);
      return row && reminderFrom(row);
    },

    async of(conversation) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "reminders" WHERE "conversationId" = ${conversation} AND "doneAt" IS NULL ORDER BY "at", "id"`);
      return rows.map(reminderFrom);
    },

    done: (reminder, at) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`UPDATE "reminders" SET "doneAt" = ${at} WHERE "id" = ${reminder}`);
      }),
  };
}

function reminderFrom(row: Row): Reminder {
  return { id: id(row.id), conversationId: id(row.conversationId), agentId: id(row.agentId), at: row.at, text: row.text };
}
