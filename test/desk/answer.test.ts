import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>', References: '<root@customer.example>' }));
});
afterEach(() => desk.close());

const UNDO_MS = 15_000;
const outbound = async (): Promise<Awaited<ReturnType<DeskUnderTest['message']>>> => {
  const message = (await desk.messages(1)).findLast(({ direction }) => direction === 'out');
  if (!message) throw new Error('no answer');
  return message;
};

describe('an answer', () => {
  it('waits for the undo window, then reaches the customer once, in the right thread', async () => {
    const outcome = await desk.say('marek', 'reply', 1, { text: 'We send a **new** one.' });
    expect(outcome).toMatchObject({ kind: 'done', undoable: { until: new Date(desk.now().getTime() + UNDO_MS) } });
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(0);
    desk.pass(UNDO_MS);
    await desk.settle();
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(1);
    const [mail] = desk.sink.mails;
    expect(mail?.to).toEqual(['anna@customer.example']);
    expect(mail?.header('In-Reply-To')).toBe('<first@customer.example>');
    expect(mail?.header('References')).toBe('<root@customer.example> <first@customer.example>');
    expect(mail?.subject).toBe('Re: Cup [#1]');
    expect(await outbound()).toMatchObject({ state: 'sent', headerId: mail?.messageId?.slice(1, -1) });
    expect(await desk.conversation(1)).toMatchObject({ status: 'pending', assigneeId: 'marek', waitingSince: undefined });
  });

  it('is not sent once more by who did not see that it had left; after a word of the customer it is', async () => {
    const say = (): ReturnType<DeskUnderTest['say']> => desk.say('marek', 'reply', 1, { text: 'It left on Monday.' });
    const goes = async (): Promise<number> => {
      desk.pass(UNDO_MS);
      await desk.settle();
      return desk.sink.mails.length;
    };
    await say();
    expect(await goes()).toBe(1);
    expect(await say()).toMatchObject({ kind: 'refused', message: { key: 'refused.said-just-now' } });
    expect(await goes()).toBe(1);
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', 'When did it leave?', { 'In-Reply-To': '<first@customer.example>' }));
    expect((await say()).kind).toBe('done');
    expect(await goes()).toBe(2);
    desk.pass(10 * 60_000);
    expect((await say()).kind).toBe('done');
    expect(await goes()).toBe(3);
  });

  it('can be taken back within the window, and the customer waits again', async () => {
    const waiting = (await desk.conversation(1)).waitingSince;
    await desk.say('marek', 'reply', 1, { text: 'Wrong window' });
    expect(await desk.say('marek', 'undo', 1)).toMatchObject({ kind: 'done', message: { key: 'undo.done' } });
    desk.pass(UNDO_MS);
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(0);
    expect(await outbound()).toMatchObject({ state: 'cancelled' });
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', waitingSince: waiting });
    expect(await desk.say('marek', 'undo', 1)).toMatchObject({ kind: 'refused' });
  });

  it('cannot be taken back once it has left', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Gone' });
    const { id } = await outbound();
    desk.pass(UNDO_MS);
    await desk.settle();
    expect(await desk.say('marek', 'undo', 1, { message: id })).toMatchObject({ kind: 'refused', message: { key: 'refused.sent-already' } });
    expect(desk.sink.mails).toHaveLength(1);
  });

  it('fills in a template and keeps what is written beside it', async () => {
    await desk.say('marek', 'reply', 1, { template: 'hello', text: 'It leaves today.' });
    desk.pass(UNDO_MS);
    await desk.settle();
    expect((await outbound()).text).toBe('Hello Anna, we are on it.\n\nIt leaves today.');
  });

  it('with an unknown variable is blocked and says which', async () => {
    expect(await desk.say('marek', 'reply', 1, { text: 'Dear {{customer.title}}, {{shop}}' })).toMatchObject({ kind: 'refused', message: { key: 'refused.unknown-variable', params: { names: '{{customer.title}}, {{shop}}' } } });
    expect((await desk.messages(1)).filter(({ direction }) => direction === 'out')).toHaveLength(0);
  });

  it('can be looked at before: to whom, and what', async () => {
    const preview = await desk.say('marek', 'reply', 1, { template: 'hello', preview: 'true' });
    expect(preview).toMatchObject({ kind: 'preview', to: ['Anna Nowak <anna@customer.example>'], cc: [], text: 'Hello Anna, we are on it.' });
    expect(await desk.messages(1)).toHaveLength(1);
  });

  it("comes back into its conversation by our Message-ID alone, and by nobody else's number", async () => {
    await desk.say('marek', 'reply', 1, { text: 'What is your order number?' });
    desk.pass(UNDO_MS);
    await desk.settle();
    const headerId = desk.sink.mails[0]?.messageId ?? '';
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Something else entirely', 'It is 2284', { 'In-Reply-To': headerId }));
    expect(await desk.conversation(1)).toMatchObject({ status: 'open' });
    expect(desk.bridge.cards()).toHaveLength(1);
  });
});

