/**
 * The index of folded words that each engine has: FTS5 on SQLite, with a column for each place where words stand; a tsvector on PostgreSQL, where the place is a lexeme's weight. Words are
 * letters and digits only (core/fold.ts), so no word can be syntax.
 */
import type { MailCondition, WordsIn } from '../core/search/query.js';
import type { EngineName } from './access.js';
import { Prisma } from './generated/sqlite/client.js';

export type WordsCondition = Extract<MailCondition, { kind: 'words' }>;

/** The words of one mail or note by where they stand; `words` holds all that was written. */
export interface IndexedWords {
  readonly words: string;
  readonly sender: string;
  readonly receivers: string;
  readonly subject: string;
}

/** What differs between the engines. */
export interface SearchIndex {
  put(entry: number, of: IndexedWords): Prisma.Sql;
  /** Column of `search_index` that is the id of its entry. */
  readonly entry: Prisma.Sql;
  /** Holds for rows of `search_index` that fit all of these, at least one of which is not turned round. */
  matches(conditions: readonly WordsCondition[]): Prisma.Sql;
  /** Makes the engine walk along an index that holds all that is asked of conversations, of all or of one status; the other engine finds the way by itself. */
  readonly byFacts: Readonly<Record<'all' | 'status', Prisma.Sql>>;
  /** The texts of a JSON list, as rows. */
  listed(json: string): Prisma.Sql;
  /** A column as a plain value, so that it is not looked up one by one in an index. */
  plain(column: Prisma.Sql): Prisma.Sql;
}

const COLUMNS: Readonly<Record<Exclude<WordsIn, undefined>, string>> = { from: 'sender', to: 'receivers', subject: 'subject' };
const WEIGHTS: Readonly<Record<Exclude<WordsIn, undefined>, string>> = { from: 'A', to: 'B', subject: 'C' };

export const SEARCH_INDEXES: Readonly<Record<EngineName, SearchIndex>> = {
  sqlite: {
    put: (entry, { words, sender, receivers, subject }) => Prisma.sql`
      INSERT OR REPLACE INTO "search_index" ("rowid", "words", "sender", "receivers", "subject") VALUES (${entry}, ${words}, ${sender}, ${receivers}, ${subject})`,
    entry: Prisma.sql`"search_index"."rowid"`,
    matches: (conditions) => Prisma.sql`"search_index" MATCH ${fts5(conditions)}`,
    byFacts: { all: Prisma.sql`INDEXED BY "conversations_search_idx"`, status: Prisma.sql`INDEXED BY "conversations_status_search_idx"` },
    listed: (json) => Prisma.sql`SELECT "value" FROM json_each(${json})`,
    plain: (column) => Prisma.sql`+${column}`,
  },
  postgresql: {
    put: (entry, { words, sender, receivers, subject }) => Prisma.sql`
      INSERT INTO "search_index" ("id", "words") VALUES (${entry},
        setweight(to_tsvector('simple', ${sender}), 'A') || setweight(to_tsvector('simple', ${receivers}), 'B') || setweight(to_tsvector('simple', ${subject}), 'C') || to_tsvector('simple', ${words}))
      ON CONFLICT ("id") DO UPDATE SET "words" = excluded."words"`,
    entry: Prisma.sql`"search_index"."id"`,
    matches: (conditions) => Prisma.sql`"search_index"."words" @@ to_tsquery('simple', ${tsquery(conditions)})`,
    byFacts: { all: Prisma.empty, status: Prisma.empty },
    listed: (json) => Prisma.sql`SELECT jsonb_array_elements_text(${json}::jsonb)`,
    plain: (column) => column,
  },
};

/** sqlite.org/fts5.html, "Full-text Query Syntax": column filters, phrases, prefixes; NOT has two sides, so what must not be there stands at the end. */
function fts5(conditions: readonly WordsCondition[]): string {
  const part = ({ in: place, words, open }: WordsCondition): string => `${place === undefined ? '' : `${COLUMNS[place]} : `}"${words.join(' ')}"${open ? ' *' : ''}`;
  const wanted = conditions.filter(({ not }) => !not).map(part);
  const unwanted = conditions.filter(({ not }) => not).map(part);
  return [`(${wanted.map((one) => `(${one})`).join(' AND ')})`, ...unwanted.map((one) => `(${one})`)].join(' NOT ');
}

/** PostgreSQL manual, "Parsing Queries": weights and prefixes behind a colon, `<->` for one after the other. */
function tsquery(conditions: readonly WordsCondition[]): string {
  const part = ({ in: place, words, open, not }: WordsCondition): string => {
    const weight = place === undefined ? '' : WEIGHTS[place];
    const lexemes = words.map((word, index) => {
      const marks = `${open && index === words.length - 1 ? '*' : ''}${weight}`;
      return `${word}${marks === '' ? '' : `:${marks}`}`;
    });
    return `${not ? '!' : ''}(${lexemes.join(' <-> ')})`;
  };
  return conditions.map(part).join(' & ');
}
