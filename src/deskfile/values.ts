/**
 * The small values of desk.yaml that people write with units and words, each with its way back for `goniec export`: `write(read(x))` means the same as x.
 */
import { z } from 'zod';
import { PRIORITIES, type AnswerGoal, type Hours, type Priority } from '../core/model.js';
import { readSenderPattern, type SenderPattern } from '../core/senders.js';
import { noPlaceholders } from './environment.js';
import type { Complaint } from './problems.js';
import { mapping, reading, suggested, textReader, wrongType, type Read } from './reading.js';

/** A name, a folder, an id of elsewhere: one line, and taken literally. */
export const text = reading<string>((input) => {
  if (typeof input !== 'string') return { complaint: wrongType(input, 'deskfile.type.text') };
  const complaint: Complaint | undefined = input.trim() === '' ? { key: 'deskfile.empty' } : noPlaceholders(input);
  return complaint ? { complaint } : { value: input };
});

export const textList = reading<readonly string[]>((input) => {
  const list: unknown = typeof input === 'string' ? [input] : input;
  return Array.isArray(list) && list.length > 0 && list.every((part) => typeof part === 'string' && part.trim() !== '') ? { value: list as string[] } : { complaint: wrongType(input, 'deskfile.type.text-or-list') };
});

/** Markdown over several lines; the line end that YAML's `|` leaves is not part of it. */
export const markdown = reading(textReader((value) => value.replace(/\s+$/, ''), () => ({ key: 'deskfile.empty' })));

export const yesNo = reading<boolean>((input) => (typeof input === 'boolean' ? { value: input } : { complaint: wrongType(input, 'deskfile.type.yes-no') }));

export function choice<const Value extends string>(values: readonly Value[]) {
  return reading(
    textReader<Value>(
      (value) => values.find((known) => known === value),
      (found) => ({ key: 'deskfile.one-of', params: { expected: values.join(', '), found }, ...suggested(found, values) }),
    ),
  );
}

/* ---- addresses, languages, zones ---- */

const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[\p{L}\d](?:[\p{L}\d.-]*[\p{L}\d])?$/u;
export const readAddress = textReader((value) => (ADDRESS.test(value) ? value.toLowerCase() : undefined), (found) => ({ key: 'deskfile.bad-address', params: { found } }));

/** Addresses and whole domains. */
export const senders = reading<readonly SenderPattern[]>((input): Read<readonly SenderPattern[]> => {
  const list: unknown = typeof input === 'string' ? [input] : input;
  if (!Array.isArray(list) || !list.every((part) => typeof part === 'string')) return { complaint: wrongType(input, 'deskfile.type.text-or-list') };
  const bad = list.find((part) => readSenderPattern(part) === undefined);
  if (bad !== undefined) return { complaint: { key: 'deskfile.bad-sender', params: { found: bad } } };
  return { value: [...new Set(list.flatMap((part) => readSenderPattern(part) ?? []))] };
});

const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/;
export const languageCode = reading(textReader((value) => (LANGUAGE.test(value) ? value : undefined), (found) => ({ key: 'deskfile.bad-language', params: { found } })));

export const timeZone = reading(
  textReader(
    (value) => (isTimeZone(value) ? value : undefined),
    (found) => ({ key: 'deskfile.bad-time-zone', params: { found }, ...suggested(found, Intl.supportedValuesOf('timeZone')) }),
  ),
);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/* ---- sizes ---- */

const SIZE_UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };
const SIZE = /^(\d{1,12}(?:\.\d{1,3})?)\s*([kmg]i?b|b)?$/i;

/** Bytes from "25 MB", "640 kB", "1.5 MiB" or a bare number of bytes. */
export const size = reading<number>((input) => {
  const written = typeof input === 'number' ? String(input) : input;
  if (typeof written !== 'string') return { complaint: wrongType(input, 'deskfile.type.text') };
  const [, amount, unit = 'b'] = SIZE.exec(written.trim()) ?? [];
  return amount === undefined ? { complaint: { key: 'deskfile.bad-size', params: { found: written } } } : { value: Math.round(Number(amount) * (SIZE_UNITS[unit.toLowerCase()] ?? 1)) };
});

