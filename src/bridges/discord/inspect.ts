/** What is wrong with token, intents, server and channels, for `goniec doctor`: asked over REST alone, so it works beside a desk that runs. */
import { ChannelType, Routes } from 'discord.js';

import type { Channel, Group } from '../../core/model.js';
import type { BridgeFinding } from '../../core/ports/chat.js';
import type { Api } from './api.js';
import { asBridgeError } from './errors.js';
import { listIn, textIn, type Json } from './json.js';
import { allowedIn, inviteLink, isOpen, missing } from './permissions.js';
import { isRole } from './people.js';
import { isServer, readTarget } from './places.js';
import { isSnowflake } from './refs.js';

const MAY_READ_FLAGS = (1 << 18) | (1 << 19);
/** Active threads of a server (Discord docs, "Threads: Active & Archived Threads"), and when it is time to say something. */
const MAX_ACTIVE_THREADS = 1_000;
const NEARLY_FULL = 900;
const KINDS: readonly unknown[] = [ChannelType.GuildForum, ChannelType.GuildText, ChannelType.GuildAnnouncement];

export async function inspect(api: Api, channels: readonly Channel[], groups: readonly Group[] = []): Promise<readonly BridgeFinding[]> {
  let application: Json;
  try {
    application = await api.request<Json>('get', Routes.currentApplication(), 'say who we are');
  } catch (error) {
    return [{ level: 'bad', text: asBridgeError(error, 'doctor').message }];
  }
  const id = textIn(application, 'id') ?? '';
  const findings: BridgeFinding[] = [{ level: 'ok', text: `Discord knows the bot "${textIn(application, 'name') ?? id}".` }];
  findings.push(
    (Number(application['flags'] ?? 0) & MAY_READ_FLAGS) !== 0
      ? { level: 'ok', text: 'Discord lets it read what people write in threads.' }
      : { level: 'warn', text: 'Discord does not let it read messages, so words in threads are no notes; commands and buttons work. Turn on "Message Content Intent" in the developer portal (Bot).' },
  );
  const servers = new Set<string>();
  for (const channel of channels) {
    const { finding, guildId } = await lookAt(api, channel, id);
    findings.push(finding);
    if (guildId) servers.add(guildId);
  }
  for (const guildId of servers) findings.push(...(await countThreads(api, guildId)));
  if (groups.length > 0) findings.push(...(await lookAtGroups(api, groups)));
  return findings;
}

/** Said before Discord opens no more. */
async function countThreads(api: Api, guildId: string): Promise<readonly BridgeFinding[]> {
  try {
    const active = listIn(await api.request('get', Routes.guildActiveThreads(guildId), 'list active threads'), 'threads').length;
    if (active < NEARLY_FULL) return [];
    return [{ level: 'warn', text: `${active} threads are active on the server, and Discord opens no more than ${MAX_ACTIVE_THREADS}. When it is full, Goniec puts idle ones of its own to sleep; archive others that nobody needs, or let them sleep sooner.` }];
  } catch (error) {
    return [{ level: 'warn', text: asBridgeError(error, 'count active threads').message }];
  }
}

async function lookAt(api: Api, channel: Channel, botId: string): Promise<{ readonly finding: BridgeFinding; readonly guildId?: string }> {
  const bad = (text: string): { readonly finding: BridgeFinding } => ({ finding: { level: 'bad', text, channel } });
  try {
    const raw = await find(api, channel);
    if (!raw) return bad(`Discord shows no channel "${channel.target}". Write its id into desk.yaml (Discord: Settings, Advanced, Developer Mode; then right-click the channel, Copy Channel ID), and invite the bot: ${inviteLink(botId)}`);
    if (!KINDS.includes(raw['type'])) return bad(`"${textIn(raw, 'name') ?? channel.target}" is neither a forum nor a text channel; conversations need threads.`);
    const guildId = textIn(raw, 'guild_id') ?? '';
    const guild = await api.request<Json>('get', Routes.guild(guildId), 'look at the server');
    const member = await api.request<Json>('get', Routes.guildMember(guildId, botId), 'look at ourselves');
    const lacks = missing(allowedIn(raw, guild, member, botId));
    if (lacks.length > 0) return bad(`In "${textIn(raw, 'name') ?? channel.target}" the bot lacks: ${lacks.join(', ')}. Allow it there, or invite it anew: ${inviteLink(botId)}`);
    if (channel.visibleTo && isOpen(raw, guild)) return { finding: { level: 'warn', channel, text: `"${textIn(raw, 'name') ?? channel.target}": on the desk it is for some only, but on Discord everybody sees the channel. Take "View Channel" from @everyone there.` }, guildId };
    return { finding: { level: 'ok', text: `"${textIn(raw, 'name') ?? channel.target}" is there, and the bot may all it needs.`, channel }, guildId };
  } catch (error) {
    return bad(asBridgeError(error, `look at channel ${channel.id}`).message);
  }
}

/** Whether the roles that put people on the desk are there. */
async function lookAtGroups(api: Api, groups: readonly Group[]): Promise<readonly BridgeFinding[]> {
  try {
    const guilds = await api.request<readonly Json[]>('get', Routes.userGuilds(), 'list servers');
    const whole = await Promise.all(guilds.map((guild) => api.request<Json>('get', Routes.guild(textIn(guild, 'id') ?? ''), 'look at the server')));
    const roles = whole.flatMap((guild) => listIn(guild, 'roles').filter((role) => textIn(role, 'id') !== textIn(guild, 'id'))).map((role) => ({ id: textIn(role, 'id') ?? '', name: textIn(role, 'name') }));
    return groups.map(({ id, target, role }): BridgeFinding => {
      const [found, another] = roles.filter((one) => isRole(target, one));
      if (!found) return { level: 'bad', text: `Group ${id}: there is no role "${target}" on Discord, so nobody is in it. There are: ${roles.map(({ name }) => name).join(', ')}. Or write the role's id (Discord: Settings, Advanced, Developer Mode; then right-click the role, Copy Role ID).` };
      if (another) return { level: 'warn', text: `Group ${id}: several roles on Discord are called "${target}", and whoever holds one of them counts. Write the id of the one that is meant.` };
      return { level: 'ok', text: `Group ${id}: who holds the role "${found.name ?? target}" is on the desk as ${role}.` };
    });
  } catch (error) {
    return [{ level: 'bad', text: asBridgeError(error, 'look at roles').message }];
  }
}

async function find(api: Api, channel: Channel): Promise<Json | undefined> {
  const { id, name, server } = readTarget(channel.target);
  try {
    if (isSnowflake(id)) return await api.request<Json>('get', Routes.channel(id), `look at channel ${channel.id}`);
    const guilds = (await api.request<readonly Json[]>('get', Routes.userGuilds(), 'list servers')).filter((guild) => isServer(server, { id: textIn(guild, 'id') ?? '', name: textIn(guild, 'name') ?? '' }));
    for (const guild of guilds) {
      const all = await api.request<readonly Json[]>('get', Routes.guildChannels(textIn(guild, 'id') ?? ''), 'list channels');
      const named = listIn({ all }, 'all').find((one) => textIn(one, 'name')?.toLowerCase() === name && KINDS.includes(one['type']));
      if (named) return named;
    }
    return undefined;
  } catch (error) {
    if (asBridgeError(error, '').fault === 'gone') return undefined;
    throw error;
  }
}
