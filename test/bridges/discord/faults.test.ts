/** What goes wrong on Discord, and what people notice of it: nothing lost, nothing twice, and what is wrong is said. */
import { afterEach, describe, expect, it } from 'vitest';

import { createDiscordBridge } from '../../../src/bridges/discord/bridge.js';
import type { ChannelId } from '../../../src/core/ids.js';
import { MESSAGE_CONTENT } from '../../fakes/discord-server/gateway.js';
import { ALL_PERMISSIONS } from '../../fakes/discord-server/world.js';
import { quarantine } from '../../../src/desk/quarantine.js';
import { newId } from '../../../src/storage/new-id.js';
import { mailFrom } from '../../support/desk-under-test.js';
import { quietLog } from '../../support/quiet-log.js';
import { aDesk, NOON } from '../../support/samples.js';
import { eventually, openDiscordDesk, type DiscordDesk } from './discord-desk.js';
import { textOf } from './shown.js';

const MINUTE_MS = 60_000;
const MESSAGES = 'POST /channels/:id/messages';
const THREADS = 'POST /channels/:id/threads';
const EDIT = 'PATCH /channels/:id/messages/:id';

let world: DiscordDesk;
afterEach(async () => {
  const { violations } = world.server;
  await world.close();
  expect(violations).toEqual([]);
});

const FIRST = { 'Message-ID': '<first@customer.example>' };
const AGAIN = { 'In-Reply-To': '<first@customer.example>' };
const cup = (text = 'The cup is broken.', headers: Readonly<Record<string, string>> = FIRST, subject = 'Broken cup'): string => mailFrom('Anna Nowak <anna@customer.example>', subject, text, headers);
const notes = async (): Promise<readonly string[]> => (await world.desk.store.notes.of((await world.desk.conversation(1)).id)).map(({ text }) => text);
/** Time passes and what waits is tried again. */
const later = async (ms = MINUTE_MS): Promise<void> => {
  world.desk.pass(ms);
  await world.desk.settle();
};

describe('the gateway', () => {
  it('resumes after a drop and loses no note', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.gateway.drop(4000);
    world.marek.say(world.thread().id, 'said while it was away');
    await eventually(notes, (list) => list.length === 1);
    expect(world.server.gateway.resumes).toBe(1);
    world.server.gateway.askToReconnect();
    await eventually(() => world.server.gateway.resumes === 2);
    world.marek.say(world.thread().id, 'and again');
    await eventually(notes, (list) => list.length === 2);
    expect(await notes()).toEqual(['said while it was away', 'and again']);
  });

  it('begins anew after an invalid session and reads what was said meanwhile, once', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.marek.say(world.thread().id, 'before');
    await eventually(notes, (list) => list.length === 1);
    world.server.gateway.invalidate(false);
    world.marek.say(world.thread().id, 'said while the session was gone');
    await eventually(notes, (list) => list.length === 2);
    world.marek.say(world.thread().id, 'after');
    await eventually(notes, (list) => list.length === 3);
    expect(await notes()).toEqual(['before', 'said while the session was gone', 'after']);
  });

  it('finds a zombie out by its heartbeats', async () => {
    world = await openDiscordDesk('forum', {}, (server) => (server.gateway.heartbeatMs = 400));
    await world.desk.receive(cup());
    world.server.gateway.becomeZombie();
    world.marek.say(world.thread().id, 'is anybody there?');
    await eventually(notes, (list) => list.length === 1);
    expect(world.server.gateway.resumes).toBe(1);
  });

  it('refuses to start with a bad token or without the intents, and says what to do', async () => {
    world = await openDiscordDesk();
    const { server } = world;
    const bridge = (token: string): ReturnType<typeof createDiscordBridge> => createDiscordBridge({ clock: { now: () => NOON }, log: quietLog(), desk: () => aDesk() }, { token, apiUrl: server.apiUrl, onClose: 'archive', staffRoles: undefined });
    const refusalOf = async (token: string): Promise<unknown> => {
      const refused = bridge(token);
      const start = refused.start(world.desk.door);
      return start.then(() => 'it started', (error: unknown) => error).finally(() => refused.stop());
    };
    const forbidden = (words: string): object => ({ name: 'BridgeError', fault: 'forbidden', message: expect.stringContaining(words) as string });
    expect(await refusalOf('wrong')).toMatchObject(forbidden('DISCORD_TOKEN'));
    server.gateway.denyToken = true;
    expect(await refusalOf(server.token)).toMatchObject(forbidden('DISCORD_TOKEN'));
    server.gateway.denyToken = false;
    server.gateway.denyIntents = true;
    expect(await refusalOf(server.token)).toMatchObject(forbidden('Message Content Intent'));
    await expect(bridge('wrong').inspect?.([])).resolves.toMatchObject([{ level: 'bad', text: expect.stringContaining('DISCORD_TOKEN') as string }]);
  });

  it('starts while Discord is down and connects when it is back', async () => {
    world = await openDiscordDesk('forum', {}, (server) => server.failNext({ route: 'GET /applications/@me', status: 503 }));
    expect(world.server.gateway.connected).toBe(false);
    await world.desk.receive(cup());
    await eventually(() => world.server.gateway.connected);
    await eventually(() => world.server.world.commands.length > 0);
    await later();
    world.marek.say(world.thread().id, 'a note');
    await eventually(notes, (list) => list.length === 1);
  });

  it('works without the MESSAGE CONTENT intent, and says in the thread that words are not read', async () => {
    world = await openDiscordDesk('forum', {}, (server) => (server.world.application.flags = 0));
    expect(world.server.gateway.identifies.every(({ intents }) => (intents & MESSAGE_CONTENT) === 0)).toBe(true);
    await world.desk.receive(cup());
    world.marek.say(world.thread().id, 'is this a note?');
    await eventually(() => world.posts().some(({ content }) => content.includes('Message Content Intent')));
    world.marek.say(world.thread().id, 'and this?');
    expect((await world.marek.command('note', { text: 'but this is' }, world.thread().id)).told?.content).toContain('#1');
    expect(await notes()).toEqual(['but this is']);
    expect(world.posts().filter(({ content }) => content.includes('Message Content Intent'))).toHaveLength(1);
  });
});

