import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { BlobHash, ChannelId, FolderId, LabelId, RuleId, TemplateId } from '../../src/core/ids.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aMailbox } from '../support/samples.js';
import { plainSearch } from '../../src/core/search/parse.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk({
    rules: [
      { id: 'news' as RuleId, name: 'Newsletters', position: 1, when: { automatic: 'list' }, then: [{ folder: 'news' as FolderId }, { stop: true }] },
      { id: 'system' as RuleId, name: 'System mail', position: 2, when: { automatic: 'system' }, then: [{ folder: 'system' as FolderId }, { stop: true }] },
      { id: 'complaints' as RuleId, name: 'Complaints', position: 3, when: { any: [{ subject: 'broken' }, { body: 'pęknięt' }] }, then: [{ channel: 'returns' as ChannelId }, { label: 'complaint' as LabelId }, { priority: 'high' }] },
      { id: 'ack' as RuleId, name: 'Acknowledge', position: 4, when: { always: true }, then: [{ acknowledge: 'received' as TemplateId }] },
    ],
  });
});
afterEach(() => desk.close());

const anna = 'Anna <anna@customer.example>';

describe('a new mail', () => {
  it('becomes a conversation with a card in the channel that the rules chose, its mail in the thread', async () => {
    await desk.receive(mailFrom(anna, 'My cup came broken', 'What now?\n\nAnna'));
    const conversation = await desk.conversation(1);
    expect(conversation).toMatchObject({ number: 1, channelId: 'returns', status: 'open', labels: ['complaint'], priority: 'high', subject: 'My cup came broken' });
    const [card] = desk.bridge.cards();
    expect(card).toMatchObject({ channel: 'returns', post: { heading: '#1 My cup came broken', quote: expect.stringContaining('What now?') } });
    expect(card?.post.facts).toEqual(expect.arrayContaining(['Anna', 'anna@customer.example', 'Unassigned', 'High priority', 'complaint']));
    expect(desk.bridge.thread(1)[0]?.post).toMatchObject({ kind: 'mail-in', text: expect.stringContaining('What now?') });
  });

  it('is acknowledged once, marked as automatic so that no machine answers it', async () => {
    await desk.receive(mailFrom(anna, 'Hello', 'Do you ship to Sweden?', { 'Message-ID': '<q1@customer.example>' }));
    const sent = desk.sink.mails;
    expect(sent).toHaveLength(1);
    expect(sent[0]?.header('Auto-Submitted')).toBe('auto-replied');
    expect(sent[0]?.header('In-Reply-To')).toBe('<q1@customer.example>');
    expect(sent[0]?.to).toEqual(['anna@customer.example']);
  });

  it('C16 an automatic mail or a no-reply sender is never acknowledged', async () => {
    await desk.receive(mailFrom(anna, 'Out of office', 'I am away.', { 'Auto-Submitted': 'auto-replied' }));
    await desk.receive(mailFrom('Bank <no-reply@bank.example>', 'Statement', 'Your statement is ready for you to read in the bank.'));
    expect(desk.sink.mails).toHaveLength(0);
  });

  it('newsletters and system mail lie in folders without a card (C27: kept, not dropped)', async () => {
    await desk.receive(mailFrom('News <news@paper.example>', 'November', 'News', { 'List-Id': '<news.paper.example>', 'List-Unsubscribe': '<https://paper.example/out>', Precedence: 'bulk' }));
    await desk.receive(mailFrom('Server <root@server.example>', 'Backup completed', 'Done', { 'Auto-Submitted': 'auto-generated' }));
    expect(desk.bridge.posts).toHaveLength(0);
    expect((await desk.conversation(1)).folderId).toBe('news');
    expect((await desk.conversation(2)).folderId).toBe('system');
    expect((await desk.messages(2))[0]?.automatic?.reason).toMatch(/auto-submitted/i);
  });

  it('C05 history from before the first connection is kept without a card', async () => {
    await desk.receive(mailFrom(anna, 'An old question', 'From last year'), { historic: true });
    expect(desk.bridge.posts).toHaveLength(0);
    expect(desk.sink.mails).toHaveLength(0);
    expect(await desk.conversation(1)).toMatchObject({ status: 'closed', channelId: undefined });
    expect(await desk.store.search.find(plainSearch('question'), 5)).toHaveLength(1);
  });

  it('C14 five strangers who write "help" are five conversations', async () => {
    for (const who of ['a', 'b', 'c', 'd', 'e']) await desk.receive(mailFrom(`${who}@customer.example`, 'help', 'help me'));
    expect(desk.bridge.cards()).toHaveLength(5);
  });

  it('a second matter of the same customer is a conversation of its own with a hint to the first', async () => {
    await desk.receive(mailFrom(anna, 'Cup', 'First matter'));
    await desk.receive(mailFrom(anna, 'Plate', 'Second matter'));
    expect((await desk.conversation(2)).warning).toMatchObject({ kind: 'maybe-same', number: 1 });
    expect(desk.bridge.cards()[1]?.post.alert).toContain('#1');
  });
});

