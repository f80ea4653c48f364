import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { BulkId } from '../../src/core/ids.js';
import type { AnswerGoal, Conversation } from '../../src/core/model.js';
import { runBulk } from '../../src/desk/bulk.js';
import { recountDue } from '../../src/desk/recount-due.js';
import { newId } from '../../src/storage/new-id.js';
import { aDesk, aMailbox, NOON } from '../support/samples.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

/** It is Friday, 13:00 in Warsaw; the desk closes at 17:00 and opens again on Monday at 9:00. */
const HOUR = 3_600_000;
const DUE = new Date(NOON.getTime() + 4 * HOUR);
const ANNA = 'Anna Nowak <anna@customer.example>';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk({ mailboxes: [aMailbox({ answerWithin: { normal: 240, urgent: 60 } })] });
  await desk.receive(mailFrom(ANNA, 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' }));
});
afterEach(() => desk.close());

const conversation = (number = 1): Promise<Conversation> => desk.conversation(number);
const dueAt = async (number = 1): Promise<Date | undefined> => (await conversation(number)).dueAt;
const writes = (text = 'Any news about it?'): Promise<void> => desk.receive(mailFrom(ANNA, 'Re: Cup', text, { 'In-Reply-To': '<first@customer.example>' }));
const timer = async (kind: string): Promise<void> => desk.timer(`${kind}:${(await conversation()).id}`);
const edits = (): number => desk.bridge.cards()[0]?.edits ?? 0;

describe('the time of an answer', () => {
  it('begins with the mail, stays with further ones, and ends with the answer', async () => {
    expect(await dueAt()).toEqual(DUE);
    desk.pass(HOUR);
    await writes();
    expect(await dueAt()).toEqual(DUE);
    await desk.say('marek', 'reply', 1, { text: 'A new one leaves today.', anyway: 'yes' });
    expect(await dueAt()).toBeUndefined();
    expect((await desk.messages(1)).at(-1)).toMatchObject({ direction: 'out', dueAt: DUE });
  });

  it('is what it was when an answer is taken back, also after a snooze', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Wrong window' });
    desk.pass(5_000);
    await desk.say('marek', 'undo', 1);
    expect(await dueAt()).toEqual(DUE);
    await desk.say('marek', 'snooze', 1, { until: '2h' });
    const later = await dueAt();
    desk.pass(2 * HOUR);
    await timer('unsnooze');
    expect(await dueAt()).toEqual(later);
    await desk.say('marek', 'reply', 1, { text: 'Wrong window again' });
    await desk.say('marek', 'undo', 1);
    expect(await conversation()).toMatchObject({ status: 'open', dueAt: later });
  });

  it.each(['close', 'wait', 'spam'])('ends with /%s', async (verb) => {
    await desk.say('marek', verb, 1);
    expect(await dueAt()).toBeUndefined();
  });

  it('begins anew with the next mail', async () => {
    await desk.say('marek', 'close', 1);
    desk.pass(HOUR);
    const now = desk.now();
    await writes();
    expect(await dueAt()).toEqual(new Date(now.getTime() + 4 * HOUR + 64 * HOUR));
  });

  it('stands still while it is snoozed, and a conversation that is reopened early waits again', async () => {
    desk.pass(HOUR);
    await desk.say('marek', 'snooze', 1, { until: 'mon 9:00' });
    // An hour and a second less than the four were left.
    expect(await dueAt()).toEqual(new Date(new Date('2026-11-23T08:00:00Z').getTime() + 3 * HOUR - 1_000));
    await desk.say('marek', 'reopen', 1);
    expect(await conversation()).toMatchObject({ status: 'open', waitingSince: desk.now() });
    expect(await dueAt()).toEqual(DUE);
  });

  it('goes by priority, and by none where the mailbox has no goal', async () => {
    await desk.say('marek', 'priority', 1, { priority: 'urgent' });
    expect(await dueAt()).toEqual(new Date(NOON.getTime() + HOUR));
    await desk.close();
    desk = await openDesk();
    await desk.receive(mailFrom(ANNA, 'Cup', 'It is broken'));
    expect(await dueAt()).toBeUndefined();
    desk.pass(1_000 * HOUR);
    expect((await desk.store.conversations.counts('marek' as never)).overdue).toBe(0);
    expect(await desk.say('marek', 'find', undefined, { words: 'is:overdue' })).toMatchObject({ items: [] });
  });

  it('is counted anew where the desk promises another time, also for those who wait already', async () => {
    const recount = (): Promise<void> => recountDue({ store: desk.store, clock: { now: desk.now }, newId, sign: (text) => text });
    const promise = async (answerWithin: AnswerGoal | undefined): Promise<void> => {
      const loaded = await desk.store.desk.load();
      await desk.store.desk.save({ ...loaded, mailboxes: loaded.mailboxes.map((mailbox) => ({ ...mailbox, answerWithin })) });
    };
    await desk.receive(mailFrom('Eve Novak <eve@customer.example>', 'Plate', 'Where is it?'));
    await desk.say('marek', 'close', 2);
    const { updatedAt, revision } = await conversation();
    await recount();
    expect((await conversation()).revision).toBe(revision);
    await promise({ normal: 30 });
    await recount();
    expect(await conversation()).toMatchObject({ dueAt: new Date(NOON.getTime() + HOUR / 2), updatedAt });
    await desk.settle();
    expect(desk.bridge.cards()[0]?.post.facts).toContain('Answer due 20 Nov 2026, 13:30');
    await promise(undefined);
    await recount();
    expect([await dueAt(1), await dueAt(2)]).toEqual([undefined, undefined]);
  });

  it('is none for what is filed, and counts again when it is taken out', async () => {
    await desk.say('marek', 'file', 1, { folder: 'news' });
    await writes();
    expect(await dueAt()).toBeUndefined();
    await desk.say('marek', 'unfile', 1);
    // Written a second after noon: four hours of business time reach into Monday.
    expect(await dueAt()).toEqual(new Date(NOON.getTime() + 1_000 + 68 * HOUR));
  });

  it('is the earlier of two that are merged; what is split off has its own', async () => {
    desk.pass(HOUR);
    await desk.receive(mailFrom(ANNA, 'Cup again', 'And the plate', { 'Message-ID': '<plate@customer.example>' }));
    await desk.say('marek', 'merge', 1, { into: '2' });
    expect(await dueAt(2)).toEqual(DUE);
    expect(await dueAt(1)).toBeUndefined();
    const plate = (await desk.messages(2)).find(({ text }) => text.includes('plate'));
    await desk.say('marek', 'split', 2, { message: plate?.id ?? '' });
    expect(await dueAt(3)).toEqual(new Date((plate?.createdAt.getTime() ?? 0) + 4 * HOUR + 64 * HOUR));
  });

  it('comes back with the undo of what was done to many', async () => {
    const before = await conversation();
    const asked = await desk.say('marek', 'bulk', undefined, { do: 'snooze', words: '2h is:open' });
    const id = ('actions' in asked ? asked.actions?.[0]?.args['id'] : '') ?? '';
    const run = (): Promise<void> => runBulk({ store: desk.store, desk: () => desk.store.desk.load(), clock: { now: desk.now }, newId, sign: (text) => text, log: desk.log, stopping: () => false }, id as BulkId);
    await desk.say('marek', 'bulk-go', undefined, { id });
    await run();
    expect(await conversation()).toMatchObject({ status: 'snoozed' });
    await desk.say('marek', 'bulk-undo', undefined, { id });
    await run();
    expect(await conversation()).toMatchObject({ status: 'open', dueAt: before.dueAt });
  });
});

