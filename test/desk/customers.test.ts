import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Customer } from '../../src/core/model.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
  await desk.receive(mailFrom('Anna <anna@home.example>', 'Cup', 'It is broken', { 'Message-ID': '<cup@home.example>' }));
  await desk.receive(mailFrom('A. Nowak <anna@work.example>', 'Invoice', 'Where is it?', { 'Message-ID': '<invoice@work.example>' }));
});
afterEach(() => desk.close());

const customerAt = async (address: string): Promise<Customer> => {
  const found = await desk.store.customers.byAddress(address);
  if (!found) throw new Error(`nobody at ${address}`);
  return found;
};
const say = async (verb: string, number: number | undefined, args: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { kind, message } = await desk.say('marek', verb, number, args);
  return `${kind} ${message.key}`;
};
const historyOf = async (address: string): Promise<readonly string[]> => (await desk.store.customers.events((await customerAt(address)).id)).map(({ what }) => what);

describe('the card', () => {
  it('says who somebody is, from a conversation, a number or an address', async () => {
    await say('rename-customer', 1, { name: '  Anna   Nowak ' });
    await say('customer-language', 1, { language: 'PL' });
    await say('label-customer', 1, { label: 'Complaint' });
    await say('customer-note', 1, { text: 'Likes blue glaze' });
    const items = [{ title: 'Addresses', text: 'anna@home.example' }, { title: 'Language', text: 'Polish' }, { title: 'Labels', text: 'complaint' }, { title: 'Note by Marek Kos, 20 Nov 2026, 13:00', text: 'Likes blue glaze' }, { title: '#1 Cup', text: 'Open: It is broken' }];
    expect(await desk.say('vera', 'customer', 1)).toMatchObject({ kind: 'list', message: { params: { name: 'Anna Nowak' } }, items });
    expect(await desk.say('vera', 'customer', undefined, { who: 'anna@home.example' })).toMatchObject({ items });
    expect(await desk.say('vera', 'customer', undefined, { who: '#1' })).toMatchObject({ items });
    expect(await historyOf('anna@home.example')).toEqual(['renamed', 'language', 'labelled', 'noted']);
    expect((await desk.store.events.of((await desk.conversation(1)).id)).filter(({ what }) => what === 'customer-changed').map(({ data }) => data['verdict'])).toEqual(['renamed', 'language', 'labelled', 'noted']);
  });

  it('is drawn anew on the cards in chat', async () => {
    await say('rename-customer', 1, { name: 'Anna Nowak' });
    await desk.settle();
    expect(desk.bridge.cards()[0]?.post.facts).toContain('Anna Nowak');
  });

  it('gives labels and notes up again, and what a note said stays in the history', async () => {
    await say('label-customer', 1, { label: 'complaint' });
    expect(await say('unlabel-customer', 1, { label: 'complaint' })).toBe('done card.unlabelled');
    await say('customer-note', 1, { text: 'Likes blue glaze' });
    const { id } = await customerAt('anna@home.example');
    const [note] = await desk.store.customers.notes(id);
    expect(await say('remove-customer-note', 1, { note: note?.id ?? '' })).toBe('done card.note-removed');
    expect(await desk.store.customers.notes(id)).toEqual([]);
    expect((await desk.store.customers.events(id)).at(-1)?.data).toEqual({ text: 'Likes blue glaze' });
    expect(await say('remove-customer-note', 1, { note: 'x' })).toBe('refused card.no-such-note');
  });

  it('refuses with what to do', async () => {
    expect(await say('customer-language', 1, { language: 'polish' })).toBe('refused deskfile.bad-language');
    expect(await say('label-customer', 1, { label: 'vip' })).toBe('refused refused.no-such-label');
    expect(await say('customer', undefined, { who: 'nobody@x.example' })).toBe('refused card.nobody');
    expect(await say('customer', undefined, { who: 'Anna' })).toBe('refused card.who');
    expect(await say('customer', undefined)).toBe('refused refused.which-conversation');
    expect((await desk.say('vera', 'rename-customer', 1, { name: 'x' })).message.key).toBe('refused.not-allowed');
  });
});

