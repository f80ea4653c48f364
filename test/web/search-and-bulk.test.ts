import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BulkId } from '../../src/core/ids.js';
import { runBulk } from '../../src/desk/bulk.js';
import { newId } from '../../src/storage/new-id.js';
import { startChromium, type Chromium } from '../support/chromium.js';
import { mailFrom } from '../support/desk-under-test.js';
import { quietLog } from '../support/quiet-log.js';
import { available } from '../support/servers.js';
import { loggedIn, type Visitor } from './visitor.js';
import { DEMO_TOKEN, openWebDesk, type WebDesk } from './web-desk.js';

let desk: WebDesk;
let marek: Visitor;

beforeEach(async () => {
  desk = await openWebDesk();
  for (const [who, subject] of [['Eve Novak <eve@customer.example>', 'Broken cup'], ['Jan <jan@customer.example>', 'Wo ist mein Paket'], ['Eve Novak <eve@customer.example>', 'Broken plate']]) await desk.under.receive(mailFrom(who ?? '', subject ?? '', 'Hello'));
  marek = await loggedIn(desk);
}, 60_000);
afterEach(() => desk.close());

/** What the job of the house does. */
const work = (id: string): Promise<void> =>
  runBulk({ store: desk.under.store, desk: () => desk.under.store.desk.load(), clock: { now: () => desk.under.now() }, newId, sign: (text) => text, log: quietLog(), stopping: () => false }, id as BulkId);
const statuses = async (): Promise<readonly string[]> => Promise.all([1, 2, 3].map(async (number) => (await desk.under.conversation(number)).status));

describe('searching on the web desk', () => {
  it('finds by operators, and leads to the conversation', async () => {
    const page = (await marek.get('/find?q=from%3Aeve+-subject%3Aplate')).text;
    expect(page).toContain('href="/c/1?in=find%3Afrom%3Aeve%20-subject%3Aplate"');
    expect(page).not.toContain('id="card-2"');
    expect(page).not.toContain('id="card-3"');
  });

  it('says what it does not understand, with the list, and shows what it does', async () => {
    const page = (await marek.get('/find?q=form%3Aeve')).text;
    expect(page).toContain('Search knows no form:');
    expect(page).toContain('assignee:');
    expect(page).toContain('What search understands');
  });

  it('suggests what may come next', async () => {
    const { text } = await marek.get('/parts/suggest?q=cup+label%3A');
    expect(text).toContain('<option value="cup label:complaint">');
    expect((await marek.get('/parts/suggest?q=is%3Aun')).text).toContain('is:unassigned');
  });

  it('saves a search, runs it by name, renames and deletes it', async () => {
    const csrf = await marek.csrf('/searches');
    await marek.post('/searches/save', { _csrf: csrf, name: 'From Eve', words: 'from:eve', shared: 'yes' });
    expect((await marek.get('/searches')).text).toContain('shared by Marek Kos');
    const found = (await marek.get(`/find?q=${encodeURIComponent('saved:"from eve" cup')}`)).text;
    expect(found).toContain('id="card-1"');
    expect(found).not.toContain('id="card-3"');
    const anna = await loggedIn(desk, 'anna@desk.example');
    await anna.post('/searches/delete', { _csrf: await anna.csrf('/searches'), name: 'From Eve' });
    expect((await anna.get('/searches')).text).toContain('From Eve');
    await marek.post('/searches/rename', { _csrf: csrf, name: 'From Eve', to: 'Eve' });
    await marek.post('/searches/delete', { _csrf: csrf, name: 'Eve' });
    expect((await marek.get('/searches')).text).toContain('No search is saved yet');
    await marek.post('/searches/save', { _csrf: csrf, name: 'Bad', words: 'is:lost' });
    expect((await marek.get('/searches?q=is%3Alost')).text).toContain('value="is:lost"');
  });
});

