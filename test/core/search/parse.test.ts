import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelId } from '../../../src/core/ids.js';
import { OPERATORS } from '../../../src/core/search/operators.js';
import { parseSearch, plainSearch, type SearchContext } from '../../../src/core/search/parse.js';
import type { Condition } from '../../../src/core/search/query.js';
import { suggestSearch } from '../../../src/core/search/suggest.js';
import { aDesk, NOON } from '../../support/samples.js';

const desk = aDesk({ labels: [{ id: 'complaint' as LabelId, name: 'complaint', colour: 1 }, { id: 'zwrot' as LabelId, name: 'Pilny zwrot', colour: 2 }] });
const context: SearchContext = { desk, me: 'marek' as never, now: NOON, timeZone: 'Europe/Warsaw', saved: [{ name: 'Old returns', words: 'is:closed label:zwrot' }, { name: 'circle', words: 'saved:circle' }] };

function read(text: string): readonly Condition[] {
  const parsed = parseSearch(text, context);
  if ('problem' in parsed) throw new Error(parsed.problem.key);
  return parsed.query.conditions;
}
function problem(text: string): readonly [string, unknown] {
  const parsed = parseSearch(text, context);
  if (!('problem' in parsed)) throw new Error(`no problem: ${text}`);
  return [parsed.problem.key, parsed.problem.params];
}
const words = (found: readonly string[], over: Partial<Extract<Condition, { kind: 'words' }>> = {}): Condition => ({ kind: 'words', in: undefined, words: found, phrase: false, open: false, not: false, ...over });

