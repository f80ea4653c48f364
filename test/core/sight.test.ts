import { describe, expect, it } from 'vitest';
import type { AgentId, ChannelId, FolderId, MailboxId, TeamId } from '../../src/core/ids.js';
import { deskInSight, EVERYTHING, maySee, ownAddresses, seesEverything, sightOf } from '../../src/core/sight.js';
import { aConversation, aDesk, aMailbox, anAgent } from '../support/samples.js';

const CARE = 'care' as TeamId;
const forCare = { visibleTo: { teams: [CARE], agents: ['kim' as AgentId] } };
const desk = aDesk({
  mailboxes: [aMailbox(), aMailbox({ id: 'hr' as MailboxId, address: 'hr@desk.example', aliases: ['jobs@desk.example'], ...forCare })],
  channels: [{ id: 'orders' as ChannelId, name: 'orders', bridge: 'web', target: 'orders' }, { id: 'board' as ChannelId, name: 'board', bridge: 'web', target: 'board', ...forCare }],
  folders: [{ id: 'wages' as FolderId, name: 'Wages', ...forCare }],
});
const marek = anAgent();

describe('sight', () => {
  it('is everything where nothing is for some only', () => {
    expect(seesEverything(sightOf(aDesk(), marek))).toBe(true);
    expect(deskInSight(aDesk(), sightOf(aDesk(), marek))).toEqual(aDesk());
  });

  it('is everything for administrators, and for those who are named or in a team that is', () => {
    for (const agent of [anAgent({ role: 'admin' }), anAgent({ teams: [CARE] }), anAgent({ id: 'kim' as AgentId }), anAgent({ role: 'viewer', teams: [CARE] })]) expect(sightOf(desk, agent)).toEqual(EVERYTHING);
  });

  it('ends at the mailbox, the channel and the folder alike', () => {
    const sight = sightOf(desk, marek);
    expect(maySee(sight, aConversation())).toBe(true);
    expect(maySee(sight, aConversation({ mailboxId: 'hr' as MailboxId }))).toBe(false);
    expect(maySee(sight, aConversation({ channelId: 'board' as ChannelId }))).toBe(false);
    expect(maySee(sight, aConversation({ channelId: undefined, folderId: 'wages' as FolderId }))).toBe(false);
  });

  it('does not widen when a place leaves the desk, or a team does', () => {
    const later = aDesk({ retired: [{ kind: 'channel', id: 'board', ...forCare }] });
    expect(maySee(sightOf(later, marek), aConversation({ channelId: 'board' as ChannelId }))).toBe(false);
    expect(maySee(sightOf(later, anAgent({ teams: [CARE] })), aConversation({ channelId: 'board' as ChannelId }))).toBe(true);
  });

  it('with an empty list leaves administrators', () => {
    const closed = aDesk({ folders: [{ id: 'wages' as FolderId, name: 'Wages', visibleTo: { teams: [], agents: [] } }] });
    expect(sightOf(closed, anAgent({ teams: [CARE] })).folders).toEqual(new Set(['wages']));
    expect(sightOf(closed, anAgent({ role: 'admin' }))).toEqual(EVERYTHING);
  });

  it('leaves no name of what is out of it on the desk, but our addresses stay ours', () => {
    const seen = deskInSight(desk, sightOf(desk, marek));
    expect([...seen.mailboxes, ...seen.channels, ...seen.folders].map(({ id }) => id)).toEqual(['shop', 'orders']);
    expect([...ownAddresses(seen)].sort()).toEqual(['hr@desk.example', 'jobs@desk.example', 'shop@desk.example']);
  });
});
