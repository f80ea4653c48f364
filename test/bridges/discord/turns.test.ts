/** Who goes next where many wait for one limit: in order of asking, as many as fit into a window, and nobody waits for ever. */
import { describe, expect, it } from 'vitest';

import { Turns, type Limit } from '../../../src/bridges/discord/turns.js';

const FIVE_IN_FIVE_SECONDS: Limit = { limit: 5, resetMs: 5_000, windowMs: 5_000 };
const BUCKET = 'post /channels/1/messages';

/** Discord's side: windows that begin with the first request in them. */
function aLimit({ limit, windowMs }: Limit): (now: number) => number {
  let [endsAt, used] = [0, 0];
  return (now) => {
    if (now >= endsAt) [endsAt, used] = [now + windowMs, 0];
    if (used >= limit) return endsAt - now;
    used += 1;
    return 0;
  };
}

/** Everybody asks at once, and comes back when told to. @returns when each was let through, by name, and how often it asked in all */
function drain(names: readonly string[], lateMs: number): { readonly at: ReadonlyMap<string, number>; readonly asked: number } {
  const turns = new Turns();
  const ask = aLimit(FIVE_IN_FIVE_SECONDS);
  const at = new Map<string, number>();
  const waiting = names.map((name) => ({ name, due: 0 }));
  let asked = 0;
  while (waiting.length > 0) {
    waiting.sort((left, right) => left.due - right.due);
    const next = waiting.shift()!;
    const now = next.due + (next.due > 0 ? lateMs : 0);
    asked += 1;
    const turn = turns.admit(BUCKET, next.name, now);
    const wait = turn > 0 ? turn : ask(now);
    if (wait === 0) at.set(next.name, now);
    else waiting.push({ name: next.name, due: now + (turn > 0 ? turn : turns.refused(BUCKET, next.name, { ...FIVE_IN_FIVE_SECONDS, resetMs: wait }, now)) });
  }
  return { at, asked };
}

describe('turns', () => {
  const names = Array.from({ length: 100 }, (_, index) => `lane ${index}`);

  it.each([0, 3, 15])('use the limit up, with timers that are %i ms late', (lateMs) => {
    const { at, asked } = drain(names, lateMs);
    const longest = Math.max(...at.values());
    // 100 of five in five seconds: the last ones at 95 s.
    expect(longest / 95_000).toBeLessThan(1.05);
    expect(asked).toBeLessThan(3 * names.length);
  });

  it('come in order of asking', () => {
    const { at } = drain(names, 3);
    const windows = names.map((name) => Math.round((at.get(name) ?? 0) / 5_000));
    expect(windows).toEqual([...windows].sort((left, right) => left - right));
  });

  it('put whoever comes new behind those who wait, and hold up nobody where nobody waits', () => {
    const turns = new Turns();
    expect(turns.admit(BUCKET, 'first', 0)).toBe(0);
    expect(turns.refused(BUCKET, 'first', { ...FIVE_IN_FIVE_SECONDS, limit: 1, resetMs: 2_000 }, 0)).toBe(2_000);
    expect(turns.admit(BUCKET, 'new', 100)).toBeGreaterThan(2_000);
    expect(turns.admit('another bucket', 'new', 100)).toBe(0);
    expect(turns.admit(BUCKET, 'first', 2_000)).toBe(0);
  });

  it('do not wait for those who never come back', () => {
    const turns = new Turns();
    turns.refused(BUCKET, 'gone', FIVE_IN_FIVE_SECONDS, 0);
    expect(turns.admit(BUCKET, 'new', 60_000)).toBe(0);
  });
});