describe('addresses', () => {
  it('that are linked make the writer known, and let them go on with a conversation', async () => {
    expect(await say('link-address', 1, { address: 'Anna@Phone.example' })).toBe('done card.linked');
    await desk.receive(mailFrom('Anna <anna@phone.example>', 'Re: Cup', 'Here is a picture', { 'In-Reply-To': '<cup@home.example>' }));
    expect((await desk.conversation(1)).warning).toBeUndefined();
    expect(await desk.messages(1)).toHaveLength(2);
    await desk.receive(mailFrom('Anna <anna@phone.example>', 'Another cup', 'I want more'));
    expect((await desk.conversation(3)).customerId).toBe((await desk.conversation(1)).customerId);
    expect((await desk.conversation(3)).warning).toMatchObject({ kind: 'maybe-same', number: 1 });
  });

  it('that are unlinked are a stranger again; the last one stays', async () => {
    await say('link-address', 1, { address: 'anna@phone.example' });
    expect(await say('unlink-address', 1, { address: 'anna@phone.example' })).toBe('done card.unlinked');
    await desk.receive(mailFrom('Anna <anna@phone.example>', 'Re: Cup', 'It is me', { 'In-Reply-To': '<cup@home.example>' }));
    expect((await desk.conversation(1)).warning).toMatchObject({ kind: 'stranger' });
    expect(await say('unlink-address', 1, { address: 'anna@home.example' })).toBe('refused card.last-address');
    expect(await say('unlink-address', 1, { address: 'x@home.example' })).toBe('refused card.not-their-address');
  });

  it('of somebody else, of ours, and what is none are refused', async () => {
    expect(await say('link-address', 1, { address: 'anna@work.example' })).toBe('refused card.address-taken');
    expect(await say('link-address', 1, { address: 'shop@desk.example' })).toBe('refused card.our-address');
    expect(await say('link-address', 1, { address: 'anna' })).toBe('refused deskfile.bad-address');
  });
});

describe('merging customers', () => {
  it('makes two one, with all that is known of both, and is undone', async () => {
    await say('customer-note', 2, { text: 'Pays by invoice' });
    await say('label-customer', 2, { label: 'complaint' });
    const before = [await customerAt('anna@home.example'), await customerAt('anna@work.example')];

    expect(await say('merge-customers', 2, { into: '1' })).toBe('done card.merged');
    const one = await customerAt('anna@work.example');
    expect(one).toMatchObject({ id: before[0]?.id, name: 'Anna', addresses: ['anna@home.example', 'anna@work.example'], labels: ['complaint'] });
    expect((await desk.store.conversations.ofCustomer(one.id)).map(({ number }) => number)).toEqual([2, 1]);
    expect((await desk.store.customers.notes(one.id)).map(({ text }) => text)).toEqual(['Pays by invoice']);
    await desk.settle();
    expect(desk.bridge.cards().map(({ post }) => post.facts.find((fact) => /conversation/i.test(fact)))).toEqual(['First conversation', '1 earlier conversation']);

    await desk.receive(mailFrom('A. Nowak <anna@work.example>', 'Third', 'Once more'));
    expect((await desk.conversation(3)).customerId).toBe(one.id);
    expect(await say('unmerge-customers', 1)).toBe('done card.unmerged');
    expect([await customerAt('anna@home.example'), await customerAt('anna@work.example')]).toEqual(before);
    expect([await desk.conversation(1), await desk.conversation(2), await desk.conversation(3)].map(({ customerId }) => customerId)).toEqual([before[0]?.id, before[1]?.id, before[1]?.id]);
    expect((await desk.store.customers.notes(before[1]?.id as Customer['id'])).map(({ text }) => text)).toEqual(['Pays by invoice']);
    expect(await say('unmerge-customers', 1)).toBe('refused card.not-merged');
  });

  it('lets them write into the conversations of both', async () => {
    await say('merge-customers', 2, { into: 'anna@home.example' });
    await desk.receive(mailFrom('Anna <anna@home.example>', 'Re: Invoice', 'Found it, but it is wrong', { 'In-Reply-To': '<invoice@work.example>' }));
    expect(await desk.messages(2)).toHaveLength(2);
    expect((await desk.conversation(2)).warning).toBeUndefined();
  });

  it('with themselves or nobody is refused', async () => {
    expect(await say('merge-customers', 1, { into: '#1' })).toBe('refused card.same-customer');
    expect(await say('merge-customers', 1, { into: 'nobody@x.example' })).toBe('refused card.nobody');
    expect(await historyOf('anna@home.example')).toEqual([]);
  });
});