export function writeSize(bytes: number): string {
  for (const [unit, factor] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]] as const) if (bytes >= factor && bytes % factor === 0) return `${bytes / factor} ${unit}`;
  return `${bytes} B`;
}

/* ---- durations and dates ---- */

const DURATION_UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Seconds from "60s", "5m", "1h", within limits. */
export function duration(min: number, max: number) {
  return reading<number>((input) => {
    if (typeof input !== 'string') return { complaint: wrongType(input, 'deskfile.type.duration') };
    const [, amount, unit = 's'] = /^(\d{1,6})\s*([smh])$/.exec(input.trim()) ?? [];
    if (amount === undefined) return { complaint: { key: 'deskfile.bad-duration', params: { found: input } } };
    const seconds = Number(amount) * (DURATION_UNITS[unit] ?? 1);
    return seconds < min || seconds > max ? { complaint: { key: 'deskfile.range', params: { min: `${min}s`, max: `${max}s`, found: input } } } : { value: seconds };
  });
}

const MINUTES_PER_HOUR = 60;
/** Ten days around the clock, six weeks of eight-hour days: what is promised later is no promise. */
const MAX_GOAL_MINUTES = 240 * MINUTES_PER_HOUR;

/** Minutes of business time from "4h" or "90m". */
const goalTime = reading<number>((input): Read<number> => {
  const [, amount, unit] = typeof input === 'string' ? (/^(\d{1,6})\s*(m|min|h)$/.exec(input.trim()) ?? []) : [];
  const found = typeof input === 'string' ? input : JSON.stringify(input);
  if (amount === undefined) return { complaint: { key: 'deskfile.bad-goal', params: { found } } };
  const minutes = Number(amount) * (unit === 'h' ? MINUTES_PER_HOUR : 1);
  return minutes >= 1 && minutes <= MAX_GOAL_MINUTES ? { value: minutes } : { complaint: { key: 'deskfile.range', params: { min: '1m', max: `${MAX_GOAL_MINUTES / MINUTES_PER_HOUR}h`, found } } };
});
const goalsByPriority = mapping({ low: goalTime.optional(), normal: goalTime, high: goalTime.optional(), urgent: goalTime.optional() } satisfies Record<Priority, z.ZodType>);

/** "4h", "{ normal: 8h, urgent: 1h }", or `never`. */
export const answerGoal = z.unknown().transform((input, context): { readonly goal: AnswerGoal | undefined } => {
  if (input === 'never') return { goal: undefined };
  const isByPriority = typeof input === 'object' && input !== null && !Array.isArray(input);
  const read = isByPriority ? goalsByPriority.safeParse(input) : goalTime.transform((normal) => ({ normal })).safeParse(input);
  if (read.success) return { goal: Object.fromEntries(Object.entries(read.data).filter(([, minutes]) => minutes !== undefined)) as AnswerGoal };
  context.issues.push(...read.error.issues.map((issue) => ({ ...issue, input }) as z.core.$ZodRawIssue));
  return z.NEVER;
});

export function writeAnswerGoal(goal: AnswerGoal): string | Readonly<Record<string, string>> {
  const written = (minutes: number): string => (minutes % MINUTES_PER_HOUR === 0 ? `${minutes / MINUTES_PER_HOUR}h` : `${minutes}m`);
  const said = PRIORITIES.flatMap((priority) => (goal[priority] === undefined ? [] : [[priority, written(goal[priority])] as const]));
  return said.length === 1 ? written(goal.normal) : Object.fromEntries(said);
}

const MAX_DAYS = 365;

