import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { AgentId, ChannelId, MailboxId } from '../../src/core/ids.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aMailbox } from '../support/samples.js';

const UNDO_MS = 15_000;
const MINUTE_MS = 60_000;
const RETURNS = 'returns@desk.example';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk({ mailboxes: [aMailbox({ answerWithin: { normal: 240 } }), aMailbox({ id: 'returns' as MailboxId, address: RETURNS, name: 'Returns', channel: 'returns' as ChannelId, answerWithin: { normal: 60 } }), aMailbox({ id: 'chief' as MailboxId, address: 'chief@desk.example', name: 'Chief', visibleTo: { teams: [], agents: ['ada' as AgentId] } })] });
  await desk.receive(mailFrom('Eve Novak <eve@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' }));
});
afterEach(() => desk.close());

describe('a conversation that goes to another mailbox', () => {
  it('lies in the channel of that one, and is answered from there, in the same thread', async () => {
    expect(await desk.say('marek', 'move', 1, { place: RETURNS })).toMatchObject({ kind: 'done', message: { key: 'move.mailbox', params: { place: RETURNS } } });
    expect(await desk.conversation(1)).toMatchObject({ mailboxId: 'returns', channelId: 'returns' });
    expect((await desk.store.events.of((await desk.conversation(1)).id)).at(-1)).toMatchObject({ what: 'moved', actor: { id: 'marek' }, data: { mailbox: RETURNS } });
    await desk.say('marek', 'reply', 1, { text: 'A new one is on its way.' });
    desk.pass(UNDO_MS);
    await desk.settle();
    const [mail] = desk.sink.mails;
    expect([mail?.from, mail?.header('In-Reply-To')]).toEqual([RETURNS, '<first@customer.example>']);
    await desk.receive(mailFrom('Eve Novak <eve@customer.example>', 'Re: Cup', 'Thank you, and the saucer?', { 'In-Reply-To': mail?.messageId ?? '' }));
    expect((await desk.messages(1)).at(-1)?.text).toContain('saucer');
  });

  it('is due when that one promises, from when the customer began to wait', async () => {
    const { waitingSince, dueAt } = await desk.conversation(1);
    expect(dueAt?.getTime()).toBe((waitingSince?.getTime() ?? 0) + 240 * MINUTE_MS);
    desk.pass(10 * MINUTE_MS);
    await desk.say('marek', 'move', 1, { place: RETURNS });
    expect((await desk.conversation(1)).dueAt?.getTime()).toBe((waitingSince?.getTime() ?? 0) + 60 * MINUTE_MS);
  });

  it('does so once, and goes nowhere that the person does not see', async () => {
    await desk.say('marek', 'move', 1, { place: RETURNS });
    expect(await desk.say('marek', 'move', 1, { place: RETURNS.toUpperCase() })).toMatchObject({ kind: 'done', message: { key: 'move.already' } });
    const refused = await desk.say('marek', 'move', 1, { place: 'chief@desk.example' });
    expect(refused).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-place' } });
    expect(JSON.stringify(refused).split('chief@desk.example')).toHaveLength(2);
    expect((await desk.conversation(1)).mailboxId).toBe('returns');
  });
});
