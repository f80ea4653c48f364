/**
 * What an audit asks: of storage only what does not fit together, so that nothing is read twice that is in order; of mail servers what lies there.
 */
import type { Effect } from '../deliveries.js';
import type { BlobHash, ConversationId, DeliveryId, MailboxId, MessageId, NoteId, RawMailId } from '../ids.js';
import type { Mailbox } from '../model.js';
import type { ArrivedMail } from './intake.js';

export interface AuditStore {
  counts(): Promise<{ readonly mails: number; readonly messages: number; readonly conversations: number }>;
  /** Every blob that something refers to, once, with a mail whose bytes it holds (undefined: a file of an answer or a note). */
  blobs(): Promise<readonly { readonly hash: BlobHash; readonly mail: RawMailId | undefined }[]>;
  /** Kept and not yet understood. */
  mailsWaiting(): Promise<readonly { readonly id: RawMailId; readonly mailboxId: MailboxId }[]>;
  mailsInQuarantine(): Promise<readonly RawMailId[]>;
  /** Understood, but the message (or the mail that this one was recognised as) is not there. */
  mailsWithoutMessage(): Promise<readonly { readonly id: RawMailId; readonly mailboxId: MailboxId }[]>;
  /** Mails that became more than one message. */
  mailsTwice(): Promise<readonly RawMailId[]>;
  /** Inbound messages whose mail is not in the ledger. */
  messagesWithoutMail(): Promise<readonly MessageId[]>;
  /** Conversations of a channel of the desk that have no card and nothing in line that would post one. */
  cardsMissing(): Promise<readonly ConversationId[]>;
  /** Messages of such conversations without a post and with nothing in line. Bounces are events there and have none. */
  messagePostsMissing(): Promise<readonly { readonly conversationId: ConversationId; readonly messageId: MessageId }[]>;
  /** The same for notes; one written in the thread itself is there. */
  notePostsMissing(): Promise<readonly { readonly conversationId: ConversationId; readonly noteId: NoteId }[]>;
  /** Ids of messages and notes with more than one post on the same bridge. */
  postsTwice(): Promise<readonly string[]>;
  /** The newest try to show something failed for good, and nothing is in line. */
  postsStale(): Promise<readonly { readonly id: DeliveryId; readonly effect: Effect }[]>;
  /** Queued or being sent, and nothing is in line that sends them. */
  answersUnsent(): Promise<readonly { readonly conversationId: ConversationId; readonly messageId: MessageId }[]>;
  /** Written here, and without a Message-ID. */
  answersWithoutId(): Promise<readonly MessageId[]>;
  /** May or may not have been sent: a person decides. */
  answersUncertain(): Promise<readonly MessageId[]>;
  /** Mail that could not be sent, copied or moved for good, and was not settled since. */
  deliveriesFailed(): Promise<readonly DeliveryId[]>;
}

/** Mails of one folder on the server. */
export interface ServerFolder {
  readonly folder: string;
  readonly uidValidity: number;
  /** In order of UID. */
  readonly mails: readonly { readonly uid: number; readonly receivedAt: Date }[];
}
export interface UnlistedFolder {
  readonly folder: string;
  /** The server's own words. */
  readonly problem: string;
}

/** What lies above a UID in each folder. @throws an Error with the server's own words when it cannot be asked at all */
export type ListServerMails = (mailbox: Mailbox, folders: readonly { readonly folder: string; readonly above: number }[]) => Promise<readonly (ServerFolder | UnlistedFolder)[]>;

/**
 * Fetches mails once more and hands them on in portions. Those that are gone meanwhile are left out.
 * @throws an Error with the server's own words; also when the folder has been numbered anew
 */
export type FetchAgain = (
  mailbox: Mailbox,
  from: { readonly folder: string; readonly uidValidity: number; readonly uids: readonly number[] },
  take: (arrivals: readonly ArrivedMail[]) => Promise<void>,
) => Promise<void>;
