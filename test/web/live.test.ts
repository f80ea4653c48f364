import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelId } from '../../src/core/ids.js';
import { mailFrom } from '../support/desk-under-test.js';
import { loggedIn, Visitor, type Visitor as Person } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

let desk: WebDesk;
beforeEach(async () => { desk = await openWebDesk(); });
afterEach(async () => { await desk.close(); });

/** Reads news until one fits. */
async function listen(visitor: Person): Promise<{ until(fits: (event: string, data: string) => boolean): Promise<string>; ended: Promise<void>; close(): Promise<void> }> {
  const stop = new AbortController();
  const response = await desk.app.request('https://desk.example/events', { headers: { Cookie: `goniec=${visitor.cookies.get('goniec')}` }, signal: stop.signal });
  if (!response.body) throw new Error('no stream');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let over = false;
  let wake = (): void => undefined;
  const ended = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += part.value;
      wake();
    }
    over = true;
    wake();
  })();
  return {
    ended,
    async until(fits) {
      for (;;) {
        const found = [...text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].find(([, event = '', data = '']) => fits(event, data));
        if (found) return found[2] ?? '';
        if (over) throw new Error(`the stream ended: ${text}`);
        await new Promise<void>((resolve) => { wake = resolve; });
      }
    },
    async close() { await reader.cancel(); },
  };
}

describe('news', () => {
  it('tell which conversations changed, and nothing of what is in them', async () => {
    const visitor = await loggedIn(desk);
    const news = await listen(visitor);
    await news.until((event) => event === 'hello');
    await desk.under.receive(mailFrom('Eve <eve@customer.example>', 'Secret subject', 'Secret text'));
    const { id } = await desk.under.conversation(1);
    const data = await news.until((event, text) => event === 'changed' && text.includes(id));
    expect(data).not.toContain('Secret');
    await news.close();
  });

  it('announce new posts with a way to them', async () => {
    const news = await listen(await loggedIn(desk));
    await news.until((event) => event === 'hello');
    const post = { kind: 'card', tone: 'open', summary: '#7 Eve: Cup', heading: '#7 Cup', url: 'https://public.example/c/7', facts: [], text: '', quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [] } as const;
    await desk.bridge.post({ channel: { id: 'orders' as ChannelId, name: 'orders', bridge: 'web', target: 'orders' }, thread: undefined }, post, 'card:7');
    expect(JSON.parse(await news.until((event) => event === 'announced'))).toEqual({ text: '#7 Eve: Cup', path: '/c/7' });
    await news.close();
  });

  it('are not for strangers', async () => {
    expect((await new Visitor(desk).get('/events')).status).toBe(401);
  });

  it('end when the desk stops', async () => {
    const news = await listen(await loggedIn(desk));
    await news.until((event) => event === 'hello');
    desk.live.close();
    await news.ended;
  });
});
