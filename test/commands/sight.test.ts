/** No verb can forget who may see what: the whole catalogue is asked, by somebody without sight, and answers as for a number that does not exist. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/commands/index.js';
import type { AgentId, ChannelId, ConversationId, MailboxId, MessageId, TeamId, ThreadRef } from '../../src/core/ids.js';
import type { Desk } from '../../src/core/model.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aDesk, aMailbox } from '../support/samples.js';

const CARE_ONLY = { teams: ['care' as TeamId], agents: [] };
const sample = aDesk();
/** Each way in which #1 is for the team "care" only, which Anna is in and Marek is not. */
const DESKS: Readonly<Record<string, Partial<Desk>>> = {
  mailbox: { mailboxes: [aMailbox({ visibleTo: CARE_ONLY }), aMailbox({ id: 'open' as MailboxId, address: 'open@desk.example', channel: 'returns' as ChannelId })] },
  channel: { channels: sample.channels.map((channel) => (channel.id === 'orders' ? { ...channel, visibleTo: CARE_ONLY } : channel)), mailboxes: [aMailbox(), aMailbox({ id: 'open' as MailboxId, address: 'open@desk.example', channel: 'returns' as ChannelId })] },
};
const HIDDEN = '1';
const NOWHERE = '77';
/** Something in every option, so that no verb stops at what is missing. */
const ARGS = {
  to: 'anna', text: 'Hello', words: 'porcelain', label: 'complaint', priority: 'high', place: 'returns', until: '2h', at: '2h', into: '2', subject: 'Hello', code: 'x', template: 'hello', name: 'x', who: 'anna',
} as const;

