import { parse, type HTMLElement } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailFrom } from '../support/desk-under-test.js';
import { aMailbox } from '../support/samples.js';
import { loggedIn, type Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

const MINUTE = 60_000;
let desk: WebDesk;
let marek: Visitor;

beforeEach(async () => {
  desk = await openWebDesk({ mailboxes: [aMailbox({ answerWithin: { normal: 120, urgent: 60 } })] });
  await desk.under.receive(mailFrom('Eve Novak <eve@customer.example>', 'Broken cup', 'The cup is broken.'));
  marek = await loggedIn(desk);
});
afterEach(() => desk.close());

const page = async (path: string, visitor = marek): Promise<HTMLElement> => parse((await visitor.get(path)).text);
const words = (element: HTMLElement | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const howLong = async (number = 1): Promise<HTMLElement | null> => (await page('/')).querySelector(`#card-${number} .card__wait`);

describe('the time of an answer on the web desk', () => {
  it('shows in a list how long somebody waits, then what is left, then in red by how much it is over', async () => {
    expect(words(await howLong())).toBe('waiting under 1 min');
    desk.under.pass(90 * MINUTE);
    expect([words(await howLong()), (await howLong())?.classList.contains('is-soon')]).toEqual(['29 min left', true]);
    desk.under.pass(55 * MINUTE);
    expect([words(await howLong()), (await howLong())?.classList.contains('is-late')]).toEqual(['25 min over', true]);
    expect((await howLong())?.getAttribute('title')).toBe('Overdue since 20 Nov 2026, 15:00, Waiting 2 h 25');
  });

  it('stands in the head of the conversation by the reader’s clock, red when it is over', async () => {
    const due = async (visitor = marek): Promise<HTMLElement | undefined> => (await page('/c/1', visitor)).querySelectorAll('#conv-head .facts > li')[2];
    expect([words(await due()), (await due())?.classList.contains('is-late')]).toEqual(['Answer due 20 Nov 2026, 15:00', false]);
    desk.under.pass(121 * MINUTE);
    expect([words(await due()), (await due())?.classList.contains('is-late')]).toEqual(['Overdue since 20 Nov 2026, 15:00', true]);
    expect(words(await due(await loggedIn(desk, 'anna@desk.example')))).toBe('Po terminie od 20 lis 2026, 15:00');
  });

  it('puts what is overdue on top, and into a list of its own that is counted', async () => {
    await desk.under.receive(mailFrom('Jan Wilk <jan@customer.example>', 'Late plate', 'Where is it?'));
    expect((await page('/')).querySelector('a[href="/view/overdue"]')).toBeNull();
    await desk.under.say('marek', 'priority', 2, { priority: 'urgent' });
    desk.under.pass(61 * MINUTE);
    const list = await page('/');
    expect(list.querySelectorAll('#cards .group').map(words)).toEqual(['Overdue 1', 'Waiting for us 1']);
    expect(list.querySelectorAll('#cards .card').map((card) => card.id)).toEqual(['card-2', 'card-1']);
    expect(words(list.querySelector('a[href="/view/overdue"]'))).toBe('Overdue1');
    expect((await page('/view/overdue')).querySelectorAll('#cards .card').map((card) => card.id)).toEqual(['card-2']);
    await desk.under.say('marek', 'close', 2);
    expect(words((await page('/view/overdue')).querySelector('#cards'))).toBe('Nothing here.');
  });
});
