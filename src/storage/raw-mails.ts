/** The ledger of intake: every mail as it arrived. */
import type { BlobHash, RawMailId } from '../core/ids.js';
import type { RawMail } from '../core/model.js';
import type { RawMailStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { RawMail as Row } from './generated/sqlite/client.js';
import { fromJson, id, nullable, oneOf, optional, optionalId } from './rows.js';
import { insertInto } from './sql.js';

/** PostgreSQL takes 65,535 values in one statement, SQLite 32,766. */
const HASHES_PER_QUERY = 5_000;

export function rawMailStore({ db, sql, write }: Access): RawMailStore {
  return {
    addMany: (mails) =>
      write(async ({ sql }) => {
        let added = 0;
        for (const mail of mails) added += await sql.run(insertInto('raw_mails', rowOf(mail), Prisma.sql`ON CONFLICT ("mailboxId", "folder", "uidValidity", "uid") DO NOTHING`));
        return added;
      }),

    async get(mail) {
      const [row] = await sql.all<Row>(Prisma.sql`SELECT * FROM "raw_mails" WHERE "id" = ${mail}`);
      return row && rawMailFrom(row);
    },

    async waiting(mailbox, limit) {
      const rows = await sql.all<Row>(Prisma.sql`
        SELECT * FROM "raw_mails" WHERE "mailboxId" = ${mailbox} AND "state" = 'stored' ORDER BY "receivedAt", "id" LIMIT ${limit}`);
      return rows.map(rawMailFrom);
    },

    countTry: (mails) =>
      write(async ({ sql }) => {
        if (mails.length > 0) await sql.run(Prisma.sql`UPDATE "raw_mails" SET "tries" = "tries" + 1 WHERE "id" IN (${Prisma.join(mails)})`);
      }),

    settle: (mail, { state, outcome, messageId }) =>
      write(async ({ sql }) => {
        // What a person puts back in line has its tries before it again; else it would be held at once for those that failed.
        await sql.run(Prisma.sql`
          UPDATE "raw_mails" SET "state" = ${state}, "outcome" = ${nullable(outcome)}, "messageId" = ${nullable(messageId)},
            "tries" = CASE WHEN ${state} = 'stored' THEN 0 ELSE "tries" END WHERE "id" = ${mail}`);
      }),

    moved: (mail, to) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`UPDATE "raw_mails" SET "movedTo" = ${JSON.stringify(to)} WHERE "id" = ${mail}`);
      }),

    async quarantined() {
      const rows = await db.rawMail.findMany({ where: { state: 'quarantined' }, orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }] });
      return rows.map(rawMailFrom);
    },

    async knownBlobs(mailbox, blobs) {
      const known = new Set<BlobHash>();
      for (let at = 0; at < blobs.length; at += HASHES_PER_QUERY) {
        const some = Prisma.join(blobs.slice(at, at + HASHES_PER_QUERY));
        const rows = await sql.all<{ blob: string }>(Prisma.sql`SELECT DISTINCT "blob" FROM "raw_mails" WHERE "mailboxId" = ${mailbox} AND "blob" IN (${some})`);
        for (const { blob } of rows) known.add(id(blob));
      }
      return known;
    },

    async places(mailbox, folder, uidValidity) {
      const rows = await sql.all<{ uid: bigint; state: string }>(Prisma.sql`
        SELECT "uid", "state" FROM "raw_mails"
        WHERE "mailboxId" = ${mailbox} AND "folder" = ${folder} AND "uidValidity" = ${BigInt(uidValidity)} ORDER BY "uid"`);
      return rows.map(({ uid, state }) => ({ uid: Number(uid), state: oneOf<RawMail['state']>(state) }));
    },
  };
}

function rawMailFrom(row: Row): RawMail {
  const { folder, uidValidity, uid } = row;
  return {
    id: id<RawMailId>(row.id),
    mailboxId: id(row.mailboxId),
    source: oneOf(row.source),
    place: folder === null || uidValidity === null || uid === null ? undefined : { folder, uidValidity: Number(uidValidity), uid: Number(uid) },
    movedTo: row.movedTo === null ? undefined : fromJson(row.movedTo),
    blob: optionalId(row.blob),
    bytes: row.bytes,
    recipients: fromJson(row.recipients),
    receivedAt: row.receivedAt,
    state: oneOf(row.state),
    historic: row.historic,
    tries: row.tries,
    outcome: optional(row.outcome),
    messageId: optionalId(row.messageId),
    subject: row.subject,
    sender: row.sender,
  };
}

function rowOf(mail: RawMail): Row {
  return {
    id: mail.id,
    mailboxId: mail.mailboxId,
    source: mail.source,
    folder: mail.place?.folder ?? null,
    uidValidity: mail.place ? BigInt(mail.place.uidValidity) : null,
    uid: mail.place ? BigInt(mail.place.uid) : null,
    movedTo: mail.movedTo ? JSON.stringify(mail.movedTo) : null,
    blob: nullable(mail.blob),
    bytes: mail.bytes,
    recipients: JSON.stringify(mail.recipients),
    receivedAt: mail.receivedAt,
    state: mail.state,
    historic: mail.historic,
    tries: mail.tries,
    outcome: nullable(mail.outcome),
    messageId: nullable(mail.messageId),
    subject: mail.subject,
    sender: mail.sender,
  };
}
