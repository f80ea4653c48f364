/**
 * The story of the demo, driven in a real Chromium on a desktop and on a phone: mail has come in, an agent claims, notes, answers with a template, takes one answer back, sends another;
 * the customer finds it in the right thread and answers; it arrives in the same conversation while the agent looks; all of it is still there after a restart.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemo, type Demo } from '../../src/demo/start-demo.js';
import { startChromium, type Chromium, type PageOptions } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { available } from '../support/servers.js';
import { quietLog } from '../support/quiet-log.js';
import { tempFolder } from '../support/temp-folder.js';

const STORY_MS = 180_000;
/** The undo time is 15 s; then the mail travels over two SMTP connections. */
const SENT_MS = 40_000;

let chromium: Chromium;
beforeAll(async () => { if (available('chromium')) chromium = await startChromium(); });
afterAll(async () => { await chromium?.close(); });

interface Look { readonly name: string; readonly options: PageOptions; readonly subject: string; readonly customer: string; readonly address: string; readonly template: string; readonly templateText: string }

const LOOKS: readonly Look[] = [
  { name: 'on a desktop', options: { width: 1280, height: 800 }, subject: 'Kubek', customer: 'Katarzyna', address: 'k.wojcik@poczta.example', template: 'Reklamacja: wymiana', templateText: 'bardzo przepraszamy' },
  { name: 'on a phone', options: { width: 375, height: 812, mobile: true }, subject: 'Sweden', customer: 'Emma', address: 'emma.lindqvist@post.example', template: 'Shipping abroad', templateText: 'we do ship to your country' },
];

describe.runIf(available('chromium')).each(LOOKS)('the story of the demo $name', (look) => {
  const temp = tempFolder('demo-story');
  let demo: Demo;
  let ports: { port: number; inboundPort: number };

  const start = (): Promise<Demo> => startDemo({ dataDir: temp.path, host: '127.0.0.1', ...ports, log: quietLog() });
  beforeAll(async () => {
    ports = { port: await freePort(), inboundPort: await freePort() };
    demo = await start();
  });
  afterAll(async () => {
    await demo?.stop();
    await temp.remove();
  });

  it('holds from the first look to the restart', { timeout: STORY_MS }, async () => {
    expect(demo.sampleMails).toBeGreaterThan(8);
    const page = await chromium.openPage({ ...look.options, baseURL: demo.url });
    const broken: string[] = [];
    page.on('pageerror', (error) => broken.push(error.message));
    page.on('console', (message) => { if (message.type() === 'error') broken.push(message.text()); });
    await page.goto(demo.link);
    await inEnglish(page);

    // Mail lies in channels; newsletters and system mail lie in folders, without a card.
    await page.goto('/');
    const card = page.locator('.card', { hasText: look.subject });
    await card.waitFor();
    expect(await page.locator('.card', { hasText: 'newsletter' }).count()).toBe(0);
    expect(await eventually(async () => { await page.goto('/folder/newslettery'); const count = await page.locator('.card').count(); expect(count).toBeGreaterThan(0); return count; }, { timeoutMs: 10_000 })).toBeGreaterThan(0);

    await page.goto('/');
    await page.locator('.card', { hasText: look.subject }).click();
    await page.locator('#composer').waitFor();
    const number = Number(await page.getAttribute('#conversation', 'data-number'));

    // Claim.
    await page.getByRole('button', { name: 'Claim' }).click();
    await page.locator('.facts__own', { hasText: 'Yours' }).waitFor();

    // A note for the team.
    await page.locator('label[for="mode-note"]').click();
    await page.fill('#note-text', 'Only for the team: be **quick** with this one.');
    await page.click('#save-note');
    await page.locator('.note', { hasText: 'be quick with this one' }).waitFor();
    await eventually(async () => expect(await page.inputValue('#note-text')).toBe(''));

    // An answer with a template, taken back in time.
    await page.locator('label[for="mode-answer"]').click();
    await page.locator('#template-menu > summary').click();
    await page.locator('.tpl', { hasText: look.template }).click();
    await eventually(async () => expect(await page.inputValue('#text')).not.toBe(''));
    expect(await page.inputValue('#text')).toContain(look.templateText);
    expect(await page.locator('.only-answer.to').innerText()).toContain(look.address);
    await page.click('#send-answer');
    await page.locator('#undo .undo').waitFor();
    await page.locator('#undo').getByRole('button', { name: 'Undo' }).click();
    await page.locator('#said', { hasText: 'Taken back. Nothing was sent.' }).waitFor();
    await eventually(async () => expect(await page.inputValue('#text')).toContain(look.templateText));

    // Another one, changed, and sent.
    await page.fill('#text', `${await page.inputValue('#text')}\n\nP.S. With a small present.`);
    await page.click('#send-answer');
    await page.locator('#undo .undo').waitFor();
    await eventually(async () => expect(await page.inputValue('#text')).toBe(''));
    await page.locator('.mail--out .state', { hasText: 'Sent' }).first().waitFor({ timeout: SENT_MS });

    // The customer finds it, once, in the thread of the own letter.
    const letterbox = await chromium.openPage({ ...look.options, baseURL: demo.url });
    await letterbox.goto(demo.link);
    await inEnglish(letterbox);
    await letterbox.goto(`/customer/${encodeURIComponent(look.address)}`);
    await letterbox.locator('.letter', { hasText: 'P.S. With a small present.' }).waitFor();
    expect(await letterbox.locator('.letter').innerText()).toContain(look.templateText);
    expect(await letterbox.locator('.cmail', { hasText: look.templateText.slice(0, 12) }).count()).toBeLessThanOrEqual(1);
    expect(await letterbox.locator('.cust__thread').innerText()).toContain('You');
    expect(await letterbox.content()).not.toContain('be quick with this one');

    // The customer answers, and it arrives in the same conversation while the agent looks.
    await letterbox.fill('#r', 'Thank you so much, that is kind. When will it arrive?');
    await letterbox.getByRole('button', { name: 'Send as the customer' }).click();
    await letterbox.getByText('Sent by mail.').waitFor();
    await page.locator('#thread .mail--in', { hasText: 'that is kind. When will it arrive?' }).waitFor({ timeout: 15_000 });
    expect(Number(await page.getAttribute('#conversation', 'data-number'))).toBe(number);
    await letterbox.context().close();

    // It all survives a restart.
    await demo.stop();
    demo = await start();
    expect(demo.sampleMails).toBe(0);
    const after = await chromium.openPage({ ...look.options, baseURL: demo.url });
    await after.goto(demo.link);
    await after.goto(`/c/${number}`);
    const thread = await after.locator('#thread').innerText();
    for (const text of ['be quick with this one', 'P.S. With a small present.', 'When will it arrive?']) expect(thread).toContain(text);
    await after.locator('.facts__own', { hasText: 'Yours' }).waitFor();
    expect(broken.filter((text) => !/ERR_CONNECTION|ERR_INCOMPLETE|Failed to fetch|Failed to load resource/.test(text))).toEqual([]);
    await after.context().close();
    await page.context().close();
  });
});

/** The sample agents read Polish; the story is told in English. */
async function inEnglish(page: Page): Promise<void> {
  await page.goto('/settings');
  await page.check('input[name="locale"][value="en"]');
  await page.locator('form[action="/settings"] button[type="submit"]').click();
  await page.getByText('Saved', { exact: true }).waitFor();
}
