import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/core/language/en.js';
import { pl } from '../../src/core/language/pl.js';
import { formatAgo, formatBytes, formatDate, formatDateTime, formatDay, formatTime, formatWait, isMessageKey, say } from '../../src/core/language/say.js';
import type { Text } from '../../src/core/language/text.js';
import { CUSTOMER_EVENT_KINDS, DEALINGS, EVENT_KINDS, LOCALES, NOTICE_KINDS, PRIORITIES, ROLES, STATUSES } from '../../src/core/model.js';

const SRC = join(import.meta.dirname, '../../src');
const CATALOGUES: Readonly<Record<string, Readonly<Record<string, Text>>>> = { en, pl };
const FORMS: Readonly<Record<string, readonly string[]>> = { en: ['one', 'other'], pl: ['one', 'few', 'many', 'other'] };

const formsOf = (text: Text): readonly string[] => (typeof text === 'string' ? [text] : Object.values(text));
const paramsOf = (text: Text): readonly string[] => [...new Set(formsOf(text).flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)))].sort();

describe('the catalogues', () => {
  it('hold the same keys in every language', () => {
    expect(Object.keys(pl).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en))('%s takes the same values in every language', (key) => {
    const [english, polish] = [CATALOGUES['en']?.[key] ?? '', CATALOGUES['pl']?.[key] ?? ''];
    // A form for one may spell the number out.
    const withoutCount = (text: Text): readonly string[] => paramsOf(text).filter((name) => name !== 'count');
    expect(withoutCount(polish)).toEqual(withoutCount(english));
    expect(typeof polish).toBe(typeof english);
  });

  it.each(LOCALES)('%s: texts that depend on a number have all its forms and name it', (locale) => {
    for (const [key, text] of Object.entries(CATALOGUES[locale] ?? {})) {
      if (typeof text === 'string') continue;
      expect([key, Object.keys(text)]).toEqual([key, FORMS[locale]]);
    }
  });

  it.each(LOCALES)('%s: plain words, without flattery, shouting or blank texts', (locale) => {
    const unwanted = /!|\bplease\b|\boops\b|success|\bproszę\b|\bups\b|pomyślnie|sukces/i;
    for (const [key, text] of Object.entries(CATALOGUES[locale] ?? {})) {
      for (const form of formsOf(text)) {
        expect(form.trim(), key).toBe(form);
        expect(form, key).not.toBe('');
        expect(form, key).not.toMatch(unwanted);
      }
    }
  });

  it('uses one word per thing', () => {
    for (const [key, text] of Object.entries(en)) for (const form of formsOf(text)) expect(form, key).not.toMatch(/\b(ticket|case|comment|resolve)s?\b/i);
  });

  it.each(['en.ts', 'pl.ts'])('%s keeps its keys sorted within sections', (file) => {
    const sections = readFileSync(join(SRC, 'core/language', file), 'utf8').split(/\/\* ---- .* ---- \*\//).slice(1);
    expect(sections.length).toBeGreaterThan(10);
    for (const section of sections) {
      const keys = [...section.matchAll(/^ {2}'([^']+)':/gm)].map(([, key = '']) => key);
      expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
    }
  });

  it('has a text for everything that is put together from parts', () => {
    const needed = [
      ...EVENT_KINDS.map((kind) => `event.${kind}`), ...CUSTOMER_EVENT_KINDS.map((kind) => `event.customer-changed.${kind}`), ...STATUSES.map((status) => `status.${status}`), ...PRIORITIES.map((priority) => `priority.${priority}`), ...ROLES.map((role) => `role.${role}`), ...NOTICE_KINDS.map((kind) => `notice.${kind}`), ...DEALINGS.map((way) => `duty.dealing.${way}`),
      ...['received', 'draft', 'awaiting', 'queued', 'sending', 'sent', 'failed', 'uncertain', 'bounced', 'cancelled'].map((state) => `state.${state}`),
      ...['stranger', 'maybe-same', 'loop', 'too-large'].map((kind) => `warning.${kind}`), ...LOCALES.map((locale) => `language.${locale}`),
    ];
    expect(needed.filter((key) => !isMessageKey(key))).toEqual([]);
  });

  it('knows every key that the source names', () => {
    const sections = new Set(Object.keys(en).map((key) => key.split('.', 1)[0] ?? ''));
    // Words that are also written with a dot for other reasons: values of templates, names of files, effects.
    const others = /^(customer|conversation|agent|mailbox|mail|chat)\.[a-zA-Z-]+$|\.(eml|yaml|html|css|js|ts|json|example)$/;
    const unknown = sourceFiles(SRC).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:say\([^,()]+, ?|key: ?|Refusal\(|problemOf\()'([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)'/g)]
        .map(([, key = '']) => key)
        .filter((key) => sections.has(key.split('.', 1)[0] ?? '') && !others.test(key) && !isMessageKey(key))
        .map((key) => `${file.slice(SRC.length + 1)}: ${key}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe('say', () => {
  it('fills in values', () => {
    expect(say('en', 'claim.done', { number: 1042 })).toBe('Claimed #1042');
    expect(say('pl', 'claim.done', { number: 1042 })).toBe('Sprawa #1042 jest Twoja');
  });

  it('chooses the form that the number asks for', () => {
    expect([1, 2, 14].map((count) => say('en', 'mail.hidden-lines', { count }))).toEqual(['1 line hidden', '2 lines hidden', '14 lines hidden']);
    expect([0, 1, 2, 5, 12, 22, 25].map((count) => say('pl', 'mail.hidden-lines', { count }))).toEqual([
      '0 wierszy ukrytych', '1 wiersz ukryty', '2 wiersze ukryte', '5 wierszy ukrytych', '12 wierszy ukrytych', '22 wiersze ukryte', '25 wierszy ukrytych',
    ]);
  });

  it('groups counts and leaves names that are numbers alone', () => {
    expect(say('en', 'fact.mails', { count: 12_345 })).toBe('12,345 mails');
    expect(say('en', 'thread.number', { number: 12_345 })).toBe('Conversation #12345');
  });

  it('leaves a name without a value visible and never reads values for names', () => {
    expect(say('en', 'claim.done')).toBe('Claimed #{number}');
    expect(say('en', 'fact.answering', { who: '{number} $& {who}' })).toBe('{number} $& {who} is answering');
    expect(say('en', 'claim.done', { constructor: 'x' })).toBe('Claimed #{number}');
  });
});

describe('formats', () => {
  const at = new Date('2025-11-18T08:03:00Z');

  it('tells dates in the reader’s zone and language', () => {
    expect(formatDateTime(at, 'en', 'Europe/Warsaw')).toBe('18 Nov 2025, 09:03');
    expect(formatDateTime(at, 'pl', 'Europe/Warsaw')).toBe('18 lis 2025, 09:03');
    expect(formatTime(at, 'en', 'America/New_York')).toBe('03:03');
    expect(formatDate(at, 'pl', 'Europe/Warsaw')).toBe('18 listopada 2025');
    expect([formatDay(at, 'en', 'UTC'), formatDay(at, 'pl', 'UTC')]).toEqual(['Tuesday 18 November', 'wtorek 18 listopada']);
  });

  it('tells waiting times', () => {
    const minutes = (...of: number[]): string[] => of.map((each) => formatWait(each * 60_000, 'en'));
    expect(minutes(0, 6, 59.9, 60, 110, 125)).toEqual(['under 1 min', '6 min', '59 min', '1 h 00', '1 h 50', '2 h 05']);
    expect([47 * 60, 48 * 60].map((each) => formatWait(each * 60_000, 'pl'))).toEqual(['47 godz. 00', '2 dni']);
    expect(formatWait(-5, 'en')).toBe('under 1 min');
    expect([10, 120_000, 3_600_000].map((ms) => formatAgo(ms, 'en'))).toEqual(['just now', '2 minutes ago', '1 hour ago']);
  });

  it('tells sizes', () => {
    expect([0, 999, 1000, 640_000, 999_949, 999_950, 1_800_000, 26_214_400].map((bytes) => formatBytes(bytes, 'en'))).toEqual(['0 B', '999 B', '1 kB', '640 kB', '1 MB', '1 MB', '1.8 MB', '26 MB']);
    expect(formatBytes(1_800_000, 'pl')).toBe('1,8 MB');
  });
});

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('generated') && !entry.parentPath.endsWith('language'))
    .map((entry) => join(entry.parentPath, entry.name));
}
