/** Nothing that can be typed needs to be typed on the web desk. */
import { parse, type HTMLElement } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/commands/index.js';
import { mailFrom } from '../support/desk-under-test.js';
import { hidden, loggedIn, type Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

/** What is read where it stands, instead of being asked for: its verb, and a page on which it is. */
const READ: Readonly<Record<string, { readonly page: string; readonly there: string }>> = {
  show: { page: '/', there: 'a[href^="/c/"]' },
  history: { page: '/c/1', there: '#thread > li' },
  export: { page: '/c/1', there: 'a[href="/c/1/export.html"]' },
  template: { page: '/c/1', there: '[data-template], a[href*="template"]' },
  'template-save': { page: '/c/2', there: 'a[href^="/templates/new?from="]' },
  customer: { page: '/c/1', there: 'a[href^="/customers/"]' },
};

let desk: WebDesk;
let ada: Visitor;
const seen = new Map<string, HTMLElement>();

beforeAll(async () => {
  desk = await openWebDesk();
  const { under } = desk;
  const mail = (from: string, subject: string): Promise<void> => under.receive(mailFrom(from, subject, 'It came broken.', { 'Message-ID': `<${subject.replaceAll(' ', '-')}@customer.example>` }));
  const say = async (agent: string, verb: string, number: number, args: Readonly<Record<string, string>> = {}): Promise<void> => expect((await under.say(agent, verb, number, args)).kind, `${verb} ${number}`).toBe('done');
  await mail('Eve <eve@customer.example>', 'Broken cup');
  // As it comes: labelled, pinned, claimed, with a note about the customer.
  await say('ada', 'claim', 1);
  await say('ada', 'label', 1, { label: 'complaint' });
  await say('ada', 'pin', 1, { text: 'Call her first' });
  await say('ada', 'customer-note', 1, { text: 'Likes tea' });
  await say('ada', 'label-customer', 1, { label: 'complaint' });
  await say('ada', 'link-address', 1, { address: 'home@customer.example' });
  // Answered, with doubt; a draft, and one that waits for its hour.
  await mail('Otto <otto@customer.example>', 'Broken pot');
  under.sink.dropAfterData();
  await say('ada', 'reply', 2, { text: 'Did it arrive?' });
  under.pass(15_000);
  await under.settle();
  await say('ada', 'draft', 2, { text: 'Half a thought' });
  await say('ada', 'reply', 2, { text: 'On Monday', at: 'mon 9', anyway: 'yes' });
  // Out of sight in each way.
  for (const number of [3, 4, 5, 6]) await mail(`Customer <c${number}@customer.example>`, `Matter ${number}`);
  await say('ada', 'close', 3);
  await say('ada', 'spam', 4);
  await say('ada', 'file', 5, { folder: 'news' });
  await say('ada', 'merge', 6, { into: '1' });
  await mail('Zoe <zoe@customer.example>', 'Matter 7');
  await say('ada', 'merge-customers', 7, { into: 'otto@customer.example' });
  // What needs approval waits on #8.
  await mail('Ida <ida@customer.example>', 'Matter 8');
  await under.store.desk.save({ ...(await under.store.desk.load()), agents: under.desk.agents.map((agent) => ({ ...agent, approval: agent.id === 'marek' })) });
  await say('marek', 'reply', 8, { text: 'No.' });
  ada = await loggedIn(desk, 'ada@desk.example');
  const customers = [...new Set((await Promise.all([1, 2].map((number) => under.conversation(number)))).map(({ customerId }) => customerId))];
  for (const page of ['/', '/help', '/workload', ...[1, 2, 3, 4, 5, 8].map((number) => `/c/${number}`), ...customers.map((id) => `/customers/${id}`)]) seen.set(page, parse((await ada.get(page)).text));
});
afterAll(() => desk.close());

/** Where a form says the verb. */
const formsOf = (verb: string): readonly HTMLElement[] => [...seen.values()].flatMap((page) => [...page.querySelectorAll(`form[action$="/do/${verb}"]`), ...page.querySelectorAll(`button[formaction$="/do/${verb}"]`)]);

describe('every verb of the catalogue', () => {
  it.each(COMMANDS.filter(({ onConversation }) => onConversation).map(({ name }) => [name]))('%s has a form or a button where it makes sense', (verb) => {
    const read = READ[verb];
    const there = read ? (seen.get(read.page)?.querySelectorAll(read.there) ?? []) : formsOf(verb);
    expect(there.length).toBeGreaterThan(0);
  });

  it.each(COMMANDS.filter(({ onConversation, name }) => !onConversation && name !== 'help').map(({ name }) => [name]))('%s has a form or a page that the page of help leads to', async (verb) => {
    const entry = seen.get('/help')?.querySelector(`#${verb}`);
    const link = entry?.querySelector('a')?.getAttribute('href');
    if (link === undefined) return expect(entry?.querySelectorAll(`form[action="/help/do/${verb}"] button`)).toHaveLength(1);
    expect((await ada.get(link)).status).toBe(200);
  });

  it('is named on the page of help, as far as the reader may say it', async () => {
    const vera = await loggedIn(desk, 'vera@desk.example');
    const pages = { ada: seen.get('/help'), vera: parse((await vera.get('/help')).text) };
    for (const { name, permission } of COMMANDS) {
      if (name === 'help') continue;
      expect(pages.ada?.querySelector(`#${name}`), name).toBeTruthy();
      expect(Boolean(pages.vera.querySelector(`#${name}`)), name).toBe(permission === 'read');
    }
  });
});

describe('what needs no conversation', () => {
  const post = async (verb: string, fields: Readonly<Record<string, string>>) => {
    const page = (await ada.get('/help')).text;
    return ada.post(`/help/do/${verb}`, { _csrf: hidden(page, '_csrf'), once: `${hidden(page, 'once')}${Math.random()}`, ...fields });
  };

  it('is done from there: a new conversation begins, and is shown', async () => {
    const written = await post('write', { to: 'new@customer.example', subject: 'Your order', text: 'It is ready.' });
    expect(written.status).toBe(303);
    expect((await ada.get(written.location ?? '')).text).toContain('Your order');
  });

  it('is refused with its reason, and what was written stands there still', async () => {
    const refused = await post('write', { to: 'nobody', subject: 'Your order', text: 'It is ready.' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('It is ready.</textarea>');
    expect(refused.text).toContain('nobody');
  });

  it('lists where it lists', async () => {
    await desk.under.say('ada', 'block', undefined, { who: 'ads@spam.example' });
    expect((await post('senders', {})).text).toContain('ads@spam.example');
  });
});
