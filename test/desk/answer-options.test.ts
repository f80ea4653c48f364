import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>', Cc: 'Ola <ola@customer.example>' }));
});
afterEach(() => desk.close());

const UNDO_MS = 15_000;
const leave = async (): Promise<void> => {
  desk.pass(UNDO_MS);
  await desk.settle();
};

describe('receivers', () => {
  it('can be changed, added in copy and in blind copy; who is in blind copy is not seen by the others', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Done', cc: 'boss@customer.example', bcc: 'audit@desk-partner.example' });
    await leave();
    const [mail] = desk.sink.mails;
    expect([...(mail?.to ?? [])].sort()).toEqual(['anna@customer.example', 'audit@desk-partner.example', 'boss@customer.example']);
    expect(mail?.header('Cc')).toContain('boss@customer.example');
    expect(mail?.raw.toString()).not.toContain('audit@desk-partner.example');
  });

  it('that are no addresses stop the answer and are named', async () => {
    expect(await desk.say('marek', 'reply', 1, { text: 'Done', to: 'anna at home' })).toMatchObject({ kind: 'refused', message: { key: 'problem.bad-address', params: { address: 'anna at home' } } });
    expect(await desk.messages(1)).toHaveLength(1);
  });
});

describe('send later', () => {
  it('waits for its hour without holding up the next answer, and can be taken back until then', async () => {
    expect(await desk.say('marek', 'reply', 1, { text: 'Later', at: '2h' })).toMatchObject({ kind: 'done', message: { key: 'reply.later' } });
    await desk.say('marek', 'reply', 1, { text: 'Now' });
    await leave();
    expect(desk.sink.mails.map(({ raw }) => /Later|Now/.exec(raw.toString())?.[0])).toEqual(['Now']);
    desk.pass(2 * 3_600_000);
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(2);
  });
});

describe('forward', () => {
  it("hands the original on as it came; the outsider's answer comes back into the conversation", async () => {
    expect((await desk.say('marek', 'forward', 1, { to: 'Repair <repair@partner.example>', text: 'Can you mend it?' })).kind).toBe('done');
    await leave();
    const [mail] = desk.sink.mails;
    expect(mail?.to).toEqual(['repair@partner.example']);
    expect(mail?.subject).toContain('Fwd: Cup');
    expect(mail?.raw.toString()).toMatch(/original\.eml/);
    expect(await desk.conversation(1)).toMatchObject({ status: 'open' });
    await desk.receive(mailFrom('Repair <repair@partner.example>', 'Re: Fwd: Cup', 'Yes, we can', { 'In-Reply-To': mail?.messageId ?? '' }));
    expect((await desk.messages(1)).at(-1)?.text).toBe('Yes, we can');
    expect((await desk.conversation(1)).warning).toBeUndefined();
  });
});

describe('write', () => {
  it('begins a conversation whose answer comes back into it', async () => {
    expect((await desk.say('marek', 'write', undefined, { to: 'new@customer.example', subject: 'Your order 7', text: 'It is ready.' })).kind).toBe('done');
    await leave();
    const [mail] = desk.sink.mails;
    expect(mail?.to).toEqual(['new@customer.example']);
    expect(await desk.conversation(2)).toMatchObject({ status: 'pending', assigneeId: 'marek', subject: 'Your order 7' });
    await desk.receive(mailFrom('New <new@customer.example>', 'Re: Your order 7', 'When can I come?', { 'In-Reply-To': mail?.messageId ?? '' }));
    expect(await desk.conversation(2)).toMatchObject({ status: 'open' });
    expect(desk.bridge.cards()).toHaveLength(2);
  });
});
