import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { MailboxId, TeamId, TemplateId } from '../../src/core/ids.js';
import type { Template } from '../../src/core/model.js';
import type { Form } from '../../src/core/ports/chat.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aDesk, aMailbox, aTemplate } from '../support/samples.js';

const REFUND = aTemplate({
  id: 'refund' as TemplateId, name: 'Refund sent', category: 'Money',
  texts: [{ language: 'en', body: 'Hello {{customer.firstName|there}}, your money is on its way. We look again on {{date.nextWorkday}}.' }, { language: 'pl', body: 'Dzień dobry, pieniądze są w drodze. Sprawdzimy: {{date.nextWorkday}}.' }],
});
const WHOLESALE = aTemplate({ id: 'wholesale' as TemplateId, name: 'Wholesale prices', mailboxes: ['hurt' as MailboxId] });
const CARE = aTemplate({ id: 'care' as TemplateId, name: 'For care', teams: ['care' as TeamId] });
const NAMED = aTemplate({ id: 'named' as TemplateId, name: 'Needs a name', texts: [{ language: 'en', body: 'Dear {{customer.firstName}}' }] });
const POLISH = 'Dzień dobry, kubek jest pęknięty i chciałabym otrzymać zwrot pieniędzy za zamówienie. Pozdrawiam serdecznie';
const MAREK = { bridge: 'web', id: 'm', email: 'marek@desk.example' };

let desk: DeskUnderTest;
const write = (text = 'It is broken', from = 'Anna Nowak <anna@customer.example>'): Promise<void> => desk.receive(mailFrom(from, 'Cup', text));
const offered = async (): Promise<readonly Template[]> => (await desk.store.desk.load()).templates;
const find = async (id: string): Promise<Template | undefined> => (await offered()).find((one) => one.id === id);
const answers = async (): Promise<readonly string[]> => (await desk.messages(1)).filter(({ direction, state }) => direction === 'out' && state !== 'cancelled').map(({ text }) => text);
const uses = async (id: string): Promise<number> => (await desk.store.templates.usage()).get(id as TemplateId)?.count ?? 0;
const formOf = async (verb: string, prefill: Readonly<Record<string, string>> = {}): Promise<Form> => {
  const form = await desk.door.form({ person: MAREK, eventId: 'form', thread: undefined, verb, conversationId: (await desk.conversation(1)).id, prefill });
  if (!('fields' in form)) throw new Error(form.text);
  return form;
};
const act = (eventId: string, verb: string, args: Readonly<Record<string, string>>, at?: Awaited<ReturnType<DeskUnderTest['conversation']>>) =>
  desk.door.act({ person: MAREK, eventId, thread: undefined, verb, args, conversationId: at?.id, revision: at?.revision });
const valuesIn = (form: Form | undefined): Readonly<Record<string, string>> => Object.fromEntries(form?.fields.map(({ name, initial }) => [name, initial]) ?? []);

beforeEach(async () => {
  desk = await openDesk({ templates: [...aDesk().templates, REFUND, WHOLESALE, CARE, NAMED], mailboxes: [aMailbox(), aMailbox({ id: 'hurt' as MailboxId, address: 'hurt@desk.example', name: 'Hurt' })] });
});
afterEach(() => desk.close());

