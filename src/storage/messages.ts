/** Messages and their attachments. */
import type { AttachmentId, MessageId } from '../core/ids.js';
import type { Attachment, Message } from '../core/model.js';
import type { MessageStore } from '../core/ports/store.js';
import type { Access } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Attachment as AttachmentRow, Message as Row } from './generated/sqlite/client.js';
import { fromJson, id, nullable, oneOf, optional, optionalId, patchOf } from './rows.js';
import { indexable, insertInto, updateById } from './sql.js';

/** A References header names a mail of each step; hostile ones name thousands. The newest are the ones that matter, and they come last. */
const MAX_HEADER_IDS = 500;

export function messageStore({ sql, write }: Access): MessageStore {
  async function complete(rows: readonly Row[]): Promise<Message[]> {
    if (rows.length === 0) return [];
    const files = await sql.all<AttachmentRow>(Prisma.sql`
      SELECT * FROM "attachments" WHERE "messageId" IN (${Prisma.join(rows.map((row) => row.id))}) ORDER BY "position"`);
    const ofMessage = byMessage(files);
    return rows.map((row) => messageFrom(row, ofMessage.get(row.id) ?? []));
  }

  return {
    async get(message) {
      return (await complete(await sql.all<Row>(Prisma.sql`SELECT * FROM "messages" WHERE "id" = ${message}`)))[0];
    },

    add: (message) =>
      write(async ({ sql, changes }) => {
        await sql.run(insertInto('messages', rowOf(message)));
        for (const [position, attachment] of message.attachments.entries()) {
          await sql.run(insertInto('attachments', attachmentRowOf(attachment, message.id, position)));
        }
        changes.conversations.add(message.conversationId);
      }),

    update: (message, patch) =>
      write(async ({ sql, changes }) => {
        const columns = patchOf<typeof patch, Row>(patch, {
          state: (state) => (state === undefined ? {} : { state }),
          problem: (problem) => ({ problem: problem ? JSON.stringify(problem) : null }),
          sendAt: (sendAt) => ({ sendAt: nullable(sendAt) }),
          sentAt: (sentAt) => ({ sentAt: nullable(sentAt) }),
          text: (text) => (text === undefined ? {} : { text }),
          to: (to) => (to === undefined ? {} : { to: JSON.stringify(to) }),
          cc: (cc) => (cc === undefined ? {} : { cc: JSON.stringify(cc) }),
          bcc: (bcc) => (bcc === undefined ? {} : { bcc: JSON.stringify(bcc) }),
          authorId: (authorId) => ({ authorId: nullable(authorId) }),
          dueAt: (dueAt) => ({ dueAt: nullable(dueAt) }),
          revision: (revision) => (revision === undefined ? {} : { revision }),
          createdAt: (createdAt) => (createdAt === undefined ? {} : { createdAt }),
        });
        const update = updateById('messages', message, columns);
        if (!update) return;
        const [changed] = await sql.all<Pick<Row, 'conversationId'>>(Prisma.sql`${update} RETURNING "conversationId"`);
        if (!changed) throw new Error(`there is no message ${message}`);
        changes.conversations.add(id(changed.conversationId));
      }),

    addFiles: (message, attachments) =>
      write(async ({ sql, changes }) => {
        const [place] = await sql.all<Pick<Row, 'conversationId'> & { readonly next: number | bigint }>(Prisma.sql`
          SELECT "conversationId", (SELECT COUNT(*) FROM "attachments" WHERE "messageId" = ${message}) AS "next" FROM "messages" WHERE "id" = ${message}`);
        if (!place) throw new Error(`there is no message ${message}`);
        for (const [index, attachment] of attachments.entries()) await sql.run(insertInto('attachments', attachmentRowOf(attachment, message, Number(place.next) + index)));
        changes.conversations.add(id(place.conversationId));
      }),

    async of(conversation) {
      return complete(await sql.all<Row>(Prisma.sql`SELECT * FROM "messages" WHERE "conversationId" = ${conversation} ORDER BY "createdAt", "id"`));
    },

    async byHeaderIds(headerIds) {
      if (headerIds.length === 0) return [];
      const keys = headerIds.slice(-MAX_HEADER_IDS).map(indexable);
      return complete(await sql.all<Row>(Prisma.sql`SELECT * FROM "messages" WHERE "headerId" IN (${Prisma.join(keys)}) ORDER BY "createdAt", "id"`));
    },

    async byContentHash(mailbox, contentHash) {
      return complete(await sql.all<Row>(Prisma.sql`
        SELECT "messages".* FROM "messages" JOIN "conversations" ON "conversations"."id" = "messages"."conversationId"
        WHERE "messages"."contentHash" = ${contentHash} AND "messages"."direction" = 'in' AND "conversations"."mailboxId" = ${mailbox}
        ORDER BY "messages"."createdAt", "messages"."id"`));
    },

    async automaticSentTo(address, since) {
      const [row] = await sql.all<{ count: number | bigint }>(Prisma.sql`
        SELECT COUNT(*) AS "count" FROM "messages"
        WHERE "automaticTo" = ${indexable(address)} AND "createdAt" >= ${since} AND "state" NOT IN ('cancelled', 'failed')`);
      return Number(row?.count ?? 0);
    },

    async undoableBy(agent, now) {
      return complete(await sql.all<Row>(Prisma.sql`
        SELECT * FROM "messages" WHERE "authorId" = ${agent} AND "state" = 'queued' AND "sendAt" > ${now} ORDER BY "sendAt", "id"`));
    },

    async attachment(attachment) {
      const [row] = await sql.all<AttachmentRow>(Prisma.sql`SELECT * FROM "attachments" WHERE "id" = ${attachment}`);
      return row && { ...attachmentFrom(row), messageId: id<MessageId>(row.messageId) };
    },
  };
}

