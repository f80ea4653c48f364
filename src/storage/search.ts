/**
 * Full text search. The text as written is in search_entries; beside it each engine has its own index of the folded words: FTS5 on SQLite, a tsvector on
 * PostgreSQL. Words are taken apart by core/fold.ts on both, so that both find the same.
 */
import { foldedWords, snippet } from '../core/fold.js';
import type { ConversationId } from '../core/ids.js';
import type { Status } from '../core/model.js';
import type { SearchHit, SearchStore } from '../core/ports/store.js';
import { seesEverything, type Sight } from '../core/sight.js';
import type { Access, EngineName } from './access.js';
import { conversationFrom } from './conversations.js';
import { customersByIds } from './customers.js';
import { Prisma } from './generated/sqlite/client.js';
import { id } from './rows.js';
import { andInSight } from './sight-sql.js';

/** A tsvector holds 1 MB (PostgreSQL, "Text search limitations"), and nobody searches for the end of a log file pasted into a mail. */
const MAX_INDEXED_CHARS = 100_000;
/** A lexeme of a tsvector holds 2 KB; what is longer than this is no word but encoded data. */
const MAX_WORD_CHARS = 100;
/** More words narrow nothing down. */
const MAX_QUERY_WORDS = 12;
/** A common word matches half of all mail. The newest so many hits are ranked, the rest is out of reach of a list anyway. */
const MAX_RANKED = 1_000;

/** A matching entry; greater rank is better, greater id is newer. */
interface Match {
  readonly id: number;
  readonly conversationId: string;
  readonly rank: number;
}

export function searchStore({ engine, db, sql, sight, write }: Access): SearchStore {
  const index = INDEXES[engine];

  return {
    index: ({ conversationId, kind, id: refId, text }) =>
      write(async ({ sql }) => {
        const kept = text.slice(0, MAX_INDEXED_CHARS);
        await sql.run(Prisma.sql`
          INSERT INTO "search_entries" ("kind", "refId", "conversationId", "text") VALUES (${kind}, ${refId}, ${conversationId}, ${kept})
          ON CONFLICT ("kind", "refId") DO UPDATE SET "conversationId" = excluded."conversationId", "text" = excluded."text"`);
        const [entry] = await sql.all<{ id: number }>(Prisma.sql`SELECT "id" FROM "search_entries" WHERE "kind" = ${kind} AND "refId" = ${refId}`);
        if (entry) await sql.run(index.put(entry.id, words(kept).join(' ')));
      }),

    async find(query, limit, only = {}): Promise<readonly SearchHit[]> {
      const wanted = words(query).slice(0, MAX_QUERY_WORDS);
      if (wanted.length === 0 || limit <= 0) return [];
      const newest = index.newest ? await sql.all<Match>(index.newest(wanted, conversationsIn(sight, only.status))) : [];
      const matches = newest.length === MAX_RANKED ? newest : await sql.all<Match>(index.find(wanted, conversationsIn(sight, only.status)));
      const best = bestOfEach(matches).slice(0, limit);
      if (best.length === 0) return [];
      const [conversations, entries] = await Promise.all([
        db.conversation.findMany({ where: { id: { in: best.map((match) => match.conversationId) } } }),
        db.searchEntry.findMany({ where: { id: { in: best.map((match) => match.id) } }, select: { id: true, text: true } }),
      ]);
      const customers = await customersByIds(db, conversations.map((row) => row.customerId));
      const byId = new Map(conversations.map((row) => [row.id, conversationFrom(row)]));
      const texts = new Map(entries.map((entry) => [entry.id, entry.text]));
      return best.flatMap((match) => {
        const conversation = byId.get(match.conversationId);
        const customer = conversation && customers.get(conversation.customerId);
        return conversation && customer ? [{ conversation, customer, snippet: snippet(texts.get(match.id) ?? '', wanted) }] : [];
      });
    },
  };
}

function words(text: string): string[] {
  return foldedWords(text).filter((word) => word.length <= MAX_WORD_CHARS);
}

