/** What keeps posts from Discord is said on the web desk, and is no longer said once it is put right. */
import { afterEach, describe, expect, it } from 'vitest';

import { ALL_PERMISSIONS } from '../../fakes/discord-server/world.js';
import { mailFrom } from '../../support/desk-under-test.js';
import { eventually, openDiscordDesk, type DiscordDesk } from './discord-desk.js';

const MINUTE_MS = 60_000;
const MESSAGES = 'POST /channels/:id/messages';
const ATTACH_FILES = 1n << 15n;
const VIEW_CHANNEL = 1n << 10n;

let world: DiscordDesk;
afterEach(async () => {
  const { violations } = world.server;
  await world.close();
  expect(violations).toEqual([]);
});

const cup = (text = 'The cup is broken.'): string => mailFrom('Anna Nowak <anna@customer.example>', 'Broken cup', text, { 'Message-ID': '<first@customer.example>' });
const more = (text: string): string => mailFrom('Anna Nowak <anna@customer.example>', 'Re: Broken cup', text, { 'In-Reply-To': '<first@customer.example>' });
const notes = async (): Promise<readonly string[]> => (await world.desk.store.notes.of((await world.desk.conversation(1)).id)).map(({ text }) => text);
const later = async (): Promise<void> => {
  world.desk.pass(MINUTE_MS);
  await world.desk.settle();
};
const said = (what: string | undefined): Promise<unknown> => eventually(() => world.troubles().map((trouble) => trouble.what), (list) => list.join() === (what ?? ''));

describe('trouble with a channel', () => {
  it('is named as soon as a right is taken, by its name, and is over as soon as it is given back', async () => {
    world = await openDiscordDesk();
    expect(world.troubles()).toEqual([]);
    world.server.permit(world.channel, String(BigInt(ALL_PERMISSIONS) & ~ATTACH_FILES & ~VIEW_CHANNEL));
    await eventually(() => world.troubles(), (list) => list.length === 1);
    expect(world.troubles()).toEqual([{ what: 'trouble.lacks', channel: 'orders', rights: 'View Channels, Attach Files' }]);
    world.server.permit(world.channel, undefined);
    await said(undefined);
  });

  it('keeps nothing waiting once it is put right: posts go out at once, though they had been tried for long', async () => {
    world = await openDiscordDesk();
    world.server.permit(world.channel, '0');
    await world.desk.receive(cup());
    for (let tries = 0; tries < 6; tries += 1) await later();
    world.server.permit(world.channel, undefined);
    await said(undefined);
    await eventually(async () => {
      await world.desk.settle();
      return world.server.world.threads().length === 1;
    });
    expect(world.posts()).toHaveLength(1);
  });

  it('that only a refused post shows is over with the next one that goes out', async () => {
    world = await openDiscordDesk();
    world.channel.botPermissions = '0';
    await world.desk.receive(cup());
    expect(world.troubles()).toEqual([{ what: 'trouble.not-allowed', channel: 'orders' }]);
    world.channel.botPermissions = undefined;
    await later();
    expect(world.troubles()).toEqual([]);
    expect(world.posts()).toHaveLength(1);
  });

  it('says that the channel is gone, until another one takes its place', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.deleteChannel(world.thread().id);
    world.server.deleteChannel(world.channel.id);
    await said('trouble.no-channel');
    const next = world.server.forum('orders');
    world.server.announce(next);
    await world.desk.store.transaction(async (tx) => tx.desk.save({ ...world.desk.desk, channels: world.desk.desk.channels.map((channel) => (channel.bridge === 'discord' ? { ...channel, target: next.id } : channel)) }));
    await world.desk.receive(more('Any news?'));
    await later();
    await said(undefined);
    expect(world.server.world.threads(next.id)).toHaveLength(1);
  });

  it('is none where only a thread is gone: that is opened anew', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.deleteChannel(world.thread().id);
    await world.desk.receive(more('Any news?'));
    expect(world.posts().length).toBeGreaterThan(1);
    expect(world.troubles()).toEqual([]);
  });

  it('says that the server is full of active threads, where none of ours can be put to sleep', async () => {
    world = await openDiscordDesk();
    world.server.world.maxActiveThreads = 0;
    await world.desk.receive(cup());
    expect(world.troubles()).toEqual([{ what: 'trouble.threads-full', channel: 'orders' }]);
    world.server.world.maxActiveThreads = 1_000;
    for (let round = 0; round < 6; round += 1) await later();
    expect(world.troubles()).toEqual([]);
    expect(world.thread().name).toBe('#1 Broken cup');
  });
});

describe('trouble with all of Discord', () => {
  it('is a token that is refused, said once, until it is taken again', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.failNext({ route: MESSAGES, status: 401, times: 100 });
    await world.desk.receive(more('Any news?'));
    expect(world.troubles()).toEqual([{ what: 'trouble.token' }]);
    world.server.clearFaults();
    await later();
    expect(world.troubles()).toEqual([]);
    expect(world.posts()).toHaveLength(2);
  });

  it('is a door that Discord shut while we ran: it is tried again, and what was said meanwhile is read', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.gateway.denyToken = true;
    world.server.gateway.drop(4004);
    await said('trouble.token');
    world.marek.say(world.thread().id, 'said behind the door');
    world.server.gateway.denyToken = false;
    await eventually(notes, (list) => list.length === 1);
    await said(undefined);
  });

  it('is Discord that cannot be reached at the start', async () => {
    world = await openDiscordDesk('forum', {}, (server) => server.failNext({ route: 'GET /applications/@me', status: 503, times: 2 }));
    expect(world.troubles()).toEqual([{ what: 'trouble.unreachable' }]);
    await said(undefined);
    expect(world.server.gateway.connected).toBe(true);
  });

  it('is the MESSAGE CONTENT intent: once it is turned on, words are notes without a restart', async () => {
    world = await openDiscordDesk('forum', {}, (server) => (server.world.application.flags = 0));
    await world.desk.receive(cup());
    expect(world.troubles()).toEqual([{ what: 'trouble.intent' }]);
    // Posts go out all the same.
    expect(world.posts()).toHaveLength(1);
    world.server.world.application.flags = 1 << 19;
    await said(undefined);
    await eventually(() => world.server.gateway.connected);
    world.marek.say(world.thread().id, 'a note');
    await eventually(notes, (list) => list.length === 1);
  });

  it('is the intent when it is withdrawn while we run: we come back without it', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.world.application.flags = 0;
    world.server.gateway.drop(4014);
    await said('trouble.intent');
    await eventually(() => world.server.gateway.connected);
    expect((await world.marek.command('note', { text: 'by command' }, world.thread().id)).told?.content).toContain('#1');
  });
});
