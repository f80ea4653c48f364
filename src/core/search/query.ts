/**
 * What a search asks for, as data: made by `parseSearch` from what people type, compiled to SQL by the store. Conditions about mails and notes (words, dates, files) hold for one and the same
 * mail or note; the others for its conversation.
 */
import type { AgentId, ChannelId, FolderId, LabelId, MailboxId, TeamId } from '../ids.js';
import type { Status } from '../model.js';
import type { Priority } from '../priority.js';

export interface SearchQuery {
  /** All of them hold. */
  readonly conditions: readonly Condition[];
  /** The whole query is the number of a conversation, which is shown first. */
  readonly number: number | undefined;
}

export type Condition = MailCondition | ConversationCondition;

/** Where words may stand; undefined: anywhere. */
export type WordsIn = 'from' | 'to' | 'subject' | undefined;

export type MailCondition =
  /** Folded words (core/fold). `phrase`: in this order, one after the other. `open`: the last one may be the beginning of a longer word. */
  | { readonly kind: 'words'; readonly in: WordsIn; readonly words: readonly string[]; readonly phrase: boolean; readonly open: boolean; readonly not: boolean }
  /** Came, was written or was sent in [from, until). */
  | { readonly kind: 'at'; readonly from: Date | undefined; readonly until: Date | undefined; readonly not: boolean }
  | { readonly kind: 'files'; readonly not: boolean };

export type ConversationCondition =
  | { readonly kind: 'status'; readonly status: Status; readonly not: boolean }
  /** undefined: nobody, no team. */
  | { readonly kind: 'assignee'; readonly agentId: AgentId | undefined; readonly not: boolean }
  | { readonly kind: 'team'; readonly teamId: TeamId | undefined; readonly not: boolean }
  | { readonly kind: 'label'; readonly labelId: LabelId; readonly not: boolean }
  | { readonly kind: 'mailbox'; readonly mailboxId: MailboxId; readonly not: boolean }
  | { readonly kind: 'priority'; readonly priority: Priority; readonly not: boolean }
  | { readonly kind: 'channel'; readonly channelId: ChannelId; readonly not: boolean }
  | { readonly kind: 'folder'; readonly folderId: FolderId; readonly not: boolean }
  /** The customer waits for us. */
  | { readonly kind: 'waiting'; readonly not: boolean }
  /** An answer was due at this moment, or before. */
  | { readonly kind: 'due'; readonly by: Date; readonly not: boolean }
  | { readonly kind: 'number'; readonly number: number; readonly not: boolean };

const OF_MAIL: ReadonlySet<Condition['kind']> = new Set<MailCondition['kind']>(['words', 'at', 'files']);

export const isOfMail = (condition: Condition): condition is MailCondition => OF_MAIL.has(condition.kind);

/** The words that were looked for, for showing where they stand. */
export function wantedWords({ conditions }: SearchQuery): readonly string[] {
  return conditions.flatMap((condition) => (condition.kind === 'words' && !condition.not && condition.in !== 'from' && condition.in !== 'to' ? condition.words : []));
}
