import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ChatTrouble } from '../../src/core/ports/chat.js';
import { NOON } from '../support/samples.js';
import { loggedIn } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

let desk: WebDesk;
let troubles: readonly ChatTrouble[] = [];
beforeAll(async () => {
  desk = await openWebDesk({}, undefined, () => troubles);
});
afterAll(() => desk.close());

it('a channel that does not take posts is named above the list with what to do, until it works again', async () => {
  const marek = await loggedIn(desk);
  const channel = desk.under.desk.channels[0]!;
  expect((await marek.get('/')).text).not.toContain('archived');
  troubles = [{ bridge: 'slack', channel, what: { key: 'trouble.archived', params: {} }, since: NOON }, { bridge: 'discord', channel: undefined, what: { key: 'trouble.token', params: {} }, since: NOON }];
  for (const path of ['/', '/parts/list?in=open', '/view/mine']) {
    const { text } = await marek.get(path);
    expect(text).toMatch(/Slack #orders[^]*The channel is archived. Unarchive it/);
    expect(text).toMatch(/Discord[^]*The token is not valid any more/);
  }
  troubles = [];
  expect((await marek.get('/parts/list?in=open')).text).not.toContain('archived');
});
