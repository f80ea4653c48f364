import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Message } from '../../src/core/model.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' }));
});
afterEach(() => desk.close());

const UNDO_MS = 15_000;
const HOUR = 3_600_000;
const leave = async (ms = UNDO_MS): Promise<void> => {
  desk.pass(ms);
  await desk.settle();
};
const answer = async (): Promise<Message> => {
  const found = (await desk.messages(1)).findLast(({ direction }) => direction === 'out');
  if (!found) throw new Error('no answer');
  return found;
};
const texts = (): readonly string[] => desk.sink.mails.map(({ raw }) => raw.toString());

describe('an answer that waits', () => {
  it('can be changed within the undo window, which begins anew; the customer gets the new text once', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Tomorow' });
    desk.pass(UNDO_MS - 1_000);
    expect(await desk.say('marek', 'edit', 1, { text: 'Tomorrow' })).toMatchObject({ kind: 'done', undoable: { until: new Date(desk.now().getTime() + UNDO_MS) } });
    await leave(2_000);
    expect(desk.sink.mails).toHaveLength(0);
    await leave();
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toContain('Tomorrow');
    expect(desk.bridge.posts.map(({ post }) => post.text).join('\n')).toContain('Tomorrow');
    expect((await desk.store.events.of((await desk.conversation(1)).id)).map(({ what }) => what)).toContain('answer-edited');
    expect((await desk.say('marek', 'find', undefined, { words: 'Tomorrow' }))).toMatchObject({ kind: 'list', items: [{ conversationId: (await desk.conversation(1)).id }] });
  });

  it('for its hour can be changed until then: text, receivers and the hour itself', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Later', at: '2h' });
    await desk.say('marek', 'edit', 1, { text: 'Much later', cc: 'ola@customer.example' });
    expect((await answer()).sendAt).toEqual(new Date(desk.now().getTime() + 2 * HOUR));
    await desk.say('marek', 'edit', 1, { at: '4h' });
    await leave(2 * HOUR);
    expect(desk.sink.mails).toHaveLength(0);
    await leave(2 * HOUR);
    expect(texts()[0]).toContain('Much later');
    expect(desk.sink.mails[0]?.to).toContain('ola@customer.example');
  });

  it('can be thrown away, also the one for its hour', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Later', at: '2h' });
    expect(await desk.say('ada', 'undo', 1, { message: (await answer()).id })).toMatchObject({ kind: 'done' });
    await leave(3 * HOUR);
    expect(desk.sink.mails).toHaveLength(0);
  });

  it('that is just going out cannot be changed: whoever moves it first wins', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Old text' });
    const delivery = await desk.store.deliveries.ofMessage((await answer()).id);
    await desk.store.deliveries.move(delivery!.id, 'waiting', 'running');
    expect(await desk.say('marek', 'edit', 1, { text: 'New text' })).toMatchObject({ kind: 'refused', message: { key: 'refused.sent-already' } });
    expect((await answer()).text).toBe('Old text');
  });

  it('that has left cannot be changed, and an unknown variable stops a change', async () => {
    await desk.say('marek', 'reply', 1, { text: 'First' });
    expect(await desk.say('marek', 'edit', 1, { text: 'Dear {{nobody}}' })).toMatchObject({ kind: 'refused', message: { key: 'refused.unknown-variable' } });
    expect(await desk.say('marek', 'edit', 1, { text: 'First' })).toMatchObject({ kind: 'refused', message: { key: 'refused.nothing-changed' } });
    await leave();
    expect(await desk.say('marek', 'edit', 1, { message: (await answer()).id, text: 'Second' })).toMatchObject({ kind: 'refused', message: { key: 'refused.sent-already' } });
    expect(await desk.say('marek', 'edit', 1, { text: 'Second' })).toMatchObject({ kind: 'refused', message: { key: 'refused.nothing-to-edit' } });
    expect(await desk.say('vera', 'edit', 1, { text: 'Second' })).toMatchObject({ kind: 'refused', message: { key: 'refused.not-allowed' } });
  });
});

describe('a receiver who was not part of it', () => {
  it('is warned of; the answer goes there only on purpose', async () => {
    const held = await desk.say('marek', 'reply', 1, { text: 'Your invoice', to: 'ana@customer.exmple.com' });
    expect(held).toMatchObject({ kind: 'held', strangers: ['ana@customer.exmple.com'], message: { key: 'reply.strangers' } });
    expect(await desk.messages(1)).toHaveLength(1);
    expect(await desk.say('marek', 'reply', 1, { text: 'Your invoice', to: 'kim@customer.example', warned: 'kim@customer.example' })).toMatchObject({ kind: 'done' });
    expect(await desk.say('marek', 'edit', 1, { to: 'other@customer.example' })).toMatchObject({ kind: 'held', strangers: ['other@customer.example'] });
    await leave();
    expect(desk.sink.mails.map(({ to }) => to)).toEqual([['kim@customer.example']]);
  });

  it('is none once they were written to', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Hello', to: 'kim@customer.example', anyway: 'yes' });
    await leave();
    expect(await desk.say('marek', 'reply', 1, { text: 'Again', to: 'kim@customer.example' })).toMatchObject({ kind: 'done' });
  });
});

