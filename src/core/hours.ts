/** Business hours: the week of a desk in its own time zone, right on the days when clocks change. */
import type { Hours } from './model.js';
import { DAY_MS, instantsOf, isoWeekday, localTime } from './wall-clock.js';

const DAYS_A_WEEK = 7;

/** Whether the desk is open. A span holds its first minute and not its last: at 17:00 a desk "9:00-17:00" is closed. */
export function inBusinessHours(hours: Hours, at: Date): boolean {
  const { weekday, minute } = localTime(at, hours.timeZone);
  return (hours.week[weekday] ?? []).some(({ from, to }) => minute >= from && minute < to);
}

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
