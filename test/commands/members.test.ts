/** People whom desk.yaml does not list, and who are on the desk for what they are on their chat platform. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelId, GroupId, TeamId, ThreadRef } from '../../src/core/ids.js';
import type { ChatPerson } from '../../src/core/ports/chat.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aDesk } from '../support/samples.js';

const SUPPORT = 'support' as GroupId;
const LEADS = 'leads' as GroupId;
const groups = [
  { id: SUPPORT, bridge: 'web', target: 'Support', role: 'agent', teams: ['care' as TeamId] } as const,
  { id: LEADS, bridge: 'web', target: 'Leads', role: 'admin', teams: [] } as const,
];
let desk: DeskUnderTest;
let serial = 0;
beforeEach(async () => {
  desk = await openDesk({ groups, channels: aDesk().channels.map((channel) => (channel.id === ('orders' as ChannelId) ? { ...channel, visibleTo: { teams: ['care' as TeamId], agents: [] } } : channel)) });
  await desk.receive(mailFrom('Zoe <zoe@customer.example>', 'Porcelain', 'broken'));
});
afterEach(() => desk.close());

const kim = (...of: GroupId[]): ChatPerson => ({ bridge: 'web', id: 'K1', email: undefined, name: 'Kim Lee', groups: of });
const act = (person: ChatPerson, verb: string, args: Readonly<Record<string, string>> = {}) => desk.door.act({ person, eventId: `e${(serial += 1)}`, thread: undefined, verb, args: { conversation: '1', ...args }, conversationId: undefined, revision: undefined });
const onTheDesk = async (): Promise<readonly string[]> => (await desk.store.desk.load()).agents.map(({ name }) => name);

describe('a member of a group', () => {
  it('works with what the group gives: its role, and the sight of its teams', async () => {
    expect(await act(kim(SUPPORT), 'claim')).toMatchObject({ kind: 'done' });
    expect((await desk.conversation(1)).assigneeId).toBe('web:K1');
    await desk.settle();
    expect(desk.bridge.cards()[0]?.post.facts.join(' ')).toContain('Kim Lee');
    await act(kim(SUPPORT), 'release');
    expect(await act({ ...kim(SUPPORT), id: 'K2', name: 'Lou' }, 'assign', { to: 'Kim' })).toMatchObject({ kind: 'done' });
    expect(await act(kim(LEADS), 'show')).toMatchObject({ kind: 'list' });
  });

  it('has no right left with the first step after the group was lost', async () => {
    await act(kim(SUPPORT), 'claim');
    expect(await onTheDesk()).toContain('Kim Lee');
    const before = await desk.conversation(1);
    expect(await act(kim(), 'release')).toMatchObject({ kind: 'refused', text: expect.stringContaining('do not know who you are') as string });
    expect(await desk.conversation(1)).toEqual(before);
    expect(await onTheDesk()).not.toContain('Kim Lee');
    expect(await act({ ...kim(), id: 'K3' }, 'show')).toMatchObject({ kind: 'refused' });
  });

  it('stays when desk.yaml is applied, and leaves with the group', async () => {
    await act(kim(SUPPORT), 'claim');
    const { agents: _agents, ...file } = await desk.store.desk.load();
    const listed = desk.desk.agents;
    await desk.store.desk.save({ ...file, agents: listed });
    expect(await onTheDesk()).toContain('Kim Lee');
    await desk.store.desk.save({ ...file, groups: [], agents: listed });
    expect(await onTheDesk()).not.toContain('Kim Lee');
  });

  it('cannot log in on the web desk', async () => {
    await act(kim(SUPPORT), 'show');
    const member = (await desk.store.desk.load()).agents.find(({ name }) => name === 'Kim Lee');
    expect(member?.email).toMatch(/\.invalid$/);
    expect(await desk.store.desk.agentByEmail(member?.email ?? '')).toBeUndefined();
  });

  it('may delete a note of theirs, where the platform does not say who deletes', async () => {
    const { threadRef } = await desk.conversation(1);
    const thread = threadRef as ThreadRef;
    await desk.door.words({ person: kim(SUPPORT), eventId: 'w1', thread, text: 'a note', post: 'p1' as never, files: [] });
    const answer = await desk.door.wordsChanged({ person: { bridge: 'web', id: 'K1', email: undefined }, eventId: 'w2', post: 'p1' as never, text: undefined });
    expect(answer).toMatchObject({ kind: 'done' });
    expect(await onTheDesk()).toContain('Kim Lee');
  });
});

describe('a viewer', () => {
  it('changes no note, though it was theirs while they were an agent', async () => {
    const { threadRef } = await desk.conversation(1);
    await desk.door.words({ person: kim(SUPPORT), eventId: 'v1', thread: threadRef, text: 'a note', post: 'p9' as never, files: [] });
    await desk.store.desk.save({ ...(await desk.store.desk.load()), groups: groups.map((group) => ({ ...group, role: 'viewer' as const })) });
    const answer = await desk.door.wordsChanged({ person: kim(SUPPORT), eventId: 'v2', post: 'p9' as never, text: 'other words' });
    expect(answer).toMatchObject({ kind: 'refused', text: expect.stringContaining('viewer') as string });
    expect((await desk.store.notes.of((await desk.conversation(1)).id)).map(({ text }) => text)).toEqual(['a note']);
  });
});

describe('somebody whom desk.yaml lists', () => {
  const marek = (...of: GroupId[]): ChatPerson => ({ bridge: 'web', id: 'M1', email: 'marek@desk.example', name: 'Marek', groups: of });

  it('sees with a group what they do not see without', async () => {
    expect(await act(marek(), 'show')).toMatchObject({ kind: 'refused' });
    expect(await act(marek(SUPPORT), 'show')).toMatchObject({ kind: 'list' });
    expect(await act(marek(), 'show')).toMatchObject({ kind: 'refused' });
    expect((await onTheDesk()).filter((name) => name.startsWith('Marek'))).toEqual(['Marek Kos']);
  });

  it('keeps on the web desk what desk.yaml says', async () => {
    await act(marek(LEADS), 'show');
    expect((await desk.store.desk.load()).agents.find(({ id }) => id === 'marek')).toMatchObject({ role: 'agent', teams: [] });
  });
});