describe('requests that fail', () => {
  it.each(['forum', 'text'] as const)('make nothing twice in a %s channel, though they took effect', async (kind) => {
    world = await openDiscordDesk(kind);
    const { server, desk } = world;
    server.failNext({ route: THREADS, status: 502, when: 'after' });
    server.failNext({ route: 'POST /channels/:id/messages/:id/threads', status: 502, when: 'after' });
    server.failNext({ route: MESSAGES, status: 500, when: 'after', times: 2 });
    await desk.receive(cup());
    for (let round = 0; round < 5; round += 1) await later();
    expect(server.world.threads(world.channel.id)).toHaveLength(1);
    expect(world.posts()).toHaveLength(1);
    if (kind === 'text') expect(server.messagesIn(world.channel.id)).toHaveLength(1);
    expect(await desk.store.deliveries.openLanes()).toEqual([]);
  });

  it.each(['forum', 'text'] as const)('make nothing twice in a %s channel after an outage that outlasts the nonces', async (kind) => {
    world = await openDiscordDesk(kind);
    const { server, desk } = world;
    server.world.nonceMs = 0;
    await desk.receive(cup('The cup is broken.\n\n'.repeat(200)));
    const pieces = world.posts().length;
    expect(pieces).toBeGreaterThan(2);
    server.failNext({ route: MESSAGES, status: 502, when: 'after', times: 3 });
    await desk.receive(cup('The cup is broken.\n\n'.repeat(200), AGAIN, 'Re: Broken cup'));
    for (let round = 0; round < 6; round += 1) await later();
    // The same words twice are two mails; the same mail is one post.
    expect(world.posts()).toHaveLength(2 * pieces);
    expect(await desk.store.deliveries.openLanes()).toEqual([]);
    await desk.receive(mailFrom('Bob <bob@customer.example>', 'Plate', 'Also broken'));
    expect(world.thread().name).toBe('#2 Plate');
    expect(world.posts()).toHaveLength(1);
  });

  it.each(['forum', 'text'] as const)('make nothing twice in a %s channel, though Goniec was killed before it could write down that they were done', async (kind) => {
    world = await openDiscordDesk(kind);
    const { server, desk } = world;
    server.world.nonceMs = 0;
    await desk.receive(cup());
    const again = await desk.store.deliveries.openLanes();
    expect(again).toEqual([]);
    // What the dead process had posted and not written down is found by the next one.
    const conversation = await desk.conversation(1);
    const lane = `chat:${conversation.id}`;
    await desk.keep(cup('Any news?', AGAIN, 'Re: Broken cup'));
    server.failNext({ route: MESSAGES, status: 504, when: 'after' });
    await desk.settle();
    expect(await desk.store.deliveries.openLanes()).toEqual([lane]);
    await world.restart();
    desk.restartDeliveries();
    for (let round = 0; round < 3; round += 1) await later();
    expect(world.posts().filter(({ content }) => content.includes('Any news?'))).toHaveLength(1);
    expect(await desk.store.deliveries.openLanes()).toEqual([]);
  });

  it.each(['forum', 'text'] as const)('show in a %s channel what is so in the end, though it changed between two tries', async (kind) => {
    world = await openDiscordDesk(kind);
    const { server, desk } = world;
    server.world.nonceMs = 0;
    // The card: posted, and its answer lost; meanwhile somebody takes the conversation.
    server.failNext({ route: kind === 'forum' ? THREADS : MESSAGES, status: 504, when: 'after' });
    await desk.receive(cup());
    await desk.say('marek', 'claim', 1);
    server.failNext({ route: EDIT, status: 503 });
    for (let round = 0; round < 4; round += 1) await later();
    expect(textOf(world.card())).toContain('Marek Kos');
    // An answer: posted as it waits, and its answer lost; meanwhile it is sent.
    await desk.say('marek', 'reply', 1, { text: 'A new one leaves today.' });
    server.failNext({ route: MESSAGES, status: 504, when: 'after' });
    await desk.settle();
    server.failNext({ route: EDIT, status: 503 });
    for (let round = 0; round < 4; round += 1) await later();
    expect(world.posts().filter(({ content }) => content.includes('A new one leaves today.')).map(({ content }) => /Sent|Queued|Sending/.exec(content)?.[0])).toEqual(['Sent']);
    expect(await desk.store.deliveries.openLanes()).toEqual([]);
  });

  it('wait as long as Discord asks, and others go on meanwhile', async () => {
    world = await openDiscordDesk();
    const { server, desk } = world;
    server.failNext({ route: MESSAGES, status: 429, retryAfter: 0.4 });
    const started = performance.now();
    await desk.receive(cup());
    expect(performance.now() - started).toBeGreaterThan(400);
    expect(world.posts()).toHaveLength(1);
    // A long wait is handed back: the lane waits, the worker does not.
    server.failNext({ route: EDIT, status: 429, retryAfter: 30 });
    await desk.say('marek', 'claim', 1);
    const before = performance.now();
    await desk.settle();
    expect(performance.now() - before).toBeLessThan(3_000);
    const [lane = ''] = await desk.store.deliveries.openLanes();
    const head = await desk.store.deliveries.head(lane);
    expect((head?.dueAt.getTime() ?? 0) - desk.now().getTime()).toBeGreaterThanOrEqual(29_000);
    await desk.receive(mailFrom('Bob <bob@customer.example>', 'Plate', 'Also broken'));
    expect(world.thread().name).toBe('#2 Plate');
  });

  it('for want of a right are caught up once it is given', async () => {
    world = await openDiscordDesk();
    world.channel.botPermissions = '0';
    await world.desk.receive(cup());
    expect(world.server.world.threads()).toHaveLength(0);
    const [lane = ''] = await world.desk.store.deliveries.openLanes();
    expect((await world.desk.store.deliveries.head(lane))?.lastError).toContain('goniec discord invite');
    world.channel.botPermissions = undefined;
    await later();
    expect(world.posts()).toHaveLength(1);
  });

  it('open a deleted thread anew, with what was said', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const old = world.thread().id;
    world.server.deleteChannel(old);
    await world.desk.receive(cup('Any news?', AGAIN, 'Re: Broken cup'));
    expect(world.thread().id).not.toBe(old);
    expect(world.posts().map(({ content, embeds }) => `${content}${JSON.stringify(embeds)}`).join('\n')).toMatch(/gone\. What was said[^]*The cup is broken\.[^]*Any news\?/);
    expect((await world.desk.conversation(1)).threadRef).toBe(world.thread().id);
    world.marek.say(world.thread().id, 'a note here');
    await eventually(notes, (list) => list.length === 1);
  });

  it.each(['forum', 'text'] as const)('open a deleted card of a %s channel anew; old and new thread name each other', async (kind) => {
    world = await openDiscordDesk(kind);
    await world.desk.receive(cup());
    const [old, { server }] = [world.thread(), world];
    world.marek.delete(world.card());
    await world.desk.receive(cup('Any news?', AGAIN, 'Re: Broken cup'));
    const fresh = world.thread();
    expect(fresh.id).not.toBe(old.id);
    const link = (id: string): string => `<https://discord.com/channels/${server.world.guild.id}/${id}>`;
    const said = (id: string): string => JSON.stringify(server.messagesIn(id).map(({ embeds }) => embeds));
    expect(said(fresh.id)).toContain(link(old.id));
    expect(said(fresh.id)).toContain('The cup is broken.');
    expect(said(old.id)).toContain(link(fresh.id));
    expect(world.posts().filter(({ content }) => content.includes('Any news?'))).toHaveLength(1);
    for (let round = 0; round < 3; round += 1) await later();
    expect(server.world.threads(world.channel.id)).toHaveLength(2);
  });

  it('wait for a channel that was deleted, and go on in the one that takes its place', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.deleteChannel(world.thread().id);
    world.server.deleteChannel(world.channel.id);
    await world.desk.receive(cup('Any news?', AGAIN, 'Re: Broken cup'));
    await world.desk.receive(mailFrom('Bob <bob@customer.example>', 'Plate', 'Also broken'));
    expect(world.server.world.threads()).toHaveLength(0);
    const [lane = ''] = await world.desk.store.deliveries.openLanes();
    expect((await world.desk.store.deliveries.head(lane))?.lastError).toContain('not on Discord any more');
    const next = world.server.forum('orders');
    await world.desk.store.transaction(async (tx) => tx.desk.save({ ...world.desk.desk, channels: world.desk.desk.channels.map((channel) => (channel.bridge === 'discord' ? { ...channel, target: next.id } : channel)) }));
    for (let round = 0; round < 3; round += 1) await later();
    expect(world.server.world.threads(next.id).map(({ name }) => name).sort()).toEqual(['#1 Broken cup', '#2 Plate']);
    expect(await world.desk.store.deliveries.openLanes()).toEqual([]);
  });

  it('tell of each mail in quarantine once, however alike they are', async () => {
    world = await openDiscordDesk();
    const { desk, server } = world;
    server.failNext({ route: THREADS, status: 502, when: 'after' });
    for (const _ of ['first', 'second']) {
      await desk.keep(cup('The cup is broken.', {}));
      const [raw] = await desk.store.rawMails.waiting(desk.desk.mailboxes[0]!.id, 1);
      await desk.store.transaction((tx) => quarantine({ tx, desk: desk.desk, now: desk.now(), newId, sign: String }, raw!, new Error('it cannot be read')));
    }
    for (let round = 0; round < 3; round += 1) await later();
    expect(server.world.threads(world.channel.id)).toHaveLength(2);
    expect(JSON.stringify(world.card().embeds)).toContain('it cannot be read');
  });

  it('wake a thread that sleeps, and put it back', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await world.desk.say('marek', 'reply', 1, { text: 'Sorry!' });
    await world.desk.settle();
    Object.assign(world.thread().thread ?? {}, { archived: true, locked: true });
    await later(15_000);
    await later();
    expect(world.posts().at(-1)?.content).toMatch(/sent/i);
  });

  it('make room where the server is full of active threads', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.world.maxActiveThreads = 1;
    await world.desk.receive(mailFrom('Bob <bob@customer.example>', 'Plate', 'Also broken'));
    expect(world.thread().name).toBe('#2 Plate');
    expect(world.server.world.threads(world.channel.id).map(({ thread }) => thread?.archived)).toEqual([true, false]);
    expect(world.desk.log.lines.some(({ verb }) => verb === 'discord-thread-cap')).toBe(true);
    await world.desk.receive(cup('And now?', AGAIN, 'Re: Broken cup'));
    expect(world.server.world.threads(world.channel.id)[0]?.thread?.archived).toBe(false);
  });
});

