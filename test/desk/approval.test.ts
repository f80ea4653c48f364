import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Message } from '../../src/core/model.js';
import { aDesk, aMailbox } from '../support/samples.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
/** Marek is new: a colleague looks at what he writes. */
const NEW_COLLEAGUE = { agents: aDesk().agents.map((agent) => (agent.id === 'marek' ? { ...agent, approval: true } : agent)) };
const open = async (over: Parameters<typeof openDesk>[0]): Promise<void> => {
  desk = await openDesk(over);
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' }));
};
afterEach(() => desk.close());

const leave = async (): Promise<void> => {
  desk.pass(15_000);
  await desk.settle();
};
const answer = async (): Promise<Message> => {
  const found = (await desk.messages(1)).findLast(({ direction }) => direction === 'out');
  if (!found) throw new Error('no answer');
  return found;
};
const happened = async (): Promise<readonly string[]> => (await desk.store.events.of((await desk.conversation(1)).id)).map(({ what }) => what);

describe('a draft', () => {
  beforeEach(() => open({}));

  it('sends nothing; a colleague changes it and sends it, and answers for it', async () => {
    expect(await desk.say('marek', 'draft', 1, { text: 'We could send a new one' })).toMatchObject({ kind: 'done', message: { key: 'draft.done' } });
    await leave();
    expect(desk.sink.mails).toHaveLength(0);
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', assigneeId: undefined });
    expect(await answer()).toMatchObject({ state: 'draft', authorId: 'marek' });
    await desk.say('anna', 'edit', 1, { text: 'A new one leaves today' });
    expect(await desk.say('anna', 'approve', 1)).toMatchObject({ kind: 'done', message: { key: 'reply.queued' } });
    expect(await answer()).toMatchObject({ state: 'queued', authorId: 'anna' });
    await leave();
    expect(desk.sink.mails.map(({ raw }) => raw.toString().includes('A new one leaves today'))).toEqual([true]);
    expect(await desk.conversation(1)).toMatchObject({ status: 'pending', assigneeId: 'anna' });
    expect(await happened()).toEqual(expect.arrayContaining(['drafted', 'answer-edited', 'draft-sent']));
  });

  it('is in its thread with what can be done, keeps nobody from answering, and can be thrown away', async () => {
    await desk.say('marek', 'draft', 1, { text: 'Half a thought' });
    await desk.settle();
    const post = desk.bridge.thread(1).at(-1)?.post;
    expect(post?.facts).toContain('Draft');
    expect(post?.actions.map(({ verb, label }) => [verb, label])).toEqual([['approve', 'Send'], ['edit', 'Edit'], ['undo', 'Discard']]);
    expect(await desk.say('anna', 'reply', 1, { text: 'Answered' })).toMatchObject({ kind: 'done' });
    expect(await desk.say('anna', 'undo', 1)).toMatchObject({ kind: 'done' });
    expect(await desk.conversation(1)).toMatchObject({ status: 'open' });
    expect(await desk.say('marek', 'undo', 1)).toMatchObject({ kind: 'done' });
    expect(await desk.say('marek', 'approve', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.no-draft' } });
    await leave();
    expect(desk.sink.mails).toHaveLength(0);
  });

  it('is held when the customer wrote since, and when it was changed under the eyes of who sends it', async () => {
    await desk.say('marek', 'draft', 1, { text: 'A new one is on its way' });
    const drawn = (await desk.conversation(1)).revision;
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', 'I want my money back', { 'In-Reply-To': '<first@customer.example>' }));
    expect(await desk.say('anna', 'approve', 1)).toMatchObject({ kind: 'held', newer: [{ excerpt: 'I want my money back' }], again: { verb: 'approve', args: { anyway: 'true' } } });
    await desk.say('marek', 'edit', 1, { text: 'Something else' });
    expect(await desk.say('anna', 'approve', 1, {}, drawn)).toMatchObject({ kind: 'held', newer: [{ excerpt: 'Something else' }] });
    expect(await desk.say('anna', 'approve', 1, { anyway: 'yes' }, drawn)).toMatchObject({ kind: 'done' });
  });

  it('can have its hour, and other receivers, who are warned of when it goes', async () => {
    await desk.say('marek', 'draft', 1, { text: 'On Monday', at: '48h', to: 'kim@customer.example' });
    expect(await desk.say('anna', 'approve', 1)).toMatchObject({ kind: 'held', strangers: ['kim@customer.example'] });
    await desk.say('anna', 'approve', 1, { anyway: 'yes' });
    await leave();
    expect(desk.sink.mails).toHaveLength(0);
    desk.pass(48 * 3_600_000);
    await desk.settle();
    expect(desk.sink.mails.map(({ to }) => to)).toEqual([['kim@customer.example']]);
  });
});

describe('an answer that needs approval', () => {
  beforeEach(() => open(NEW_COLLEAGUE));

  it('goes nowhere until a colleague approves it, by whatever verb it was written', async () => {
    expect(await desk.say('marek', 'reply', 1, { text: 'A new one leaves today' })).toMatchObject({ kind: 'done', message: { key: 'approve.asked' } });
    await desk.say('marek', 'forward', 1, { to: 'repair@partner.example', text: 'Can you mend it?' });
    await desk.say('marek', 'write', undefined, { to: 'new@customer.example', subject: 'Order', text: 'It is ready' });
    await leave();
    desk.pass(24 * 3_600_000);
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(0);
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', assigneeId: 'marek' });
    expect(desk.bridge.cards()[0]?.post).toMatchObject({ tone: 'decide', alert: 'An answer by Marek Kos awaits approval' });
    for (const message of (await desk.messages(1)).filter(({ state }) => state === 'awaiting')) expect(await desk.say('ada', 'approve', 1, { message: message.id })).toMatchObject({ kind: 'done' });
    expect(await desk.say('ada', 'approve', 2)).toMatchObject({ kind: 'done' });
    await leave();
    expect(desk.sink.mails.map(({ to }) => to[0]).sort()).toEqual(['anna@customer.example', 'new@customer.example', 'repair@partner.example']);
    expect(await happened()).toEqual(expect.arrayContaining(['approval-asked', 'approved']));
  });

  it('is not approved by its author, nor by a viewer; the approved answer stays the author\'s and can be undone', async () => {
    await desk.say('marek', 'reply', 1, { text: 'A new one leaves today' });
    expect(await desk.say('marek', 'approve', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.own-approval' } });
    expect(await desk.say('vera', 'approve', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.not-allowed' } });
    expect(await desk.say('ada', 'approve', 1)).toMatchObject({ kind: 'done' });
    expect(await desk.say('ada', 'approve', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.no-draft' } });
    expect(await answer()).toMatchObject({ state: 'queued', authorId: 'marek' });
    expect(await desk.say('marek', 'undo', 1)).toMatchObject({ kind: 'done' });
    await leave();
    expect(desk.sink.mails).toHaveLength(0);
  });

  it('changed by its author after it was approved needs it again: nothing goes out without', async () => {
    await desk.say('marek', 'reply', 1, { text: 'A new one leaves today' });
    await desk.say('ada', 'approve', 1);
    await desk.say('marek', 'edit', 1, { text: 'You get nothing' });
    await leave();
    expect(desk.sink.mails).toHaveLength(0);
    expect(await answer()).toMatchObject({ state: 'awaiting', authorId: 'marek', text: 'You get nothing' });
    expect(await desk.conversation(1)).toMatchObject({ status: 'open' });
    await desk.say('ada', 'edit', 1, { text: 'A new one leaves today' });
    await desk.say('ada', 'approve', 1);
    await leave();
    expect(desk.sink.mails).toHaveLength(1);
  });

  it('comes back to its author with a reason, told where they are', async () => {
    await desk.say('marek', 'reply', 1, { text: 'No.' });
    expect(await desk.say('ada', 'send-back', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.missing-option' } });
    expect(await desk.say('ada', 'send-back', 1, { text: 'Be kinder' })).toMatchObject({ kind: 'done', message: { key: 'send-back.done', params: { who: 'Marek Kos' } } });
    expect(await answer()).toMatchObject({ state: 'draft', problem: { key: 'problem.sent-back', params: { who: 'Ada Chief', reason: 'Be kinder' } } });
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toMatchObject([{ text: '@marek Be kinder', authorId: 'ada' }]);
    await desk.say('marek', 'edit', 1, { text: 'We are sorry, a new one leaves today' });
    expect(await desk.say('marek', 'approve', 1)).toMatchObject({ kind: 'done', message: { key: 'approve.asked' } });
    await desk.say('ada', 'approve', 1);
    await leave();
    expect(desk.sink.mails).toHaveLength(1);
  });
});

describe('a mailbox that wants four eyes', () => {
  beforeEach(() => open({ mailboxes: [aMailbox({ approval: true })] }));

  it("holds everybody's answers, and anybody else approves them", async () => {
    await desk.say('ada', 'reply', 1, { text: 'From the chief' });
    expect(await desk.say('ada', 'approve', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.own-approval' } });
    expect(await desk.say('marek', 'approve', 1)).toMatchObject({ kind: 'done' });
    await leave();
    expect(desk.sink.mails).toHaveLength(1);
  });

  it('of two who approve at once, one does', async () => {
    await desk.say('ada', 'reply', 1, { text: 'From the chief' });
    const kinds = (await Promise.all([desk.say('marek', 'approve', 1), desk.say('anna', 'approve', 1)])).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['done', 'refused']);
    await leave();
    expect(desk.sink.mails).toHaveLength(1);
  });
});
