import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { plainSearch } from '../../src/core/search/parse.js';

let desk: DeskUnderTest;
const ANNA = 'Anna Nowak <anna@customer.example>';
beforeEach(async () => {
  desk = await openDesk();
  await desk.receive(mailFrom(ANNA, 'Cup', 'The cup is broken', { 'Message-ID': '<cup@customer.example>' }));
  await desk.receive(mailFrom(ANNA, 'Cup again', 'And the plate', { 'Message-ID': '<plate@customer.example>' }));
});
afterEach(() => desk.close());

const texts = async (number: number): Promise<readonly string[]> => (await desk.messages(number)).map(({ text }) => text);

describe('merge', () => {
  it('makes two conversations one: mails and notes are together, both numbers lead there', async () => {
    await desk.say('marek', 'note', 2, { text: 'Same parcel' });
    expect(await desk.say('marek', 'merge', 2, { into: '#1' })).toMatchObject({ kind: 'done', message: { params: { number: 2, into: 1 } } });
    expect(await texts(1)).toEqual(['The cup is broken', 'And the plate']);
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toHaveLength(1);
    expect(await desk.conversation(2)).toMatchObject({ status: 'closed', mergedInto: (await desk.conversation(1)).id });
    expect(await desk.say('marek', 'claim', 2)).toMatchObject({ kind: 'done', message: { params: { number: 1 } } });
    expect((await desk.store.search.find(plainSearch('plate'), 5)).map(({ conversation }) => conversation.number)).toEqual([1]);
    await desk.settle();
    expect(desk.bridge.thread(1).map(({ post }) => post.text)).toContain('And the plate');
  });

  it('what the customer answers to either comes into the one', async () => {
    await desk.say('marek', 'merge', 2, { into: '1' });
    await desk.receive(mailFrom(ANNA, 'Re: Cup again', 'Did you get my photos?', { 'In-Reply-To': '<plate@customer.example>' }));
    expect((await texts(1)).at(-1)).toBe('Did you get my photos?');
    expect(desk.bridge.cards()).toHaveLength(2);
  });

  it('and undo is the identity for mails, notes, status and participants', async () => {
    await desk.say('marek', 'note', 2, { text: 'Same parcel' });
    const before = await Promise.all([1, 2].map(async (number) => ({ texts: await texts(number), notes: (await desk.store.notes.of((await desk.conversation(number)).id)).length, ...(await desk.conversation(number)) })));
    await desk.say('marek', 'merge', 2, { into: '1' });
    expect((await desk.say('marek', 'unmerge', 1)).kind).toBe('done');
    for (const [index, number] of [1, 2].entries()) {
      const { status, participants, mergedInto, subject, labels } = await desk.conversation(number);
      expect({ texts: await texts(number), notes: (await desk.store.notes.of((await desk.conversation(number)).id)).length, status, participants, mergedInto, subject, labels }).toEqual({
        texts: before[index]?.texts, notes: before[index]?.notes, status: before[index]?.status, participants: before[index]?.participants, mergedInto: undefined, subject: before[index]?.subject, labels: before[index]?.labels,
      });
    }
    expect(await desk.say('marek', 'unmerge', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.not-merged' } });
  });

  it('refuses itself, what does not exist and what is no number', async () => {
    expect(await desk.say('marek', 'merge', 1, { into: '1' })).toMatchObject({ message: { key: 'refused.same-conversation' } });
    expect(await desk.say('marek', 'merge', 1, { into: '99' })).toMatchObject({ message: { key: 'refused.no-such-conversation' } });
    expect(await desk.say('marek', 'merge', 1, { into: 'the other' })).toMatchObject({ message: { key: 'refused.bad-number' } });
  });
});

describe('split', () => {
  it("takes a stranger's mail out into a conversation of their own, and merge brings it back", async () => {
    await desk.receive(mailFrom('Bob <bob@elsewhere.example>', 'Re: Cup', 'I want one too', { 'In-Reply-To': '<cup@customer.example>' }));
    const stranger = (await desk.messages(1)).at(-1);
    expect((await desk.say('marek', 'split', 1, { message: stranger?.id ?? '' })).kind).toBe('done');
    expect(await texts(1)).toEqual(['The cup is broken']);
    expect((await desk.conversation(1)).warning).toBeUndefined();
    expect(await desk.conversation(3)).toMatchObject({ status: 'open', participants: ['bob@elsewhere.example'], channelId: 'orders' });
    expect(await texts(3)).toEqual(['I want one too']);
    await desk.say('marek', 'merge', 3, { into: '1' });
    expect(await texts(1)).toEqual(['The cup is broken', 'I want one too']);
  });

  it('refuses the only mail', async () => {
    const [only] = await desk.messages(1);
    expect(await desk.say('marek', 'split', 1, { message: only?.id ?? '' })).toMatchObject({ kind: 'refused', message: { key: 'refused.nothing-to-split' } });
  });
});
