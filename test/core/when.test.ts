import { describe, expect, it } from 'vitest';

import { parseWhen } from '../../src/core/when.js';

const WARSAW = 'Europe/Warsaw';
/** A Friday, 13:00 in Warsaw. */
const NOW = new Date('2026-11-20T12:00:00Z');
const at = (said: string, now = NOW): string | undefined => parseWhen(said, now, WARSAW)?.toISOString();

describe('parseWhen', () => {
  it.each([
    ['2h', '2026-11-20T14:00:00.000Z'],
    ['15 min', '2026-11-20T12:15:00.000Z'],
    ['1d 4h', '2026-11-21T16:00:00.000Z'],
    ['za 3 dni', '2026-11-23T12:00:00.000Z'],
    ['2 tygodnie', '2026-12-04T12:00:00.000Z'],
    ['1.5h', '2026-11-20T13:30:00.000Z'],
  ])('spans: %s', (said, expected) => expect(at(said)).toBe(expected));

  it.each([
    ['tomorrow 9', '2026-11-21T08:00:00.000Z'],
    ['jutro 9:00', '2026-11-21T08:00:00.000Z'],
    ['jutro', '2026-11-21T08:00:00.000Z'],
    ['pojutrze o 14:30', '2026-11-22T13:30:00.000Z'],
    ['today 18:15', '2026-11-20T17:15:00.000Z'],
    ['9:00', '2026-11-21T08:00:00.000Z'],
    ['15', '2026-11-20T14:00:00.000Z'],
    ['tomorrow 2pm', '2026-11-21T13:00:00.000Z'],
    ['mon', '2026-11-23T08:00:00.000Z'],
    ['w piątek 10:00', '2026-11-27T09:00:00.000Z'],
    ['środa', '2026-11-25T08:00:00.000Z'],
    ['29.11. 8:00', '2026-11-29T07:00:00.000Z'],
    ['1.2.', '2027-02-01T08:00:00.000Z'],
    ['2026-12-24 12:00', '2026-12-24T11:00:00.000Z'],
    ['tonight', '2026-11-20T17:00:00.000Z'],
  ])('days: %s', (said, expected) => expect(at(said)).toBe(expected));

  it('keeps the hour across a change of clocks', () => {
    expect(at('tomorrow 9', new Date('2026-10-24T12:00:00Z'))).toBe('2026-10-25T08:00:00.000Z');
    expect(at('tomorrow 9', new Date('2027-03-27T12:00:00Z'))).toBe('2027-03-28T07:00:00.000Z');
  });

  it.each(['', 'soon', 'yesterday', '2020-01-01', '31.2.', '25:00', '9:75', '40 weeks and a bit', '5000d', 'next'])('refuses: %s', (said) => expect(at(said)).toBeUndefined());
});
