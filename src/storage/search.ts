/**
 * Full text search with operators. The text as written is in search_entries, one for each mail and note; its folded words are in the engine's own index beside it (search-index.ts). Words are taken
 * apart by core/fold.ts on both engines, so that both find the same.
 *
 * What keeps it fast: everything is walked newest first and left off once there is enough; nothing is counted; few conversations that fit are looked up first, and many are asked about one by one.
 */
import { foldedWords, snippet } from '../core/fold.js';
import type { ConversationId } from '../core/ids.js';
import type { MailAddress } from '../core/mail.js';
import type { SearchHit, SearchStore } from '../core/ports/store.js';
import { wantedWords } from '../core/search/query.js';
import { seesEverything } from '../core/sight.js';
import type { Access, Sql } from './access.js';
import { conversationFrom } from './conversations.js';
import { customersByIds } from './customers.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Conversation as ConversationRow, SearchEntry } from './generated/sqlite/client.js';
import { fromJson, id } from './rows.js';
import { SEARCH_INDEXES, type WordsCondition } from './search-index.js';
import { allOf, conversationConditions, entryConditions, sorted, type Asked } from './search-sql.js';
import { andInSight } from './sight-sql.js';

/** A tsvector holds 1 MB (PostgreSQL, "Text search limitations"), and nobody searches for the end of a log file pasted into a mail. */
const MAX_INDEXED_CHARS = 100_000;
/** A lexeme of a tsvector holds 2 KB; what is longer than this is no word but encoded data. */
const MAX_WORD_CHARS = 100;
/** More words narrow nothing down. */
const MAX_QUERY_WORDS = 12;
/** A common word stands in half of all mail: so many of the newest entries are looked at. More only where one long conversation takes them all. */
const MAX_RANKED = 120;
const MORE_RANKED = 5;
const MOST_RANKED = 25_000;
/** Up to so many conversations are found first, and their entries looked through; of more, enough entries are met by the way. */
const FEW_CONVERSATIONS = 5_000;
/** Words in the subject say more than words somewhere in the text; more than age does, by which the newest hit counts twice as much as the oldest. */
const SUBJECT_WEIGHT = 3;
/** A snippet is made from the beginning of a text; a hit further down shows the beginning. */
const SNIPPET_CHARS = 4_000;

/** An entry that fits; greater id is newer. */
interface Match {
  readonly id: number;
  readonly conversationId: string;
}

