import { describe, expect, it } from 'vitest';

import { Pacing, POSTS } from '../../../src/bridges/slack/pacing.js';
import type { BridgeError } from '../../../src/core/errors.js';

/** Time that passes when somebody sleeps. */
function clockwork() {
  let now = 0;
  return { pacing: new Pacing({ now: () => now, sleep: async (ms) => void (now += ms) }), now: () => now, pass: (ms: number) => void (now += ms) };
}

describe('pacing', () => {
  it('300 cards in one channel drain at 95 % or more of one a second, each after at most one ticket', async () => {
    const { pacing, now, pass } = clockwork();
    const waiting: { key: string; at: number; tries: number }[] = Array.from({ length: 300 }, (_, index) => ({ key: `card-${index}`, at: 0, tries: 0 }));
    let done = 0;
    while (waiting.length > 0) {
      waiting.sort((left, right) => left.at - right.at);
      const next = waiting.shift()!;
      if (next.at > now()) pass(next.at - now());
      try {
        await pacing.turn('C1', POSTS, next.key, false);
        done += 1;
      } catch (error) {
        const { fault, retryAfterMs } = error as BridgeError;
        expect(fault).toBe('rate-limited');
        next.tries += 1;
        expect(next.tries).toBeLessThan(3);
        // A busy desk comes back late.
        waiting.push({ ...next, at: now() + (retryAfterMs ?? 0) + 300 });
      }
    }
    expect(done).toBe(300);
    expect(300 / (now() / 1_000)).toBeGreaterThan(0.95);
  });

  it('what a person waits for goes before bulk, and after a 429 nothing goes', async () => {
    const { pacing, now, pass } = clockwork();
    for (let count = 0; count < 20; count += 1) await pacing.turn('C1', POSTS, `card-${count}`, false).catch(() => undefined);
    const before = now();
    await pacing.turn('C1', POSTS, 'answer', true);
    expect(now() - before).toBeLessThan(1_100);
    pacing.stop('C1', POSTS, 30_000);
    await expect(pacing.turn('C1', POSTS, 'next', true)).rejects.toMatchObject({ fault: 'rate-limited', retryAfterMs: expect.closeTo(29_600, -2) as number, certain: true });
    pass(31_500);
    await pacing.turn('C1', POSTS, 'next', true);
    await pacing.turn('C2', POSTS, 'elsewhere', false);
  });
});
