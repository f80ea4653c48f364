/** "If there is no answer in three days": when a conversation that waits for the customer comes back by itself. */
import { fold } from './fold.js';
import type { Conversation } from './model.js';
import { parseWhen } from './when.js';

const DAY_MS = 24 * 3_600_000;
/** As far ahead as times that people say may be. */
const MAX_DAYS = 366;
const OFF = new Set(['off', 'no', 'none', 'never', 'nie', 'wylacz', 'nigdy']);

/** Days are counted from the answer, at the same time of day. */
const afterDays = (from: Date, days: number): Date => new Date(from.getTime() + days * DAY_MS);

/** "3", "5 days", "fri 9", "off". @returns undefined when it cannot be understood */
export function readFollowUp(said: string, now: Date, timeZone: string): { readonly at: Date } | { readonly off: true } | undefined {
  const word = fold(said.trim());
  if (OFF.has(word)) return { off: true };
  const days = /^\d{1,3}$/.test(word) ? Number(word) : undefined;
  if (days !== undefined) return days >= 1 && days <= MAX_DAYS ? { at: afterDays(now, days) } : undefined;
  const at = parseWhen(said, now, timeZone);
  return at && { at };
}

/** What an answer of ours sets: what somebody said for this conversation stays, else what its mailbox says. */
export function followUpAfterAnswer({ followUpAt }: Pick<Conversation, 'followUpAt'>, leaves: Date, days: number | undefined): Date | undefined {
  if (followUpAt && followUpAt > leaves) return followUpAt;
  return days === undefined ? undefined : afterDays(leaves, days);
}