export function searchStore({ engine, sql, sight, write }: Access): SearchStore {
  const index = SEARCH_INDEXES[engine];

  return {
    index: ({ conversationId, kind, id: refId, text }) =>
      write(async ({ sql }) => {
        const kept = text.slice(0, MAX_INDEXED_CHARS);
        const facts = await factsOf(sql, kind, refId);
        await sql.run(Prisma.sql`
          INSERT INTO "search_entries" ("kind", "refId", "conversationId", "text", "at", "files") VALUES (${kind}, ${refId}, ${conversationId}, ${kept}, ${facts.at}, ${facts.files})
          ON CONFLICT ("kind", "refId") DO UPDATE SET "conversationId" = excluded."conversationId", "text" = excluded."text"`);
        const [entry] = await sql.all<{ id: number }>(Prisma.sql`SELECT "id" FROM "search_entries" WHERE "kind" = ${kind} AND "refId" = ${refId}`);
        if (entry) await sql.run(index.put(entry.id, { words: joined(kept), ...facts.words }));
      }),

    reindex: (portion) =>
      write(async ({ sql }) => {
        const [counter] = await sql.all<{ value: number }>(Prisma.sql`SELECT "value" FROM "counters" WHERE "name" = ${REINDEX}`);
        if (!counter || counter.value <= 0) return false;
        const entries = await sql.all<Pick<SearchEntry, 'id' | 'kind' | 'refId' | 'text'>>(Prisma.sql`
          SELECT "id", "kind", "refId", "text" FROM "search_entries" WHERE "id" <= ${counter.value} ORDER BY "id" DESC LIMIT ${portion}`);
        for (const { id: entry, kind, refId, text } of entries) await sql.run(index.put(entry, { words: joined(text), ...(await factsOf(sql, kind, refId)).words }));
        const lowest = entries.length < portion ? 0 : (entries.at(-1)?.id ?? 1) - 1;
        await sql.run(Prisma.sql`UPDATE "counters" SET "value" = ${lowest} WHERE "name" = ${REINDEX}`);
        return lowest > 0;
      }),

    async find(query, limit): Promise<readonly SearchHit[]> {
      const asked = sorted(query, usable);
      if (limit <= 0 || isEmpty(asked)) return [];
      if (!asksOfEntries(asked)) return companyOf((await byFacts(asked, limit)).map((conversationId) => ({ id: 0, conversationId })), []);
      return companyOf(await bestMatches(asked, limit), wantedWords(query).slice(0, MAX_QUERY_WORDS));
    },

    async conversations(query, limit): Promise<readonly ConversationId[]> {
      const asked = sorted(query, usable);
      if (limit <= 0 || isEmpty(asked)) return [];
      if (!asksOfEntries(asked)) return (await byFacts(asked, limit)).map((key) => id<ConversationId>(key));
      const few = await fewConversations(asked);
      return distinct(await newest(asked, few, limit)).slice(0, limit).map(({ conversationId }) => id<ConversationId>(conversationId));
    },
  };

  /** Conversations that are asked for by their own facts alone, newest first. */
  async function byFacts({ ofConversations }: Asked, limit: number): Promise<readonly string[]> {
    const status = ofConversations.find((condition) => condition.kind === 'status' && !condition.not);
    const others = ofConversations.filter((condition) => condition !== status);
    const ofStatus = status?.kind === 'status' ? [Prisma.sql`"conversations"."status" = ${status.status}`] : [];
    const where = allOf([...ofStatus, ...conversationConditions(others, index), Prisma.sql`"conversations"."mergedInto" IS NULL`]);
    const rows = await sql.all<{ id: string }>(Prisma.sql`
      SELECT "conversations"."id" FROM "conversations" ${index.byFacts[status ? 'status' : 'all']} WHERE ${where}${andInSight(sight)} ORDER BY "conversations"."updatedAt" DESC, "conversations"."number" DESC LIMIT ${limit}`);
    return rows.map((row) => row.id);
  }

  /** The conversations that fit by their own facts, where they are few. */
  async function fewConversations(asked: Asked): Promise<readonly string[] | undefined> {
    if (asked.ofConversations.length === 0) return undefined;
    const found = await byFacts(asked, FEW_CONVERSATIONS + 1);
    return found.length > FEW_CONVERSATIONS ? undefined : found;
  }

  /** Weighed by age and by whether the words stand in the subject; the best of each conversation, best first. */
  async function bestMatches(asked: Asked, limit: number): Promise<readonly Match[]> {
    const few = await fewConversations(asked);
    const found = await newest(asked, few, limit);
    // Where nothing but words is asked for, older ones that have them in the subject come up as well.
    const subject = asked.ofConversations.length === 0 && asked.ofEntries.length === 0 ? asSubject(asked) : undefined;
    const older = subject ? await entriesOf(subject, undefined, MAX_RANKED) : [];
    const all = [...new Map([...found, ...older].map((match) => [match.id, match])).values()];
    const inSubject = await withWordsInSubject(asked, all);
    const byAge = all.sort((one, other) => one.id - other.id);
    const weights = new Map(byAge.map((match, age) => [match.id, (1 + (age + 1) / byAge.length) * (inSubject.has(match.conversationId) ? SUBJECT_WEIGHT : 1)]));
    const weighed = byAge.sort((one, other) => (weights.get(other.id) ?? 0) - (weights.get(one.id) ?? 0) || other.id - one.id);
    return distinct(weighed).slice(0, limit);
  }

  /** Conversations whose subject has all words that may stand anywhere. */
  async function withWordsInSubject({ words }: Asked, matches: readonly Match[]): Promise<ReadonlySet<string>> {
    const wanted = words.filter(({ in: place, not }) => place === undefined && !not);
    if (wanted.length === 0 || matches.length === 0) return new Set();
    const keys = distinct(matches).map(({ conversationId }) => conversationId);
    const rows = await sql.all<{ id: string; subject: string }>(Prisma.sql`SELECT "id", "subject" FROM "conversations" WHERE "id" IN (${index.listed(JSON.stringify(keys))})`);
    const has = (subject: readonly string[], { words: asked, open }: WordsCondition): boolean =>
      asked.every((word, at) => subject.some((known) => known === word || (open && at === asked.length - 1 && known.startsWith(word))));
    return new Set(rows.filter(({ subject }) => { const known = foldedWords(subject); return wanted.every((condition) => has(known, condition)); }).map((row) => row.id));
  }

  /** The newest entries that fit: enough for `limit` conversations, if there are so many. */
  async function newest(asked: Asked, few: readonly string[] | undefined, limit: number): Promise<readonly Match[]> {
    for (let most = Math.max(MAX_RANKED, limit); ; most *= MORE_RANKED) {
      const found = await entriesOf(asked, few, most);
      if (found.length < most || most >= MOST_RANKED || distinct(found).length >= limit) return found;
    }
  }

  async function entriesOf(asked: Asked, few: readonly string[] | undefined, most: number): Promise<readonly Match[]> {
    if (few?.length === 0) return [];
    const { words, ofConversations } = asked;
    const ofEntries = [...entryConditions(asked, index)];
    // Few: their entries, as a list. Many: each entry's conversation is asked, which the join of the many does not turn round.
    const among = few && Prisma.sql`IN (SELECT "id" FROM "search_entries" WHERE "conversationId" IN (${index.listed(JSON.stringify(few))}))`;
    // Few are in sight already.
    const joined = !few && (ofConversations.length > 0 || !seesEverything(sight));
    const join = joined ? Prisma.sql`CROSS JOIN "conversations"` : Prisma.empty;
    const joining = joined ? [Prisma.sql`"conversations"."id" = "search_entries"."conversationId"${andInSight(sight)}`, ...conversationConditions(ofConversations, index)] : [];
    if (words.length === 0) {
      const where = [...ofEntries, ...joining, ...(few ? [Prisma.sql`"search_entries"."conversationId" IN (${index.listed(JSON.stringify(few))})`] : [])];
      return sql.all<Match>(Prisma.sql`
        SELECT "search_entries"."id", "search_entries"."conversationId" FROM "search_entries" ${join} WHERE ${allOf(where)} ORDER BY "search_entries"."at" DESC, "search_entries"."id" DESC LIMIT ${most}`);
    }
    const where = [index.matches(words), Prisma.sql`"search_entries"."id" = ${index.entry}`, ...(among ? [Prisma.sql`${index.plain(index.entry)} ${among}`] : []), ...ofEntries, ...joining];
    return sql.all<Match>(Prisma.sql`
      SELECT "search_entries"."id", "search_entries"."conversationId" FROM "search_index" CROSS JOIN "search_entries" ${join} WHERE ${allOf(where)} ORDER BY ${index.entry} DESC LIMIT ${most}`);
  }

  /** What a list shows beside each match, in their order. */
  async function companyOf(matches: readonly Match[], words: readonly string[]): Promise<readonly SearchHit[]> {
    if (matches.length === 0) return [];
    const listed = (keys: readonly (string | number)[]): Prisma.Sql => Prisma.join([...keys]);
    const conversations = await sql.all<ConversationRow>(Prisma.sql`SELECT * FROM "conversations" WHERE "id" IN (${listed(matches.map((match) => match.conversationId))})`);
    const texts = words.length === 0 ? [] : await sql.all<Pick<SearchEntry, 'id' | 'text'>>(Prisma.sql`
      SELECT "id", SUBSTR("text", 1, ${SNIPPET_CHARS}) AS "text" FROM "search_entries" WHERE "id" IN (${listed(matches.map((match) => match.id))})`);
    const customers = await customersByIds(sql, conversations.map((row) => row.customerId));
    const byId = new Map(conversations.map((row) => [row.id, conversationFrom(row)]));
    const textOf = new Map(texts.map((entry) => [entry.id, entry.text]));
    return matches.flatMap((match) => {
      const conversation = byId.get(match.conversationId);
      const customer = conversation && customers.get(conversation.customerId);
      const text = textOf.get(match.id);
      return conversation && customer ? [{ conversation, customer, snippet: text === undefined ? conversation.excerpt : snippet(text, words) }] : [];
    });
  }
}

