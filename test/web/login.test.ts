import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loginLimit } from '../../src/web/login-limit.js';
import { hashPassword, verifyPassword } from '../../src/web/passwords.js';
import { safeNext } from '../../src/web/routes/login.js';
import { hashToken } from '../../src/web/sessions.js';
import { hidden, loggedIn, Visitor } from './visitor.js';
import { DEMO_TOKEN, openWebDesk, PASSWORD, type WebDesk } from './web-desk.js';

let desk: WebDesk;
beforeEach(async () => { desk = await openWebDesk(); });
afterEach(async () => { await desk.close(); });

describe('logging in', () => {
  it('opens the desk with the right password, and keeps only the hash of the token', async () => {
    const visitor = new Visitor(desk);
    expect((await visitor.get('/c/1')).location).toBe('/login?next=%2Fc%2F1');
    const visit = await visitor.login('marek@desk.example');
    expect([visit.status, visit.location]).toEqual([303, '/']);
    const cookie = visit.headers.getSetCookie().find((line) => line.startsWith('goniec=') && !/max-age=0/i.test(line)) ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect((await visitor.get('/')).text).toContain('Marek Kos');
    const token = visitor.cookies.get('goniec') ?? '';
    expect(await desk.under.store.sessions.get(token)).toBeUndefined();
    expect(await desk.under.store.sessions.get(hashToken(token))).toMatchObject({ agentId: 'marek' });
  });

  it('gives a new token at each login and forgets the old one', async () => {
    const visitor = await loggedIn(desk);
    const first = visitor.cookies.get('goniec') ?? '';
    await visitor.post('/logout', { _csrf: await visitor.csrf() });
    expect(await desk.under.store.sessions.get(hashToken(first))).toBeUndefined();
    visitor.cookies.set('goniec', first);
    await visitor.login('marek@desk.example');
    expect(visitor.cookies.get('goniec')).not.toBe(first);
  });

  it('says the same whether the account or the password is wrong', async () => {
    const wrongPassword = await new Visitor(desk).login('marek@desk.example', 'no such password');
    const noAccount = await new Visitor(desk).login('nobody@desk.example', 'no such password');
    expect([wrongPassword.status, noAccount.status]).toEqual([401, 401]);
    for (const { text } of [wrongPassword, noAccount]) expect(text).toContain('This address and password do not belong together.');
  });

  it('slows down guessing on one account, says how long, and goes on afterwards', async () => {
    const visitor = new Visitor(desk);
    for (let tries = 0; tries < 5; tries += 1) expect((await visitor.login('marek@desk.example', 'wrong')).status).toBe(401);
    const limited = await visitor.login('marek@desk.example');
    expect(limited.status).toBe(429);
    expect(limited.text).toContain('Too many tries. Wait 15 minutes.');
    expect(Number(limited.headers.get('Retry-After'))).toBeGreaterThan(14 * 60);
    expect((await new Visitor(desk).login('anna@desk.example')).status).toBe(303);
    desk.under.pass(15 * 60_000 + 1);
    expect((await visitor.login('marek@desk.example')).status).toBe(303);
  });

  it('slows down one address that tries many accounts', () => {
    let now = 0;
    const limit = loginLimit(() => new Date(now));
    for (let tries = 0; tries < 20; tries += 1) limit.tried(`account-${tries}`, '192.0.2.1');
    expect(limit.waitMs('another', '192.0.2.1')).toBeGreaterThan(0);
    expect(limit.waitMs('another', '192.0.2.2')).toBe(0);
    now = 15 * 60_000 + 1;
    expect(limit.waitMs('another', '192.0.2.1')).toBe(0);
  });

  it('lets a whole office in by the same address', async () => {
    for (let agents = 0; agents < 21; agents += 1) expect((await new Visitor(desk).login(agents % 2 === 0 ? 'marek@desk.example' : 'anna@desk.example')).status).toBe(303);
  });

  it('does not count as a wrong password that Goniec could not look', async () => {
    const visitor = new Visitor(desk);
    vi.spyOn(desk.under.store.desk, 'passwordHash').mockRejectedValue(new Error('database or disk is full'));
    for (let tries = 0; tries < 6; tries += 1) expect((await visitor.login('marek@desk.example')).status).toBe(500);
    vi.restoreAllMocks();
    expect((await visitor.login('marek@desk.example')).status).toBe(303);
  });

  it('speaks Polish to whoever chose it', async () => {
    const visitor = new Visitor(desk);
    const page = await visitor.get('/login?lang=pl');
    expect(page.text).toContain('<html lang="pl"');
    expect((await visitor.get('/login')).text).toContain('Hasło');
  });

  it('ends a session at its time', async () => {
    const visitor = await loggedIn(desk);
    desk.under.pass(13 * 3_600_000);
    expect((await visitor.get('/')).status).toBe(303);
  });

  it('takes an agent who left the desk out of it', async () => {
    const visitor = await loggedIn(desk, 'anna@desk.example');
    await desk.under.store.transaction((tx) => tx.desk.save({ ...desk.under.desk, agents: desk.under.desk.agents.filter(({ id }) => id !== 'anna') }));
    expect((await visitor.get('/')).location).toContain('/login');
  });
});