/** "3 days", "3d" or a bare number of days; `never` for none. */
export const daysOrNever = reading<{ readonly days: number | undefined }>((input) => {
  const written = typeof input === 'number' ? String(input) : input;
  if (typeof written !== 'string') return { complaint: wrongType(input, 'deskfile.type.duration') };
  if (written === 'never') return { value: { days: undefined } };
  const days = Number(/^(\d{1,3})\s*(?:d|days?)?$/.exec(written.trim())?.[1] ?? Number.NaN);
  return days >= 1 && days <= MAX_DAYS ? { value: { days } } : { complaint: { key: 'deskfile.bad-days', params: { found: written } } };
});

export const writeDays = (days: number | undefined): string => (days === undefined ? 'never' : `${days}d`);

const KEPT_DAYS = /^(\d{1,4})\s*(?:d|days?)$/;
/** Longer is for ever. */
const MAX_KEPT_DAYS = 3650;

/** How long something is kept. */
export interface Days {
  /** undefined: for ever. */
  readonly days: number | undefined;
}

/** Days from "90 days", "30d", or `forever`. */
export const daysOrForever = reading<Days>((input): Read<Days> => {
  if (input === 'forever') return { value: { days: undefined } };
  const [, amount] = typeof input === 'string' ? (KEPT_DAYS.exec(input.trim()) ?? []) : [];
  const count = Number(amount);
  if (amount !== undefined && count >= 1 && count <= MAX_KEPT_DAYS) return { value: { days: count } };
  return { complaint: { key: 'deskfile.bad-keep', params: { found: typeof input === 'string' ? input : JSON.stringify(input), max: MAX_KEPT_DAYS } } };
});

export function writeDaysOrForever(count: number | undefined): string {
  if (count === undefined) return 'forever';
  return count === 1 ? '1 day' : `${count} days`;
}

/** How far back the first connection takes mail in: a day, a moment, `all`, or `new` (nothing that is there already). */
export type Since = { readonly from: Date | undefined };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const BEGINNING = new Date(0);

export const since = reading(
  textReader<Since>(
    (value) => {
      if (value === 'new') return { from: undefined };
      if (value === 'all') return { from: BEGINNING };
      if (!DAY.test(value) && !MOMENT.test(value)) return undefined;
      const from = new Date(value);
      // 2026-02-31 would roll over into March.
      return Number.isNaN(from.getTime()) || (DAY.test(value) && !from.toISOString().startsWith(value)) ? undefined : { from };
    },
    (found) => ({ key: 'deskfile.bad-since', params: { found } }),
  ),
);

export function writeSince(from: Date | undefined): string {
  if (from === undefined) return 'new';
  if (from.getTime() === BEGINNING.getTime()) return 'all';
  const moment = from.toISOString();
  return moment.endsWith('T00:00:00.000Z') ? moment.slice(0, 'yyyy-mm-dd'.length) : moment;
}

/* ---- colours ---- */

/** The palette of labels, 1 to 8. */
const COLOURS = ['red', 'yellow', 'green', 'teal', 'blue', 'violet', 'pink', 'grey'] as const;

export const colour = reading<number>((input) => {
  const number = typeof input === 'number' ? input : COLOURS.findIndex((name) => name === input) + 1;
  if (Number.isInteger(number) && number >= 1 && number <= COLOURS.length) return { value: number };
  const found = String(input);
  return { complaint: { key: 'deskfile.bad-colour', params: { found, expected: COLOURS.join(', ') }, ...suggested(found, COLOURS) } };
});

export function writeColour(number: number): string | number {
  return COLOURS[number - 1] ?? number;
}

/* ---- business hours ---- */

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTES_PER_DAY = 24 * 60;
type Span = { readonly from: number; readonly to: number };
export type Week = Hours['week'];

/** Open at every hour: the week of a desk that says nothing about hours. */
export const ALWAYS_OPEN: Week = weekOf(() => [{ from: 0, to: MINUTES_PER_DAY }]);

