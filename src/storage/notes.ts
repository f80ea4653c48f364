/** Notes of staff. */
import type { Note, StoredFile } from '../core/model.js';
import type { NoteStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Note as Row } from './generated/sqlite/client.js';
import { id, nullable, optional, patchOf } from './rows.js';
import { insertInto, updateById } from './sql.js';

export function noteStore({ sql, write }: Access): NoteStore {
  return {
    async get(note) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "notes" WHERE "id" = ${note}`);
      return row && noteFrom(row);
    },

    add: (note) =>
      write(async ({ sql, changes }) => {
        await sql.run(insertInto('notes', rowOf(note)));
        changes.conversations.add(note.conversationId);
      }),

    update: (note, patch) =>
      write(async ({ sql, changes }) => {
        const columns = patchOf<typeof patch, Row>(patch, {
          text: (text) => (text === undefined ? {} : { text }),
          editedAt: (editedAt) => ({ editedAt: nullable(editedAt) }),
          deletedAt: (deletedAt) => ({ deletedAt: nullable(deletedAt) }),
          pinnedAt: (pinnedAt) => ({ pinnedAt: nullable(pinnedAt) }),
        });
        const update = updateById('notes', note, columns);
        if (!update) return;
        const [changed] = await sql.all<Pick<Row, 'conversationId'>>(Prisma.sql`${update} RETURNING "conversationId"`);
        if (!changed) throw new Error(`there is no note ${note}`);
        changes.conversations.add(id(changed.conversationId));
      }),

    async of(conversation) {
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "notes" WHERE "conversationId" = ${conversation} ORDER BY "createdAt", "id"`);
      return rows.map(noteFrom);
    },
  };
}

function noteFrom(row: Row): Note {
  return {
    id: id(row.id),
    conversationId: id(row.conversationId),
    authorId: id(row.authorId),
    text: row.text,
    files: filesFrom(row.files),
    via: row.via,
    revision: row.revision,
    createdAt: row.createdAt,
    editedAt: optional(row.editedAt),
    deletedAt: optional(row.deletedAt),
    pinnedAt: optional(row.pinnedAt),
  };
}

/** Written by `rowOf` and by nobody else. */
const filesFrom = (json: string): readonly StoredFile[] => JSON.parse(json) as readonly StoredFile[];

function rowOf(note: Note): Row {
  return {
    id: note.id,
    conversationId: note.conversationId,
    authorId: note.authorId,
    text: note.text,
    files: JSON.stringify(note.files),
    via: note.via,
    revision: note.revision,
    createdAt: note.createdAt,
    editedAt: nullable(note.editedAt),
    deletedAt: nullable(note.deletedAt),
    pinnedAt: nullable(note.pinnedAt),
  };
}
