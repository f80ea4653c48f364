/** The clock on the wall of a time zone, right on the days when clocks change. Days are named by their midnight as if it were UTC, in milliseconds. */
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;
const DAYS_A_WEEK = 7;

/** A moment as the clock on the wall shows it. */
export interface LocalTime {
  /** Midnight of that day as if it were UTC, in milliseconds: a name for the calendar day. */
  readonly day: number;
  /** Minutes since midnight. */
  readonly minute: number;
  /** 1 (Monday) to 7. */
  readonly weekday: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

export function localTime(at: Date, timeZone: string): LocalTime {
  const wall = at.getTime() + offsetAt(at.getTime(), timeZone);
  const day = Math.floor(wall / DAY_MS) * DAY_MS;
  return { day, minute: Math.floor((wall - day) / MINUTE_MS), weekday: isoWeekday(day) };
}

/** 1 January 1970 was a Thursday. */
export function isoWeekday(day: number): number {
  return ((((day / DAY_MS + 3) % DAYS_A_WEEK) + DAYS_A_WEEK) % DAYS_A_WEEK) + 1;
}

/** The instants at which the wall clock shows this time: two when clocks go back over it; when they skip it, the moment of the skip. */
export function instantsOf(day: number, minute: number, timeZone: string): readonly number[] {
  const wall = day + minute * MINUTE_MS;
  const offsets = new Set([offsetAt(wall - DAY_MS, timeZone), offsetAt(wall + DAY_MS, timeZone)]);
  const shown = [...offsets].map((offset) => wall - offset).filter((at) => at + offsetAt(at, timeZone) === wall);
  return shown.length > 0 ? shown : [changeOfClocks(wall - DAY_MS, wall + DAY_MS, timeZone)];
}

/** A stretch of time in which the clock on the wall runs evenly: it shows what UTC shows plus `offset`. In milliseconds; `until` is the first moment after it. */
export interface EvenTime {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

/** The even stretches of a span of time in their order. @param until a day after `from` at most: clocks change once in it */
export function evenTimes(from: number, until: number, timeZone: string): readonly EvenTime[] {
  const [before, after] = [offsetAt(from, timeZone), offsetAt(until, timeZone)];
  if (before === after) return [{ from, until, offset: before }];
  const change = changeOfClocks(from, until, timeZone);
  return [{ from, until: change, offset: before }, { from: change, until, offset: after }];
}

/** The moment between the two at which the offset changes. */
function changeOfClocks(before: number, after: number, timeZone: string): number {
  const offset = offsetAt(before, timeZone);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, timeZone) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/** Milliseconds that the wall clock is ahead of UTC. @throws RangeError for an unknown zone. */
function offsetAt(at: number, timeZone: string): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(at)) parts[type] = value;
  const wall = Date.UTC(Number(parts.year), Number(parts.month) - 1, Number(parts.day), Number(parts.hour), Number(parts.minute), Number(parts.second));
  return wall - Math.floor(at / 1000) * 1000;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  clocks.set(timeZone, made);
  return made;
}