/** How far the index has been filled with what was there before it: down to this entry. */
const REINDEX = 'search-index';

const isEmpty = (asked: Asked): boolean => asked.ofConversations.length === 0 && !asksOfEntries(asked);
const asksOfEntries = ({ words, onlyWithout, ofEntries }: Asked): boolean => words.length > 0 || onlyWithout.length > 0 || ofEntries.length > 0;

/** The same search with its words in the subject; undefined where it asks for no words anywhere. */
function asSubject(asked: Asked): Asked | undefined {
  if (!asked.words.some(({ in: place, not }) => place === undefined && !not)) return undefined;
  return { ...asked, words: asked.words.map((condition) => (condition.in === undefined && !condition.not ? { ...condition, in: 'subject' } : condition)) };
}

/** The first match of each conversation. */
function distinct(matches: readonly Match[]): readonly Match[] {
  const seen = new Set<string>();
  return matches.filter(({ conversationId }) => !seen.has(conversationId) && seen.add(conversationId));
}

const usable = (words: readonly string[]): readonly string[] => words.filter((word) => word.length <= MAX_WORD_CHARS).slice(0, MAX_QUERY_WORDS);

const joined = (...texts: readonly string[]): string => foldedWords(texts.join(' ')).filter((word) => word.length <= MAX_WORD_CHARS).join(' ');

