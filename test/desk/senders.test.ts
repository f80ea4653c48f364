import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RuleId } from '../../src/core/ids.js';
import type { HistoryEvent } from '../../src/core/model.js';
import type { SenderPattern } from '../../src/core/senders.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk({ spam: { keepDays: 90, blocked: ['@file.example' as SenderPattern], allowed: ['@partner.example' as SenderPattern] }, rules: [
    { id: 'flagged' as RuleId, name: 'Flagged by the server', position: 1, when: { header: { name: 'X-Spam-Flag', matches: 'yes' } }, then: [{ spam: true }] },
  ] });
});
afterEach(() => desk.close());

const ads = (subject: string, headers: Readonly<Record<string, string>> = {}): string => mailFrom('Ads <ads@casino.example>', subject, 'Buy now', headers);
const events = async (number: number): Promise<readonly HistoryEvent[]> => desk.store.events.of((await desk.conversation(number)).id);
const kinds = async (number: number): Promise<readonly string[]> => (await events(number)).map(({ what }) => what);
const message = (outcome: Awaited<ReturnType<DeskUnderTest['say']>>): unknown => ({ kind: outcome.kind, ...outcome.message });

describe('mail of a blocked sender', () => {
  it('is kept, filed as spam without a card, and the reason stands in its history', async () => {
    await desk.say('marek', 'block', undefined, { who: 'ads@casino.example' });
    await desk.receive(ads('Win'));
    expect(await desk.conversation(1)).toMatchObject({ status: 'spam', channelId: undefined, folderId: undefined, waitingSince: undefined });
    expect((await desk.messages(1)).map(({ text }) => text)).toEqual(['Buy now']);
    expect((await events(1)).find(({ what }) => what === 'blocked')?.data).toEqual({ sender: 'ads@casino.example', pattern: 'ads@casino.example' });
    expect(desk.bridge.cards()).toEqual([]);
    expect((await desk.store.conversations.list({ kind: 'spam' }, { limit: 5, offset: 0 })).map(({ conversation }) => conversation.number)).toEqual([1]);
  });

  it('does not go into a conversation that is open, and what they write on lies together', async () => {
    await desk.receive(ads('Hello', { 'Message-ID': '<hello@casino.example>' }));
    await desk.say('marek', 'block', undefined, { who: '@casino.example' });
    await desk.receive(ads('Re: Hello', { 'In-Reply-To': '<hello@casino.example>', 'Message-ID': '<second@casino.example>' }));
    await desk.receive(ads('Re: Hello', { 'In-Reply-To': '<second@casino.example>' }));
    expect((await desk.messages(1)).map(({ subject }) => subject)).toEqual(['Hello']);
    expect((await desk.conversation(1)).status).toBe('open');
    expect(await desk.messages(2)).toHaveLength(2);
    expect((await desk.conversation(2)).status).toBe('spam');
  });

  it('of desk.yaml alike; an address of the domain may be let in', async () => {
    await desk.receive(mailFrom('Bob <bob@mail.file.example>', 'One', 'x'));
    await desk.say('marek', 'allow', undefined, { who: 'bob@mail.file.example' });
    await desk.receive(mailFrom('Bob <bob@mail.file.example>', 'Two', 'x'));
    expect([(await desk.conversation(1)).status, (await desk.conversation(2)).status]).toEqual(['spam', 'open']);
  });

  it('over the limit has no card either', async () => {
    await desk.say('marek', 'block', undefined, { who: 'big@customer.example' });
    const { mailboxes: [mailbox] } = desk.desk;
    await desk.store.rawMails.addMany([{ id: 'raw-big' as never, mailboxId: mailbox?.id as never, source: 'imap', place: undefined, blob: undefined, bytes: 90_000_000, recipients: [], receivedAt: desk.now(), state: 'stored', historic: false, tries: 0, outcome: undefined, messageId: undefined, subject: 'Huge', sender: 'big@customer.example' }]);
    await desk.settle();
    expect(await desk.conversation(1)).toMatchObject({ status: 'spam', channelId: undefined });
    expect(desk.bridge.cards()).toEqual([]);
  });

  it('comes back with a card and all of its mails when it was none after all, and who blocked it is told', async () => {
    await desk.say('marek', 'block', undefined, { who: '@casino.example' });
    await desk.receive(ads('Invoice'));
    const outcome = await desk.say('marek', 'not-spam', 1);
    await desk.settle();
    expect(message(outcome)).toEqual({ kind: 'done', key: 'senders.still-blocked', params: { number: 1, sender: '@casino.example' } });
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', channelId: 'orders' });
    expect(desk.bridge.cards()).toHaveLength(1);
    expect(desk.bridge.posts.map(({ post }) => post.text)).toContain('Buy now');
  });
});