describe('a search', () => {
  it('takes plain words apart, the last as a beginning', () => {
    expect(read('Żółty KUBEK')).toEqual([words(['zolty']), words(['kubek'], { open: true })]);
    expect(plainSearch('Żółty KUBEK').conditions).toEqual(read('Żółty KUBEK'));
    expect(read('cup is:open')).toEqual([words(['cup'], { open: true }), { kind: 'status', status: 'open', not: false }]);
  });

  it('keeps quoted words together and leaves out what has a minus', () => {
    expect(read('"broken cup" -refund')).toEqual([words(['broken', 'cup'], { phrase: true }), words(['refund'], { phrase: true, not: true })]);
    expect(read('"broken cup')).toEqual([words(['broken', 'cup'], { phrase: true })]);
  });

  it('knows who, to whom and what about', () => {
    expect(read('from:anna@customer.example -to:shop subject:"broken cup"')).toEqual([
      words(['anna', 'customer', 'example'], { in: 'from', phrase: true, open: true }), words(['shop'], { in: 'to', phrase: true, open: true, not: true }), words(['broken', 'cup'], { in: 'subject', phrase: true }),
    ]);
  });

  it('knows every state', () => {
    for (const status of ['open', 'pending', 'snoozed', 'closed', 'spam']) expect(read(`is:${status}`)).toEqual([{ kind: 'status', status, not: false }]);
    expect(read('is:unassigned')).toEqual([{ kind: 'assignee', agentId: undefined, not: false }]);
    expect(read('is:assigned')).toEqual([{ kind: 'assignee', agentId: undefined, not: true }]);
    expect(read('-is:mine')).toEqual([{ kind: 'assignee', agentId: 'marek', not: true }]);
    expect(read('is:waiting')).toEqual([{ kind: 'waiting', not: false }]);
    expect(read('is:overdue')).toEqual([{ kind: 'status', status: 'open', not: false }, { kind: 'due', by: new Date('2026-11-20T12:00:00Z'), not: false }]);
    expect(read('-jest:"po terminie"')).toEqual([{ kind: 'due', by: new Date('2026-11-20T12:00:00Z'), not: true }]);
    expect(read('is:urgent')).toEqual([{ kind: 'priority', priority: 'urgent', not: false }]);
  });

  it('finds people, teams, labels, mailboxes and places by id or name, without case and accents', () => {
    expect(read('assignee:me assignee:none assignee:zielinska assignee:"Anna Zielińska"')).toEqual(['marek', undefined, 'anna', 'anna'].map((agentId) => ({ kind: 'assignee', agentId, not: false })));
    expect(read('team:CARE team:none')).toEqual([{ kind: 'team', teamId: 'care', not: false }, { kind: 'team', teamId: undefined, not: false }]);
    expect(read('-label:"pilny zwrot"')).toEqual([{ kind: 'label', labelId: 'zwrot', not: true }]);
    expect(read('mailbox:Shop@desk.example in:returns in:"System mail"')).toEqual([{ kind: 'mailbox', mailboxId: 'shop', not: false }, { kind: 'channel', channelId: 'returns', not: false }, { kind: 'folder', folderId: 'system', not: false }]);
    expect(read('has:attachment -has:plik priority:wysoki')).toEqual([{ kind: 'files', not: false }, { kind: 'files', not: true }, { kind: 'priority', priority: 'high', not: false }]);
  });

  it('reads days in the reader’s zone', () => {
    const at = (from: string | undefined, until: string | undefined): Condition => ({ kind: 'at', from: from === undefined ? undefined : new Date(from), until: until === undefined ? undefined : new Date(until), not: false });
    // Noon of 20 November 2026, a Friday; Warsaw is an hour ahead.
    expect(read('after:yesterday')).toEqual([at('2026-11-18T23:00:00Z', undefined)]);
    expect(read('po:wczoraj')).toEqual(read('after:yesterday'));
    expect(read('before:2026-11-20')).toEqual([at(undefined, '2026-11-19T23:00:00Z')]);
    expect(read('on:20.11.')).toEqual([at('2026-11-19T23:00:00Z', '2026-11-20T23:00:00Z')]);
    expect(read('on:1.12.')).toEqual([at('2025-11-30T23:00:00Z', '2025-12-01T23:00:00Z')]);
    expect(read('on:2026-07')).toEqual([at('2026-06-30T22:00:00Z', '2026-07-31T22:00:00Z')]);
    expect(read('on:2025')).toEqual([at('2024-12-31T23:00:00Z', '2025-12-31T23:00:00Z')]);
    expect(read('on:fri')).toEqual([at('2026-11-12T23:00:00Z', '2026-11-13T23:00:00Z')]);
    expect(read('on:thu')).toEqual([at('2026-11-18T23:00:00Z', '2026-11-19T23:00:00Z')]);
    expect(read('before:30d')).toEqual([at(undefined, '2026-10-20T22:00:00Z')]);
    expect(read('after:2h')).toEqual([at('2026-11-20T10:00:00Z', undefined)]);
    expect(parseSearch('after:yesterday', { ...context, timeZone: 'Asia/Tokyo' })).toMatchObject({ query: { conditions: [{ from: new Date('2026-11-18T15:00:00Z') }] } });
  });

  it('knows numbers', () => {
    expect(parseSearch(' #42 ', context)).toMatchObject({ query: { number: 42, conditions: [{ kind: 'number', number: 42 }] } });
    expect(parseSearch('42', context)).toMatchObject({ query: { number: 42, conditions: [{ kind: 'words', words: ['42'] }] } });
    expect(read('-#42 cup')).toEqual([{ kind: 'number', number: 42, not: true }, words(['cup'], { open: true })]);
  });

  it('takes text that only looks like an operator for text', () => {
    for (const text of ['http://shop.example/a', '9:30', 'Re: cup', '"is:open"', '-', ':']) expect(read(text).every(({ kind }) => kind === 'words'), text).toBe(true);
    expect(read('"is:open"')).toEqual([words(['is', 'open'], { phrase: true })]);
  });

  it('runs a saved search by its name, together with other words', () => {
    expect(read('saved:"old returns" -cup')).toEqual([{ kind: 'status', status: 'closed', not: false }, { kind: 'label', labelId: 'zwrot', not: false }, words(['cup'], { phrase: true, not: true })]);
  });

  it('says what is wrong, and what there is', () => {
    expect(problem('form:anna')).toEqual(['search.unknown-operator', { operator: 'form:', list: expect.stringContaining('from:, to:') as string, quoted: '"form:anna"' }]);
    expect(problem('cup from:')).toEqual(['search.no-value', { operator: 'from:', example: 'from:anna@example.com' }]);
    expect(problem('is:""')[0]).toBe('search.no-value');
    expect(problem('is:lost')).toEqual(['search.unknown-value', { operator: 'is:', said: 'lost', list: expect.stringContaining('overdue') as string }]);
    expect(problem('label:nope')).toEqual(['search.unknown-value', { operator: 'label:', said: 'nope', list: 'complaint, Pilny zwrot' }]);
    expect(problem('before:someday')[0]).toBe('search.bad-date');
    expect(problem('on:2026-02-31')[0]).toBe('search.bad-date');
    expect(problem('before:99999999999999d')[0]).toBe('search.bad-date');
    expect(problem('saved:nope')[0]).toBe('search.unknown-value');
    expect(problem('-saved:"old returns"')[0]).toBe('search.not-saved');
    expect(problem('saved:circle')[0]).toBe('search.saved-in-circles');
    expect(problem(Array.from({ length: 50 }, (_, index) => `w${index}`).join(' '))[0]).toBe('search.too-many');
  });

  it('is read whatever is typed: a query or a problem, never an error, and every condition is sound', () => {
    const parts = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...OPERATORS.map((name) => `${name}:`), '-', '"', ' ', '#42', 'is:open', 'today', '\n', 'ż', ':', '//'));
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (some) => {
        const parsed = parseSearch(some.join(''), context);
        if ('problem' in parsed) return parsed.problem.key.length > 0;
        return parsed.query.conditions.every((condition) => (condition.kind !== 'words' || (condition.words.length > 0 && condition.words.every((word) => /^[\p{L}\p{N}]+$/u.test(word)))) && (condition.kind !== 'at' || [condition.from, condition.until].every((date) => date === undefined || !Number.isNaN(date.getTime()))));
      }),
      { numRuns: 500 },
    );
  });

  it('means the same whatever the blanks between its parts', () => {
    const part = fc.constantFrom('cup', '-refund', 'is:open', 'from:anna', '"broken cup"', 'label:complaint', '-has:attachment', 'after:yesterday');
    fc.assert(fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom(' ', '  ', '\t', ' \n '), (some, blank) => { expect(read(some.join(blank))).toEqual(read(some.join(' '))); }));
  });
});

describe('suggestions', () => {
  const suggested = (typed: string): readonly string[] => suggestSearch(typed, context, 20).map(({ text }) => text);

  it('are operators until there is a colon, then what each takes', () => {
    expect(suggested('').length).toBe(OPERATORS.length);
    expect(suggested('cup i')).toEqual(['cup is:', 'cup in:']);
    expect(suggested('cup -l')).toEqual(['cup -label:']);
    expect(suggested('is:un')).toEqual(['is:unassigned']);
    expect(suggested('label:zw')).toEqual(['label:"Pilny zwrot"']);
    expect(suggested('assignee:ziel')).toEqual(['assignee:"Anna Zielińska"']);
    expect(suggested('saved:"old')).toEqual(['saved:"Old returns"']);
    expect(suggested('nothing:x')).toEqual([]);
  });

  it('are searches that are read without a problem, once complete', () => {
    for (const name of OPERATORS.filter((operator) => !['from', 'subject', 'saved'].includes(operator))) for (const text of suggested(`${name}:`)) expect(parseSearch(text, context), text).toHaveProperty('query');
  });
});
