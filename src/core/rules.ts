/**
 * Routing rules as data: conditions on an inbound message, combined with all/any/not, and what then happens. `core/routing.ts` runs them.
 */
import type { AgentId, ChannelId, FolderId, LabelId, MailboxId, TeamId, TemplateId } from './ids.js';
import type { Priority } from './priority.js';

/** Text patterns: plain text matches as "contains", ignoring case; /.../ is an RE2 pattern (linear time, no back-references). */
export type TextPattern = string;

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  /** Sender's address or name; `@domain.example` matches the domain and nothing else. */
  | { readonly from: TextPattern }
  | { readonly to: TextPattern }
  | { readonly subject: TextPattern }
  | { readonly body: TextPattern }
  | { readonly header: { readonly name: string; readonly matches: TextPattern } }
  | { readonly mailbox: MailboxId }
  /** true: has one; a pattern: a file name matches. */
  | { readonly attachment: boolean | TextPattern }
  /** Size of the whole mail in bytes. */
  | { readonly larger: number }
  | { readonly smaller: number }
  /** ISO 639-1 code. */
  | { readonly language: string }
  /** The customer has written before. */
  | { readonly knownCustomer: boolean }
  | { readonly hours: 'business' | 'outside' }
  /** true: any automatic mail; or one kind of it. */
  | { readonly automatic: boolean | 'bounce' | 'auto-reply' | 'list' | 'system' }
  | { readonly always: true };

export type Action =
  | { readonly channel: ChannelId }
  | { readonly folder: FolderId }
  | { readonly team: TeamId }
  | { readonly agent: AgentId }
  | { readonly label: LabelId }
  | { readonly priority: Priority }
  /** Sends this template as an acknowledgement, unless the loop guard forbids it. */
  | { readonly acknowledge: TemplateId }
  /** Files it as spam, without a card; never the mail of a sender who is allowed. */
  | { readonly spam: true }
  | { readonly stop: true };
