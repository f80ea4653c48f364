/**
 * Times as people say them: "2h", "15 min", "tomorrow 9", "jutro 9:00", "mon 14:30", "w piątek", "29.11. 8:00", "2026-11-29 08:00". In the speaker's own time zone; always in
 * the future.
 */
import { fold } from './fold.js';
import { DAY_MS, instantsOf, isoWeekday, localTime } from './wall-clock.js';

/** When only a part of the day is said, or none; minutes since midnight. */
const MORNING = 9 * 60;
const NOON = 12 * 60;
const EVENING = 18 * 60;
/** A slip of the finger should not put something aside for ten years. */
const FARTHEST_MS = 366 * 24 * 3_600_000;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(m|min|mins|minute|minutes|minut|minuta|minuty|minute)$/, 60_000],
  [/^(h|hr|hrs|hour|hours|godz|godzina|godziny|godzin|godzine|g)$/, 3_600_000],
  [/^(d|day|days|dzien|dni)$/, 24 * 3_600_000],
  [/^(w|week|weeks|tydz|tydzien|tygodnie|tygodni)$/, 7 * 24 * 3_600_000],
];

/** Monday is 1. */
const WEEKDAYS: readonly (readonly [RegExp, number])[] = [
  [/^(mon|monday|pon|pn|poniedzialek)$/, 1], [/^(tue|tues|tuesday|wt|wto|wtorek)$/, 2], [/^(wed|wednesday|sr|sro|sroda|srode)$/, 3], [/^(thu|thur|thurs|thursday|czw|czwartek)$/, 4],
  [/^(fri|friday|pt|pia|piatek)$/, 5], [/^(sat|saturday|sob|sobota|sobote)$/, 6], [/^(sun|sunday|nd|nie|niedziela|niedziele)$/, 7],
];

const FILLERS = new Set(['in', 'at', 'on', 'za', 'o', 'w', 'we', 'na', 'next', 'until', 'till', 'do']);

/** @returns undefined when it cannot be understood, is past, or is more than a year ahead */
export function parseWhen(said: string, now: Date, timeZone: string): Date | undefined {
  const words = fold(said).replace(/,/g, ' ').split(/\s+/).filter((word) => word !== '' && !FILLERS.has(word));
  const found = readSpan(words, now) ?? readDay(words, now, timeZone);
  return found && found > now && found.getTime() - now.getTime() <= FARTHEST_MS ? found : undefined;
}

/** "2h", "1 d 4 h", "90 min", "1.5h" */
function readSpan(words: readonly string[], now: Date): Date | undefined {
  const ms = readSpanMs(words.join(''));
  return ms === undefined ? undefined : new Date(now.getTime() + ms);
}

/** @param text folded, without blanks. @returns undefined when it is no length of time */
export function readSpanMs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined;
  let ms = 0;
  for (const [, amount = '', unit = ''] of parts) {
    const size = UNITS.find(([names]) => names.test(unit))?.[1];
    if (size === undefined) return undefined;
    ms += Number(amount) * size;
  }
  return ms;
}

/** 1 (Monday) to 7. @param word folded */
export const weekdayOf = (word: string): number | undefined => WEEKDAYS.find(([names]) => names.test(word))?.[1];

function readDay(words: readonly string[], now: Date, timeZone: string): Date | undefined {
  const today = localTime(now, timeZone).day;
  let day: number | undefined;
  let minute: number | undefined;
  let yearly = false;
  for (const word of words) {
    const weekday = weekdayOf(word);
    const date = readDate(word, today);
    const time = parseTime(word);
    if (/^(today|dzis|dzisiaj)$/.test(word)) day = today;
    else if (/^(tomorrow|tmr|jutro)$/.test(word)) day = today + DAY_MS;
    else if (word === 'pojutrze') day = today + 2 * DAY_MS;
    else if (/^(tonight|evening|wieczorem|wieczor)$/.test(word)) minute ??= EVENING;
    else if (/^(morning|rano)$/.test(word)) minute ??= MORNING;
    else if (/^(noon|poludnie)$/.test(word)) minute ??= NOON;
    // "Monday" on a Monday is the next one.
    else if (weekday !== undefined) day = today + (((weekday - isoWeekday(today) + 6) % 7) + 1) * DAY_MS;
    else if (date) {
      day = date.day;
      yearly = date.yearly;
    } else if (time !== undefined) minute = time;
    else return undefined;
  }
  if (day === undefined && minute === undefined) return undefined;
  const at = (when: number): Date => new Date(instantsOf(when, minute ?? MORNING, timeZone)[0] ?? 0);
  const first = at(day ?? today);
  if (first > now) return first;
  // "9:00" said at noon is tomorrow's; "1.2." said in November is next year's.
  if (day === undefined) return at(today + DAY_MS);
  return yearly ? at(new Date(day).setUTCFullYear(new Date(day).getUTCFullYear() + 1)) : first;
}

/** "9", "9:30", "2pm": minutes since midnight. */
function parseTime(word: string): number | undefined {
  const [, hours, minutes = '0', half] = /^(\d{1,2})(?::(\d{2}))?(am|pm)?$/.exec(word) ?? [];
  if (hours === undefined || Number(hours) > 24 || Number(minutes) > 59) return undefined;
  return ((Number(hours) % (half ? 12 : 24)) + (half === 'pm' ? 12 : 0)) * 60 + Number(minutes);
}

/** 2026-11-29, 29.11, 29.11., 29.11.2026; `yearly` where no year is said. */
export function readDate(word: string, today: number): { readonly day: number; readonly yearly: boolean } | undefined {
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word) ?? [];
  const [, dottedDay, dottedMonth, dottedYear] = /^(\d{1,2})\.(\d{1,2})\.?(\d{4})?$/.exec(word) ?? [];
  const year = Number(isoYear ?? dottedYear ?? new Date(today).getUTCFullYear());
  const [month, date] = [Number(isoMonth ?? dottedMonth), Number(isoDay ?? dottedDay)];
  const day = Date.UTC(year, month - 1, date);
  const real = new Date(day);
  return real.getUTCMonth() + 1 === month && real.getUTCDate() === date ? { day, yearly: (isoYear ?? dottedYear) === undefined } : undefined;
}