/** ISO weekdays (1 to 7) from "mon", "mon-fri", "sat, sun", "fri-mon"; undefined when it is none of these. */
export function readDays(days: string): readonly number[] | undefined {
  const found: number[] = [];
  for (const part of days.toLowerCase().split(',')) {
    const [first = '', last = first, ...rest] = part.trim().split(/\s*-\s*/);
    const [from, to] = [WEEKDAYS.findIndex((day) => day === first), WEEKDAYS.findIndex((day) => day === last)];
    if (from < 0 || to < 0 || rest.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % WEEKDAYS.length) {
      found.push(day + 1);
      if (day === to) break;
    }
  }
  return found;
}

/** "9:00-17:00", "9:00-12:00, 13:00-17:00", "22:00-6:00" (into the next day) or "closed"; a list of spans as well. */
export const spans = reading<readonly Span[]>((input) => {
  const written = typeof input === 'string' ? [input] : input;
  if (!Array.isArray(written) || !written.every((part) => typeof part === 'string')) return { complaint: wrongType(input, 'deskfile.type.text') };
  const parts = written.flatMap((part) => part.split(',')).map((part) => part.trim());
  if (parts.length === 1 && parts[0] === 'closed') return { value: [] };
  const read = parts.map(readSpan);
  const bad = parts.find((_, index) => read[index] === undefined);
  return bad === undefined ? { value: read.filter((span) => span !== undefined) } : { complaint: { key: 'deskfile.bad-hours', params: { found: bad } } };
});

function readSpan(written: string): Span | undefined {
  const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] = /^(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?$/.exec(written) ?? [];
  const [from, to] = [Number(fromHour) * 60 + Number(fromMinute), Number(toHour) * 60 + Number(toMinute)];
  const valid = from >= 0 && from < MINUTES_PER_DAY && to > 0 && to <= MINUTES_PER_DAY && from !== to && Number(fromMinute) < 60 && Number(toMinute) < 60;
  return valid ? { from, to } : undefined;
}

/** The week from spans by weekday: those over midnight are cut there. `overlaps` names the days whose spans overlap. */
export function buildWeek(byDay: ReadonlyMap<number, readonly Span[]>): { readonly week: Week; readonly overlaps: readonly number[] } {
  const pieces = weekOf((): Span[] => []);
  for (const [day, all] of byDay) {
    for (const { from, to } of all) {
      if (from < to) pieces[day]?.push({ from, to });
      else {
        pieces[day]?.push({ from, to: MINUTES_PER_DAY });
        pieces[(day % WEEKDAYS.length) + 1]?.push({ from: 0, to });
      }
    }
  }
  const week = weekOf((day) => [...(pieces[day] ?? [])].sort((a, b) => a.from - b.from));
  const overlaps = Object.entries(week).filter(([, all]) => all.some((span, index) => span.from < (all[index - 1]?.to ?? 0))).map(([day]) => Number(day));
  return { week, overlaps };
}

/** As it is written in desk.yaml: days with the same hours together; closed days left out. */
export function writeWeek(week: Week): Readonly<Record<string, string>> {
  const written = WEEKDAYS.map((_, index) => (week[index + 1] ?? []).map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(', '));
  const result: Record<string, string> = {};
  for (let first = 0; first < WEEKDAYS.length; ) {
    let last = first;
    while (last + 1 < WEEKDAYS.length && written[last + 1] === written[first]) last += 1;
    const hours = written[first];
    if (hours) result[first === last ? dayName(first) : `${dayName(first)}-${dayName(last)}`] = hours;
    first = last + 1;
  }
  return result;
}

export function dayName(index: number): string {
  return WEEKDAYS[index] ?? '';
}

function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

function weekOf<Value>(of: (day: number) => Value): Record<number, Value> {
  return Object.fromEntries(WEEKDAYS.map((_, index) => [index + 1, of(index + 1)]));
}