/** How much newer mail is preferred: the newest hit counts this many times as much as the oldest of those ranked. */
const NEWEST_WEIGHT = 2;

/** The best entry of each conversation, best first; rank weighed with age. */
function bestOfEach(matches: readonly Match[]): Match[] {
  const byAge = [...matches].sort((one, other) => one.id - other.id);
  const weighed = byAge.map((match, age) => ({ match, weight: match.rank * (1 + ((NEWEST_WEIGHT - 1) * (age + 1)) / byAge.length) }));
  weighed.sort((one, other) => other.weight - one.weight || other.match.id - one.match.id);
  const best = new Map<ConversationId, Match>();
  for (const { match } of weighed) {
    const conversation = id<ConversationId>(match.conversationId);
    if (!best.has(conversation)) best.set(conversation, match);
  }
  return [...best.values()];
}

/** What differs between the engines. Words are letters and digits only, so no word can be syntax. */
interface Index {
  put(entry: number, words: string): Prisma.Sql;
  /** The newest entries that have all words, the last as a prefix. */
  find(words: readonly string[], only: Prisma.Sql): Prisma.Sql;
  /**
   * The same without weighing them, where weighing reads all there is of a word: words that stand in more entries than are ranked tell those apart by their age
   * alone, and are the ones that would take long.
   */
  newest?(words: readonly string[], only: Prisma.Sql): Prisma.Sql;
}

/** Entries of conversations that are in sight and of this status; every search goes through here. */
function conversationsIn(sight: Sight, status: Status | undefined): Prisma.Sql {
  if (status === undefined && seesEverything(sight)) return Prisma.empty;
  const ofStatus = status === undefined ? Prisma.empty : Prisma.sql` AND "conversations"."status" = ${status}`;
  return Prisma.sql`JOIN "conversations" ON "conversations"."id" = "search_entries"."conversationId"${ofStatus}${andInSight(sight)}`;
}

/** FTS5: all words, the last as a prefix. */
const matching = (wanted: readonly string[]): string => `${wanted.map((word) => `"${word}"`).join(' ')} *`;

const INDEXES: Readonly<Record<EngineName, Index>> = {
  sqlite: {
    put: (entry, folded) => Prisma.sql`INSERT OR REPLACE INTO "search_index" ("rowid", "words") VALUES (${entry}, ${folded})`,
    // bm25() is smaller, in fact more negative, for better matches.
    find: (wanted, only) => Prisma.sql`
      SELECT "search_entries"."id", "search_entries"."conversationId", -bm25("search_index") AS "rank"
      FROM "search_index" JOIN "search_entries" ON "search_entries"."id" = "search_index"."rowid" ${only}
      WHERE "search_index" MATCH ${matching(wanted)} ORDER BY "search_index"."rowid" DESC LIMIT ${MAX_RANKED}`,
    newest: (wanted, only) => Prisma.sql`
      SELECT "search_entries"."id", "search_entries"."conversationId", 1 AS "rank"
      FROM "search_index" JOIN "search_entries" ON "search_entries"."id" = "search_index"."rowid" ${only}
      WHERE "search_index" MATCH ${matching(wanted)} ORDER BY "search_index"."rowid" DESC LIMIT ${MAX_RANKED}`,
  },
  postgresql: {
    put: (entry, folded) => Prisma.sql`
      INSERT INTO "search_index" ("id", "words") VALUES (${entry}, to_tsvector('simple', ${folded}))
      ON CONFLICT ("id") DO UPDATE SET "words" = excluded."words"`,
    find: (wanted, only) => Prisma.sql`
      SELECT "search_entries"."id", "search_entries"."conversationId", ts_rank("search_index"."words", "query") AS "rank"
      FROM to_tsquery('simple', ${`${wanted.join(' & ')}:*`}) AS "query", "search_index"
      JOIN "search_entries" ON "search_entries"."id" = "search_index"."id" ${only}
      WHERE "search_index"."words" @@ "query" ORDER BY "search_index"."id" DESC LIMIT ${MAX_RANKED}`,
  },
};
