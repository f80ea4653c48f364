import { expect, it } from 'vitest';

import { eventually } from './eventually.js';

it('returns as soon as the check passes', async () => {
  let tries = 0;
  const value = await eventually(() => {
    tries += 1;
    if (tries < 3) throw new Error('too early');
    return tries;
  });
  expect(value).toBe(3);
});

it('says what it waited for, and why it was not so', async () => {
  const never = eventually(
    () => {
      throw new Error('still 1');
    },
    { timeoutMs: 40, what: 'two cards' },
  );
  await expect(never).rejects.toThrow('not within 40 ms: two cards (last: still 1)');
});
