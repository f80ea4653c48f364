import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { mailFrom } from '../support/desk-under-test.js';
import { hidden, loggedIn, type Visit, type Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

let desk: WebDesk;
let marek: Visitor;
let page: string;
beforeEach(async () => {
  desk = await openWebDesk();
  await desk.under.receive(mailFrom('Anna <anna@home.example>', 'Cup <1>', 'It is broken'));
  await desk.under.receive(mailFrom('A. Nowak <anna@work.example>', 'Invoice', 'Where is it?'));
  marek = await loggedIn(desk);
  page = `/customers/${(await desk.under.conversation(1)).customerId}`;
});
afterEach(() => desk.close());

const press = async (visitor: Visitor, verb: string, fields: Readonly<Record<string, string>> = {}): Promise<Visit> => visitor.post(`${page}/do/${verb}`, { _csrf: hidden((await visitor.get(page)).text, '_csrf'), ...fields });

describe('the page of a customer', () => {
  it('is led to from a conversation and shows who they are', async () => {
    expect((await marek.get('/c/1')).text).toContain(`href="${page}"`);
    const { text } = await marek.get(page);
    for (const shown of ['<h1 id="page-h">Anna</h1>', 'anna@home.example', 'href="/c/1"', 'Cup &lt;1&gt;', '1 conversation']) expect(text).toContain(shown);
    expect(text).not.toContain('Invoice');
  });

  it('changes with a form each, says so, and keeps the history', async () => {
    for (const [verb, fields] of [['rename-customer', { name: 'Anna <b>' }], ['customer-language', { language: 'pl' }], ['customer-note', { text: 'Likes blue' }], ['label-customer', { label: 'complaint' }], ['link-address', { address: 'anna@phone.example' }], ['merge-customers', { into: '2' }]] as const) {
      expect([verb, (await press(marek, verb, fields)).location]).toEqual([verb, page]);
    }
    // The one who was merged has the other's page.
    const other = await marek.get(page);
    expect(other.status).toBe(303);
    const { text } = await marek.get(other.location ?? '');
    for (const shown of ['Likes blue', 'anna@phone.example', 'anna@work.example', 'Polish', 'complaint', '2 conversations', 'Undo merge of customers', 'You merged Anna &lt;b&gt; into the customer']) expect(text).toContain(shown);
  });

  it('refuses with the reason, and lets those who only read change nothing', async () => {
    await press(marek, 'link-address', { address: 'anna@work.example' });
    expect((await marek.get(page)).text).toContain('anna@work.example is A. Nowak already');
    const vera = await loggedIn(desk, 'vera@desk.example');
    expect((await vera.get(page)).text).not.toContain('/do/');
    await press(vera, 'rename-customer', { name: 'x' });
    expect((await desk.under.store.customers.byAddress('anna@home.example'))?.name).toBe('Anna');
    expect((await marek.get('/customers/nobody')).status).toBe(404);
    expect((await press(marek, 'close')).status).toBe(404);
  });
});

it('a number that was spam and is deleted says so', async () => {
  const { id } = await desk.under.conversation(1);
  await desk.under.store.purges.purge(id, { at: desk.under.now(), spamSince: desk.under.now(), agentId: undefined });
  const gone = await marek.get('/c/1');
  expect(gone.status).toBe(410);
  expect(gone.text).toContain('#1 was spam since 20 November 2026 and was deleted on 20 November 2026.');
});
