import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { runTimer } from '../../src/desk/snooze.js';
import { newId } from '../../src/storage/new-id.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' }));
});
afterEach(() => desk.close());

const HOUR = 3_600_000;
const timer = (payload: string): Promise<void> => runTimer({ store: desk.store, desk: async () => desk.desk, clock: { now: desk.now }, newId, sign: (text) => text }, payload);
const id = async (): Promise<string> => (await desk.conversation(1)).id;

describe('snooze', () => {
  it('takes the conversation out of sight and brings it back at its time', async () => {
    expect((await desk.say('marek', 'snooze', 1, { until: '2h' })).kind).toBe('done');
    expect(await desk.conversation(1)).toMatchObject({ status: 'snoozed', waitingSince: undefined });
    await timer(`unsnooze:${await id()}`);
    expect((await desk.conversation(1)).status).toBe('snoozed');
    desk.pass(2 * HOUR);
    await timer(`unsnooze:${await id()}`);
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', snoozedUntil: undefined, waitingSince: desk.now() });
  });

  it('ends when the customer writes, and its timer then changes nothing', async () => {
    await desk.say('marek', 'snooze', 1, { until: 'jutro 9:00' });
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', 'Any news about it?', { 'In-Reply-To': '<first@customer.example>' }));
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', snoozedUntil: undefined });
    await desk.say('marek', 'close', 1);
    desk.pass(48 * HOUR);
    await timer(`unsnooze:${await id()}`);
    expect((await desk.conversation(1)).status).toBe('closed');
  });

  it('refuses what is no time to come, with examples', async () => {
    expect(await desk.say('marek', 'snooze', 1, { until: 'yesterday' })).toMatchObject({ kind: 'refused', message: { key: 'refused.bad-time' } });
  });
});

describe('remind', () => {
  it('leaves a note that names the one who asked, once', async () => {
    await desk.say('marek', 'remind', 1, { at: '2h', text: 'call her' });
    const [reminder] = await desk.store.reminders.of((await desk.conversation(1)).id);
    await timer(`remind:${reminder?.id ?? ''}`);
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toHaveLength(0);
    desk.pass(2 * HOUR);
    await timer(`remind:${reminder?.id ?? ''}`);
    await timer(`remind:${reminder?.id ?? ''}`);
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toMatchObject([{ text: '@marek call her', authorId: 'marek' }]);
  });
});
