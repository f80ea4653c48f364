/** A whole desk whose channel is on the pretended Discord, behind the real bridge and the real discord.js. */
import { createDiscordBridge } from '../../../src/bridges/discord/bridge.js';
import type { BridgeMemory } from '../../../src/bridges/definition.js';
import type { Pace } from '../../../src/bridges/discord/pace.js';
import type { DiscordSettings } from '../../../src/bridges/discord/settings.js';
import type { AgentId, ChannelId } from '../../../src/core/ids.js';
import type { Desk } from '../../../src/core/model.js';
import type { Bridge } from '../../../src/core/ports/chat.js';
import { startDiscordServer, type DiscordServer } from '../../fakes/discord-server/server.js';
import type { Channel, Message } from '../../fakes/discord-server/world.js';
import { openDesk, type DeskUnderTest } from '../../support/desk-under-test.js';
import { aDesk } from '../../support/samples.js';
import type { Person } from '../../fakes/discord-server/people.js';

const PATIENCE_MS = 8_000;
/** Nobody waits in a test; in milliseconds. */
const PACE: Pace = { first: 300, longest: 1_000, refused: 300, intent: 300, renames: 600_000, perSecond: 50 };
const STEP_MS = 10;

export interface DiscordDesk {
  readonly server: DiscordServer;
  readonly desk: DeskUnderTest;
  readonly channel: Channel;
  /** Linked with Marek (English, agent). */
  readonly marek: Person;
  /** Linked with Anna (Polish, agent). */
  readonly anna: Person;
  /** Linked with nobody. */
  readonly stranger: Person;
  /** What keeps posts from going out, by its text; without the channel where it is the whole platform. */
  troubles(): readonly { readonly what: string; readonly channel?: string; readonly rights?: string }[];
  /** The newest thread of the channel. */
  thread(): Channel;
  card(): Message;
  /** Posts in the newest thread, without the card. */
  posts(): readonly Message[];
  /** The bridge forgets all it had in mind, as after a restart of Goniec. */
  restart(meanwhile?: () => void): Promise<void>;
  close(): Promise<void>;
}

const TAGS = ['Open', 'closed', 'complaint', 'urgent', 'Waiting for customer'];

export async function openDiscordDesk(kind: 'forum' | 'text' = 'forum', settings: Partial<DiscordSettings> = {}, prepare: (server: DiscordServer) => void = () => {}, over: Partial<Desk> = {}, pace: Partial<Pace> = {}): Promise<DiscordDesk> {
  const server = await startDiscordServer();
  const channel = kind === 'forum' ? server.forum('orders', TAGS) : server.textChannel('orders');
  const people = { marek: server.person('Marek Kos'), anna: server.person('Anna Zielińska', 'pl'), stranger: server.person('Stranger') };
  prepare(server);
  const make = (needs: Parameters<NonNullable<Parameters<typeof openDesk>[1]>>[0]): Bridge => createDiscordBridge({ ...needs, memory }, { token: server.token, apiUrl: server.apiUrl, onClose: 'archive', staffRoles: undefined, ...settings }, { ...PACE, ...pace });
  const kept = new Map<string, string>();
  const memory: BridgeMemory = { get: (key) => Promise.resolve(kept.get(key)), set: (key, value) => Promise.resolve(void kept.set(key, value)) };
  let current: Bridge | undefined;
  let remake = (): Bridge => {
    throw new Error('not made yet');
  };
  const desk = await openDesk(
    { channels: [{ id: 'orders' as ChannelId, name: 'orders', bridge: 'discord', target: channel.id }, ...aDesk().channels.slice(1)], ...over },
    (needs) => {
      remake = () => make(needs);
      current = remake();
      // What is started and stopped with the desk is whichever stands now.
      const now = (): Bridge => current ?? remake();
      return { name: 'discord', start: (events) => now().start(events), stop: () => now().stop(), post: (...args) => now().post(...args), edit: async (...args) => now().edit?.(...args), tell: async (...args) => (await now().tell?.(...args)) ?? false, linkTo: async (...args) => now().linkTo?.(...args), troubles: () => now().troubles?.() ?? [], inspect: async (...args) => (await now().inspect?.(...args)) ?? [] };
    },
  ).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  await desk.store.transaction(async (tx) => {
    await tx.people.link('discord', people.marek.id, 'marek' as AgentId);
    await tx.people.link('discord', people.anna.id, 'anna' as AgentId);
  });
  const thread = (): Channel => {
    const found = server.world.threads(channel.id).at(-1);
    if (!found) throw new Error('no thread');
    return found;
  };
  return {
    server, desk, channel, ...people, thread,
    card() {
      const id = thread().id;
      const found = server.world.messages.get(id);
      if (!found) throw new Error('no card');
      return found;
    },
    troubles: () => (current?.troubles?.() ?? []).map(({ what: { key, params }, channel }) => ({ what: key, ...(channel && { channel: channel.name }), ...('rights' in params && { rights: String(params['rights']) }) })),
    posts: () => server.messagesIn(thread().id).filter(({ id }) => id !== thread().id),
    async restart(meanwhile = () => {}) {
      await current?.stop();
      meanwhile();
      current = remake();
      await current.start(desk.door);
    },
    async close() {
      await desk.close();
      await server.stop();
    },
  };
}

/** Waits until something holds; what the bridge hands on takes a moment. */
export async function eventually<Value>(look: () => Value | Promise<Value>, holds: (value: Value) => boolean = Boolean): Promise<Value> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > until) throw new Error(`waited in vain; last seen: ${JSON.stringify(value)}`);
    await new Promise((done) => setTimeout(done, STEP_MS));
  }
}