describe('an interaction', () => {
  it('is acknowledged while the verb is still at work', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const slow = world.desk.store.transaction(() => new Promise((done) => setTimeout(done, 1_200)));
    const claimed = await world.marek.press(world.card(), 'Claim');
    await slow;
    expect(claimed).toMatchObject({ deferred: true, told: { ephemeral: true, content: expect.stringContaining('#1') as string } });
    expect(claimed.ms).toBeLessThan(1_000);
  });

  it('that is answered after its token ran out becomes a normal message', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const slow = world.desk.store.transaction(() => new Promise((done) => setTimeout(done, 900)));
    world.marek.press(world.card(), 'Claim').catch(() => {});
    await eventually(() => world.server.interactions.firstResponses.length === 1);
    world.server.interactions.expireTokens();
    await slow;
    await eventually(() => world.posts().some(({ content }) => content.includes('#1')));
  });

  it('outside of a conversation is answered late to the one who asked, and to nobody else', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const lounge = world.server.textChannel('lounge');
    const late = async (): Promise<void> => {
      const slow = world.desk.store.transaction(() => new Promise((done) => setTimeout(done, 900)));
      const before = world.server.interactions.firstResponses.length;
      world.marek.command('note', { conversation: '1', text: 'between us' }, lounge.id).catch(() => {});
      await eventually(() => world.server.interactions.firstResponses.length > before);
      world.server.interactions.expireTokens();
      await slow;
    };
    await late();
    await eventually(() => world.server.messagesIn(world.server.world.directWith(world.marek.id).id).some(({ content }) => content.includes('#1')));
    expect(world.server.messagesIn(lounge.id)).toEqual([]);
    world.server.world.closed.add(world.marek.id);
    await late();
    await eventually(() => world.server.messagesIn(lounge.id).length === 1);
    expect(world.server.messagesIn(lounge.id)[0]?.content).not.toContain('#1');
  });

  it('is answered though the first acknowledgement failed on the way', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.failNext({ route: 'POST /interactions/:id/:token/callback', status: 500, when: 'before' });
    expect((await world.marek.press(world.card(), 'Claim')).told?.content).toContain('#1');
    world.server.failNext({ route: 'POST /interactions/:id/:token/callback', status: 500, when: 'after' });
    expect((await world.marek.press(world.card(), 'More')).kind).toBe('message');
  });

  it('from an old button says so', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const forged = { ...world.card(), components: [{ type: 1, components: [{ type: 2, style: 2, label: 'Old', custom_id: 'kept:gone' }] }] };
    expect((await world.marek.press(forged, 'Old')).told?.content).toContain('too old');
  });
});

