/** Days that are past, as people say them: "yesterday", "wczoraj", "mon", "2026-11-20", "20.11.", "2026-11", "3d" (three days ago). In the reader's zone. */
import { fold } from '../fold.js';
import { DAY_MS, instantsOf, isoWeekday, localTime } from '../wall-clock.js';
import { readDate, readSpanMs, weekdayOf } from '../when.js';

/** A span of time: its first moment and the first one after it. */
export interface Span {
  readonly from: Date;
  readonly until: Date;
}

const OFFSETS: Readonly<Record<string, number>> = { today: 0, dzis: 0, dzisiaj: 0, yesterday: -1, wczoraj: -1, przedwczoraj: -2, tomorrow: 1, jutro: 1 };
const DAYS_A_WEEK = 7;
/** Nobody's mail is older; greater numbers are no dates any more. */
const LONGEST_AGO_MS = 100 * 366 * DAY_MS;

/** @returns undefined when it is no day */
export function readPastDay(said: string, now: Date, timeZone: string): Span | undefined {
  const word = fold(said.trim());
  const today = localTime(now, timeZone).day;
  const days = (from: number, until: number): Span => ({ from: new Date(instantsOf(from, 0, timeZone)[0] ?? from), until: new Date(instantsOf(until, 0, timeZone)[0] ?? until) });
  const day = (at: number): Span => days(at, at + DAY_MS);
  if (Object.hasOwn(OFFSETS, word)) return day(today + (OFFSETS[word] ?? 0) * DAY_MS);
  const weekday = weekdayOf(word);
  // "Monday" on a Monday is the one a week ago: today has a word of its own.
  if (weekday !== undefined) return day(today - (((isoWeekday(today) - weekday + DAYS_A_WEEK - 1) % DAYS_A_WEEK) + 1) * DAY_MS);
  const ago = readSpanMs(word);
  if (ago !== undefined && ago > LONGEST_AGO_MS) return undefined;
  if (ago !== undefined) return ago % DAY_MS === 0 ? day(today - ago) : { from: new Date(now.getTime() - ago), until: new Date(now.getTime() - ago) };
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?$/.exec(word) ?? [];
  if (year !== undefined && month === undefined) return days(Date.UTC(Number(year), 0, 1), Date.UTC(Number(year) + 1, 0, 1));
  if (year !== undefined && Number(month) >= 1 && Number(month) <= 12) return days(Date.UTC(Number(year), Number(month) - 1, 1), Date.UTC(Number(year), Number(month), 1));
  const date = readDate(word.replaceAll('/', '-'), today);
  if (!date) return undefined;
  // "1.12." said in November was last year's.
  return day(date.yearly && date.day > today ? new Date(date.day).setUTCFullYear(new Date(date.day).getUTCFullYear() - 1) : date.day);
}
