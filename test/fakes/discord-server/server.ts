/**
 * Discord as Goniec sees it: REST and gateway on loopback, driven by the real discord.js. Every request is checked; what Discord would refuse is in `violations`.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';

import { Faults, type Fault } from './faults.js';
import { Gateway } from './gateway.js';
import { Interactions } from './interactions.js';
import { Pacing } from './pacing.js';
import { Person } from './people.js';
import { createRest, type Seen } from './rest.js';
import { channelJson, FORUM, TEXT, World, type Channel, type Message } from './world.js';
import { snowflake } from './snowflakes.js';

const LOOPBACK = '127.0.0.1';

export interface DiscordServer {
  readonly token: string;
  /** What DISCORD_API_URL is set to. */
  readonly apiUrl: string;
  readonly world: World;
  readonly gateway: Gateway;
  readonly interactions: Interactions;
  readonly pacing: Pacing;
  /** Requests that the real service would have refused, or that may ping somebody. */
  readonly violations: readonly string[];
  readonly seen: readonly Seen[];
  /** Milliseconds that an answer takes. */
  latencyMs: number;
  failNext(fault: Fault): void;
  clearFaults(): void;
  requests(route: string): readonly Seen[];
  textChannel(name: string): Channel;
  forum(name: string, tags?: readonly string[]): Channel;
  person(name: string, locale?: string): Person;
  /** What the bot may do in a channel, as its settings are changed; undefined: as in the guild. */
  permit(channel: Channel, permissions: string | undefined): void;
  /** A channel was made while the bot is connected. */
  announce(channel: Channel): void;
  /** Deletes a thread or channel, as a moderator does. */
  deleteChannel(id: string): void;
  /** Oldest first. */
  messagesIn(channelId: string): readonly Message[];
  stop(): Promise<void>;
}

export async function startDiscordServer(): Promise<DiscordServer> {
  const world = new World();
  const token = 'FAKE.discord.token';
  const violations: string[] = [];
  const seen: Seen[] = [];
  const faults = new Faults();
  const pacing = new Pacing();
  const interactions = new Interactions();
  let base = '';
  const http = createServer((request, response) => rest(request, response));
  const gateway = new Gateway(http, { world, token, url: () => base.replace('http', 'ws'), violation: (what) => violations.push(what) });
  const rest = createRest({ world, token, base: () => base, gateway: () => gateway, interactions, faults, pacing, violations, seen, latencyMs: () => server.latencyMs });
  http.listen(0, LOOPBACK);
  await once(http, 'listening');
  const address = http.address();
  base = `http://${LOOPBACK}:${typeof address === 'object' && address ? address.port : 0}`;
  const people = { world, gateway, interactions, base: () => base };

  const server: DiscordServer = {
    latencyMs: 0, token, apiUrl: `${base}/api`, world, gateway, interactions, pacing, violations, seen,
    failNext: (fault) => faults.failNext(fault),
    clearFaults: () => faults.clear(),
    requests: (route) => seen.filter((request) => request.route === route),
    textChannel: (name) => world.addChannel(name, TEXT),
    forum: (name, tags = []) => world.addChannel(name, FORUM, { availableTags: tags.map((tag) => ({ id: snowflake(), name: tag, moderated: false })) }),
    person: (name, locale = 'en-US') => new Person(people, world.addMember(name, locale)),
    permit(channel, permissions) {
      channel.botPermissions = permissions;
      gateway.dispatch('CHANNEL_UPDATE', () => channelJson(world, channel));
    },
    announce: (channel) => gateway.dispatch('CHANNEL_CREATE', () => channelJson(world, channel)),
    deleteChannel(id) {
      const channel = world.channels.get(id);
      if (!channel) return;
      world.channels.delete(id);
      for (const message of world.messagesIn(id)) world.messages.delete(message.id);
      gateway.dispatch(channel.thread ? 'THREAD_DELETE' : 'CHANNEL_DELETE', () => ({ id, guild_id: world.guild.id, parent_id: channel.parentId ?? null, type: channel.type }));
    },
    messagesIn: (channelId) => world.messagesIn(channelId),
    async stop() {
      gateway.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  return server;
}
