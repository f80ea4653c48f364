import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBusinessHours, nextOpening } from '../../src/core/hours.js';
import type { Hours } from '../../src/core/model.js';

const day = { from: 9 * 60, to: 17 * 60 };
const WARSAW: Hours = { timeZone: 'Europe/Warsaw', week: { 1: [day], 2: [day], 3: [day], 4: [day], 5: [day], 6: [{ from: 10 * 60, to: 14 * 60 }], 7: [] } };
const at = (iso: string): Date => new Date(iso);

describe('inBusinessHours', () => {
  it('goes by the wall clock of the desk, summer and winter', () => {
    // Warsaw is UTC+1 in winter and UTC+2 in summer.
    expect(inBusinessHours(WARSAW, at('2026-01-12T07:59:59Z'))).toBe(false);
    expect(inBusinessHours(WARSAW, at('2026-01-12T08:00:00Z'))).toBe(true);
    expect(inBusinessHours(WARSAW, at('2026-07-13T06:59:59Z'))).toBe(false);
    expect(inBusinessHours(WARSAW, at('2026-07-13T07:00:00Z'))).toBe(true);
  });

  it('is closed at the last minute of a span and on closed days', () => {
    expect(inBusinessHours(WARSAW, at('2026-01-12T15:59:59Z'))).toBe(true);
    expect(inBusinessHours(WARSAW, at('2026-01-12T16:00:00Z'))).toBe(false);
    expect(inBusinessHours(WARSAW, at('2026-01-11T11:00:00Z'))).toBe(false);
  });

  it('is open at every moment of a week without end', () => {
    const all = { timeZone: 'Asia/Kathmandu', week: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, [{ from: 0, to: 1440 }]])) };
    fc.assert(fc.property(fc.date({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z'), noInvalidDate: true }), (moment) => inBusinessHours(all, moment)));
  });
});

describe('nextOpening', () => {
  it('is now while open, else the next time the desk opens', () => {
    expect(nextOpening(WARSAW, at('2026-01-12T10:00:00Z'))).toEqual(at('2026-01-12T10:00:00Z'));
    expect(nextOpening(WARSAW, at('2026-01-12T18:00:00Z'))).toEqual(at('2026-01-13T08:00:00Z'));
    // Saturday afternoon: over Sunday to Monday.
    expect(nextOpening(WARSAW, at('2026-01-17T15:00:00Z'))).toEqual(at('2026-01-19T08:00:00Z'));
    // The Friday before clocks go forward.
    expect(nextOpening(WARSAW, at('2026-03-28T20:00:00Z'))).toEqual(at('2026-03-30T07:00:00Z'));
  });

  it('is undefined for a desk that never opens', () => {
    expect(nextOpening({ timeZone: 'UTC', week: {} }, at('2026-01-12T10:00:00Z'))).toBeUndefined();
  });

  it('opens at the skip when clocks go forward over the opening', () => {
    // 29 March 2026, 2:00 becomes 3:00 in Warsaw.
    const night: Hours = { timeZone: 'Europe/Warsaw', week: { 7: [{ from: 150, to: 300 }] } };
    expect(nextOpening(night, at('2026-03-28T22:00:00Z'))).toEqual(at('2026-03-29T01:00:00Z'));
  });

  it('agrees with looking minute by minute, also where clocks change', () => {
    const zones = fc.constantFrom('Europe/Warsaw', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const span = fc.tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 })).filter(([from, to]) => from < to).map(([from, to]) => ({ from, to }));
    const week = fc.array(fc.array(span, { maxLength: 1 }), { minLength: 7, maxLength: 7 }).map((days) => Object.fromEntries(days.map((spans, index) => [index + 1, spans])));
    // Around the changes of spring and autumn in all of the zones.
    const moment = fc.tuple(fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'), fc.integer({ min: -2880, max: 2880 })).map(([date, minutes]) => new Date(Date.parse(date) + minutes * 60_000));
    fc.assert(
      fc.property(zones, week, moment, (timeZone, days, from) => {
        const hours = { timeZone, week: days };
        const next = nextOpening(hours, from);
        const limit = (next?.getTime() ?? from.getTime() + 2 * 86_400_000) - 1;
        // Nothing is open before it ...
        for (let time = from.getTime(); time <= Math.min(limit, from.getTime() + 2 * 86_400_000); time += 60_000) if (inBusinessHours(hours, new Date(time))) return next?.getTime() === time;
        // ... and the desk is open at it.
        return next === undefined || inBusinessHours(hours, next);
      }),
      { numRuns: 60 },
    );
  });
});
