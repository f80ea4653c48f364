/**
 * When an answer is due. The clock starts when a customer begins to wait and runs in business hours; further mails do not move it, an answer (or closing, spam, waiting for the customer) ends it.
 *
 * Snoozing stops the clock: what was left of the time runs when the conversation is back, whether its time has come, the customer wrote or a colleague reopened it. So "tomorrow at nine" neither
 * makes it overdue at night nor gives a whole new time; what was overdue is so again once it is back and the desk is open.
 */
import { addBusinessTime, businessTimeBetween } from './hours.js';
import type { AnswerGoal, Conversation, Desk } from './model.js';
import { MINUTE_MS } from './wall-clock.js';

type Timed = Pick<Conversation, 'mailboxId' | 'folderId' | 'status' | 'priority' | 'waitingSince' | 'snoozedUntil' | 'dueAt'>;

export const isOverdue = ({ dueAt, status }: Pick<Conversation, 'dueAt' | 'status'>, now: Date): boolean => status === 'open' && dueAt !== undefined && dueAt <= now;

/**
 * When an answer is due in a conversation as it becomes now.
 * @param before what it was; undefined for a new one
 * @param said what the change itself says: it restores or joins what was counted before
 */
export function dueAfter(now: Date, desk: Pick<Desk, 'hours' | 'mailboxes'>, after: Omit<Timed, 'dueAt'>, before: Timed | undefined, said: Date | undefined): Date | undefined {
  const isSnoozed = after.status === 'snoozed';
  const from = isSnoozed ? after.snoozedUntil : after.status === 'open' ? after.waitingSince : undefined;
  // What is filed needs no answer.
  if (!from || after.folderId) return undefined;
  if (said) return said;
  const left = before && (isSnoozed || before.status === 'snoozed') ? timeLeft(now, desk, before) : undefined;
  if (left !== undefined) return addBusinessTime(desk.hours, from, left);
  if (isSnoozed) return undefined;
  const goesOn = before?.waitingSince?.getTime() === from.getTime() && before.priority === after.priority && before.mailboxId === after.mailboxId;
  if (goesOn && before.dueAt) return before.dueAt;
  const goal = desk.mailboxes.find(({ id }) => id === after.mailboxId)?.answerWithin;
  return goal && addBusinessTime(desk.hours, from, minutesOf(goal, after) * MINUTE_MS);
}

/** Whether what waits has to be counted anew. */
export const promisesDiffer = (one: Pick<Desk, 'hours' | 'mailboxes'>, other: Pick<Desk, 'hours' | 'mailboxes'>): boolean => promiseOf(one) !== promiseOf(other);

const promiseOf = ({ hours, mailboxes }: Pick<Desk, 'hours' | 'mailboxes'>): string => JSON.stringify([hours, mailboxes.map(({ id, answerWithin }) => [id, answerWithin])]);

const minutesOf = (goal: AnswerGoal, { priority }: Pick<Conversation, 'priority'>): number => goal[priority] ?? goal.normal;

/** Milliseconds of business time until an answer is due, 0 when it is overdue; those of a snoozed conversation stand still. */
function timeLeft(now: Date, { hours }: Pick<Desk, 'hours'>, { status, snoozedUntil, dueAt }: Timed): number | undefined {
  return dueAt && businessTimeBetween(hours, status === 'snoozed' ? (snoozedUntil ?? now) : now, dueAt);
}

/** The earlier of two moments that there need not be. */
export function earliest(left: Date | undefined, right: Date | undefined): Date | undefined {
  if (!left || !right) return left ?? right;
  return left < right ? left : right;
}