describe('collisions', () => {
  it('C26 of two who claim, the second is told who was first', async () => {
    const [one, two] = await Promise.all([desk.say('marek', 'claim', 1), desk.say('anna', 'claim', 1)]);
    const outcomes = [one, two].map(({ kind }) => kind).sort();
    expect(outcomes).toEqual(['done', 'refused']);
    const refused = one.kind === 'refused' ? one : two;
    expect(refused).toMatchObject({ message: { key: 'refused.claimed-by', params: { number: 1 } } });
  });

  it('an answer begun before the customer wrote again is held, and sent only on purpose', async () => {
    const begun = (await desk.conversation(1)).revision;
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', 'I would rather have my money back', { 'In-Reply-To': '<first@customer.example>' }));
    const held = await desk.say('marek', 'reply', 1, { text: 'A new cup is on its way' }, begun);
    expect(held).toMatchObject({ kind: 'held', newer: [{ who: 'Anna Nowak', excerpt: 'I would rather have my money back' }] });
    expect((await desk.messages(1)).filter(({ direction }) => direction === 'out')).toHaveLength(0);
    const anyway = await desk.say('marek', 'reply', 1, { text: 'A new cup is on its way', anyway: 'true' }, begun);
    expect(anyway.kind).toBe('done');
  });

  it('a second answer to what a colleague has just answered is held', async () => {
    const begun = (await desk.conversation(1)).revision;
    await desk.say('anna', 'reply', 1, { text: 'Answered by Anna' });
    expect(await desk.say('marek', 'reply', 1, { text: 'Answered by Marek' }, begun)).toMatchObject({ kind: 'held', newer: [{ who: 'Anna Zielińska', direction: 'out' }] });
  });

  it('closing from an old card is held when the customer wrote since', async () => {
    const begun = (await desk.conversation(1)).revision;
    await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Cup', 'One more thing, please', { 'In-Reply-To': '<first@customer.example>' }));
    expect((await desk.say('marek', 'close', 1, {}, begun)).kind).toBe('held');
    expect((await desk.conversation(1)).status).toBe('open');
  });
});

describe('notes', () => {
  it('C21, C24 never reach the customer', async () => {
    await desk.say('marek', 'note', 1, { text: 'SECRET: she complains every month' });
    await desk.say('marek', 'reply', 1, { text: 'We are sorry.' });
    desk.pass(UNDO_MS);
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(1);
    expect(desk.sink.mails[0]?.raw.toString()).not.toContain('SECRET');
  });
});

describe('permissions', () => {
  it('a viewer reads and finds but changes nothing', async () => {
    for (const verb of ['claim', 'close', 'release']) expect(await desk.say('vera', verb, 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.not-allowed' } });
    expect(await desk.say('vera', 'reply', 1, { text: 'x' })).toMatchObject({ kind: 'refused', message: { key: 'refused.not-allowed' } });
    expect((await desk.say('vera', 'find', undefined, { words: 'broken' })).kind).toBe('list');
    expect((await desk.say('vera', 'show', 1)).kind).toBe('list');
  });

  it('somebody who is not on the desk is refused', async () => {
    expect(await desk.say('stranger', 'claim', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.unknown-agent' } });
  });
});