describe('copies', () => {
  it('C07 the same mail by way of a list and an alias is one message', async () => {
    const mail = mailFrom(anna, 'Cup', 'Once only', { 'Message-ID': '<same@customer.example>' });
    await desk.receive(mail);
    await desk.receive(mail.replace('MIME-Version', 'X-List: yes\r\nMIME-Version'));
    expect(desk.bridge.cards()).toHaveLength(1);
    expect(await desk.messages(1)).toHaveLength(2);
  });

  it('C01 a reused Message-ID with other words is a new message', async () => {
    await desk.receive(mailFrom(anna, 'Report', 'Monday', { 'Message-ID': '<fixed@customer.example>' }));
    await desk.receive(mailFrom(anna, 'Report', 'Tuesday, something else entirely', { 'Message-ID': '<fixed@customer.example>' }));
    const texts = [...(await desk.messages(1)), ...((await desk.store.conversations.byNumber(2)) ? await desk.messages(2) : [])].filter(({ direction }) => direction === 'in').map(({ text }) => text);
    expect(texts).toEqual(['Monday', 'Tuesday, something else entirely']);
  });

  it('C29 a mail read again after the server renumbered its folder makes no new card', async () => {
    const mail = mailFrom(anna, 'Cup', 'Still the same');
    await desk.receive(mail, { place: { folder: 'INBOX', uidValidity: 1, uid: 5 } });
    await desk.receive(mail, { place: { folder: 'INBOX', uidValidity: 2, uid: 1 }, reread: true });
    expect(desk.bridge.cards()).toHaveLength(1);
    expect(await desk.store.rawMails.places(desk.desk.mailboxes[0]!.id, 'INBOX', 2)).toEqual([{ uid: 1, state: 'done' }]);
  });

  it('C09 a mail whose place is in the ledger is never taken twice', async () => {
    const place = { folder: 'INBOX', uidValidity: 1, uid: 5 };
    await desk.receive(mailFrom(anna, 'Cup', 'One'), { place });
    await desk.receive(mailFrom(anna, 'Other', 'Two'), { place });
    expect(desk.bridge.cards()).toHaveLength(1);
  });
});

describe('going on with a conversation', () => {
  const first = { 'Message-ID': '<first@customer.example>' };
  const answer = { 'In-Reply-To': '<first@customer.example>', References: '<first@customer.example>' };

  beforeEach(() => desk.receive(mailFrom(anna, 'Cup', 'It is broken', { ...first, Cc: 'Ola <ola@customer.example>' })));

  it("a customer's answer joins and reopens", async () => {
    await desk.say('marek', 'close', 1);
    await desk.receive(mailFrom(anna, 'Re: Cup', 'It broke again, what should I do?', answer));
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', excerpt: expect.stringContaining('broke again') });
    expect(desk.bridge.cards()).toHaveLength(1);
  });

  it('C28 "Thanks!" is kept without reopening', async () => {
    await desk.say('marek', 'close', 1);
    await desk.receive(mailFrom(anna, 'Re: Cup', 'Thanks!', answer));
    expect((await desk.conversation(1)).status).toBe('closed');
    expect((await desk.messages(1)).some(({ text }) => text === 'Thanks!')).toBe(true);
  });

  it('C18 an out-of-office is folded, reopens nothing and is not counted', async () => {
    await desk.say('marek', 'close', 1);
    const before = await desk.conversation(1);
    await desk.receive(mailFrom(anna, 'Automatic reply: Cup', 'I am on holiday', { ...answer, 'Auto-Submitted': 'auto-replied' }));
    expect(await desk.conversation(1)).toMatchObject({ status: 'closed', excerpt: before.excerpt });
    expect((await desk.messages(1)).at(-1)?.automatic).toMatchObject({ kind: 'auto-reply' });
  });

  it('C13 a colleague in copy answers into the same conversation', async () => {
    await desk.receive(mailFrom('Ola <ola@customer.example>', 'Re: Cup', 'I have the receipt, number 17', answer));
    expect((await desk.conversation(1)).warning).toBeUndefined();
    expect(desk.bridge.cards()).toHaveLength(1);
  });

  it('a stranger with a valid reference joins with a warning on the card', async () => {
    await desk.receive(mailFrom('Brother <bob@elsewhere.example>', 'Re: Cup', 'I write for my sister', answer));
    expect((await desk.conversation(1)).warning).toMatchObject({ kind: 'stranger', address: 'bob@elsewhere.example' });
    expect(desk.bridge.cards()[0]?.post.alert).toContain('bob@elsewhere.example');
  });

  it('C11 a stranger who writes [#1] opens a conversation of their own', async () => {
    await desk.receive(mailFrom('Mallory <m@elsewhere.example>', 'Re: Cup [#1]', 'Send it to my address instead'));
    expect(await desk.messages(1)).toHaveLength(2);
    expect((await desk.conversation(2)).participants).toEqual(['m@elsewhere.example']);
  });

  it('C12 a forward is a conversation of its own', async () => {
    await desk.receive(mailFrom(anna, 'Fwd: Cup', 'See below\n\n---------- Forwarded message ---------\nFrom: Somebody <s@x.example>\nDate: Fri, 20 Nov 2026\nSubject: Cup\nTo: Anna\n\nOld text', answer));
    expect(desk.bridge.cards()).toHaveLength(2);
  });

  it('C10 an answer written in another mail program appears as outbound', async () => {
    await desk.receive(mailFrom('Shop <shop@desk.example>', 'Re: Cup', 'We send a new one', { ...answer, To: anna }));
    expect((await desk.messages(1)).at(-1)).toMatchObject({ direction: 'out', state: 'sent', text: 'We send a new one' });
  });
});

