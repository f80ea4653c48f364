import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBusinessTime, businessTimeBetween, inBusinessHours, nextOpening } from '../../src/core/hours.js';
import type { Hours } from '../../src/core/model.js';

const day = { from: 9 * 60, to: 17 * 60 };
const WARSAW: Hours = { timeZone: 'Europe/Warsaw', week: { 1: [day], 2: [day], 3: [day], 4: [day], 5: [day], 6: [{ from: 10 * 60, to: 14 * 60 }], 7: [] } };
const at = (iso: string): Date => new Date(iso);

const zones = fc.constantFrom('Europe/Warsaw', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
const span = fc.tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 })).filter(([from, to]) => from < to).map(([from, to]) => ({ from, to }));
const week = fc.array(fc.array(span, { maxLength: 1 }), { minLength: 7, maxLength: 7 }).map((days) => Object.fromEntries(days.map((spans, index) => [index + 1, spans])));
// Around the changes of spring and autumn in all of the zones.
const moment: fc.Arbitrary<Date> = fc.tuple(fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'), fc.integer({ min: -2880, max: 2880 })).map(([date, minutes]) => new Date(Date.parse(date) + minutes * 60_000));

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

describe('addBusinessTime', () => {
  const HOUR = 3_600_000;

  it('runs only while the desk is open: over nights, weekends and changes of clocks', () => {
    // Monday 10:00 in Warsaw.
    expect(addBusinessTime(WARSAW, at('2026-01-12T09:00:00Z'), 4 * HOUR)).toEqual(at('2026-01-12T13:00:00Z'));
    // Monday 15:00: two hours today, two tomorrow.
    expect(addBusinessTime(WARSAW, at('2026-01-12T14:00:00Z'), 4 * HOUR)).toEqual(at('2026-01-13T10:00:00Z'));
    // Friday 16:00: one hour, all of Saturday, three on Monday.
    expect(addBusinessTime(WARSAW, at('2026-01-16T15:00:00Z'), 8 * HOUR)).toEqual(at('2026-01-19T11:00:00Z'));
    // Friday 27 March 16:00; on Sunday clocks go forward.
    expect(addBusinessTime(WARSAW, at('2026-03-27T15:00:00Z'), 8 * HOUR)).toEqual(at('2026-03-30T10:00:00Z'));
    // Written at night.
    expect(addBusinessTime(WARSAW, at('2026-01-12T22:30:00Z'), HOUR)).toEqual(at('2026-01-13T09:00:00Z'));
  });

  it('is up when the desk closes, not when it opens again; no time at all is up at the next opening', () => {
    expect(addBusinessTime(WARSAW, at('2026-01-12T12:00:00Z'), 4 * HOUR)).toEqual(at('2026-01-12T16:00:00Z'));
    expect(addBusinessTime(WARSAW, at('2026-01-12T18:00:00Z'), 0)).toEqual(at('2026-01-13T08:00:00Z'));
  });

  it('never is up on a desk that never opens, and is plain time on one that never closes', () => {
    expect(addBusinessTime({ timeZone: 'UTC', week: {} }, at('2026-01-12T10:00:00Z'), HOUR)).toBeUndefined();
    expect(addBusinessTime({ timeZone: 'UTC', week: { 1: [{ from: 540, to: 540 }] } }, at('2026-01-12T10:00:00Z'), HOUR)).toBeUndefined();
    const always = (timeZone: string): Hours => ({ timeZone, week: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, [{ from: 0, to: 1440 }]])) });
    fc.assert(fc.property(zones, moment, fc.integer({ min: 0, max: 100 * HOUR }), (timeZone, from, ms) => addBusinessTime(always(timeZone), from, ms)?.getTime() === from.getTime() + ms));
  });

  it('agrees with counting the open minutes one by one, also where clocks change; and businessTimeBetween takes it back', () => {
    fc.assert(
      fc.property(zones, week, moment, fc.integer({ min: 1, max: 600 }), (timeZone, days, from, minutes) => {
        const hours = { timeZone, week: days };
        const due = addBusinessTime(hours, from, minutes * 60_000);
        if (!due) return !Object.values(days).some((spans) => spans.length > 0);
        expect(businessTimeBetween(hours, from, due)).toBe(minutes * 60_000);
        expect(businessTimeBetween(hours, due, from)).toBe(0);
        const counted = Math.min(due.getTime(), from.getTime() + 2 * 86_400_000);
        let open = 0;
        for (let time = from.getTime(); time < counted; time += 60_000) if (inBusinessHours(hours, new Date(time))) open += 1;
        expect(open).toBe(businessTimeBetween(hours, from, new Date(counted)) / 60_000);
        // The last minute that counts is one in which the desk is open.
        return inBusinessHours(hours, new Date(due.getTime() - 60_000));
      }),
      { numRuns: 60 },
    );
  });
});