describe('answering with a template', () => {
  it("takes the customer's language by itself, with dates in it", async () => {
    await write(POLISH);
    await desk.say('marek', 'reply', 1, { template: 'refund' });
    expect(await answers()).toEqual(['Dzień dobry, pieniądze są w drodze. Sprawdzimy: poniedziałek 23 listopada.']);
  });

  it('takes another language where that is asked for', async () => {
    await write('Hello, the cup is broken and I would like to have my money back, thank you very much.');
    await desk.say('marek', 'reply', 1, { template: 'refund' });
    await desk.say('marek', 'reply', 1, { template: 'refund', language: 'pl' });
    expect(await answers()).toEqual(['Hello Anna, your money is on its way. We look again on Monday 23 November.', 'Dzień dobry, pieniądze są w drodze. Sprawdzimy: poniedziałek 23 listopada.']);
  });

  it('is found by its name, and by a part of it that only one has', async () => {
    await write();
    expect((await desk.say('marek', 'reply', 1, { template: 'REFUND sent' })).kind).toBe('done');
    expect((await desk.say('marek', 'reply', 1, { template: 'fund', text: 'See you.' })).kind).toBe('done');
    expect(await desk.say('marek', 'reply', 1, { template: 'e' })).toMatchObject({ kind: 'refused', message: { key: 'refused.ambiguous-template' } });
    expect(await desk.say('marek', 'reply', 1, { template: 'nothing' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-template', params: { names: expect.stringContaining('Refund sent (refund)') as string } } });
  });

  it('is refused where it is for another mailbox or team', async () => {
    await write();
    expect(await desk.say('marek', 'reply', 1, { template: 'wholesale' })).toMatchObject({ kind: 'refused', message: { key: 'refused.template-elsewhere', params: { name: 'Wholesale prices' } } });
    expect(await desk.say('marek', 'reply', 1, { template: 'care' })).toMatchObject({ kind: 'refused', message: { key: 'refused.template-elsewhere' } });
    expect((await desk.say('anna', 'reply', 1, { template: 'care' })).kind).toBe('done');
  });

  it('a variable without a value stops it and is named; an address is no name', async () => {
    await write('It is broken', 'anna@customer.example');
    expect(await desk.say('marek', 'reply', 1, { template: 'named' })).toMatchObject({ kind: 'refused', message: { key: 'refused.unknown-variable', params: { names: '{{customer.firstName}}' } } });
    await desk.say('marek', 'reply', 1, { template: 'hello' });
    expect(await answers()).toEqual(['Hello there, we are on it.']);
  });

  it('is counted, and not counted when it was taken back', async () => {
    await write();
    await desk.say('marek', 'reply', 1, { template: 'hello' });
    expect(await uses('hello')).toBe(1);
    await desk.say('marek', 'undo', 1);
    expect(await uses('hello')).toBe(0);
    await desk.say('marek', 'reply', 1, { text: 'Hello Anna, changed by hand', used: 'hello' });
    expect([await uses('hello'), await uses('refund')]).toEqual([1, 0]);
  });
});

describe('a template in a form', () => {
  it('comes back filled in, to be read and changed, and nothing is sent until then', async () => {
    await write();
    const chosen = await act('e1', 'reply', { template: 'hello', text: 'It leaves today.', review: 'true' }, await desk.conversation(1));
    expect(chosen.kind).toBe('form');
    expect(valuesIn(chosen.form)['text']).toBe('Hello Anna, we are on it.\n\nIt leaves today.');
    expect(chosen.form?.hidden).toMatchObject({ used: 'hello', review: 'true' });
    expect(await answers()).toEqual([]);
  });

  it('keeps the revision that it was begun from, so that what came in meanwhile holds the answer', async () => {
    await write();
    const begun = await desk.conversation(1);
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup [#1]', 'One more thing'));
    const chosen = await act('e1', 'reply', { template: 'hello', review: 'true' }, begun);
    expect(chosen.form?.revision).toBe(begun.revision);
    expect((await act('e2', 'reply', { ...chosen.form?.hidden, text: 'Hello Anna' }, begun)).kind).toBe('held');
  });

  it('names what has no value, and shows it in the text', async () => {
    await write('It is broken', 'anna@customer.example');
    const form = await formOf('reply', { template: 'named' });
    expect(form.facts.join('\n')).toContain('No value for {{customer.firstName}}');
    expect(valuesIn(form)['text']).toBe('Dear {{customer.firstName}}');
  });

  it('one that is chosen after another takes its place while nothing was changed, else stands before what was written', async () => {
    await write();
    const first = valuesIn(await formOf('reply', { template: 'hello' }))['text'] ?? '';
    const second = await formOf('reply', { template: 'received', text: first, used: 'hello' });
    expect([valuesIn(second)['text'], second.hidden['used']]).toEqual(['We have your mail, Anna Nowak.', 'received']);
    const both = await formOf('reply', { template: 'received', text: `${first} Really.`, used: 'hello' });
    expect([valuesIn(both)['text'], both.hidden['used']]).toEqual([`We have your mail, Anna Nowak.\n\n${first} Really.`, 'hello,received']);
  });

  it('offers what fits the mailbox and the person, the most used first', async () => {
    await write();
    await desk.say('marek', 'reply', 1, { template: 'received' });
    expect((await formOf('reply')).fields.find(({ name }) => name === 'template')?.choices.map(({ label }) => label)).toEqual(['Received', 'Hello', 'Needs a name', 'Money: Refund sent']);
  });
});

describe('/templates and /template', () => {
  it('lists what there is for this person, and finds by a word', async () => {
    expect(await desk.say('marek', 'templates', undefined)).toMatchObject({ kind: 'list', message: { key: 'templates.found', params: { count: 5 } } });
    expect(await desk.say('vera', 'templates', undefined, { words: 'pieniadze' })).toMatchObject({ kind: 'list', items: [{ title: 'Money: Refund sent', text: expect.stringMatching(/^refund · en pl · used 0 times · Hello/) as string }] });
    expect(await desk.say('marek', 'templates', undefined, { words: 'zzz' })).toMatchObject({ message: { key: 'templates.none' } });
  });

  it('shows one filled in for a conversation; who may answer can go on, a viewer reads', async () => {
    await write();
    expect(await desk.say('marek', 'template', 1, { template: 'hello' })).toMatchObject({ kind: 'form', verb: 'reply', args: { template: 'hello' }, items: [{ title: 'Hello', text: 'Hello Anna, we are on it.' }] });
    expect(await desk.say('vera', 'template', 1, { template: 'hello' })).toMatchObject({ kind: 'list', items: [{ text: 'Hello Anna, we are on it.' }] });
    expect(await desk.say('marek', 'template', 1, { template: 'refund', language: 'pl' })).toMatchObject({ message: { params: { language: 'pl' } } });
    expect(await answers()).toEqual([]);
  });
});

describe('keeping templates', () => {
  it('makes one that everybody can use at once', async () => {
    await write();
    expect(await desk.say('marek', 'template-new', undefined, { name: 'Zwrot wysłany', category: 'Pieniądze', language: 'polski', text: 'Zwrot wysłany, {{agent.firstName}}' })).toMatchObject({ kind: 'done', message: { key: 'template.added', params: { id: 'zwrot-wyslany' } } });
    expect(await find('zwrot-wyslany')).toMatchObject({ name: 'Zwrot wysłany', category: 'Pieniądze', texts: [{ language: 'pl', body: 'Zwrot wysłany, {{agent.firstName}}' }] });
    expect((await desk.say('anna', 'reply', 1, { template: 'zwrot-wyslany' })).kind).toBe('done');
    expect(await answers()).toEqual(['Zwrot wysłany, Anna']);
  });

  it.each([
    ['an unknown variable, named', { name: 'X', text: 'Hi {{customer.fistName}} {{shop}}' }, 'refused.template-variable', { names: '{{customer.fistName}}, {{shop}}' }],
    ['a name that is taken', { name: 'HELLO', text: 'x' }, 'refused.template-exists', { name: 'Hello' }],
    ['a language that is none', { name: 'X', text: 'x', language: 'klingon!' }, 'refused.bad-language', {}],
    ['a mailbox that is not there', { name: 'X', text: 'x', mailboxes: 'shop, nope' }, 'refused.no-such-mailbox', { said: 'nope' }],
    ['a team that is not there', { name: 'X', text: 'x', teams: 'nope' }, 'refused.no-such-team', { said: 'nope' }],
    ['a name that is too long', { name: 'X'.repeat(81), text: 'x' }, 'refused.template-name-long', {}],
    ['a text that is too long', { name: 'X', text: 'x'.repeat(20_001) }, 'refused.template-long', {}],
  ])('refuses %s, and keeps nothing', async (_what, args, key, params) => {
    expect(await desk.say('marek', 'template-new', undefined, args)).toMatchObject({ kind: 'refused', message: { key, params } });
    expect(await offered()).toHaveLength(6);
  });

  it('changes one: the text of a language, another language, for whom it is', async () => {
    await desk.say('marek', 'template-edit', undefined, { template: 'hello', text: 'Hi {{customer.firstName|there}}' });
    await desk.say('marek', 'template-edit', undefined, { template: 'hello', language: 'pl', text: 'Dzień dobry' });
    await desk.say('marek', 'template-edit', undefined, { template: 'hello', name: 'Greeting', category: 'First', mailboxes: 'Shop', teams: 'care' });
    expect(await find('hello')).toEqual({ ...aTemplate(), name: 'Greeting', category: 'First', texts: [{ language: 'en', body: 'Hi {{customer.firstName|there}}' }, { language: 'pl', body: 'Dzień dobry' }], mailboxes: ['shop'], teams: ['care'] });
    await desk.say('ada', 'template-edit', undefined, { template: 'hello', category: '-', mailboxes: '-', teams: '-' });
    expect(await find('hello')).toMatchObject({ category: '', mailboxes: [], teams: [] });
    expect((await desk.store.templates.all()).find(({ template }) => template.id === 'hello')).toMatchObject({ changed: { by: 'ada' }, described: { name: 'Hello' } });
  });

  it('asks in a form that shows what there is, when only the template is named', async () => {
    const asked = await act('e', 'template-edit', { template: 'refund', language: 'pl' });
    expect(valuesIn(asked.form)).toMatchObject({ template: 'refund', name: 'Refund sent', category: 'Money', language: 'pl', text: expect.stringContaining('Dzień dobry') as string });
    const other = await act('f', 'template-edit', { ...asked.form?.hidden, template: 'hello', name: 'Refund sent', text: 'Dzień dobry' });
    expect(valuesIn(other.form)['name']).toBe('Hello');
    expect(await find('hello')).toEqual(aTemplate());
  });

  it('does not write over what a colleague changed meanwhile; nothing that was written is lost', async () => {
    const asked = await act('e', 'template-edit', { template: 'hello' });
    await desk.say('anna', 'template-edit', undefined, { template: 'hello', text: 'Good day' });
    const stopped = await act('f', 'template-edit', { ...asked.form?.hidden, ...valuesIn(asked.form), text: 'Good morning' });
    expect(stopped.text).toContain('was changed while you were writing');
    expect(stopped.items.map(({ text }) => text)).toEqual(['Good day']);
    expect((await find('hello'))?.texts).toEqual([{ language: 'en', body: 'Good day' }]);
    expect(valuesIn(stopped.form)['text']).toBe('Good morning');
    await act('g', 'template-edit', { ...stopped.form?.hidden, ...valuesIn(stopped.form) });
    expect((await find('hello'))?.texts).toEqual([{ language: 'en', body: 'Good morning' }]);
  });

  it('retires one and brings it back, with its texts and its count', async () => {
    await write();
    await desk.say('marek', 'reply', 1, { template: 'refund' });
    expect(await desk.say('marek', 'template-retire', undefined, { template: 'refund' })).toMatchObject({ kind: 'done', message: { key: 'template.retired' } });
    expect(await find('refund')).toBeUndefined();
    expect(await desk.say('marek', 'reply', 1, { template: 'refund' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-template' } });
    expect(await desk.say('marek', 'template-restore', undefined, { name: 'hello' })).toMatchObject({ kind: 'refused', message: { key: 'refused.not-retired', params: { names: 'Refund sent' } } });
    await desk.say('anna', 'template-restore', undefined, { name: 'refund sent' });
    expect(await find('refund')).toEqual(REFUND);
    expect(await uses('refund')).toBe(1);
  });

  it('does not retire what a rule sends by itself', async () => {
    await desk.store.transaction((tx) => tx.desk.save({ ...desk.desk, rules: [{ id: 'r' as never, name: 'At night', position: 1, when: { always: true }, then: [{ acknowledge: 'received' as TemplateId }] }] }));
    expect(await desk.say('marek', 'template-retire', undefined, { template: 'received' })).toMatchObject({ kind: 'refused', message: { key: 'refused.template-in-rule', params: { rule: 'At night' } } });
  });

  it('makes one of an answer that was sent, without what belongs to that customer, and only after it was read', async () => {
    await write();
    await desk.say('marek', 'reply', 1, { text: 'Hello Anna,\n\nyour number is #1.\n\nMarek Kos' });
    const text = 'Hello {{customer.firstName|there}},\n\nyour number is #{{conversation.number}}.\n\n{{agent.name}}';
    expect(await desk.say('marek', 'template-save', 1, { name: 'Your number' })).toMatchObject({ kind: 'form', verb: 'template-save', items: [{ text }] });
    expect(await find('your-number')).toBeUndefined();
    const form = await formOf('template-save');
    expect(valuesIn(form)).toMatchObject({ name: 'Cup', text });
    expect(await desk.say('marek', 'template-save', 1, { ...form.hidden, name: 'Your number', text })).toMatchObject({ kind: 'done' });
    expect(await find('your-number')).toMatchObject({ texts: [{ body: text }] });
  });

  it('has nothing to save where nobody has answered', async () => {
    await write();
    expect(await desk.say('marek', 'template-save', 1, { name: 'X' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-answer-to-save' } });
  });

  it('takes the files of an answer along, and sends them with the next one, once', async () => {
    await write();
    const file = { blob: 'c'.repeat(64), fileName: 'form.pdf', contentType: 'application/pdf', bytes: 9 };
    await desk.say('marek', 'reply', 1, { text: 'Fill this in.', files: JSON.stringify([file]) });
    await desk.say('marek', 'template-save', 1, { ...(await formOf('template-save')).hidden, name: 'Form', text: 'Fill this in.' });
    expect((await find('form'))?.files).toEqual([file]);
    await desk.say('marek', 'reply', 1, { template: 'form', files: JSON.stringify([file]) });
    expect((await desk.messages(1)).at(-1)?.attachments.map(({ fileName }) => fileName)).toEqual(['form.pdf']);
  });

  it.each(['template-new', 'template-edit', 'template-retire', 'template-restore', 'template-save'])('a viewer may not %s', async (verb) => {
    await write();
    expect(await desk.say('vera', verb, 1, { template: 'hello', name: 'X', text: 'x' })).toMatchObject({ kind: 'refused', message: { key: 'refused.not-allowed' } });
    expect(await offered()).toHaveLength(6);
  });
});

describe('an acknowledgement', () => {
  it("is in the customer's language, and counted", async () => {
    await desk.close();
    desk = await openDesk({ templates: [{ ...REFUND, id: 'received' as TemplateId }], rules: [{ id: 'r' as never, name: 'All', position: 1, when: { always: true }, then: [{ acknowledge: 'received' as TemplateId }] }] });
    await write(POLISH);
    expect((await answers())[0]).toContain('Dzień dobry, pieniądze są w drodze.');
    expect(await uses('received')).toBe(1);
  });
});
