/** What an agent may not see is nowhere on the web desk: not in lists, pages, files, sources, searches, news. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TeamId } from '../../src/core/ids.js';
import { mailFrom } from '../support/desk-under-test.js';
import { aDesk } from '../support/samples.js';
import { loggedIn, type Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

const CARE_ONLY = { teams: ['care' as TeamId], agents: [] };
let desk: WebDesk;
let marek: Visitor;
let anna: Visitor;
/** Every address under which something of #1 can be had. */
let paths: readonly string[] = [];

beforeAll(async () => {
  desk = await openWebDesk({ channels: aDesk().channels.map((channel) => (channel.id === 'orders' ? { ...channel, name: 'personnel', visibleTo: CARE_ONLY } : channel)) });
  const body = ['--p', 'Content-Type: text/html; charset=utf-8', '', '<p>Porcelain</p>', '--p', 'Content-Type: application/pdf', 'Content-Disposition: attachment; filename=porcelain.pdf', '', 'porcelain', '--p--'].join('\r\n');
  await desk.under.receive(mailFrom('Zoe Hidden <zoe@customer.example>', 'Porcelain', body, { 'Content-Type': 'multipart/mixed; boundary=p' }));
  await desk.under.say('anna', 'note', 1, { text: 'Porcelain note' });
  const [message] = await desk.under.messages(1);
  const { id } = await desk.under.conversation(1);
  [marek, anna] = [await loggedIn(desk), await loggedIn(desk, 'anna@desk.example')];
  paths = ['/c/1', '/parts/c/1', '/parts/c/1/composer?template=hello', '/c/1/template/hello', `/go/${id}`, '/channel/orders', `/files/${message?.attachments[0]?.id}`, `/mail/${message?.id}/html`, `/mail/${message?.id}/source`, `/quarantine/${message?.rawMailId}`, `/quarantine/${message?.rawMailId}/mail.eml`];
});
afterAll(async () => { await desk.close(); });

describe('what an agent may not see', () => {
  it('is there for colleagues, and is not there for them', async () => {
    for (const path of paths) {
      expect([200, 302], path).toContain((await anna.get(path)).status);
      expect((await marek.get(path)).status, path).toBe(404);
    }
  });

  it('is in no list, no number, no search, no menu', async () => {
    for (const path of ['/', '/view/unassigned', '/view/mine', '/find?q=porcelain', '/find?q=1', '/parts/list?in=open', '/parts/list?in=channel:orders', '/channels', '/more', '/quarantine', '/settings']) {
      const { text, status } = await marek.get(path);
      expect(status, path).toBe(200);
      expect(text.replace(/porcelain"|„porcelain”|“porcelain”|find:porcelain|q=porcelain/g, ''), path).not.toMatch(/Porcelain|Zoe|personnel/i);
    }
    expect((await anna.get('/')).text).toContain('Porcelain');
    expect((await anna.get('/')).text).toContain('personnel');
  });

  it('takes no verb, and nobody is told that it was tried', async () => {
    const before = await desk.under.conversation(1);
    const fields = { _csrf: await marek.csrf(), revision: '1', once: 'x' };
    expect((await marek.post('/c/1/do/claim', fields)).status).toBe(404);
    expect((await marek.post('/c/1/presence', { ...fields, state: 'begin' })).status).toBe(404);
    expect(await desk.under.conversation(1)).toEqual(before);
    expect(await desk.under.store.presence.of(before.id, desk.under.now())).toEqual([]);
  });

  it('is not in the news', async () => {
    const response = await desk.app.request('https://desk.example/events', { headers: { Host: 'desk.example', Cookie: [...marek.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let heard = '';
    const until = async (word: string): Promise<void> => {
      while (!heard.includes(word)) heard += Buffer.from((await reader.read()).value ?? []).toString();
    };
    await until('hello');
    await desk.under.say('anna', 'claim', 1);
    await until('changed');
    expect(heard).not.toContain((await desk.under.conversation(1)).id);
    const post = { kind: 'card', tone: 'open', summary: '#1 Zoe: Porcelain', heading: '#1', url: 'https://desk.example/c/1', facts: [], text: '', quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [] } as const;
    const [channel] = desk.under.desk.channels;
    if (channel) await desk.bridge.post({ channel, thread: undefined }, post, 'card:1');
    // What comes after it proves that it did not come.
    await desk.under.receive(mailFrom('Eve <eve@customer.example>', 'Teapot', 'x'));
    await desk.under.say('ada', 'move', 2, { place: 'returns' });
    const { id } = await desk.under.conversation(2);
    await until(id);
    expect(heard).not.toContain('Porcelain');
    await reader.cancel();
  });
});

describe('held mail', () => {
  it('is put back by those whose role allows it', async () => {
    const vera = await loggedIn(desk, 'vera@desk.example');
    await vera.post('/quarantine/none/retry', { _csrf: await vera.csrf() });
    expect((await vera.get('/quarantine')).text).toContain('Ada Chief');
  });
});
