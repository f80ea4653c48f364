import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailFrom } from '../support/desk-under-test.js';
import { loggedIn, Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

const ATTACK = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>';
let desk: WebDesk;
let marek: Visitor;

beforeAll(async () => {
  desk = await openWebDesk();
  const parts = 'part';
  const body = [`--${parts}`, 'Content-Type: text/plain; charset=utf-8', '', `${ATTACK} and [a link](javascript:alert(3))`, `--${parts}`, `Content-Type: text/html; name="${'x<b>.html'}"`, 'Content-Disposition: attachment; filename="<script>alert(4)</script>.html"', '', '<script>alert(5)</script>', `--${parts}--`].join('\r\n');
  await desk.under.receive(mailFrom(`"${ATTACK.replaceAll('"', '\\"')}" <evil@customer.example>`, ATTACK, body, { 'Content-Type': `multipart/mixed; boundary=${parts}` }));
  await desk.under.say('marek', 'note', 1, { text: ATTACK });
  marek = await loggedIn(desk);
});
afterAll(async () => { await desk.close(); });

const PAGES = ['/', '/c/1', '/view/mine', '/view/closed', '/channel/orders', '/folder/news', '/find?q=%3Cscript%3E', '/quarantine', '/settings', '/channels', '/more', '/login', '/no-such-page', '/c/999', '/c/evil', '/customer'];

describe('what comes from outside', () => {
  it.each(['/', '/c/1', '/find?q=alert', '/find?q=%3Cscript%3Ealert(9)%3C/script%3E'])('is shown as text on %s', async (path) => {
    const { text } = await marek.get(path);
    const scripts = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    for (const tag of scripts) expect(tag).toMatch(/^<script src="\/assets\/[0-9a-f]{10}\/(htmx|desk)\.js" defer=""\/?>$/);
    expect(text).not.toMatch(/<[a-z]+\b[^>]*\son\w+=/i);
    expect(text).not.toMatch(/<img\b/i);
    expect(text).not.toMatch(/href="javascript:/i);
    expect(text).not.toMatch(/\sstyle=/);
  });
  it('is still there to be read', async () => {
    expect((await marek.get('/c/1')).text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });
});

describe('every answer', () => {
  it.each(PAGES)('%s has the content security policy and friends', async (path) => {
    const { headers } = await marek.get(path);
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Referrer-Policy')).toBe('same-origin');
    expect(headers.get('Cache-Control')).toBe('no-store');
  });
  it('also to strangers, to health checks and for files of ours', async () => {
    const stranger = new Visitor(desk);
    for (const path of ['/', '/c/1', '/events', '/healthz', '/readyz', '/files/x', '/assets/0/desk.css', '/assets/0/nothing']) {
      expect((await stranger.get(path)).headers.get('Content-Security-Policy'), path).toContain("default-src 'none'");
    }
  });
  it('is a whole document in the reader’s language', async () => {
    for (const path of PAGES.filter((each) => each !== '/login')) {
      const { text, status } = await marek.get(path);
      expect(text.startsWith('<!doctype html><html lang="en"'), path).toBe(true);
      expect(text.match(/<h1\b/g)?.length ?? 0, path).toBeGreaterThan(0);
      if (/no-such|999|evil/.test(path)) expect(status).toBe(404);
    }
    const anna = await loggedIn(desk, 'anna@desk.example');
    const polish = (await anna.get('/')).text;
    expect(polish).toContain('<html lang="pl"');
    expect(polish).toContain('Niczyje');
  });
  it('leaves no text unfilled', async () => {
    for (const email of ['marek@desk.example', 'anna@desk.example']) {
      const visitor = await loggedIn(desk, email);
      for (const path of PAGES) expect((await visitor.get(path)).text.replace(/<meta name="htmx-config"[^>]*>/, ''), path).not.toMatch(/\{\w+\}/);
    }
  });
});

describe('health', () => {
  it('says exactly what other tools expect', async () => {
    const { status, text, headers } = await new Visitor(desk).get('/healthz');
    expect([status, text, headers.get('Content-Type')]).toEqual([200, '{"status":"ok"}', 'application/json']);
  });
  it('says whether the desk can do its work', async () => {
    expect(JSON.parse((await new Visitor(desk).get('/readyz')).text)).toEqual({ status: 'ready' });
  });
});

describe('trouble', () => {
  it('is said in plain words with a way back', async () => {
    const missing = await marek.get('/c/999');
    expect(missing.status).toBe(404);
    expect(missing.text).toContain('There is nothing here.');
    expect(missing.text).toContain('href="/"');
  });
  it('that is our fault names what to look for in the log, and nothing else', async () => {
    const broken = await openWebDesk();
    const visitor = await loggedIn(broken);
    const { inSight } = broken.under.store;
    const failing: typeof inSight = (sight) => {
      const stores = inSight(sight);
      return { ...stores, conversations: { ...stores.conversations, counts: () => Promise.reject(new Error('secret detail')) } };
    };
    Object.assign(broken.under.store, { inSight: failing });
    const page = await visitor.get('/');
    Object.assign(broken.under.store, { inSight });
    expect(page.status).toBe(500);
    expect(page.text).not.toContain('secret detail');
    expect(broken.log.lines.some(({ verb }) => verb === 'page-failed')).toBe(true);
    await broken.close();
  });
});

describe('settings', () => {
  it('change language, colours and zone at once', async () => {
    const visitor = await loggedIn(desk, 'ada@desk.example');
    const csrf = await visitor.csrf('/settings');
    const refused = await visitor.post('/settings', { _csrf: csrf, locale: 'pl', theme: 'dark', timeZone: 'Mars/Olympus' });
    expect(refused.text).toContain('There is no time zone “Mars/Olympus”.');
    await visitor.post('/settings', { _csrf: csrf, locale: 'pl', theme: 'dark', timeZone: 'Europe/Lisbon' });
    const page = (await visitor.get('/settings')).text;
    expect(page).toContain('<html lang="pl" data-theme="dark"');
    expect(page).toContain('Zapisano');
    expect(page).toContain('value="Europe/Lisbon"');
  });
});

describe('search', () => {
  it('finds by words, Polish letters, address and number', async () => {
    await desk.under.receive(mailFrom('Łucja Żak <lucja@poczta.example>', 'Zażółć gęślą jaźń', 'Paczka nie dotarła.'));
    const conversation = await desk.under.store.customers.byAddress('lucja@poczta.example').then(async (customer) => (await desk.under.store.conversations.openOf((customer as NonNullable<typeof customer>).id, 1))[0]);
    for (const words of ['zazolc', 'dotarła', 'lucja@poczta.example', `#${conversation?.number}`]) {
      expect((await marek.get(`/find?q=${encodeURIComponent(words)}`)).text, words).toContain('Zażółć gęślą jaźń');
    }
    expect((await marek.get('/find?q=niemategoslowa')).text).toContain('Nothing found for “niemategoslowa”');
  });
});
