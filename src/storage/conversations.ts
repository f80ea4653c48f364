/** Conversations, and the lists of them. */
import { StaleRevision } from '../core/errors.js';
import type { ChannelId, ConversationId, CustomerId, FolderId, TeamId } from '../core/ids.js';
import type { Conversation, MessageState, Status } from '../core/model.js';
import type { Clock } from '../core/ports/effects.js';
import type { ConversationRow, ConversationStore, View, ViewCounts, Work } from '../core/ports/store.js';
import type { Access, Db, Sql } from './access.js';
import { customersByIds } from './customers.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Conversation as Row } from './generated/sqlite/client.js';
import { presenceFrom } from './presence.js';
import { fromJson, id, nullable, oneOf, optional, optionalId } from './rows.js';
import { andInSight, whereInSight } from './sight-sql.js';
import { insertInto, set } from './sql.js';

/** Stored as `waitingSince` and `dueAt` while nobody waits, or nothing is due: sorts behind everybody who does. */
export const NOBODY_WAITS = new Date(Date.UTC(9999, 11, 31));
/** PostgreSQL takes 65,535 values in one statement, SQLite 32,766. */
const IDS_PER_STATEMENT = 5_000;
/** States of an answer that a person has to look at. */
const TROUBLE: readonly MessageState[] = ['failed', 'bounced', 'uncertain', 'awaiting'];