function byMessage(files: readonly AttachmentRow[]): Map<string, AttachmentRow[]> {
  const groups = new Map<string, AttachmentRow[]>();
  for (const file of files) {
    const group = groups.get(file.messageId);
    if (group) group.push(file);
    else groups.set(file.messageId, [file]);
  }
  return groups;
}

function messageFrom(row: Row, attachments: readonly AttachmentRow[]): Message {
  return {
    id: id(row.id),
    conversationId: id(row.conversationId),
    direction: oneOf(row.direction),
    automatic: row.automaticKind === null ? undefined : { kind: oneOf(row.automaticKind), reason: row.automaticReason ?? '' },
    rawMailId: optionalId(row.rawMailId),
    headerId: optional(row.headerId),
    inReplyTo: optional(row.inReplyTo),
    references: fromJson(row.references),
    from: { address: row.fromAddress, name: row.fromName },
    to: fromJson(row.to),
    cc: fromJson(row.cc),
    bcc: fromJson(row.bcc),
    replyTo: fromJson(row.replyTo),
    subject: row.subject,
    text: row.text,
    hiddenText: row.hiddenText,
    hiddenLines: row.hiddenLines,
    hasHtml: row.hasHtml,
    attachments: attachments.map(attachmentFrom),
    authorId: optionalId(row.authorId),
    state: oneOf(row.state),
    problem: row.problem === null ? undefined : fromJson(row.problem),
    keepsTurn: row.keepsTurn,
    dueAt: optional(row.dueAt),
    sendAt: optional(row.sendAt),
    sentAt: optional(row.sentAt),
    revision: row.revision,
    contentHash: row.contentHash,
    language: optional(row.language),
    createdAt: row.createdAt,
  };
}

function rowOf(message: Message): Row {
  const recipient = message.direction === 'out' && message.automatic ? message.to[0]?.address : undefined;
  return {
    id: message.id,
    conversationId: message.conversationId,
    direction: message.direction,
    automaticKind: message.automatic?.kind ?? null,
    automaticReason: message.automatic?.reason ?? null,
    automaticTo: recipient === undefined ? null : indexable(recipient),
    rawMailId: nullable(message.rawMailId),
    headerId: message.headerId === undefined ? null : indexable(message.headerId),
    inReplyTo: nullable(message.inReplyTo),
    references: JSON.stringify(message.references),
    fromAddress: message.from.address,
    fromName: message.from.name,
    to: JSON.stringify(message.to),
    cc: JSON.stringify(message.cc),
    bcc: JSON.stringify(message.bcc),
    replyTo: JSON.stringify(message.replyTo),
    subject: message.subject,
    text: message.text,
    hiddenText: message.hiddenText,
    hiddenLines: message.hiddenLines,
    hasHtml: message.hasHtml,
    authorId: nullable(message.authorId),
    state: message.state,
    problem: message.problem ? JSON.stringify(message.problem) : null,
    keepsTurn: message.keepsTurn,
    dueAt: nullable(message.dueAt),
    sendAt: nullable(message.sendAt),
    sentAt: nullable(message.sentAt),
    revision: message.revision,
    contentHash: message.contentHash,
    language: nullable(message.language),
    createdAt: message.createdAt,
  };
}

function attachmentFrom(row: AttachmentRow): Attachment {
  return {
    id: id<AttachmentId>(row.id),
    fileName: row.fileName,
    contentType: row.contentType,
    bytes: row.bytes,
    inline: row.inline,
    contentId: optional(row.contentId),
    content: row.blob === null ? { kind: 'part', index: row.part ?? 0 } : { kind: 'blob', hash: id(row.blob) },
  };
}

function attachmentRowOf(attachment: Attachment, messageId: MessageId, position: number): AttachmentRow {
  return {
    id: attachment.id,
    messageId,
    position,
    fileName: attachment.fileName,
    contentType: attachment.contentType,
    bytes: attachment.bytes,
    inline: attachment.inline,
    contentId: nullable(attachment.contentId),
    blob: attachment.content.kind === 'blob' ? attachment.content.hash : null,
    part: attachment.content.kind === 'part' ? attachment.content.index : null,
  };
}