describe('goniec doctor', () => {
  it('names the channel, the right and the intent that are missing', async () => {
    world = await openDiscordDesk();
    const { server } = world;
    const bridge = createDiscordBridge({ clock: { now: () => NOON }, log: quietLog(), desk: () => aDesk() }, { token: server.token, apiUrl: server.apiUrl, onClose: 'archive', staffRoles: undefined });
    const channel = (target: string): Parameters<NonNullable<typeof bridge.inspect>>[0][number] => ({ id: 'orders' as ChannelId, name: 'orders', bridge: 'discord', target });
    expect(await bridge.inspect?.([channel(world.channel.id), channel('#orders')])).toMatchObject([{ level: 'ok' }, { level: 'ok' }, { level: 'ok' }, { level: 'ok' }]);
    world.channel.botPermissions = String(BigInt(ALL_PERMISSIONS) & ~(1n << 15n));
    server.world.application.flags = 0;
    const findings = await bridge.inspect?.([channel(world.channel.id), channel('123456789012345678')]);
    expect(findings).toMatchObject([{ level: 'ok' }, { level: 'warn', text: expect.stringContaining('Message Content Intent') as string }, { level: 'bad', text: expect.stringContaining('Attach Files') as string }, { level: 'bad', text: expect.stringContaining('https://discord.com/oauth2/authorize') as string }]);
  });
});
