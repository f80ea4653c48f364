/** Business hours: the week of a desk in its own time zone, right on the days when clocks change. */
import type { Hours } from './model.js';
import { DAY_MS, evenTimes, instantsOf, isoWeekday, localTime, MINUTE_MS } from './wall-clock.js';

const DAYS_A_WEEK = 7;

/** Whether the desk is open. A span holds its first minute and not its last: at 17:00 a desk "9:00-17:00" is closed. */
export function inBusinessHours(hours: Hours, at: Date): boolean {
  const { weekday, minute } = localTime(at, hours.timeZone);
  return (hours.week[weekday] ?? []).some(({ from, to }) => minute >= from && minute < to);
}

export const opensEver = ({ week }: Hours): boolean => Object.values(week).some((spans) => spans.some(({ from, to }) => from < to));

/** The first moment, not before `after`, at which the desk is open; undefined when it never is. */
export function nextOpening(hours: Hours, after: Date): Date | undefined {
  if (inBusinessHours(hours, after)) return after;
  const today = localTime(after, hours.timeZone).day;
  const openings: number[] = [];
  for (let offset = 0; offset <= DAYS_A_WEEK; offset += 1) {
    const day = today + offset * DAY_MS;
    for (const { from } of hours.week[isoWeekday(day)] ?? []) openings.push(...instantsOf(day, from, hours.timeZone));
  }
  const next = openings.filter((at) => at > after.getTime() && inBusinessHours(hours, new Date(at))).sort((a, b) => a - b)[0];
  return next === undefined ? undefined : new Date(next);
}

/** The beginning of the next day, after today, on which the desk is open; undefined when it never is. */
export function nextWorkday(hours: Hours, after: Date): Date | undefined {
  const today = localTime(after, hours.timeZone).day;
  for (let offset = 1; offset <= DAYS_A_WEEK; offset += 1) {
    const day = today + offset * DAY_MS;
    const [first] = hours.week[isoWeekday(day)] ?? [];
    const [at] = first ? instantsOf(day, first.from, hours.timeZone) : [];
    if (at !== undefined) return new Date(at);
  }
  return undefined;
}

/**
 * The moment until which the desk will have been open for so long, counted from `after`. No time: the next moment at which it is open; time that is up when the desk closes: the moment of closing.
 * @param ms milliseconds of business time
 * @returns undefined when the desk never opens
 */
export function addBusinessTime(hours: Hours, after: Date, ms: number): Date | undefined {
  let left = ms;
  for (const { opens, closes } of openTimes(hours, after.getTime())) {
    if (closes - opens >= left) return new Date(opens + left);
    left -= closes - opens;
  }
  return undefined;
}

/** Milliseconds for which the desk is open between two moments; 0 when the second is not the later one. */
export function businessTimeBetween(hours: Hours, from: Date, until: Date): number {
  const end = until.getTime();
  let sum = 0;
  if (end <= from.getTime()) return sum;
  for (const { opens, closes } of openTimes(hours, from.getTime())) {
    if (opens >= end) break;
    sum += Math.min(closes, end) - opens;
  }
  return sum;
}

/** When the desk is open, from a moment on and without end; nothing when it never opens. In milliseconds. */
function* openTimes(hours: Hours, after: number): Generator<{ readonly opens: number; readonly closes: number }> {
  const { week, timeZone } = hours;
  if (!opensEver(hours)) return;
  for (let start = after; ; start += DAY_MS) {
    for (const { from, until, offset } of evenTimes(start, start + DAY_MS, timeZone)) {
      for (let day = Math.floor((from + offset) / DAY_MS) * DAY_MS; day < until + offset; day += DAY_MS) {
        for (const span of week[isoWeekday(day)] ?? []) {
          const opens = Math.max(from, day + span.from * MINUTE_MS - offset);
          const closes = Math.min(until, day + span.to * MINUTE_MS - offset);
          if (opens < closes) yield { opens, closes };
        }
      }
    }
  }
}
