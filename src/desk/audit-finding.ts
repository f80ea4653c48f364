/** What an audit finds, and how it is put right. */
import type { Effect } from '../core/deliveries.js';
import type { ConversationId, DeliveryId, MailboxId, MessageId, NoteId, RawMailId } from '../core/ids.js';
import type { MessageKey, MessageParams } from '../core/language/catalogue.js';
import type { Desk, Mailbox } from '../core/model.js';
import type { AuditStore, ListServerMails } from '../core/ports/audit.js';
import type { Blobs } from '../core/ports/effects.js';
import type { Intake } from '../core/ports/intake.js';
import type { Store } from '../core/ports/store.js';

/** bad: something is missing, twice, or could not be compared; warn: it waits, for its turn or for a person. */
export interface AuditFinding {
  readonly level: 'warn' | 'bad';
  /** The last part of its text's key, for tools: 'lost', 'card-missing' ... */
  readonly kind: string;
  readonly key: MessageKey;
  readonly params: MessageParams;
  /** What it is about: UIDs, or ids of mails, messages, conversations, deliveries or files. */
  readonly ids: readonly string[];
  /** A server's own words. */
  readonly detail?: string | undefined;
  /** How it is put right without a person; undefined where that cannot be. */
  readonly repair?: Repair | undefined;
}

export type Repair =
  | { readonly how: 'fetch-again'; readonly mailbox: Mailbox; readonly folder: string; readonly uidValidity: number; readonly uids: readonly number[] }
  /** The bytes of these mails are gone; where their server still has them, they can be fetched. */
  | { readonly how: 'restore-bytes'; readonly mails: readonly RawMailId[] }
  | { readonly how: 'read-again'; readonly mails: readonly { readonly id: RawMailId; readonly mailboxId: MailboxId }[] }
  | { readonly how: 'wake'; readonly mailboxes: readonly MailboxId[] }
  | { readonly how: 'show-card'; readonly conversations: readonly ConversationId[] }
  | { readonly how: 'show-message'; readonly messages: readonly { readonly conversationId: ConversationId; readonly messageId: MessageId }[] }
  | { readonly how: 'show-note'; readonly notes: readonly { readonly conversationId: ConversationId; readonly noteId: NoteId }[] }
  | { readonly how: 'show-again'; readonly deliveries: readonly { readonly id: DeliveryId; readonly effect: Effect }[] }
  /** They may have been sent, so they are never sent again by themselves: a person decides on the card. */
  | { readonly how: 'mark-uncertain'; readonly messages: readonly { readonly conversationId: ConversationId; readonly messageId: MessageId }[] };

export interface AuditNeeds {
  readonly store: Store;
  readonly audit: AuditStore;
  readonly blobs: Pick<Blobs, 'has'>;
  readonly desk: () => Promise<Desk>;
  readonly intake: Pick<Intake, 'takenSince'>;
  readonly listServerMails: ListServerMails;
}

export interface AuditReport {
  /** Nothing is missing, nothing is twice, and everything could be compared. */
  readonly ok: boolean;
  readonly findings: readonly AuditFinding[];
  /** How much was compared. */
  readonly checked: { readonly server: number; readonly mails: number; readonly messages: number; readonly conversations: number; readonly files: number };
}
