/** Discord roles say who is on the desk: with the real discord.js, by id and by name, as they are held at the moment of acting. */
import { afterEach, describe, expect, it } from 'vitest';

import type { ChannelId, GroupId, TeamId } from '../../../src/core/ids.js';
import type { Group } from '../../../src/core/model.js';
import { createDiscordBridge } from '../../../src/bridges/discord/bridge.js';
import { mailFrom } from '../../support/desk-under-test.js';
import { quietLog } from '../../support/quiet-log.js';
import { aDesk, NOON } from '../../support/samples.js';
import { eventually, openDiscordDesk, type DiscordDesk } from './discord-desk.js';

const SUPPORT = '222222222222222222';
const LEADS = '333333333333333333';
const group = (id: string, over: Partial<Group>): Group => ({ id: id as GroupId, bridge: 'discord', target: '', role: 'agent', teams: [], ...over });
const groups = [group('support', { target: SUPPORT, teams: ['care' as TeamId] }), group('leads', { target: '@shift leads', role: 'admin' })];

let world: DiscordDesk;
const open = async (): Promise<void> => {
  world = await openDiscordDesk('forum', {}, ({ world: { roles } }) => {
    roles.set(SUPPORT, 'Support');
    roles.set(LEADS, 'Shift leads');
  }, { groups });
  await world.desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Broken cup', 'The cup is broken.'));
};
afterEach(async () => {
  const { violations } = world.server;
  await world.close();
  expect(violations).toEqual([]);
});
const onTheDesk = async (): Promise<readonly string[]> => (await world.desk.store.desk.load()).agents.map(({ name }) => name);
const notes = async (): Promise<readonly string[]> => (await world.desk.store.notes.of((await world.desk.conversation(1)).id)).map(({ text }) => text);

describe('a member who holds a role', () => {
  it('is on the desk with what it gives, in buttons, commands, words and suggestions', async () => {
    await open();
    expect((await world.stranger.press(world.card(), 'Claim')).told).toMatchObject({ ephemeral: true, content: expect.stringContaining('do not know who you are') as string });
    world.stranger.member.roles.push(SUPPORT);
    expect((await world.stranger.press(world.card(), 'Claim')).told?.content).toContain('#1');
    expect((await world.desk.conversation(1)).assigneeId).toBe(`discord:${world.stranger.id}`);
    world.stranger.say(world.thread().id, 'I look into it');
    await eventually(notes, (list) => list.length === 1);
    const member = (await world.desk.store.desk.load()).agents.find(({ name }) => name === 'Stranger');
    expect(member).toMatchObject({ role: 'agent', teams: ['care'] });
    expect((await world.anna.autocomplete('assign', 'to', 'str', world.thread().id)).choices).toMatchObject([{ name: 'Stranger' }]);
  });

  it('is an administrator by the name of a role', async () => {
    await open();
    world.stranger.member.roles.push(LEADS);
    await world.stranger.command('show', {}, world.thread().id);
    expect((await world.desk.store.desk.load()).agents.find(({ name }) => name === 'Stranger')?.role).toBe('admin');
  });

  it('has lost the right with the next thing they do, once the role is gone', async () => {
    await open();
    world.stranger.member.roles.push(SUPPORT);
    await world.stranger.press(world.card(), 'Claim');
    world.stranger.member.roles.length = 0;
    expect((await world.stranger.command('release', {}, world.thread().id)).told).toMatchObject({ ephemeral: true, content: expect.stringContaining('do not know who you are') as string });
    expect((await world.desk.conversation(1)).assigneeId).toBe(`discord:${world.stranger.id}`);
    world.stranger.say(world.thread().id, 'am I still heard?');
    await eventually(onTheDesk, (names) => !names.includes('Stranger'));
    expect(await notes()).toEqual([]);
  });

  it('is heard afterwards as what they are then: words of an outage count only with the role', async () => {
    await open();
    world.stranger.member.roles.push(SUPPORT);
    await world.stranger.command('note', { text: 'before' }, world.thread().id);
    const other = world.server.person('Outsider');
    await world.restart(() => {
      world.stranger.say(world.thread().id, 'while you were away');
      other.say(world.thread().id, 'me too');
    });
    await eventually(notes, (list) => list.length === 2);
    expect(await notes()).toEqual(['before', 'while you were away']);
  });
});

describe('doctor', () => {
  it('warns of a channel that is for some on the desk and for everybody on Discord', async () => {
    await open();
    const bridge = createDiscordBridge({ clock: { now: () => NOON }, log: quietLog(), desk: () => aDesk() }, { token: world.server.token, apiUrl: world.server.apiUrl, onClose: 'archive', staffRoles: undefined });
    const channel = { id: 'orders' as ChannelId, name: 'orders', bridge: 'discord', target: world.channel.id };
    expect((await bridge.inspect?.([channel]))?.at(-1)?.level).toBe('ok');
    expect((await bridge.inspect?.([{ ...channel, visibleTo: { teams: [], agents: [] } }]))?.at(-1)).toMatchObject({ level: 'warn', text: expect.stringContaining('@everyone') as string });
  });

  it('says which roles are there, and what to write for one that is not', async () => {
    await open();
    const bridge = createDiscordBridge({ clock: { now: () => NOON }, log: quietLog(), desk: () => aDesk() }, { token: world.server.token, apiUrl: world.server.apiUrl, onClose: 'archive', staffRoles: undefined });
    const findings = (await bridge.inspect?.([], [...groups, group('gone', { target: 'Nobody' })]))?.slice(2);
    expect(findings).toMatchObject([
      { level: 'ok', text: expect.stringContaining('"Support"') as string }, { level: 'ok', text: expect.stringContaining('as admin') as string },
      { level: 'bad', text: expect.stringMatching(/no role "Nobody".*Support, Shift leads/) as string },
    ]);
    world.server.world.roles.set('444444444444444444', 'Shift Leads');
    expect((await bridge.inspect?.([], groups))?.at(-1)).toMatchObject({ level: 'warn', text: expect.stringContaining('several roles') as string });
  });
});
