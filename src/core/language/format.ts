/** Dates, sizes and waiting times as people read them, in their language and their zone. */
import type { Locale } from '../model.js';
import { INTL_LOCALES, say } from './lookup.js';

const MINUTE_MS = 60_000;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
/** From here on whole days tell more than hours. */
const DAYS_FROM_MINUTES = 2 * MINUTES_PER_DAY;

const STYLES = {
  dateTime: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  date: { day: 'numeric', month: 'long', year: 'numeric' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  weekday: { weekday: 'long' },
  time: { hour: '2-digit', minute: '2-digit' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;

/** Making a formatter takes a thousand times as long as using it. Bounded: languages x zones x styles. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** "18 Nov 2025, 09:03". @throws RangeError for an unknown time zone. */
export function formatDateTime(date: Date, locale: Locale, timeZone: string): string {
  return formatter('dateTime', locale, timeZone).format(date);
}

/** "18 November 2025". */
export function formatDate(date: Date, locale: Locale, timeZone: string): string {
  return formatter('date', locale, timeZone).format(date);
}

/** "Tuesday 18 November", the heading of a day in a thread. */
export function formatDay(date: Date, locale: Locale, timeZone: string): string {
  return formatter('day', locale, timeZone).format(date).replace(',', '');
}

/** "09:03". */
export function formatTime(date: Date, locale: Locale, timeZone: string): string {
  return formatter('time', locale, timeZone).format(date);
}

/**
 * "18 November 2025", "Tuesday 18 November" or "Tuesday" in the language of a mail to a customer, which may be one that Goniec itself does not speak.
 * @param language a code such as pl or pt-BR
 */
export function formatForCustomer(style: 'date' | 'day' | 'weekday', date: Date, language: string, timeZone: string): string {
  return formatter(style, language, timeZone).format(date).replace(',', '');
}

/** How long somebody has been waiting: "6 min", "1 h 05", "3 days". */
export function formatWait(ms: number, locale: Locale): string {
  const minutes = Math.floor(Math.max(0, ms) / MINUTE_MS);
  if (minutes < 1) return say(locale, 'wait.under-a-minute');
  if (minutes < MINUTES_PER_HOUR) return say(locale, 'wait.minutes', { minutes });
  if (minutes < DAYS_FROM_MINUTES) {
    return say(locale, 'wait.hours', { hours: Math.floor(minutes / MINUTES_PER_HOUR), minutes: String(minutes % MINUTES_PER_HOUR).padStart(2, '0') });
  }
  return say(locale, 'wait.days', { count: Math.floor(minutes / MINUTES_PER_DAY) });
}

/** How long ago something was: "just now", "2 minutes ago", "3 days ago". */
export function formatAgo(ms: number, locale: Locale): string {
  const minutes = Math.floor(Math.max(0, ms) / MINUTE_MS);
  if (minutes < 1) return say(locale, 'time.just-now');
  if (minutes < MINUTES_PER_HOUR) return say(locale, 'time.ago-minutes', { count: minutes });
  if (minutes < DAYS_FROM_MINUTES) return say(locale, 'time.ago-hours', { count: Math.floor(minutes / MINUTES_PER_HOUR) });
  return say(locale, 'time.ago-days', { count: Math.floor(minutes / MINUTES_PER_DAY) });
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const UNIT_STEP = 1000;

/** A file's size in decimal units, one decimal below ten: "640 kB", "1.8 MB" (in Polish "1,8 MB"). */
export function formatBytes(bytes: number, locale: Locale): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (rounded(value, unit) >= UNIT_STEP && unit < UNITS.length - 1) {
    value /= UNIT_STEP;
    unit += 1;
  }
  const number = new Intl.NumberFormat(INTL_LOCALES[locale], { maximumFractionDigits: 1, useGrouping: false }).format(rounded(value, unit));
  return `${number} ${UNITS[unit] ?? ''}`;
}

function rounded(value: number, unit: number): number {
  return unit === 0 || value >= 9.95 ? Math.round(value) : Math.round(value * 10) / 10;
}

/** @param language one of ours, or any other code */
function formatter(style: keyof typeof STYLES, language: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${style} ${language} ${timeZone}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(isLocale(language) ? INTL_LOCALES[language] : language, { ...STYLES[style], timeZone });
  formatters.set(key, made);
  return made;
}

const isLocale = (language: string): language is Locale => Object.hasOwn(INTL_LOCALES, language);