describe.each(Object.keys(DESKS))('a conversation in a %s that is for others', (kind) => {
  let desk: DeskUnderTest;
  beforeEach(async () => {
    desk = await openDesk(DESKS[kind]);
    await desk.receive(mailFrom('Zoe Hidden <zoe@customer.example>', 'Porcelain', 'The porcelain is broken'));
    await desk.receive(mailFrom('Eve <eve@customer.example>', 'Teapot', 'The teapot is here'), { mailbox: 'open' });
  });
  afterEach(() => desk.close());

  it('is for whom it is for', async () => {
    expect((await desk.say('anna', 'show', 1)).kind).toBe('list');
    expect((await desk.say('ada', 'show', 1)).kind).toBe('list');
    expect((await desk.say('anna', 'claim', 1)).kind).toBe('done');
  });

  it('is answered by every verb as if there were none', async () => {
    const before = await desk.conversation(1);
    const [message] = await desk.messages(1);
    for (const { name, onConversation } of COMMANDS) {
      if (!onConversation) continue;
      const args = { ...ARGS, message: message?.id ?? '' };
      const said = (conversation: string) => desk.say('marek', name, undefined, { ...args, conversation });
      const inPlace = (id: ConversationId) => desk.perform({ verb: name, args, actor: 'marek' as AgentId, via: 'web', conversationId: id, revision: 1, eventId: undefined });
      expect(JSON.stringify(await said(HIDDEN)).replaceAll(HIDDEN, NOWHERE), name).toBe(JSON.stringify(await said(NOWHERE)));
      expect(await inPlace(before.id), name).toEqual(await inPlace('none' as ConversationId));
      expect((await said(HIDDEN)).kind, name).toBe('refused');
    }
    expect(await desk.conversation(1)).toEqual(before);
  });

  it('is not led to by another one', async () => {
    for (const into of [HIDDEN, NOWHERE]) expect(await desk.say('marek', 'merge', 2, { into })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-conversation', params: { number: Number(into) } } });
    const [message] = await desk.messages(1);
    for (const verb of ['split', 'forward', 'undo']) {
      const [hidden, nothing] = [await desk.say('marek', verb, 2, { ...ARGS, to: 'x@y.example', message: message?.id ?? '' }), await desk.say('marek', verb, 2, { ...ARGS, to: 'x@y.example', message: 'none' })];
      expect(hidden, verb).toEqual(nothing);
      expect(hidden.kind, verb).toBe('refused');
    }
  });

  it('is not found, listed, suggested or counted', async () => {
    for (const words of ['porcelain', 'zoe', '#1', '1']) expect(JSON.stringify(await desk.say('marek', 'find', undefined, { words })), words).not.toMatch(/Porcelain|Zoe/);
    expect(JSON.stringify(await desk.say('anna', 'find', undefined, { words: 'porcelain' }))).toContain('Porcelain');
    const marek = { bridge: 'web', id: 'm', email: 'marek@desk.example' };
    for (const typed of ['', '1', 'porc']) expect((await desk.door.suggest(marek, 'conversation', typed, 10)).map(({ value }) => value), typed).not.toContain('1');
    const home = await desk.door.home(marek);
    expect(JSON.stringify(home)).not.toContain('Porcelain');
    expect(home?.sections.find(({ title }) => title === 'Unassigned')?.count ?? home?.sections[1]?.count).toBe(1);
  });

  it('cannot be written into from its own thread, and its form is not drawn', async () => {
    const { threadRef } = await desk.conversation(1);
    const speech = { person: { bridge: 'web', id: 'm', email: 'marek@desk.example' }, thread: threadRef as ThreadRef };
    const words = await desk.door.words({ ...speech, eventId: 'e1', text: 'a note', post: 'p' as never, files: [] });
    expect(words).toMatchObject({ kind: 'refused' });
    expect(await desk.door.form({ ...speech, eventId: 'e2', verb: 'reply', conversationId: undefined, prefill: {} })).toMatchObject({ kind: 'refused' });
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toEqual([]);
    const post = await desk.store.posts.find((await desk.conversation(1)).id, { kind: 'message', id: (await desk.messages(1))[0]?.id as MessageId });
    if (post) expect(await desk.door.unfold(speech.person, post.ref)).toBeUndefined();
  });
});

describe('places for some', () => {
  it('are neither named nor written from', async () => {
    const desk = await openDesk({ ...DESKS['mailbox'], folders: [{ id: 'news' as never, name: 'Newsletters', visibleTo: CARE_ONLY }] });
    await desk.receive(mailFrom('Eve <eve@customer.example>', 'Teapot', 'x'), { mailbox: 'open' });
    expect(await desk.say('marek', 'move', 1, { place: 'Newsletters' })).toMatchObject({ message: { key: 'refused.no-such-place', params: { names: 'orders, returns, open@desk.example' } } });
    expect((await desk.door.suggest({ bridge: 'web', id: 'm', email: 'marek@desk.example' }, 'place', '', 10)).map(({ label }) => label)).toEqual(['orders', 'returns']);
    expect(await desk.say('marek', 'write', undefined, { to: 'x@y.example', subject: 's', text: 't', mailbox: 'shop' })).toMatchObject({ message: { key: 'refused.no-such-mailbox', params: { names: 'open' } } });
    expect((await desk.say('marek', 'write', undefined, { to: 'x@y.example', subject: 's', text: 't' })).kind).toBe('done');
    expect((await desk.conversation(2)).mailboxId).toBe('open');
    await desk.close();
  });

  it('of ours stay ours: an answer never goes to a mailbox out of sight', async () => {
    const desk = await openDesk(DESKS['mailbox']);
    await desk.receive(mailFrom('Eve <eve@customer.example>', 'Teapot', 'x', { Cc: 'shop@desk.example' }), { mailbox: 'open' });
    expect((await desk.say('marek', 'reply', 1, { text: 'Hello' })).kind).toBe('done');
    expect((await desk.messages(1)).at(-1)?.cc).toEqual([]);
    await desk.close();
  });
});

describe('a refusal', () => {
  it('says which role one has, in one’s language, and whom to ask', async () => {
    const desk = await openDesk();
    await desk.receive(mailFrom('Eve <eve@customer.example>', 'Teapot', 'x'));
    expect(await desk.say('vera', 'claim', 1)).toEqual({ kind: 'refused', message: { key: 'refused.not-allowed', params: { role: 'viewer', ask: 'Ada Chief' } } });
    await desk.close();
  });

  it('meets every verb that a viewer may not say, and none that only reads', async () => {
    const desk = await openDesk();
    await desk.receive(mailFrom('Eve <eve@customer.example>', 'Teapot', 'x'));
    for (const { name, permission } of COMMANDS) {
      const outcome = await desk.say('vera', name, 1, ARGS);
      const refused = outcome.kind === 'refused' && outcome.message.key === 'refused.not-allowed';
      expect(refused, name).toBe(permission !== 'read');
    }
    await desk.close();
  });
});
