/** Somebody's sight as a condition on rows: what lists, numbers and search leave out in the database itself. */
import { seesEverything, type Sight } from '../core/sight.js';
import { Prisma } from './generated/sqlite/client.js';

/** Begins with AND and speaks of the table "conversations"; empty where everything is seen. */
export function andInSight(sight: Sight): Prisma.Sql {
  if (seesEverything(sight)) return Prisma.empty;
  return Prisma.sql`${notAmong('mailboxId', sight.mailboxes)}${notAmong('channelId', sight.channels)}${notAmong('folderId', sight.folders)}`;
}

/** The same for Prisma's client. */
export function whereInSight({ mailboxes, channels, folders }: Sight): Prisma.ConversationWhereInput {
  return {
    AND: [
      ...(mailboxes.size > 0 ? [{ mailboxId: { notIn: [...mailboxes] } }] : []),
      // In SQL what has no channel is not "not in" any.
      ...(channels.size > 0 ? [{ OR: [{ channelId: null }, { channelId: { notIn: [...channels] } }] }] : []),
      ...(folders.size > 0 ? [{ OR: [{ folderId: null }, { folderId: { notIn: [...folders] } }] }] : []),
    ],
  };
}

function notAmong(name: 'mailboxId' | 'channelId' | 'folderId', hidden: ReadonlySet<string>): Prisma.Sql {
  if (hidden.size === 0) return Prisma.empty;
  const column = Prisma.raw(`"conversations"."${name}"`);
  return Prisma.sql` AND (${column} IS NULL OR ${column} NOT IN (${Prisma.join([...hidden])}))`;
}
