import { afterEach, expect, it } from 'vitest';

import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

const QUARTER_OF_AN_HOUR_MS = 15 * 60_000;

let desk: DeskUnderTest;
afterEach(() => desk.close());

it('what waits for a platform goes out as soon as it works again, and nothing that waits for another one', async () => {
  desk = await openDesk();
  for (let tries = 0; tries < 9; tries += 1) desk.bridge.failNext('unavailable');
  await desk.receive(mailFrom('Anna <anna@customer.example>', 'Cup', 'broken'));
  for (let tries = 0; tries < 8; tries += 1) {
    desk.pass(QUARTER_OF_AN_HOUR_MS);
    await desk.settle();
  }
  expect(desk.bridge.posts).toEqual([]);
  await desk.door.worksAgain('slack');
  await desk.settle();
  expect(desk.bridge.posts).toEqual([]);
  await desk.door.worksAgain('web');
  await desk.settle();
  expect(desk.bridge.posts).toHaveLength(2);
});
