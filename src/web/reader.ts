/** Whoever reads a page: their language, zone and the moment of reading. Every part of a page speaks through it. */
import { formatBytes, formatDateTime, formatDay, formatTime, formatWait, say } from '../core/language/say.js';
import type { MessageKey, MessageParams } from '../core/language/catalogue.js';
import type { Agent, Locale } from '../core/model.js';

export interface Reader {
  readonly locale: Locale;
  readonly theme: Agent['theme'];
  readonly now: Date;
  say(key: MessageKey, params?: MessageParams): string;
  /** "09:03" */
  time(date: Date): string;
  /** "18 Nov 2025, 09:03" */
  dateTime(date: Date): string;
  /** "Today", "Yesterday" or "Tuesday 18 November"; for headings. */
  day(date: Date): string;
  /** Two moments of one day have the same key. */
  dayKey(date: Date): string;
  /** How long ago: "1 h 05" */
  wait(since: Date): string;
  bytes(bytes: number): string;
}

const DAY_MS = 24 * 3_600_000;

export function reader(of: Pick<Agent, 'locale' | 'timeZone' | 'theme'>, now: Date): Reader {
  const { locale, timeZone, theme } = of;
  const dayKey = (date: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(date);
  return {
    locale, theme, now, dayKey,
    say: (key, params) => say(locale, key, params),
    time: (date) => formatTime(date, locale, timeZone),
    dateTime: (date) => formatDateTime(date, locale, timeZone),
    day: (date) => {
      if (dayKey(date) === dayKey(now)) return say(locale, 'thread.today');
      if (dayKey(date) === dayKey(new Date(now.getTime() - DAY_MS))) return say(locale, 'thread.yesterday');
      return formatDay(date, locale, timeZone);
    },
    wait: (since) => formatWait(now.getTime() - since.getTime(), locale),
    bytes: (bytes) => formatBytes(bytes, locale),
  };
}
