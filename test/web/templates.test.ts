/** The pages of templates, as a browser without script meets them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TemplateId } from '../../src/core/ids.js';
import type { Template } from '../../src/core/model.js';
import { mailFrom } from '../support/desk-under-test.js';
import { aTemplate } from '../support/samples.js';
import { hidden, loggedIn, type Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

const REFUND = aTemplate({ id: 'refund' as TemplateId, name: 'Refund sent', category: 'Money', texts: [{ language: 'en', body: 'Your money, {{customer.firstName}}, is on its way.' }, { language: 'pl', body: 'Pieniądze są w drodze.' }] });

let desk: WebDesk;
let marek: Visitor;
beforeEach(async () => {
  desk = await openWebDesk({ templates: [aTemplate(), REFUND] });
  await desk.under.receive(mailFrom('Eve Novak <eve@customer.example>', 'Broken cup', 'It is broken, what do we do now?'));
  marek = await loggedIn(desk);
});
afterEach(() => desk.close());

const find = async (id: string): Promise<Template | undefined> => (await desk.under.store.desk.load()).templates.find((one) => one.id === id);
const loadedIn = (page: string): string | undefined => /name="loaded" value="([^"]*)"/.exec(page)?.[1];
const form = async (path: string, fields: Readonly<Record<string, string>>): Promise<Record<string, string>> => {
  const loaded = loadedIn((await marek.get(path)).text);
  return { _csrf: await marek.csrf(path), kept: '[]', ...(loaded && { loaded }), ...fields };
};

describe('the list of templates', () => {
  it('has them by category, with languages and use, and finds by a word', async () => {
    await desk.under.say('marek', 'reply', 1, { template: 'hello' });
    const { text } = await marek.get('/templates');
    expect(text.indexOf('Money')).toBeLessThan(text.indexOf('Without a category'));
    for (const words of ['Refund sent', 'EN PL', 'used 1 time', 'used 0 times']) expect(text).toContain(words);
    const found = (await marek.get('/templates?q=pieniadze')).text;
    expect(found).toContain('Refund sent');
    expect(found).not.toContain('Hello {{');
    expect((await marek.get('/templates?q=zzz')).text).toContain('No template has “zzz”');
  });

  it('a viewer reads, and is offered no changes', async () => {
    const vera = await loggedIn(desk, 'vera@desk.example');
    expect((await vera.get('/templates')).text).toContain('Refund sent');
    const page = (await vera.get('/templates/refund')).text;
    for (const words of ['/templates/refund/edit', '/templates/refund/retire']) expect(page).not.toContain(words);
    const refused = await vera.post('/templates', { _csrf: await vera.csrf('/templates'), name: 'X', 'text.en': 'x', kept: '[]' });
    expect(refused.status).toBe(422);
    expect((await desk.under.store.desk.load()).templates).toHaveLength(2);
  });
});

describe('one template', () => {
  it('is shown filled in for a conversation, with the way to answer', async () => {
    const { text } = await marek.get('/templates/refund?c=1');
    expect(text).toContain('Your money, Eve, is on its way.');
    expect(text).toContain('href="/c/1?template=refund"');
    expect((await marek.get('/templates/refund?c=99')).text).toContain('no conversation #99');
    expect((await marek.get('/templates/nothing')).status).toBe(404);
  });

  it('stands in the composer to be changed before it goes, and is counted', async () => {
    const page = (await marek.get('/c/1?template=refund')).text;
    expect(page).toContain('Your money, Eve, is on its way.</textarea>');
    const used = hidden(page, 'used');
    expect(used).toBe('refund');
    await marek.press(1, 'reply', { mode: 'answer', answer: 'Your money, Eve, came today.', used });
    expect((await desk.under.messages(1)).at(-1)?.text).toBe('Your money, Eve, came today.');
    expect((await desk.under.store.templates.usage()).get('refund' as TemplateId)?.count).toBe(1);
    expect((await marek.get('/c/1')).text).toContain('Save as template');
  });
});

describe('the form of a template', () => {
  it('makes one with several languages, for whom it is, and with files', async () => {
    const body = new FormData();
    for (const [name, value] of Object.entries(await form('/templates/new', { name: 'Form', category: 'Paper', 'text.en': 'Fill this in.', 'text.pl': '', 'text.other': 'Bitte ausfüllen.', language: 'de', 'mailbox.shop': 'yes', 'team.care': 'yes' }))) body.append(name, value);
    body.append('attach', new File(['paper'], 'form.txt', { type: 'text/plain' }));
    const made = await marek.post('/templates', body);
    expect(made.location).toBe('/templates/form');
    expect(await find('form')).toMatchObject({ name: 'Form', category: 'Paper', texts: [{ language: 'en', body: 'Fill this in.' }, { language: 'de', body: 'Bitte ausfüllen.' }], mailboxes: ['shop'], teams: ['care'], files: [{ fileName: 'form.txt', bytes: 5 }] });
    const ada = await loggedIn(desk, 'ada@desk.example');
    expect((await ada.get('/templates/form')).text).toContain('form.txt');
    expect((await ada.get('/templates/form/files/0')).text).toBe('paper');
  });

  it('changes one, takes files away, and says who did', async () => {
    const changed = await marek.post('/templates/refund', await form('/templates/refund/edit', { name: 'Refund is out', category: '', 'text.en': 'It is out.' }));
    expect(changed.location).toBe('/templates/refund');
    expect(await find('refund')).toEqual({ ...REFUND, name: 'Refund is out', category: '', texts: [{ language: 'en', body: 'It is out.' }] });
    expect((await marek.get('/templates/refund')).text).toContain('Marek Kos');
  });

  it('an unknown variable is refused and named; nothing that was written is lost', async () => {
    const refused = await marek.post('/templates/refund', await form('/templates/refund/edit', { name: 'New name', category: 'Cash', 'text.en': 'Dear {{customer.title}}', 'text.pl': 'Nowa treść' }));
    expect(refused.status).toBe(422);
    for (const words of ['there is no variable {{customer.title}}', 'New name', 'Cash', 'Dear {{customer.title}}</textarea>', 'Nowa treść</textarea>']) expect(refused.text).toContain(words);
    expect(await find('refund')).toEqual(REFUND);
  });

  it('says what a colleague changed meanwhile before it is written over', async () => {
    const before = await form('/templates/refund/edit', { name: 'Refund', category: '', 'text.en': 'It is out.' });
    await desk.under.say('ada', 'template-edit', undefined, { template: 'refund', text: 'Ada wrote this.' });
    const stopped = await marek.post('/templates/refund', before);
    expect(stopped.status).toBe(422);
    for (const words of ['was changed while you were writing', 'Ada wrote this.', 'It is out.</textarea>']) expect(stopped.text).toContain(words);
    const loaded = loadedIn(stopped.text) ?? '';
    expect((await marek.post('/templates/refund', { ...before, loaded })).location).toBe('/templates/refund');
    expect((await find('refund'))?.texts).toEqual([{ language: 'en', body: 'It is out.' }]);
  });

  it('begins with an answer that was sent, names become variables', async () => {
    await desk.under.say('marek', 'reply', 1, { text: 'Hello Eve, it leaves today.' });
    const id = (await desk.under.messages(1)).at(-1)?.id ?? '';
    const { text } = await marek.get(`/templates/new?from=${id}`);
    expect(text).toContain('Hello {{customer.firstName|there}}, it leaves today.</textarea>');
    const inbound = (await desk.under.messages(1))[0]?.id ?? '';
    expect((await marek.get(`/templates/new?from=${inbound}`)).status).toBe(404);
  });

  it('retires one and brings it back', async () => {
    await marek.post('/templates/refund/retire', { _csrf: await marek.csrf('/templates/refund') });
    expect(await find('refund')).toBeUndefined();
    const page = (await marek.get('/templates')).text;
    expect(page).toContain('Retired');
    await marek.post('/templates/refund/restore', { _csrf: await marek.csrf('/templates') });
    expect(await find('refund')).toEqual(REFUND);
  });
});
