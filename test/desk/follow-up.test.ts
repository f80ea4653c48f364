import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { runTimer } from '../../src/desk/snooze.js';
import { newId } from '../../src/storage/new-id.js';
import { aMailbox } from '../support/samples.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk({ mailboxes: [aMailbox({ followUpDays: 3 })] });
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' }));
});
afterEach(() => desk.close());

const DAY = 24 * 3_600_000;
const timer = async (): Promise<void> => runTimer({ store: desk.store, desk: async () => desk.desk, clock: { now: desk.now }, newId, sign: (text) => text }, `follow-up:${(await desk.conversation(1)).id}`);
const inDays = (days: number): Date => new Date(desk.now().getTime() + days * DAY);
const answerNow = async (): Promise<void> => {
  await desk.say('marek', 'reply', 1, { text: 'What is the order number?' });
  desk.pass(15_000);
  await desk.settle();
};
const writes = (text = 'It is 2284', headers = {}): Promise<void> => desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', text, { 'In-Reply-To': '<first@customer.example>', ...headers }));

describe('follow-up', () => {
  it('brings a conversation back when the customer has not answered, and tells its owner', async () => {
    await answerNow();
    expect((await desk.conversation(1)).followUpAt?.getTime()).toBe(inDays(3).getTime());
    await timer();
    expect((await desk.conversation(1)).status).toBe('pending');
    desk.pass(3 * DAY);
    await timer();
    await timer();
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', followUpAt: undefined, waitingSince: desk.now() });
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toMatchObject([{ authorId: 'marek', text: expect.stringContaining('@marek') as string }]);
    expect((await desk.store.events.of((await desk.conversation(1)).id)).filter(({ what }) => what === 'follow-up-due')).toHaveLength(1);
  });

  it("is over with the customer's answer, not with their automatic one", async () => {
    await answerNow();
    await writes('I am away', { 'Auto-Submitted': 'auto-replied' });
    expect((await desk.conversation(1)).followUpAt).toBeDefined();
    await writes();
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', followUpAt: undefined });
    await desk.say('marek', 'close', 1);
    desk.pass(4 * DAY);
    await timer();
    expect((await desk.conversation(1)).status).toBe('closed');
  });

  it('can be said for one conversation, moved, and taken off; what was said outlives the next answer', async () => {
    expect(await desk.say('marek', 'follow-up', 1, { after: '10 days' })).toMatchObject({ kind: 'done', message: { key: 'follow-up.done' } });
    expect(await desk.conversation(1)).toMatchObject({ status: 'pending', followUpAt: inDays(10) });
    const said = (await desk.conversation(1)).followUpAt;
    await answerNow();
    expect((await desk.conversation(1)).followUpAt).toEqual(said);
    desk.pass(5 * DAY);
    await timer();
    expect((await desk.conversation(1)).status).toBe('pending');
    expect(await desk.say('marek', 'follow-up', 1, { after: 'nie' })).toMatchObject({ kind: 'done', message: { key: 'follow-up.off' } });
    expect(await desk.say('marek', 'follow-up', 1, { after: 'off' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-follow-up' } });
    desk.pass(10 * DAY);
    await timer();
    expect(await desk.conversation(1)).toMatchObject({ status: 'pending', followUpAt: undefined });
  });

  it('goes with an answer that is taken back, and refuses what is no time', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Wrong window' });
    await desk.say('marek', 'undo', 1);
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', followUpAt: undefined });
    expect(await desk.say('marek', 'follow-up', 1, { after: 'whenever' })).toMatchObject({ kind: 'refused', message: { key: 'refused.bad-follow-up' } });
    expect(await desk.say('vera', 'follow-up', 1, { after: '3' })).toMatchObject({ kind: 'refused', message: { key: 'refused.not-allowed' } });
  });

  it('is waited for from the moment a send-later answer leaves', async () => {
    await desk.say('marek', 'reply', 1, { text: 'On Monday', at: '48h' });
    expect((await desk.conversation(1)).followUpAt).toEqual(inDays(5));
  });
});