describe('when it is over', () => {
  it('the card is drawn once more, red; nothing else happens', async () => {
    const card = () => desk.bridge.cards()[0]?.post;
    expect(card()).toMatchObject({ tone: 'open', alert: undefined });
    expect(card()?.facts).toContain('Answer due 20 Nov 2026, 17:00');
    const [before, drawn] = [await conversation(), edits()];
    desk.pass(DUE.getTime() - desk.now().getTime() - 1);
    await timer('due');
    await desk.settle();
    expect(edits()).toBe(drawn);
    desk.pass(1);
    await timer('due');
    await timer('due');
    await desk.settle();
    expect(edits()).toBe(drawn + 1);
    expect(card()).toMatchObject({ tone: 'late', alert: 'Overdue since 20 Nov 2026, 17:00' });
    expect(await conversation()).toEqual(before);
    expect(desk.bridge.thread(1)).toHaveLength(1);
  });

  it('a card that has something else to say with weight says it beside the facts', async () => {
    desk.pass(5 * HOUR);
    desk.sink.failNext({ stage: 'rcpt', code: 550, message: '5.1.1 no such user' });
    await desk.say('marek', 'reply', 1, { text: 'Hello?' });
    desk.pass(15_000);
    await desk.settle();
    await writes();
    desk.pass(100 * HOUR);
    await desk.say('marek', 'label', 1, { label: 'complaint' });
    await desk.settle();
    const post = desk.bridge.cards()[0]?.post;
    expect(post?.alert).toMatch(/Not sent/);
    expect(post?.facts.join()).toMatch(/Overdue since 23 Nov/);
  });

  it('a timer that is left over changes nothing', async () => {
    await desk.say('marek', 'close', 1);
    await desk.settle();
    const drawn = edits();
    desk.pass(5 * HOUR);
    await timer('due');
    await desk.settle();
    expect(edits()).toBe(drawn);
  });

  it('it is on top of the lists, counted, and found', async () => {
    desk.pass(100 * HOUR);
    await desk.receive(mailFrom('Eve Novak <eve@customer.example>', 'Plate', 'Where is it?'));
    expect(await desk.say('ada', 'overdue', undefined)).toMatchObject({ kind: 'list', message: { key: 'overdue.found', params: { count: 1 } }, items: [{ title: '#1 Cup', text: 'Anna Nowak · 4 days over' }] });
    expect(await desk.say('ada', 'find', undefined, { words: 'is:overdue' })).toMatchObject({ items: [{ title: '#1 Cup' }] });
    expect(await desk.say('ada', 'unassigned', undefined)).toMatchObject({ items: [{ title: '#1 Cup' }, { title: '#2 Plate' }] });
  });

  it('is told by the clock of the desk, in its language', async () => {
    await desk.close();
    desk = await openDesk({ locale: 'pl', hours: { ...aDesk().hours, timeZone: 'America/New_York' }, mailboxes: [aMailbox({ answerWithin: { normal: 240 } })] });
    await desk.receive(mailFrom(ANNA, 'Kubek', 'Jest pęknięty'));
    // 7:00 in New York: two hours until the desk opens.
    expect(desk.bridge.cards()[0]?.post.facts).toContain('Termin odpowiedzi: 20 lis 2026, 13:00');
  });
});
