// `node scripts/pictures.mjs`: starts the demo in a temporary folder, lives through a little story in it and takes the README's pictures of what is really there.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { prepare } from './prepare.mjs';
import { main, ROOT } from './run.mjs';
import { findServer } from './servers.mjs';

/** @typedef {{ url: string, link: string }} Demo */
const PICTURES = join(ROOT, 'docs', 'pictures');
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 375, height: 760 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const KATARZYNA = 'k.wojcik@poczta.example';
/** Pictures of the guides in docs/. */
const OTHER_PAGES = {
  search: `/find?q=${encodeURIComponent('is:open label:reklamacja')}`,
  bulk: `/bulk?q=${encodeURIComponent('is:open in:zwroty')}`,
  templates: '/templates',
};
/** Undo time and delivery. */
const SENT_MS = 40_000;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

await main(async () => {
  await prepare();
  const { startDemo } = await import(pathToFileURL(join(ROOT, 'dist/demo/start-demo.js')).href);
  const folder = await mkdtemp(join(tmpdir(), 'goniec-pictures-'));
  await mkdir(PICTURES, { recursive: true });
  const demo = await startDemo({ dataDir: folder, host: '127.0.0.1', port: await freePort(), inboundPort: await freePort(), log: silent });
  const browser = await chromium.launch({ executablePath: chromiumPath(), chromiumSandbox: process.getuid?.() !== 0 });
  try {
    await take(browser, demo);
  } finally {
    await browser.close();
    await demo.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/**
 * @param {import('playwright-core').Browser} browser
 * @param {Demo} demo
 */
async function take(browser, demo) {
  const desk = await open(browser, demo, DESKTOP);
  await desk.goto('/settings');
  await desk.check('input[name="locale"][value="en"]');
  await desk.click('form[action="/settings"] button[type="submit"]');
  // The last of the samples has come in.
  await desk.goto('/');
  await desk.locator('.card', { hasText: 'Kubek' }).waitFor();
  await desk.waitForTimeout(3_000);

  await desk.reload();
  await desk.locator('.card', { hasText: 'Kubek' }).click();
  await desk.locator('#do-own').click();
  await desk.locator('.facts__own', { hasText: 'Yours' }).waitFor();
  await desk.fill('#note-text', 'It is a present for **Saturday**: let us send a new one today, the courier can wait.');
  await desk.click('#save-note');
  await desk.locator('.note').waitFor();
  await answer(desk, 'Dzień dobry, bardzo przepraszamy. Proszę przesłać zdjęcie uszkodzenia, a my zajmiemy się resztą.');
  await desk.locator('.mail--out .state', { hasText: 'Sent' }).waitFor({ timeout: SENT_MS });

  const customer = await open(browser, demo, DESKTOP);
  await customer.goto(`/customer/${encodeURIComponent(KATARZYNA)}`);
  await customer.fill('#r', 'Wysyłam zdjęcie. Czy zdążą Państwo z nowym kubkiem, czy lepiej zwrot pieniędzy?');
  await customer.click('.btn--ink');
  await desk.locator('#thread .mail--in', { hasText: 'czy lepiej zwrot' }).waitFor();
  await desk.locator('.card', { hasText: 'Sweden' }).click();
  await desk.locator('#subject', { hasText: 'Sweden' }).waitFor();
  await desk.locator('label[for="mode-answer"]').click();
  await desk.locator('#template-menu > summary').click();
  await desk.locator('.tpl', { hasText: 'Shipping abroad' }).click();
  while ((await desk.inputValue('#text')) === '') await desk.waitForTimeout(50);
  await desk.click('#send-answer');
  await desk.locator('#undo .undo').waitFor();
  await desk.locator('.card', { hasText: 'Kubek' }).click();
  await desk.locator('#subject', { hasText: 'Kubek' }).waitFor();
  await desk.locator('label[for="mode-answer"]').click();
  await desk.fill('#text', 'Dzień dobry, Pani Katarzyno, nowy kubek wysyłamy jeszcze dziś kurierem, dotrze w piątek. Pękniętego nie trzeba odsyłać.');
  await desk.mouse.move(0, 0);
  await picture(desk, 'desk-light');
  await desk.emulateMedia({ colorScheme: 'dark' });
  await picture(desk, 'desk-dark');

  await desk.emulateMedia({ colorScheme: 'light' });
  const more = await open(browser, demo, DESKTOP);
  for (const [name, path] of Object.entries(OTHER_PAGES)) {
    await more.goto(path);
    await picture(more, name);
  }

  const phone = await open(browser, demo, PHONE);
  await phone.goto('/');
  await picture(phone, 'phone-list');
  await phone.locator('.card', { hasText: 'Kubek' }).tap();
  await phone.locator('#composer').waitFor();
  await picture(phone, 'phone');

  await desk.click('#send-answer');
  await desk.locator('.mail--out .state', { hasText: 'Sent' }).nth(1).waitFor({ timeout: SENT_MS });
  await customer.goto(`/customer/${encodeURIComponent(KATARZYNA)}`);
  await picture(customer, 'customer-mailbox');
}

function chromiumPath() {
  const { path, problem } = findServer('chromium');
  if (path === undefined) throw new Error(`Pictures need Chromium: ${problem}`);
  return path;
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} text
 */
async function answer(page, text) {
  await page.locator('label[for="mode-answer"]').click();
  await page.fill('#text', text);
  await page.click('#send-answer');
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {Demo} demo
 * @param {import('playwright-core').BrowserContextOptions} options
 */
async function open(browser, demo, options) {
  const context = await browser.newContext({ ...options, baseURL: demo.url, locale: 'en-GB', timezoneId: 'Europe/Warsaw', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(demo.link);
  return page;
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function picture(page, name) {
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
