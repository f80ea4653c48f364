import type { MessageKey, MessageParams } from '../core/language/catalogue.js';
import { say } from '../core/language/say.js';
import type { Locale } from '../core/model.js';

/** ok: in order; warn: something to know, the desk runs all the same; bad: something does not work until a person acts. */
export type Level = 'ok' | 'warn' | 'bad';

/** One thing that was looked at, and what to do about it. */
export interface Finding {
  readonly level: Level;
  readonly key: MessageKey;
  readonly params: MessageParams;
  /** Parameters that are texts of the catalogue themselves: why a certificate is not trusted. */
  readonly words?: Readonly<Record<string, MessageKey>> | undefined;
  /** The server's own words, or the system's. */
  readonly detail?: string | undefined;
}

const at =
  (level: Level) =>
  (key: MessageKey, params: MessageParams = {}, detail?: string): Finding => ({ level, key, params, ...(detail !== undefined && detail !== '' && { detail }) });

export const ok = at('ok');
export const warn = at('warn');
export const bad = at('bad');

export function findingText({ key, params, words }: Finding, locale: Locale): string {
  const translated = Object.fromEntries(Object.entries(words ?? {}).map(([name, word]) => [name, say(locale, word)]));
  return say(locale, key, { ...params, ...translated });
}