interface Facts {
  readonly at: Date;
  readonly files: boolean;
  readonly words: { readonly sender: string; readonly receivers: string; readonly subject: string };
}

interface MailRow {
  readonly subject: string;
  readonly fromAddress: string;
  readonly fromName: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly authorId: string | null;
  readonly createdAt: Date;
  readonly files: number | bigint;
}

/** Who wrote it, to whom, when; read from the mail or note itself, which is stored before it is indexed. */
async function factsOf(sql: Sql, kind: string, refId: string): Promise<Facts> {
  const unknown: Facts = { at: new Date(), files: false, words: { sender: '', receivers: '', subject: '' } };
  if (kind === 'note') {
    const [note] = await sql.all<{ authorId: string; createdAt: Date; files: string }>(Prisma.sql`SELECT "authorId", "createdAt", "files" FROM "notes" WHERE "id" = ${refId}`);
    return note ? { at: note.createdAt, files: note.files !== '[]', words: { sender: joined(note.authorId), receivers: '', subject: '' } } : unknown;
  }
  const [mail] = await sql.all<MailRow>(Prisma.sql`
    SELECT "subject", "fromAddress", "fromName", "to", "cc", "bcc", "authorId", "createdAt",
      (SELECT COUNT(*) FROM "attachments" WHERE "messageId" = "messages"."id" AND "inline" = ${false}) AS "files"
    FROM "messages" WHERE "id" = ${refId}`);
  if (!mail) return unknown;
  const receivers = [mail.to, mail.cc, mail.bcc].flatMap((list) => fromJson<readonly MailAddress[]>(list)).flatMap(({ address, name }) => [address, name]);
  return { at: mail.createdAt, files: Number(mail.files) > 0, words: { sender: joined(mail.fromAddress, mail.fromName, mail.authorId ?? ''), receivers: joined(...receivers), subject: joined(mail.subject) } };
}
