/** A day at the web desk in a browser: the ten verbs that are said most, each by its button or form. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Conversation } from '../../src/core/model.js';
import { startChromium, type Chromium } from '../support/chromium.js';
import { mailFrom } from '../support/desk-under-test.js';
import { eventually } from '../support/eventually.js';
import { available } from '../support/servers.js';
import { DEMO_TOKEN, openWebDesk, type WebDesk } from './web-desk.js';

let desk: WebDesk;
let chromium: Chromium;
let page: Page;

beforeAll(async () => {
  if (!available('chromium')) return;
  desk = await openWebDesk();
  await desk.under.receive(mailFrom('Eve Novak <eve@customer.example>', 'Broken cup', 'The cup is broken.', { 'Message-ID': '<first@customer.example>' }));
  await desk.under.receive(mailFrom('Jan <jan@customer.example>', 'Where is my parcel', 'It was to come on Monday.'));
  chromium = await startChromium();
  page = await chromium.openPage({ baseURL: await desk.listen() });
  page.setDefaultTimeout(20_000);
  await page.goto(`/demo/login?token=${DEMO_TOKEN}`);
});
afterAll(async () => {
  await chromium?.close();
  await desk?.close();
});

/** Waits until the conversation is as it should be. */
const becomes = (wanted: Partial<Conversation>, number = 1): Promise<void> => eventually(async () => expect(await desk.under.conversation(number)).toMatchObject(wanted));
const saying = (text: string): Promise<unknown> => page.waitForSelector(`#said:has-text("${text}")`);
const menu = async (id: 'assign-menu' | 'more-menu'): Promise<void> => {
  if (!(await page.locator(`#${id}`).getAttribute('open').then((open) => open !== null))) await page.click(`#${id} > summary`);
};

describe.runIf(available('chromium'))('in a browser, one after the other', { timeout: 60_000 }, () => {
  it('find: words in the search box lead to the conversation', async () => {
    await page.fill('#q', 'cup');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#card-1');
    await page.waitForSelector('#card-2', { state: 'detached' });
    await page.click('#card-1');
    await page.waitForSelector('#subject:has-text("Broken cup")');
  });

  it('claim: its button makes the conversation yours', async () => {
    await page.click('form[action="/c/1/do/claim"] button');
    await saying('Claimed #1');
    await becomes({ assigneeId: 'marek' as never });
  });

  it('note: the box keeps it for the team', async () => {
    await page.check('#mode-note', { force: true });
    await page.fill('#note-text', 'She called, too');
    await page.click('#save-note');
    await page.waitForSelector('#thread .note:has-text("She called, too")');
    expect(desk.under.sink.mails).toEqual([]);
  });

  it('label: chosen from the menu, it stands on the conversation', async () => {
    await menu('more-menu');
    await page.selectOption('#more-label-label', 'complaint');
    await page.click('form[action="/c/1/do/label"] button');
    await saying('Labelled #1: complaint');
    await becomes({ labels: ['complaint' as never] });
  });

  it('template: chosen, it stands in the box filled in, and can be changed', async () => {
    // The menu that was open covers it.
    await page.keyboard.press('Escape');
    await page.click('label[for="mode-answer"]');
    await page.click('#template-menu > summary');
    await page.click('#template-menu a.tpl:has-text("Hello")');
    await expect.poll(() => page.inputValue('#text')).toBe('Hello Eve, we are on it.');
  });

  it('reply: sent from the box, it leaves when the undo window is over', async () => {
    await page.fill('#text', 'Hello Eve, a new one leaves today.');
    await page.click('#send-answer');
    await page.waitForSelector('#undo:has-text("eve@customer.example")');
    expect(desk.under.sink.mails).toEqual([]);
    desk.under.pass(15_000);
    await desk.under.settle();
    expect(desk.under.sink.mails.map(({ raw }) => raw.toString())).toEqual([expect.stringContaining('Hello Eve, a new one leaves today.')]);
    await becomes({ status: 'pending' });
  });

  it('snooze: with a time in words', async () => {
    await page.goto('/c/1');
    await menu('more-menu');
    await page.fill('#more-snooze-until', 'tomorrow 9');
    await page.click('form[action="/c/1/do/snooze"] button');
    await saying('Snoozed #1 until');
    await becomes({ status: 'snoozed' });
  });

  it('close, and reopen: the same button, there and back', async () => {
    await page.click('#do-status');
    await saying('Closed #1');
    await becomes({ status: 'closed' });
    await page.waitForSelector('form[action="/c/1/do/reopen"]');
    await page.click('#do-status');
    await saying('Reopened #1');
    await becomes({ status: 'open' });
  });

  it('assign: a colleague chosen from the menu has it, and is told', async () => {
    await menu('assign-menu');
    await page.click('form[action="/c/1/do/assign"]:has(input[name="to"][value="anna"]) button');
    await saying('Assigned #1 to Anna');
    await becomes({ assigneeId: 'anna' as never });
    expect(await desk.under.store.notices.of('anna' as never, 10)).toMatchObject([{ kind: 'assigned' }]);
  });
});