export function conversationStore({ db, sql, sight, write }: Access, clock: Clock): ConversationStore {
  const one = (rows: readonly Row[]): Conversation | undefined => (rows[0] ? conversationFrom(rows[0]) : undefined);
  const seen = andInSight(sight);

  return {
    async get(conversation) {
      return one(await sql.all<Row>(Prisma.sql`SELECT * FROM "conversations" WHERE "id" = ${conversation}`));
    },

    async byNumber(number) {
      return one(await sql.all<Row>(Prisma.sql`SELECT * FROM "conversations" WHERE "number" = ${number}`));
    },

    create: (conversation) =>
      write(async ({ sql, changes }) => {
        // The row stays locked until the transaction ends: numbers have neither gaps nor doubles. Two statements: on SQLite, RETURNING takes eight times as long as both.
        await sql.run(Prisma.sql`UPDATE "counters" SET "value" = "value" + 1 WHERE "name" = 'conversation'`);
        const [counter] = await sql.all<{ value: number }>(Prisma.sql`SELECT "value" FROM "counters" WHERE "name" = 'conversation'`);
        if (!counter) throw new Error('The counter of conversations is missing from the database.');
        const created: Conversation = { ...conversation, number: counter.value, revision: 1 };
        await sql.run(insertInto('conversations', rowOf(created)));
        changes.conversations.add(created.id);
        return created;
      }),

    save: (conversation) =>
      write(async ({ sql, changes }) => {
        const { id: key, number: _number, createdAt: _createdAt, threadRef: _thread, cardRef: _card, ...columns } = rowOf(conversation);
        const [kept] = await sql.all<Pick<Row, 'threadRef' | 'cardRef'>>(Prisma.sql`
          UPDATE "conversations" SET ${set('conversations', { ...columns, revision: conversation.revision + 1 })}
          WHERE "id" = ${key} AND "revision" = ${conversation.revision} RETURNING "threadRef", "cardRef"`);
        if (!kept) throw new StaleRevision(conversation.id);
        changes.conversations.add(conversation.id);
        return { ...conversation, revision: conversation.revision + 1, threadRef: optionalId(kept.threadRef), cardRef: optionalId(kept.cardRef) };
      }),

    setRefs: (conversation, { threadRef, cardRef }) =>
      write(async ({ sql, changes }) => {
        await sql.run(Prisma.sql`UPDATE "conversations" SET "threadRef" = ${nullable(threadRef)}, "cardRef" = ${nullable(cardRef)} WHERE "id" = ${conversation}`);
        changes.conversations.add(conversation);
      }),

    async byThread(bridge, thread) {
      const rows = await sql.all<Row>(Prisma.sql`
        SELECT "conversations".* FROM "conversations" JOIN "channels" ON "channels"."id" = "conversations"."channelId"
        WHERE "conversations"."threadRef" = ${thread} AND "channels"."bridge" = ${bridge} ORDER BY "conversations"."number" DESC LIMIT 1`);
      return one(rows);
    },

    async openOf(customer, limit) {
      const rows = await sql.all<Row>(Prisma.sql`
        SELECT * FROM "conversations" WHERE "customerId" = ${customer} AND "status" IN ('open', 'pending')${seen} ORDER BY "number" DESC LIMIT ${limit}`);
      return rows.map(conversationFrom);
    },

    async ofCustomer(customer, limit) {
      const some = limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit}`;
      const rows = await sql.all<Row>(Prisma.sql`SELECT * FROM "conversations" WHERE "customerId" = ${customer} AND "mergedInto" IS NULL${seen} ORDER BY "number" DESC ${some}`);
      return rows.map(conversationFrom);
    },

    async tracesOf(customer) {
      const rows = await sql.all<Pick<Row, 'id' | 'customerId' | 'participants' | 'createdAt'>>(Prisma.sql`SELECT "id", "customerId", "participants", "createdAt" FROM "conversations" WHERE "customerId" = ${customer} ORDER BY "number"`);
      return rows.map((row) => ({ id: id(row.id), customerId: id(row.customerId), participants: fromJson(row.participants), createdAt: row.createdAt }));
    },

    async countBefore(customer, number) {
      const [row] = await sql.all<{ count: number | bigint }>(Prisma.sql`
        SELECT COUNT(*) AS "count" FROM "conversations" WHERE "customerId" = ${customer} AND "number" < ${number} AND "status" <> 'spam' AND "mergedInto" IS NULL${seen}`);
      return Number(row?.count ?? 0);
    },

    giveTo: (conversations, customer) =>
      write(async ({ sql, changes }) => {
        for (let at = 0; at < conversations.length; at += IDS_PER_STATEMENT) {
          const some = conversations.slice(at, at + IDS_PER_STATEMENT);
          // The revision counts up, so that nobody who loaded one before saves the former customer over this.
          await sql.run(Prisma.sql`UPDATE "conversations" SET "customerId" = ${customer}, "revision" = "revision" + 1 WHERE "id" IN (${Prisma.join(some)})`);
          for (const conversation of some) changes.conversations.add(conversation);
        }
      }),

    async list(view, page) {
      const now = clock.now();
      const overdue = { dueAt: { lte: now } };
      const part = (condition: Prisma.ConversationWhereInput, orderBy: Prisma.ConversationOrderByWithRelationInput[]): Part => {
        const where = { AND: [whereOf(view), condition, whereInSight(sight)] };
        return { rows: (limit, offset) => db.conversation.findMany({ where, orderBy, take: limit, skip: offset }), count: () => db.conversation.count({ where }) };
      };
      // Each part is a walk along an index of its own.
      const parts = view.kind === 'overdue' ? [part(overdue, LONGEST_OVERDUE)] : isByWait(view) ? [part(overdue, LONGEST_OVERDUE), part({ NOT: overdue }, LONGEST_WAIT)] : [part({}, NEWEST)];
      return withCompany({ db, sql }, await pageOf(parts, page), now);
    },

    moveContents: ({ messages, notes }, to, revision) =>
      write(async ({ sql, changes }) => {
        if (messages.length > 0) {
          await sql.run(Prisma.sql`UPDATE "messages" SET "conversationId" = ${to}, "revision" = ${revision} WHERE "id" IN (${Prisma.join(messages)})`);
          await sql.run(Prisma.sql`UPDATE "search_entries" SET "conversationId" = ${to} WHERE "kind" = 'message' AND "refId" IN (${Prisma.join(messages)})`);
        }
        if (notes.length > 0) {
          await sql.run(Prisma.sql`UPDATE "notes" SET "conversationId" = ${to}, "revision" = ${revision} WHERE "id" IN (${Prisma.join(notes)})`);
          await sql.run(Prisma.sql`UPDATE "search_entries" SET "conversationId" = ${to} WHERE "kind" = 'note' AND "refId" IN (${Prisma.join(notes)})`);
        }
        changes.conversations.add(to);
      }),

    async counts(agent): Promise<ViewCounts> {
      const [byStatus, ofOpen, channels, teams, folders, quarantined] = await Promise.all([
        sql.all<Group>(Prisma.sql`SELECT "status" AS "of", COUNT(*) AS "count" FROM "conversations" WHERE "folderId" IS NULL${seen} GROUP BY "status"`),
        sql.all<Group>(Prisma.sql`
          SELECT "assigneeId" AS "of", COUNT(*) AS "count" FROM "conversations" WHERE "status" = 'open' AND "folderId" IS NULL${seen} GROUP BY "assigneeId"`),
        sql.all<Group>(Prisma.sql`
          SELECT "channelId" AS "of", COUNT(*) AS "count" FROM "conversations" WHERE "status" = 'open' AND "channelId" IS NOT NULL${seen} GROUP BY "channelId"`),
        sql.all<Group>(Prisma.sql`
          SELECT "teamId" AS "of", COUNT(*) AS "count" FROM "conversations" WHERE "status" = 'open' AND "folderId" IS NULL AND "teamId" IS NOT NULL${seen} GROUP BY "teamId"`),
        sql.all<Group>(Prisma.sql`
          SELECT "folderId" AS "of", COUNT(*) AS "count" FROM "conversations" WHERE "folderId" IS NOT NULL AND "status" <> 'spam'${seen} GROUP BY "folderId"`),
        sql.all<Group>(Prisma.sql`SELECT "mailboxId" AS "of", COUNT(*) AS "count" FROM "raw_mails" WHERE "state" = 'quarantined' GROUP BY "mailboxId"`),
      ]);
      const [unseen] = await sql.all<Group>(Prisma.sql`
        SELECT NULL AS "of", COUNT(*) AS "count" FROM "notices"
        WHERE "agentId" = ${agent} AND "readAt" IS NULL AND "conversationId" IN (SELECT "id" FROM "conversations" WHERE 1 = 1${seen})`);
      const [late] = await sql.all<Group>(Prisma.sql`SELECT NULL AS "of", COUNT(*) AS "count" FROM "conversations" WHERE "status" = 'open' AND "folderId" IS NULL AND "dueAt" <= ${clock.now()}${seen}`);
      const [spamInFolders] = await sql.all<Group>(Prisma.sql`SELECT NULL AS "of", COUNT(*) AS "count" FROM "conversations" WHERE "status" = 'spam' AND "folderId" IS NOT NULL${seen}`);
      const status = countsOf<Status>(byStatus);
      return {
        open: status.get('open') ?? 0,
        mine: countsOf(ofOpen).get(agent) ?? 0,
        unassigned: Number(ofOpen.find((group) => group.of === null)?.count ?? 0),
        overdue: Number(late?.count ?? 0),
        pending: status.get('pending') ?? 0,
        snoozed: status.get('snoozed') ?? 0,
        closed: status.get('closed') ?? 0,
        spam: (status.get('spam') ?? 0) + Number(spamInFolders?.count ?? 0),
        quarantine: quarantined.reduce((sum, { of, count }) => (of !== null && sight.mailboxes.has(of) ? sum : sum + Number(count)), 0),
        notices: Number(unseen?.count ?? 0),
        channels: countsOf<ChannelId>(channels),
        teams: countsOf<TeamId>(teams),
        folders: countsOf<FolderId>(folders),
      };
    },

    async workload() {
      const rows = await sql.all<WorkRow>(Prisma.sql`
        SELECT "assigneeId", "teamId", "status", COUNT(*) AS "count", MIN("waitingSince") AS "since" FROM "conversations"
        WHERE "status" IN ('open', 'pending', 'snoozed') AND "folderId" IS NULL${seen} GROUP BY "assigneeId", "teamId", "status"`);
      return workOf(rows);
    },
  };
}

interface WorkRow {
  readonly assigneeId: string | null;
  readonly teamId: string | null;
  readonly status: string;
  readonly count: number | bigint;
  /** SQLite gives what it computes as it is stored: milliseconds. */
  readonly since: Date | number;
}

/** One entry for each owner and team, from a row for each of their statuses. */
function workOf(rows: readonly WorkRow[]): readonly Work[] {
  const works = new Map<string, Work>();
  for (const { assigneeId, teamId, status, count, since } of rows) {
    const key = `${assigneeId ?? ''} ${teamId ?? ''}`;
    const known: Work = works.get(key) ?? { agentId: optionalId(assigneeId), teamId: optionalId(teamId), open: 0, pending: 0, snoozed: 0, waitingSince: undefined };
    works.set(key, { ...known, [status]: Number(count), waitingSince: status === 'open' ? momentFrom(new Date(since)) : known.waitingSince });
  }
  return [...works.values()];
}

const momentFrom = (stored: Date): Date | undefined => (stored.getTime() === NOBODY_WAITS.getTime() ? undefined : stored);

/** A row of a count by some column. PostgreSQL counts in bigints. */
interface Group {
  readonly of: string | null;
  readonly count: number | bigint;
}

function countsOf<Key extends string>(groups: readonly Group[]): Map<Key, number> {
  return new Map(groups.flatMap(({ of, count }) => (of === null ? [] : [[of as Key, Number(count)]])));
}

/** What lies in a folder is seen there only. */
function whereOf(view: View): Prisma.ConversationWhereInput {
  switch (view.kind) {
    case 'open': case 'overdue': return { status: 'open', folderId: null };
    case 'unassigned': return { status: 'open', folderId: null, assigneeId: null };
    case 'mine': return { status: 'open', folderId: null, assigneeId: view.agentId };
    case 'team': return { status: 'open', folderId: null, teamId: view.teamId };
    case 'channel': return { status: 'open', channelId: view.channelId };
    case 'folder': return { folderId: view.folderId, status: { not: 'spam' } };
    case 'spam': return { status: 'spam' };
    case 'pending': case 'snoozed': case 'closed': return { status: view.kind, folderId: null };
  }
}

const LONGEST_OVERDUE: Prisma.ConversationOrderByWithRelationInput[] = [{ dueAt: 'asc' }, { number: 'asc' }];
const LONGEST_WAIT: Prisma.ConversationOrderByWithRelationInput[] = [{ waitingSince: 'asc' }, { number: 'asc' }];
const NEWEST: Prisma.ConversationOrderByWithRelationInput[] = [{ updatedAt: 'desc' }, { number: 'desc' }];

/** Where somebody waits for us, what is overdue is first, then who waits longest; elsewhere the newest. */
const isByWait = ({ kind }: View): boolean => ['open', 'unassigned', 'mine', 'team', 'channel'].includes(kind);

/** One of the parts that a list is made of, one behind the other. */
interface Part {
  rows(limit: number, offset: number): Promise<readonly Row[]>;
  count(): Promise<number>;
}

async function pageOf(parts: readonly Part[], { limit, offset }: { readonly limit: number; readonly offset: number }): Promise<readonly Row[]> {
  const [first, ...rest] = parts;
  if (!first || limit <= 0) return [];
  const rows = await first.rows(limit, offset);
  if (rest.length === 0 || rows.length === limit) return rows;
  // Only a page behind the first part has to know how long that is.
  const passed = rows.length > 0 || offset === 0 ? offset + rows.length : await first.count();
  return [...rows, ...(await pageOf(rest, { limit: limit - rows.length, offset: Math.max(0, offset - passed) }))];
}

/** Adds what a list shows beside each conversation, with a fixed number of queries for the whole page. */
async function withCompany({ db, sql }: { readonly db: Db; readonly sql: Sql }, rows: readonly Row[], now: Date): Promise<readonly ConversationRow[]> {
  const conversationId = { in: rows.map((row) => row.id) };
  const [customers, messages, notes, files, troubles, presences] = await Promise.all([
    customersByIds(sql, rows.map((row) => row.customerId)),
    db.message.groupBy({ by: ['conversationId'], where: { conversationId }, _count: true }),
    db.note.groupBy({ by: ['conversationId'], where: { conversationId, deletedAt: null }, _count: true }),
    db.attachment.findMany({ where: { inline: false, message: { conversationId } }, select: { message: { select: { conversationId: true } } } }),
    db.message.findMany({
      where: { conversationId, direction: 'out', state: { in: [...TROUBLE] } },
      select: { id: true, conversationId: true, state: true, problem: true },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }),
    db.presence.findMany({ where: { conversationId, doing: 'writing', until: { gt: now } }, orderBy: { until: 'asc' } }),
  ]);
  const messageCounts = new Map(messages.map((group) => [group.conversationId, group._count]));
  const noteCounts = new Map(notes.map((group) => [group.conversationId, group._count]));
  const fileCounts = new Map<string, number>();
  for (const { message } of files) fileCounts.set(message.conversationId, (fileCounts.get(message.conversationId) ?? 0) + 1);
  // Later entries win: the newest trouble, the presence that lasts longest.
  const trouble = new Map(troubles.map((message) => [message.conversationId, message]));
  const answering = new Map(presences.map((presence) => [presence.conversationId, presence]));

  return rows.map((row) => {
    const customer = customers.get(id(row.customerId));
    if (!customer) throw new Error(`conversation ${row.id} has no customer`);
    const problem = trouble.get(row.id);
    const presence = answering.get(row.id);
    return {
      conversation: conversationFrom(row),
      customer,
      messages: messageCounts.get(row.id) ?? 0,
      notes: noteCounts.get(row.id) ?? 0,
      files: fileCounts.get(row.id) ?? 0,
      trouble: problem && { id: id(problem.id), state: oneOf(problem.state), problem: problem.problem === null ? undefined : fromJson(problem.problem) },
      answering: presence && presenceFrom(presence),
    };
  });
}

export function conversationFrom(row: Row): Conversation {
  return {
    id: id<ConversationId>(row.id),
    number: row.number,
    mailboxId: id(row.mailboxId),
    customerId: id<CustomerId>(row.customerId),
    subject: row.subject,
    status: oneOf(row.status),
    assigneeId: optionalId(row.assigneeId),
    teamId: optionalId(row.teamId),
    labels: fromJson(row.labels),
    priority: oneOf(row.priority),
    channelId: optionalId(row.channelId),
    folderId: optionalId(row.folderId),
    revision: row.revision,
    participants: fromJson(row.participants),
    language: optional(row.language),
    excerpt: row.excerpt,
    waitingSince: momentFrom(row.waitingSince),
    dueAt: momentFrom(row.dueAt),
    snoozedUntil: optional(row.snoozedUntil),
    followUpAt: optional(row.followUpAt),
    mergedInto: optionalId(row.mergedInto),
    warning: row.warning === null ? undefined : fromJson(row.warning),
    threadRef: optionalId(row.threadRef),
    cardRef: optionalId(row.cardRef),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function rowOf(conversation: Conversation): Row {
  return {
    id: conversation.id,
    number: conversation.number,
    mailboxId: conversation.mailboxId,
    customerId: conversation.customerId,
    subject: conversation.subject,
    status: conversation.status,
    assigneeId: nullable(conversation.assigneeId),
    teamId: nullable(conversation.teamId),
    labels: JSON.stringify(conversation.labels),
    priority: conversation.priority,
    channelId: nullable(conversation.channelId),
    folderId: nullable(conversation.folderId),
    revision: conversation.revision,
    participants: JSON.stringify(conversation.participants),
    language: nullable(conversation.language),
    excerpt: conversation.excerpt,
    waitingSince: conversation.waitingSince ?? NOBODY_WAITS,
    dueAt: conversation.dueAt ?? NOBODY_WAITS,
    snoozedUntil: nullable(conversation.snoozedUntil),
    followUpAt: nullable(conversation.followUpAt),
    mergedInto: nullable(conversation.mergedInto),
    warning: conversation.warning ? JSON.stringify(conversation.warning) : null,
    threadRef: nullable(conversation.threadRef),
    cardRef: nullable(conversation.cardRef),
    createdAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
  };
}
