import type { Locale } from '../model.js';
import type { MessageKey, MessageParams } from './catalogue.js';
import { en } from './en.js';
import { pl } from './pl.js';
import type { Text } from './text.js';

const CATALOGUES: Readonly<Record<Locale, Readonly<Record<MessageKey, Text>>>> = { en, pl };

/** British English: day before month and a 24-hour clock, as in the rest of Europe. */
export const INTL_LOCALES: Readonly<Record<Locale, string>> = { en: 'en-GB', pl: 'pl-PL' };

const PLURALS: Readonly<Record<Locale, Intl.PluralRules>> = { en: new Intl.PluralRules('en'), pl: new Intl.PluralRules('pl') };
const NUMBERS: Readonly<Record<Locale, Intl.NumberFormat>> = { en: new Intl.NumberFormat(INTL_LOCALES.en), pl: new Intl.NumberFormat(INTL_LOCALES.pl) };

/**
 * The text of `key` in a language, with its {names} filled in. {count} chooses the plural form and is grouped ("1,204"); other numbers are written as they
 * are, since #1042 is a name. A name without a value stays visible, so that the mistake is seen rather than hidden. Values are never read for
 * further {names}. The result is plain text: whoever puts it into HTML or Markdown escapes it.
 */
export function say(locale: Locale, key: MessageKey, params: MessageParams = {}): string {
  const text = CATALOGUES[locale][key];
  return formOf(text, locale, params['count']).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined) return whole;
    return name === 'count' && typeof value === 'number' ? NUMBERS[locale].format(value) : String(value);
  });
}

/** Whether the catalogue has this key; for keys that come from storage (`Problem.key`) or are put together (`event.` + kind). */
export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}

function formOf(text: Text, locale: Locale, count: string | number | undefined): string {
  if (typeof text === 'string') return text;
  const forms: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string } = text;
  return forms[PLURALS[locale].select(Number(count))] ?? forms.other;
}