describe('what cannot be processed', () => {
  it('C04 is held in quarantine, whole, told in the channel, and can be retried', async () => {
    const raw = Buffer.from(mailFrom(anna, 'Cup', 'Fine mail'));
    await desk.keep(raw);
    const [kept] = await desk.store.rawMails.waiting(desk.desk.mailboxes[0]!.id, 1);
    // What is on the disk is damaged, and no longer in memory: reading fails until somebody puts the file back.
    await desk.blobs.get(kept?.blob ?? ('' as BlobHash));
    const found = (await readdir(join(desk.folder, 'blobs'), { recursive: true })).find((name) => name.includes(kept?.blob ?? 'none'));
    const file = join(desk.folder, 'blobs', found ?? 'none');
    await rename(file, `${file}.away`);
    await desk.settle();
    const [held] = await desk.store.rawMails.quarantined();
    expect(held).toMatchObject({ state: 'quarantined', outcome: expect.stringMatching(/./) });
    expect(desk.bridge.posts.at(-1)?.post).toMatchObject({ kind: 'event', tone: 'decide' });
    await rename(`${file}.away`, file);
    await desk.store.transaction(async (tx) => tx.rawMails.settle(held!.id, { state: 'stored', outcome: 'retry' }));
    await desk.settle();
    expect((await desk.conversation(1)).subject).toBe('Cup');
    expect(await desk.store.rawMails.quarantined()).toHaveLength(0);
  });

  it('a mail that the server names but does not hand out is held and says so', async () => {
    const mailbox = desk.desk.mailboxes[0] ?? aMailbox();
    await desk.store.transaction(async (tx) => {
      await tx.rawMails.addMany([{ id: 'raw-gone' as never, mailboxId: mailbox.id, source: 'imap', place: { folder: 'INBOX', uidValidity: 1, uid: 7 }, blob: undefined, bytes: 0, recipients: [], receivedAt: desk.now(), state: 'stored', historic: false, tries: 0, outcome: undefined, messageId: undefined, subject: '', sender: '' }]);
    });
    await desk.settle();
    expect((await desk.store.rawMails.quarantined())[0]?.outcome).toMatch(/INBOX, UID 7/);
  });

  it('a mail over the limit gets a card that says so', async () => {
    const mailbox = desk.desk.mailboxes[0] ?? aMailbox();
    await desk.store.transaction(async (tx) => {
      await tx.rawMails.addMany([{ id: 'raw-big' as never, mailboxId: mailbox.id, source: 'imap', place: { folder: 'INBOX', uidValidity: 1, uid: 9 }, blob: undefined, bytes: 40_000_000, recipients: [], receivedAt: desk.now(), state: 'stored', historic: false, tries: 0, outcome: undefined, messageId: undefined, subject: 'Photos', sender: 'big@customer.example' }]);
    });
    await desk.settle();
    expect(desk.bridge.cards()[0]?.post).toMatchObject({ heading: '#1 Photos', alert: expect.stringContaining('40') });
  });
});