describe('many at once on the web desk', () => {
  const ask = async (fields: Readonly<Record<string, string>>): Promise<string> => {
    const asked = await marek.post('/bulk', { _csrf: await marek.csrf('/bulk'), do: 'close', value: '', words: 'from:eve', which: 'all', ...fields });
    expect(asked.status).toBe(303);
    return asked.location ?? '';
  };

  it('shows what would be done, does it when told to, shows how far it is, and takes it back', async () => {
    const path = await ask({});
    const preview = (await marek.get(path)).text;
    for (const text of ['Close: 2 conversations. Nothing is done yet.', '#1', '#3', 'Do it with 2 conversations']) expect(preview).toContain(text);
    expect(await statuses()).toEqual(['open', 'open', 'open']);
    await marek.post(`${path}/go`, { _csrf: await marek.csrf('/bulk') });
    const running = (await marek.get(path)).text;
    expect(running).toContain('Close: 0 of 2 done');
    expect(running).toMatch(/<progress max="2" value="0"/);
    expect(running).toContain(`hx-get="/parts${path}"`);
    await work(path.replace('/bulk/', ''));
    expect((await marek.get(`/parts${path}`)).text).toContain('Close: done with 2 conversations');
    expect(await statuses()).toEqual(['closed', 'open', 'closed']);
    expect((await marek.get('/c/1')).text).toContain('You closed it, together with 1 other');
    await marek.post(`${path}/undo`, { _csrf: await marek.csrf('/bulk') });
    await work(path.replace('/bulk/', ''));
    expect((await marek.get(path)).text).toContain('Close: taken back with 2 conversations');
    expect(await statuses()).toEqual(['open', 'open', 'open']);
  });

  it('takes only what is ticked', async () => {
    const path = await ask({ which: 'picked', pick: '3' });
    expect((await marek.get(path)).text).toContain('Do it with 1 conversation');
  });

  it('says what is wrong and keeps what was chosen', async () => {
    const refused = await marek.post('/bulk', { _csrf: await marek.csrf('/bulk'), do: 'label', value: 'nope', words: 'from:eve', which: 'all' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('There is no label “nope”');
    expect(refused.text).toMatch(/<option value="label" selected/);
    expect((await marek.get('/bulk?q=is%3Alost')).text).toContain('does not know “lost”');
    expect((await marek.get('/bulk/nowhere')).status).toBe(404);
  });

  it('is for those who work here', async () => {
    const vera = await loggedIn(desk, 'vera@desk.example');
    const refused = await vera.post('/bulk', { _csrf: await vera.csrf('/bulk'), do: 'close', value: '', words: 'from:eve', which: 'all' });
    expect([refused.status, refused.text.includes('may not do this')]).toEqual([422, true]);
  });
});

describe.runIf(available('chromium'))('in a browser', () => {
  let chromium: Chromium;
  beforeAll(async () => { chromium = await startChromium(); });
  afterAll(() => chromium.close());

  it('somebody searches with an operator, closes what it finds, watches it being done and takes it back', { timeout: 120_000 }, async () => {
    const page = await chromium.openPage({ baseURL: await desk.listen() });
    page.setDefaultTimeout(30_000);
    await page.goto(`/demo/login?token=${DEMO_TOKEN}`);
    await page.fill('#q', 'from:e');
    await page.fill('#q', 'from:eve');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#card-3');
    await page.click('.search-tools a[href^="/bulk"]');
    await page.check('input[name="which"][value="picked"]');
    await page.uncheck('input[name="pick"][value="1"]');
    await page.click('.bulk button[type="submit"]');
    await page.waitForSelector('#bulk-state');
    await page.click('#bulk-state .btn--primary');
    await page.waitForSelector('#bulk-state progress');
    await work(new URL(page.url()).pathname.replace('/bulk/', ''));
    // It comes by itself.
    await page.waitForSelector('#bulk-state:not(:has(progress))');
    expect(await statuses()).toEqual(['open', 'open', 'closed']);
    await page.click('#bulk-state form[action$="/undo"] button');
    await page.waitForSelector('#bulk-state progress');
    await work(new URL(page.url()).pathname.replace('/bulk/', ''));
    await page.waitForSelector('#bulk-state:not(:has(progress))');
    expect(await statuses()).toEqual(['open', 'open', 'open']);
    await page.context().close();
  });
});