describe('changes are only taken from our own pages', () => {
  it('refuses a post without the token', async () => {
    await desk.under.receive((await import('../support/desk-under-test.js')).mailFrom('Eve <eve@customer.example>', 'Hello', 'Hi'));
    const visitor = await loggedIn(desk);
    const refused = await visitor.post('/c/1/do/claim', { revision: '1' });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('This page is out of date.');
    expect((await desk.under.conversation(1)).assigneeId).toBeUndefined();
  });
  it('refuses another site, even with the token', async () => {
    const visitor = await loggedIn(desk);
    const csrf = await visitor.csrf();
    expect((await visitor.post('/logout', { _csrf: csrf }, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await visitor.post('/logout', { _csrf: csrf }, { Origin: 'null' })).status).toBe(403);
    expect((await visitor.get('/')).status).toBe(200);
  });
  it('refuses a login form from elsewhere', async () => {
    const visitor = new Visitor(desk);
    expect((await visitor.post('/login', { email: 'marek@desk.example', password: PASSWORD, _csrf: 'guessed' })).status).toBe(403);
    const csrf = hidden((await visitor.get('/login')).text, '_csrf');
    expect((await visitor.post('/login', { email: 'marek@desk.example', password: PASSWORD, _csrf: csrf }, { Origin: 'https://evil.example' })).status).toBe(403);
  });
  it('leads only to its own pages after the login', () => {
    expect(safeNext('/c/5')).toBe('/c/5');
    for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', '/a\\b', undefined, '/login']) expect(safeNext(evil)).toBe('/');
  });
});

describe("the demo's printed link", () => {
  it('works on this machine only', async () => {
    const base = await desk.listen();
    const here = await fetch(`${base}/demo/login?token=${DEMO_TOKEN}`, { redirect: 'manual' });
    expect([here.status, here.headers.get('location')]).toEqual([303, '/']);
    expect((await fetch(`${base}/demo/login?token=wrong`, { redirect: 'manual' })).status).toBe(403);
    const proxied = await fetch(`${base}/demo/login?token=${DEMO_TOKEN}`, { redirect: 'manual', headers: { 'X-Forwarded-For': '203.0.113.9' } });
    expect(proxied.status).toBe(404);
    const elsewhere = await new Visitor(desk).get(`/demo/login?token=${DEMO_TOKEN}`);
    expect(elsewhere.status).toBe(404);
  });
});

describe('passwords', () => {
  it('are hashed with a salt of their own and checked', async () => {
    const [one, other] = [await hashPassword('zażółć gęślą jaźń'), await hashPassword('zażółć gęślą jaźń')];
    expect(one).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(one).not.toBe(other);
    expect(await verifyPassword('zażółć gęślą jaźń', one)).toBe(true);
    expect(await verifyPassword('zazolc gesla jazn', one)).toBe(false);
    expect(await verifyPassword('anything', undefined)).toBe(false);
    expect(await verifyPassword('anything', 'plain text')).toBe(false);
  });

  it('can be changed by their owner', async () => {
    const visitor = await loggedIn(desk);
    const csrf = await visitor.csrf('/settings');
    expect((await visitor.post('/settings/password', { _csrf: csrf, old: 'wrong', new: 'a much longer one' })).status).toBe(422);
    expect((await visitor.post('/settings/password', { _csrf: csrf, old: PASSWORD, new: 'short' })).text).toContain('Too short');
    expect((await visitor.post('/settings/password', { _csrf: csrf, old: PASSWORD, new: 'a much longer one' })).status).toBe(303);
    expect((await new Visitor(desk).login('marek@desk.example')).status).toBe(401);
    expect((await new Visitor(desk).login('marek@desk.example', 'a much longer one')).status).toBe(303);
  });
});