describe('everybody or one', () => {
  it('an answer goes to all who were in copy, or only to the one who wrote', async () => {
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', 'Ola is in copy', { 'In-Reply-To': '<first@customer.example>', Cc: 'Ola <ola@customer.example>' }));
    await desk.say('marek', 'reply', 1, { text: 'To both' });
    await leave();
    await desk.say('marek', 'reply', 1, { text: 'To one', only: 'yes' });
    await leave();
    expect(desk.sink.mails.map(({ to }) => [...to].sort())).toEqual([['anna@customer.example', 'ola@customer.example'], ['anna@customer.example']]);
  });
});

describe('a second answer', () => {
  it('of a colleague is stopped while the first waits, also when it is typed', async () => {
    await desk.say('anna', 'reply', 1, { text: 'Answered by Anna' });
    const held = await desk.say('marek', 'reply', 1, { text: 'Answered by Marek' });
    expect(held).toMatchObject({ kind: 'held', message: { key: 'reply.collides' }, newer: [{ who: 'Anna Zielińska', excerpt: 'Answered by Anna' }] });
    await leave();
    expect(await desk.say('marek', 'reply', 1, { text: 'Answered by Marek' })).toMatchObject({ kind: 'held' });
    expect(await desk.say('marek', 'reply', 1, { text: 'Answered by Marek', anyway: 'yes' })).toMatchObject({ kind: 'done' });
    desk.pass(120_000);
    expect(await desk.say('ada', 'reply', 1, { text: 'A day later' })).toMatchObject({ kind: 'held' });
    await desk.settle();
    desk.pass(120_000);
    expect(await desk.say('ada', 'reply', 1, { text: 'A day later' })).toMatchObject({ kind: 'done' });
    await leave();
    expect(desk.sink.mails).toHaveLength(3);
  });
});

describe('files of the conversation', () => {
  const PDF = ['--b', 'Content-Type: text/plain', '', 'See the file', '--b', 'Content-Type: application/pdf; name="invoice.pdf"', 'Content-Disposition: attachment; filename="invoice.pdf"', 'Content-Transfer-Encoding: base64', '', 'JVBERi0xLjQK', '--b--', ''].join('\r\n');
  beforeEach(() => desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', PDF, { 'In-Reply-To': '<first@customer.example>', 'Content-Type': 'multipart/mixed; boundary="b"' })));

  it('go along by name, as they came', async () => {
    expect(await desk.say('marek', 'reply', 1, { text: 'Here it is', attach: 'Invoice.pdf' })).toMatchObject({ kind: 'done' });
    await leave();
    expect(texts()[0]).toMatch(/filename="?invoice\.pdf/);
    expect(texts()[0]).toContain('JVBERi0xLjQK');
  });

  it('that are not there are named with those that are', async () => {
    expect(await desk.say('marek', 'reply', 1, { text: 'Here', attach: 'photo.jpg' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-file', params: { said: 'photo.jpg', names: 'invoice.pdf' } } });
  });

  it('can be put beside a waiting answer', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Here it is', at: '2h' });
    await desk.say('marek', 'edit', 1, { attach: 'invoice.pdf' });
    await leave(2 * HOUR);
    expect(texts()[0]).toMatch(/filename="?invoice\.pdf/);
  });
});

describe('size', () => {
  it('a mail over the limit of its mailbox is refused before it is sent, with its size', async () => {
    const file = (bytes: number): string => JSON.stringify([{ blob: 'a'.repeat(64), fileName: 'film.mp4', contentType: 'video/mp4', bytes }]);
    expect(await desk.say('marek', 'reply', 1, { text: 'Film', files: file(16_000_000) })).toMatchObject({ kind: 'refused', message: { key: 'refused.answer-too-large', params: { size: 22, limit: 20 } } });
    expect(await desk.messages(1)).toHaveLength(1);
    expect(await desk.say('marek', 'reply', 1, { text: 'Film', files: file(14_000_000) })).toMatchObject({ kind: 'done' });
    expect(await desk.say('marek', 'edit', 1, { files: file(4_000_000) })).toMatchObject({ kind: 'refused', message: { key: 'refused.answer-too-large' } });
  });

  it('each mailbox has its own', async () => {
    await desk.close();
    desk = await openDesk({ mailboxes: [{ ...desk.desk.mailboxes[0]!, maxAnswerBytes: 30_000_000 }] });
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken'));
    expect(await desk.say('marek', 'reply', 1, { text: 'Film', files: JSON.stringify([{ blob: 'a'.repeat(64), fileName: 'film.mp4', contentType: 'video/mp4', bytes: 16_000_000 }]) })).toMatchObject({ kind: 'done' });
  });
});
