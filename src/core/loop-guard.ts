/**
 * Loops end with us. May we answer this mail automatically? Source: RFC 3834 section 2.
 */
import type { MailKind } from './mail-kind.js';

/** At most this many automatic mails to one address within the window; a human exchange never comes near it. */
export const AUTOMATIC_CAP = 3;
export const AUTOMATIC_WINDOW_MS = 24 * 3_600_000;

const NO_REPLY = /^(no|do[-_.]?not|nie)[-_.]?(reply|odpowiadaj|responder)|^(mailer-daemon|postmaster|bounces?|noreply|daemon)\b/i;

export type GuardVerdict = { readonly answer: true } | { readonly answer: false; readonly reason: 'automatic' | 'no-sender' | 'no-reply' | 'ourselves' | 'cap' };

export function mayAnswerAutomatically(mail: {
  readonly kind: MailKind['kind'];
  /** The address that an automatic answer would go to, lower case; undefined for the null sender. */
  readonly to: string | undefined;
  readonly ours: ReadonlySet<string>;
  /** Automatic mails that went to it within AUTOMATIC_WINDOW_MS. */
  readonly sentLately: number;
}): GuardVerdict {
  if (mail.kind !== 'personal') return { answer: false, reason: 'automatic' };
  if (!mail.to) return { answer: false, reason: 'no-sender' };
  if (NO_REPLY.test(mail.to)) return { answer: false, reason: 'no-reply' };
  if (mail.ours.has(mail.to)) return { answer: false, reason: 'ourselves' };
  if (mail.sentLately >= AUTOMATIC_CAP) return { answer: false, reason: 'cap' };
  return { answer: true };
}
