import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { BlobHash } from '../../src/core/ids.js';
import type { RawMail } from '../../src/core/model.js';
import type { Blobs } from '../../src/core/ports/effects.js';
import { audit } from '../../src/desk/audit.js';
import { emptySpam, type EmptySpamNeeds } from '../../src/desk/empty-spam.js';
import { openAudit } from '../../src/storage/audit.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { OF_A_CONVERSATION } from '../../src/storage/purges.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aMailbox } from '../support/samples.js';
import { plainSearch } from '../../src/core/search/parse.js';

const DAY_MS = 24 * 3_600_000;
let desk: DeskUnderTest;
let blobs: Blobs;
beforeEach(async () => {
  desk = await openDesk();
  blobs = openBlobs(join(desk.folder, 'blobs'));
});
afterEach(() => desk.close());

const needs = (): EmptySpamNeeds => ({ store: desk.store, blobs, desk: async () => desk.store.desk.load(), clock: { now: desk.now }, log: desk.log });
const empty = (): Promise<void> => emptySpam(needs());
const ads = mailFrom('Ads <ads@casino.example>', 'Win', 'Buy now', { 'Message-ID': '<win@casino.example>' });
const rawOf = async (number: number): Promise<RawMail> => {
  const raw = await desk.store.rawMails.get((await desk.messages(number))[0]?.rawMailId as RawMail['id']);
  if (!raw?.blob) throw new Error('no raw mail');
  return raw;
};

describe('spam whose time is over', () => {
  it('is deleted with its mail, its notes and its customer; its number says what became of it', async () => {
    await desk.receive(ads);
    await desk.say('marek', 'note', 1, { text: 'casino again' });
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    const [conversation, raw] = [await desk.conversation(1), await rawOf(1)];

    desk.pass(89 * DAY_MS);
    await empty();
    expect((await desk.conversation(1)).status).toBe('spam');

    desk.pass(2 * DAY_MS);
    await empty();
    expect(await desk.store.conversations.byNumber(1)).toBeUndefined();
    expect(await desk.store.messages.of(conversation.id)).toEqual([]);
    expect(await desk.store.search.find(plainSearch('casino'), 5)).toEqual([]);
    expect(await desk.store.customers.byAddress('ads@casino.example')).toBeUndefined();
    expect(await blobs.has(raw.blob as BlobHash)).toBe(false);
    expect(await desk.store.purges.byNumber(1)).toMatchObject({ number: 1, agentId: 'marek' });
    expect(await desk.say('vera', 'show', undefined, { conversation: '1' })).toMatchObject({ kind: 'refused', message: { key: 'refused.purged', params: { number: 1, since: '20 November 2026', on: '19 February 2027' } } });
    // A card in chat outlives what it showed: its buttons say so as well.
    expect(await desk.door.act({ person: { bridge: 'web', id: 'm', email: 'marek@desk.example' }, eventId: 'e1', thread: undefined, verb: 'claim', args: {}, conversationId: conversation.id, revision: 1 })).toMatchObject({ kind: 'refused', text: expect.stringContaining('deleted on 19 February 2027') });
  });

  it('is no loss to an audit, and the same mail read again from its folder is known', async () => {
    const place = { folder: 'INBOX', uidValidity: 7, uid: 1 };
    await desk.receive(ads, { place });
    await desk.receive(ads, { place: { ...place, uid: 2 } });
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    desk.pass(91 * DAY_MS);
    await empty();
    const opened = await openAudit(`file:${join(desk.folder, 'goniec.db')}`, desk.log);
    const report = await audit({ store: desk.store, audit: opened.audit, blobs, desk: async () => desk.desk, intake: { takenSince: async () => undefined }, listServerMails: async () => [] });
    await opened.close();
    expect(report).toMatchObject({ ok: true, findings: [] });
    await desk.receive(ads, { place: { ...place, uidValidity: 8 }, reread: true });
    expect(await desk.store.conversations.byNumber(2)).toBeUndefined();
  });

  it('leaves the bytes that something else needs', async () => {
    await desk.close();
    desk = await openDesk({ mailboxes: [aMailbox(), aMailbox({ id: 'second' as never, address: 'second@desk.example' })] });
    blobs = openBlobs(join(desk.folder, 'blobs'));
    await desk.receive(ads);
    await desk.receive(ads, { mailbox: 'second', recipients: ['second@desk.example'] });
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    const { blob } = await rawOf(1);
    desk.pass(91 * DAY_MS);
    await empty();
    expect(await desk.store.conversations.byNumber(1)).toBeUndefined();
    expect(await blobs.has(blob as BlobHash)).toBe(true);
    expect((await desk.messages(2))[0]?.text).toBe('Buy now');
    expect(await desk.store.customers.byAddress('ads@casino.example')).toBeDefined();
    expect(await desk.store.purges.blobs(5)).toEqual([]);
  });

  it('leaves bytes that came again lately, and takes them with a later run', async () => {
    await desk.receive(ads);
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    const { blob } = await rawOf(1);
    desk.pass(91 * DAY_MS);
    const refusing = { ...needs(), blobs: { remove: async () => false } };
    await emptySpam(refusing);
    expect(await desk.store.purges.blobs(5)).toEqual([blob]);
    await empty();
    expect(await blobs.has(blob as BlobHash)).toBe(false);
    expect(await desk.store.purges.blobs(5)).toEqual([]);
  });

  it('takes along what was merged into it, and leaves what is touched or on its way', async () => {
    await desk.receive(ads);
    await desk.receive(mailFrom('Ads <ads@casino.example>', 'Win more', 'Buy more'));
    await desk.receive(mailFrom('Anna <anna@customer.example>', 'Cup', 'x'));
    await desk.say('marek', 'merge', 1, { into: '2' });
    await desk.say('marek', 'reply', 3, { text: 'Later', at: '100 days' });
    for (const number of [2, 3]) await desk.say('marek', 'spam', number);
    await desk.settle();
    desk.pass(91 * DAY_MS);
    await empty();
    expect([(await desk.store.purges.byNumber(1))?.number, (await desk.store.purges.byNumber(2))?.number]).toEqual([1, 2]);
    expect(await desk.store.customers.byAddress('anna@customer.example')).toBeDefined();
  });

  it('stays for ever where desk.yaml says so', async () => {
    await desk.store.transaction((tx) => tx.desk.save({ ...desk.desk, spam: { ...desk.desk.spam, keepDays: undefined } }));
    await desk.receive(ads);
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    desk.pass(4_000 * DAY_MS);
    await empty();
    expect((await desk.conversation(1)).status).toBe('spam');
  });
});

it('knows every table that keeps something of a conversation', () => {
  const schema = readFileSync(join(import.meta.dirname, '../../prisma/schema.prisma'), 'utf8');
  const tables = [...schema.matchAll(/^model \w+ \{(.*?)^\}/gms)].filter(([, body = '']) => /^ {2}conversationId /m.test(body)).map(([, body = '']) => /@@map\("(\w+)"\)/.exec(body)?.[1]);
  expect(tables.filter((table) => table !== 'purged_conversations').sort()).toEqual([...OF_A_CONVERSATION].sort());
});
