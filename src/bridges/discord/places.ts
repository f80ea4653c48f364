/** Which Discord channel a channel of desk.yaml means: an id, or the name of one. */
import { ChannelType, type Client, type GuildBasedChannel, Routes } from 'discord.js';

import type { Channel } from '../../core/model.js';
import { BridgeError } from '../../core/errors.js';
import type { Api } from './api.js';
import { asBridgeError } from './errors.js';
import { textIn, textsIn, type Json } from './json.js';
import { FILE_BYTES_BY_TIER } from './limits.js';
import { isSnowflake } from './refs.js';

export interface Room {
  readonly id: string;
  readonly guildId: string;
  readonly kind: 'forum' | 'text';
  readonly tags: readonly { readonly id: string; readonly name: string }[];
  readonly maxFileBytes: number;
}

export interface Places {
  /** @throws BridgeError 'gone' when there is none, 'invalid' when it cannot hold threads */
  find(channel: Channel): Promise<Room>;
  /** Whether it is there and can hold threads, asked of Discord. */
  isThere(channel: Channel): Promise<boolean>;
  /** Forget what is known of a channel: it changed. */
  forget(channelId: string): void;
}

/** Tags and boosts of a server change rarely, and the gateway tells; this covers what it missed. In milliseconds. */
const KNOWN_FOR_MS = 10 * 60_000;

export function createPlaces(client: () => Client, api: Api, now: () => Date): Places {
  const known = new Map<string, { readonly room: Room; readonly until: number }>();
  const find: Places['find'] = async (channel) => {
    const fresh = known.get(channel.target);
    if (fresh && fresh.until > now().getTime()) return fresh.room;
    const said = readTarget(channel.target).id;
    const id = isSnowflake(said) ? said : byName(client(), channel);
    const raw = await api.request<Json>('get', Routes.channel(id), `look at channel ${channel.id}`);
    const room = roomOf(client(), channel, raw);
    known.set(channel.target, { room, until: now().getTime() + KNOWN_FOR_MS });
    return room;
  };
  return {
    find,
    async isThere(channel) {
      known.delete(channel.target);
      return find(channel).then(() => true, (error: unknown) => asBridgeError(error, 'look at a channel').fault !== 'gone');
    },
    forget(channelId) {
      for (const [target, { room }] of known) if (room.id === channelId) known.delete(target);
    },
  };
}

/** What is written in desk.yaml: a channel's id, its name, or "server/name" where several servers have one of that name. */
export function readTarget(target: string): { readonly server: string | undefined; readonly id: string; readonly name: string } {
  const parts = target.split('/').map((part) => part.trim());
  const last = parts.at(-1) ?? '';
  return { server: parts.length > 1 ? parts.slice(0, -1).join('/') : undefined, id: last, name: last.replace(/^#/, '').toLowerCase() };
}

/** Whether a server is the one that is meant: by its name or id. */
export const isServer = (server: string | undefined, guild: { readonly id: string; readonly name: string }): boolean => server === undefined || server === guild.id || server.toLowerCase() === guild.name.toLowerCase();

/** Channels that a channel of the desk may mean, as the gateway shows them. */
export function inCache(client: Client, { target }: Pick<Channel, 'target'>): readonly GuildBasedChannel[] {
  const { id, name, server } = readTarget(target);
  const all = client.guilds.cache.filter((guild) => isServer(server, guild)).flatMap(({ channels }) => channels.cache);
  return [...all.filter((one) => (isSnowflake(id) ? one.id === id : one.name.toLowerCase() === name && (one.type === ChannelType.GuildText || one.type === ChannelType.GuildForum))).values()];
}

function byName(client: Client, channel: Channel): string {
  const [only, second] = inCache(client, channel);
  if (!only) throw new BridgeError('gone', true, `There is no channel "${channel.target}" on Discord that Goniec can see. Write its id into desk.yaml (channel ${channel.id}).`);
  if (second) throw new BridgeError('gone', true, `Several channels on Discord are called "${channel.target}". Write "server/name" or the id into desk.yaml (channel ${channel.id}).`);
  return only.id;
}

function roomOf(client: Client, channel: Channel, raw: Json): Room {
  const type = raw['type'];
  const guildId = textIn(raw, 'guild_id') ?? '';
  if (type !== ChannelType.GuildForum && type !== ChannelType.GuildText && type !== ChannelType.GuildAnnouncement) {
    throw new BridgeError('gone', true, `Channel ${channel.id} is neither a forum nor a text channel on Discord; conversations need threads.`);
  }
  const tier = client.guilds.cache.get(guildId)?.premiumTier ?? 0;
  return {
    id: String(raw['id']), guildId, kind: type === ChannelType.GuildForum ? 'forum' : 'text', tags: textsIn(raw['available_tags']).map(({ id = '', name = '' }) => ({ id, name })),
    maxFileBytes: FILE_BYTES_BY_TIER[tier] ?? FILE_BYTES_BY_TIER[0] ?? 0,
  };
}
