import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ChannelId, FolderId, MailboxId, TeamId } from '../../src/core/ids.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aDesk, aMailbox } from '../support/samples.js';

const CARE_ONLY = { teams: ['care' as TeamId], agents: [] };
let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk({ folders: [...aDesk().folders, { id: 'wages' as FolderId, name: 'Wages', visibleTo: CARE_ONLY }] });
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken'));
});
afterEach(() => desk.close());

const history = async (): Promise<readonly string[]> => (await desk.store.events.of((await desk.conversation(1)).id)).map(({ what }) => what);

describe('filing', () => {
  it('puts a conversation into a folder, and taking it out brings it back to where it was, with a card again', async () => {
    await desk.say('marek', 'move', 1, { place: 'returns' });
    expect(await desk.say('marek', 'file', 1, { folder: 'newsletters' })).toMatchObject({ kind: 'done', message: { params: { place: 'Newsletters' } } });
    await desk.settle();
    expect(await desk.conversation(1)).toMatchObject({ folderId: 'news', channelId: undefined });
    expect(await desk.say('marek', 'unfile', 1)).toMatchObject({ kind: 'done', message: { params: { place: 'returns' } } });
    await desk.settle();
    expect(await desk.conversation(1)).toMatchObject({ folderId: undefined, channelId: 'returns' });
    expect(desk.bridge.cards().at(-1)).toMatchObject({ channel: 'returns', post: { kind: 'card' } });
    expect(await history()).toEqual(['opened', 'moved', 'filed', 'moved']);
  });

  it('says what there is, and what is no use', async () => {
    expect(await desk.say('marek', 'file', 1, { folder: 'nowhere' })).toMatchObject({ message: { key: 'refused.no-such-folder', params: { names: 'System mail, Newsletters' } } });
    expect(await desk.say('marek', 'unfile', 1)).toMatchObject({ message: { key: 'refused.not-filed' } });
    expect(await desk.say('vera', 'file', 1, { folder: 'news' })).toMatchObject({ message: { key: 'refused.not-allowed' } });
    expect(await history()).toEqual(['opened']);
  });

  it('of what a rule filed goes to the mailbox’s channel', async () => {
    await desk.receive(mailFrom('Mailer <mailer-daemon@customer.example>', 'Out of office', 'Back on Monday', { 'Auto-Submitted': 'auto-replied' }));
    expect((await desk.conversation(2)).folderId).toBe('system');
    expect((await desk.say('marek', 'unfile', 2)).kind).toBe('done');
    expect((await desk.conversation(2)).channelId).toBe('orders');
  });

  it('in a folder for some hides it from the others', async () => {
    expect(await desk.say('marek', 'file', 1, { folder: 'Wages' })).toMatchObject({ message: { key: 'refused.no-such-folder' } });
    expect((await desk.say('anna', 'file', 1, { folder: 'Wages' })).kind).toBe('done');
    expect(await desk.say('marek', 'unfile', undefined, { conversation: '1' })).toMatchObject({ message: { key: 'refused.no-such-conversation' } });
    expect((await desk.say('anna', 'unfile', 1)).kind).toBe('done');
    expect((await desk.say('marek', 'show', 1)).kind).toBe('list');
  });
});

describe('work on what is for some', () => {
  it('is given to nobody who cannot see it', async () => {
    await desk.say('anna', 'file', 1, { folder: 'Wages' });
    expect(await desk.say('anna', 'assign', 1, { to: 'marek' })).toMatchObject({ kind: 'refused', message: { key: 'refused.assignee-blind', params: { who: 'Marek Kos' } } });
    const form = await desk.door.form({ person: { bridge: 'web', id: 'a', email: 'anna@desk.example' }, eventId: 'form', thread: undefined, verb: 'assign', conversationId: (await desk.conversation(1)).id, prefill: {} });
    expect('fields' in form && form.fields.find(({ name }) => name === 'to')?.choices.map(({ value }) => value)).toEqual(['anna', 'ada', 'care']);
    expect((await desk.say('anna', 'assign', 1, { to: 'care' })).kind).toBe('done');
    expect((await desk.say('anna', 'assign', 1, { to: 'ada' })).kind).toBe('done');
  });

  it('is not merged with what others see', async () => {
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Plate', 'It is broken, too'));
    await desk.say('anna', 'file', 1, { folder: 'Wages' });
    const before = await desk.conversation(2);
    expect(await desk.say('anna', 'merge', 1, { into: '2' })).toMatchObject({ kind: 'refused', message: { key: 'refused.other-audience', params: { number: 1, into: 2 } } });
    expect(await desk.conversation(2)).toEqual(before);
    await desk.say('anna', 'unfile', 1);
    expect((await desk.say('anna', 'merge', 1, { into: '2' })).kind).toBe('done');
  });

  it('goes where the old card does not say', async () => {
    const [old] = desk.bridge.cards();
    await desk.say('anna', 'file', 1, { folder: 'Wages' });
    await desk.settle();
    expect(old?.post).toMatchObject({ kind: 'event', text: '#1 was moved to another place' });
  });

  it('is not hinted at on a card that others read', async () => {
    const shop = [aMailbox(), aMailbox({ id: 'open' as MailboxId, address: 'open@desk.example' })];
    const other = await openDesk({ mailboxes: shop, channels: aDesk().channels.map((channel) => (channel.id === ('returns' as ChannelId) ? { ...channel, visibleTo: CARE_ONLY } : channel)) });
    await other.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken'));
    await other.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Plate', 'This, too'));
    expect((await other.conversation(2)).warning).toMatchObject({ kind: 'maybe-same', number: 1 });
    await other.say('anna', 'move', 2, { place: 'returns' });
    await other.say('anna', 'close', 1);
    await other.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Spoon', 'And this'));
    expect((await other.conversation(3)).warning).toBeUndefined();
    await other.close();
  });
});
