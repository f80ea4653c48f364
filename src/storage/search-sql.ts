/** Conditions of a search as SQL that both engines understand. */
import { isOfMail, type Condition, type ConversationCondition, type MailCondition, type SearchQuery } from '../core/search/query.js';
import { NOBODY_WAITS } from './conversations.js';
import { Prisma } from './generated/sqlite/client.js';
import type { SearchIndex, WordsCondition } from './search-index.js';

/** A search by what it asks of what. */
export interface Asked {
  readonly words: readonly WordsCondition[];
  /** Words that must not be there, where no others are asked for. */
  readonly onlyWithout: readonly WordsCondition[];
  readonly ofEntries: readonly Exclude<MailCondition, WordsCondition>[];
  readonly ofConversations: readonly ConversationCondition[];
}

export function sorted({ conditions }: SearchQuery, usable: (words: readonly string[]) => readonly string[]): Asked {
  const of = <Kind extends Condition>(is: (condition: Condition) => condition is Kind): Kind[] => conditions.filter(is);
  const words = of((condition): condition is WordsCondition => condition.kind === 'words').map((condition) => ({ ...condition, words: usable(condition.words) })).filter((condition) => condition.words.length > 0);
  const positive = words.some(({ not }) => !not);
  return {
    words: positive ? words : [],
    onlyWithout: positive ? [] : words,
    ofEntries: of((condition): condition is Exclude<MailCondition, WordsCondition> => isOfMail(condition) && condition.kind !== 'words'),
    ofConversations: of((condition): condition is ConversationCondition => !isOfMail(condition)),
  };
}

export const allOf = (parts: readonly Prisma.Sql[]): Prisma.Sql => (parts.length === 0 ? Prisma.sql`1 = 1` : Prisma.join([...parts], ' AND '));

/** About `search_entries`. */
export function entryConditions({ ofEntries, onlyWithout }: Asked, index: SearchIndex): readonly Prisma.Sql[] {
  return [
    ...ofEntries.map((condition) => turned(entryCondition(condition), condition.not)),
    ...onlyWithout.map((condition) => Prisma.sql`"search_entries"."id" NOT IN (SELECT ${index.entry} FROM "search_index" WHERE ${index.matches([{ ...condition, not: false }])})`),
  ];
}

function entryCondition(condition: Exclude<MailCondition, WordsCondition>): Prisma.Sql {
  if (condition.kind === 'files') return Prisma.sql`"search_entries"."files" = ${true}`;
  const { from, until } = condition;
  return allOf([...(from ? [Prisma.sql`"search_entries"."at" >= ${from}`] : []), ...(until ? [Prisma.sql`"search_entries"."at" < ${until}`] : [])]);
}

/** About `conversations`. Columns are plain values: whichever way the conversations are come by is the right one, and no index on one of their facts is better. */
export function conversationConditions(conditions: readonly ConversationCondition[], index: SearchIndex): readonly Prisma.Sql[] {
  const column = (name: string): Prisma.Sql => index.plain(Prisma.raw(`"conversations"."${name}"`));
  return conditions.map((condition) => turned(conversationCondition(condition, column), condition.not));
}

function conversationCondition(condition: ConversationCondition, column: (name: string) => Prisma.Sql): Prisma.Sql {
  switch (condition.kind) {
    case 'status': return Prisma.sql`${column('status')} = ${condition.status}`;
    case 'assignee': return isId(column('assigneeId'), condition.agentId);
    case 'team': return isId(column('teamId'), condition.teamId);
    case 'mailbox': return Prisma.sql`${column('mailboxId')} = ${condition.mailboxId}`;
    case 'priority': return Prisma.sql`${column('priority')} = ${condition.priority}`;
    case 'channel': return isId(column('channelId'), condition.channelId);
    case 'folder': return isId(column('folderId'), condition.folderId);
    case 'number': return Prisma.sql`${column('number')} = ${condition.number}`;
    case 'label': return Prisma.sql`${column('id')} IN (SELECT "conversationId" FROM "conversation_labels" WHERE "labelId" = ${condition.labelId})`;
    case 'waiting': return Prisma.sql`${column('waitingSince')} < ${NOBODY_WAITS}`;
    case 'due': return Prisma.sql`${column('dueAt')} <= ${condition.by}`;
  }
}

/** Never NULL, so that it can be turned round. */
function isId(column: Prisma.Sql, id: string | undefined): Prisma.Sql {
  return id === undefined ? Prisma.sql`${column} IS NULL` : Prisma.sql`COALESCE(${column}, '') = ${id}`;
}

const turned = (sql: Prisma.Sql, not: boolean): Prisma.Sql => (not ? Prisma.sql`NOT (${sql})` : sql);