describe('block, said in a conversation', () => {
  it('means who wrote it, and makes it spam', async () => {
    await desk.receive(ads('Win'));
    expect(message(await desk.say('marek', 'block', 1))).toEqual({ kind: 'done', key: 'senders.block.done-here', params: { sender: 'ads@casino.example', number: 1 } });
    expect((await desk.conversation(1)).status).toBe('spam');
    expect(await kinds(1)).toEqual(expect.arrayContaining(['sender-blocked', 'spam']));
  });

  it('with "domain" means everybody there, and may be taken back by number', async () => {
    await desk.receive(ads('Win'));
    await desk.say('marek', 'block', 1, { who: 'domena' });
    expect((await desk.store.senders.all()).map(({ pattern, verdict, agentId }) => [pattern, verdict, agentId])).toEqual([['@casino.example', 'blocked', 'marek']]);
    expect(message(await desk.say('anna', 'unblock', 1))).toEqual({ kind: 'done', key: 'senders.unblock.done', params: { sender: '@casino.example', number: 1 } });
    expect(await desk.store.senders.all()).toEqual([]);
    expect(await kinds(1)).toContain('sender-unblocked');
  });

  it('about somebody else leaves it as it is', async () => {
    await desk.receive(mailFrom('Anna <anna@customer.example>', 'Cup', 'x'));
    expect(message(await desk.say('marek', 'block', 1, { who: 'ads@casino.example' }))).toMatchObject({ key: 'senders.block.done' });
    expect((await desk.conversation(1)).status).toBe('open');
  });

  it('is refused with what to do instead', async () => {
    await desk.receive(mailFrom('Anna <anna@gmail.com>', 'Cup', 'x'));
    const block = async (who: string, number?: number): Promise<string> => {
      const outcome = await desk.say('marek', 'block', number, { who });
      return `${outcome.kind} ${outcome.message.key}`;
    };
    expect(await block('domain', 1)).toBe('refused senders.public');
    expect(await block('shop@desk.example')).toBe('refused senders.ours');
    expect(await block('@desk.example')).toBe('refused senders.ours');
    expect(await block('partner.example')).toBe('refused senders.allowed-by-file');
    expect(await block('some body')).toBe('refused senders.bad');
    expect(await block('')).toBe('refused refused.which-conversation');
    expect(message(await desk.say('vera', 'block', 1))).toMatchObject({ kind: 'refused', key: 'refused.not-allowed' });
    expect(await desk.store.senders.all()).toEqual([]);
  });

  it('said twice, and taken back where nothing was said', async () => {
    await desk.say('marek', 'block', undefined, { who: 'ads@casino.example' });
    expect(message(await desk.say('anna', 'block', undefined, { who: 'ads@casino.example' }))).toMatchObject({ key: 'senders.block.already' });
    expect(message(await desk.say('anna', 'unblock', undefined, { who: 'x@casino.example' }))).toMatchObject({ kind: 'refused', key: 'senders.not-blocked' });
    expect(message(await desk.say('anna', 'unblock', undefined, { who: '@file.example' }))).toMatchObject({ kind: 'refused', key: 'senders.blocked-by-file' });
  });
});

describe('an allowed sender', () => {
  it('is never taken for spam, by no rule', async () => {
    await desk.receive(ads('Win', { 'X-Spam-Flag': 'YES' }));
    await desk.receive(mailFrom('Ann <ann@partner.example>', 'Order', 'x', { 'X-Spam-Flag': 'YES' }));
    expect([(await desk.conversation(1)).status, (await desk.conversation(2)).status]).toEqual(['spam', 'open']);
    expect((await events(1)).find(({ what }) => what === 'spam')?.actor).toEqual({ kind: 'rule', id: 'flagged' });
    expect(desk.bridge.cards()).toHaveLength(1);
  });

  it('brings the conversation back when they are allowed in it, and when they write again', async () => {
    await desk.receive(ads('Win', { 'X-Spam-Flag': 'YES', 'Message-ID': '<win@casino.example>' }));
    expect(message(await desk.say('marek', 'allow', 1))).toMatchObject({ key: 'senders.allow.done-here' });
    expect((await desk.conversation(1)).status).toBe('open');
    await desk.say('marek', 'spam', 1);
    await desk.receive(ads('Re: Win', { 'In-Reply-To': '<win@casino.example>' }));
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', channelId: 'orders' });
    await desk.say('marek', 'disallow', 1);
    expect(await desk.store.senders.all()).toEqual([]);
    expect(await kinds(1)).toEqual(expect.arrayContaining(['sender-allowed', 'sender-disallowed']));
  });
});

it('lists who is blocked and allowed, by whom and where', async () => {
  await desk.say('marek', 'block', undefined, { who: 'ads@casino.example' });
  const outcome = await desk.say('vera', 'senders', undefined);
  expect(outcome).toMatchObject({ kind: 'list', message: { key: 'senders.list', params: { count: 3 } } });
  expect(outcome.kind === 'list' && outcome.items.map(({ title, text }) => `${title}: ${text}`)).toEqual([
    'ads@casino.example: Blocked, by Marek Kos, 20 Nov 2026, 13:00', '@file.example: Blocked, in desk.yaml', '@partner.example: Never spam, in desk.yaml',
  ]);
});
