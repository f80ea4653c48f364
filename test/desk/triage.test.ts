import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' }));
});
afterEach(() => desk.close());

const history = async (): Promise<readonly string[]> => (await desk.store.events.of((await desk.conversation(1)).id)).map(({ what }) => what);

describe('labels', () => {
  it('are put on and taken off by name, whatever its case, and written into the history once', async () => {
    expect((await desk.say('marek', 'label', 1, { label: 'COMPLAINT' })).kind).toBe('done');
    await desk.say('marek', 'label', 1, { label: 'complaint' });
    expect((await desk.conversation(1)).labels).toEqual(['complaint']);
    await desk.say('marek', 'unlabel', 1, { label: 'complaint' });
    expect((await desk.conversation(1)).labels).toEqual([]);
    expect((await history()).filter((what) => what.endsWith('labelled'))).toEqual(['labelled', 'unlabelled']);
  });

  it('that do not exist are refused with those that do', async () => {
    expect(await desk.say('marek', 'label', 1, { label: 'vip' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-label', params: { names: 'complaint' } } });
  });
});

describe('priority', () => {
  it('is set in English or Polish and shown on the card', async () => {
    await desk.say('marek', 'priority', 1, { priority: 'pilna' });
    await desk.settle();
    expect((await desk.conversation(1)).priority).toBe('urgent');
    expect(desk.bridge.cards()[0]?.post.facts).toContain('Urgent');
    expect((await desk.say('marek', 'priority', 1, { priority: 'soonish' })).kind).toBe('refused');
  });
});

describe('waiting and spam', () => {
  it('puts a conversation aside until the customer writes', async () => {
    await desk.say('marek', 'wait', 1);
    expect(await desk.conversation(1)).toMatchObject({ status: 'pending', waitingSince: undefined });
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', 'Any news about it?', { 'In-Reply-To': '<first@customer.example>' }));
    expect((await desk.conversation(1)).status).toBe('open');
  });

  it('keeps spam out of sight, whatever else comes into it, until a person says otherwise', async () => {
    await desk.say('marek', 'spam', 1);
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', 'Buy now, cheap watches', { 'In-Reply-To': '<first@customer.example>' }));
    expect((await desk.conversation(1)).status).toBe('spam');
    await desk.say('marek', 'not-spam', 1);
    expect((await desk.conversation(1)).status).toBe('open');
  });
});

describe('moving', () => {
  it('takes card and thread to the other channel, and the old place says where it is', async () => {
    await desk.say('marek', 'note', 1, { text: 'Ask Ada' });
    await desk.settle();
    const [old] = desk.bridge.cards();
    expect((await desk.say('marek', 'move', 1, { place: 'Returns' })).kind).toBe('done');
    await desk.settle();
    const shown = desk.bridge.cards().filter(({ channel }) => channel === 'returns');
    expect(shown).toHaveLength(1);
    expect(desk.bridge.posts.filter(({ thread }) => thread === shown[0]?.thread).map(({ post }) => post.text)).toContain('It is broken');
    expect(old?.post).toMatchObject({ kind: 'event', text: '#1 was moved to returns' });
    expect((await desk.conversation(1)).channelId).toBe('returns');
  });

  it('into a folder takes the card away and the waiting with it', async () => {
    await desk.say('marek', 'move', 1, { place: 'Newsletters' });
    await desk.settle();
    expect(await desk.conversation(1)).toMatchObject({ folderId: 'news', channelId: undefined, waitingSince: undefined });
    expect(await desk.say('marek', 'move', 1, { place: 'nowhere' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-place' } });
  });
});
