/**
 * A delivery is one effect on the outside world, written down in the same transaction as its cause, with its own state, tries and end. Deliveries of one lane
 * are done strictly in order; lanes do not wait for each other.
 */
import type { ChannelId, ConversationId, DeliveryId, MessageId, NoteId, NoticeId, PostRef, RawMailId, ThreadRef } from './ids.js';

export type DeliveryState = 'waiting' | 'running' | 'done' | 'failed' | 'uncertain' | 'cancelled';

/** What is to be done. What it looks like is read from the store when its turn comes, so the newest state is shown. */
export type Effect =
  /** Post the card, or bring it up to date. */
  | { readonly kind: 'chat.card'; readonly conversationId: ConversationId }
  /** Post a mail, note or event into the thread, or bring that post up to date. */
  | { readonly kind: 'chat.message'; readonly conversationId: ConversationId; readonly messageId: MessageId }
  /** Tell the place that a conversation was moved from where it is now. */
  | { readonly kind: 'chat.moved'; readonly conversationId: ConversationId; readonly channelId: ChannelId; readonly threadRef: ThreadRef; readonly cardRef: PostRef }
  | { readonly kind: 'chat.note'; readonly conversationId: ConversationId; readonly noteId: NoteId }
  /** Tell a person something in their own chat on this platform, if it knows them. */
  | { readonly kind: 'chat.tell'; readonly noticeId: NoticeId; readonly bridge: string }
  /** Tell a channel about a mail in quarantine. */
  | { readonly kind: 'chat.quarantine'; readonly rawMailId: RawMailId }
  | { readonly kind: 'mail.send'; readonly messageId: MessageId }
  /** A copy into the mailbox's Sent folder. Its failure never sends again. */
  | { readonly kind: 'mail.copy'; readonly messageId: MessageId }
  /** Mark seen or move on the server what is stored here. */
  | { readonly kind: 'mail.after-intake'; readonly rawMailId: RawMailId }
  /** Put it on the server where its conversation says: into the spam folder, or back. */
  | { readonly kind: 'mail.spam'; readonly rawMailId: RawMailId };

export interface Delivery {
  readonly id: DeliveryId;
  /** Order within a lane. */
  readonly seq: number;
  readonly lane: string;
  /** A waiting delivery with the same key makes this one unnecessary. */
  readonly coalesce: string | undefined;
  readonly effect: Effect;
  readonly state: DeliveryState;
  readonly tries: number;
  readonly dueAt: Date;
  readonly lastError: string | undefined;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
}

export type NewDelivery = Pick<Delivery, 'id' | 'lane' | 'coalesce' | 'effect' | 'dueAt' | 'createdAt'>;

/** Everything shown of one conversation in its channel is one lane, so that a thread keeps its order. */
export const chatLane = (conversation: ConversationId): string => `chat:${conversation}`;
export const conversationOfLane = (lane: string): ConversationId | undefined => (lane.startsWith('chat:') ? (lane.slice('chat:'.length) as ConversationId) : undefined);
/** Answers of one conversation leave in the order they were written. */
export const mailLane = (conversation: ConversationId): string => `mail:${conversation}`;
/** An answer that waits for its hour holds up no other. */
export const laterLane = (message: MessageId): string => `later:${message}`;
/** Copies to Sent never hold up an answer. */
export const copyLane = (message: MessageId): string => `copy:${message}`;
export const afterIntakeLane = (mailbox: string): string => `after:${mailbox}`;
/** A platform that is down keeps nobody from being told on another. */
export const tellLane = (notice: NoticeId, bridge: string): string => `tell:${notice}:${bridge}`;
export const quarantineLane = (rawMail: RawMailId): string => `quarantine:${rawMail}`;

/** First wait, factor, shortest and longest wait between tries, in milliseconds. */
const FIRST_WAIT_MS = 2_000;
const FACTOR = 2;
const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 15 * 60_000;
/** A mail server may be down over a weekend; relays themselves give up after five days (RFC 5321 section 4.5.4.1). */
const GIVE_UP_AFTER_MS = 5 * 24 * 3_600_000;

/** What to do after a try failed. `jitter` in [0, 1) spreads the tries of many lanes. */
export function afterFailure(
  failure: { readonly certain: boolean; readonly permanent: boolean; readonly retryAfterMs: number | undefined; readonly repeatable: boolean },
  delivery: Pick<Delivery, 'tries' | 'createdAt'>,
  now: Date,
  jitter: number,
): { readonly next: 'retry'; readonly at: Date } | { readonly next: 'failed' } | { readonly next: 'uncertain' } {
  if (!failure.certain && !failure.repeatable) return { next: 'uncertain' };
  if (failure.permanent) return { next: 'failed' };
  if (now.getTime() - delivery.createdAt.getTime() > GIVE_UP_AFTER_MS) return { next: 'failed' };
  // Whoever says when to come back is believed: a turn that was promised is not missed for having waited before.
  const wait = failure.retryAfterMs === undefined ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * FACTOR ** Math.min(delivery.tries, 20)) * (0.75 + jitter / 2) : Math.max(failure.retryAfterMs, SHORTEST_WAIT_MS);
  return { next: 'retry', at: new Date(now.getTime() + wait) };
}
