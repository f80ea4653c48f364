/** What is wrong with token, intents, server and channels, for `goniec doctor`: asked over REST alone, so it works beside a desk that runs. */
import { ChannelType, Routes } from 'discord.js';

import type { Channel, Group } from '../../core/model.js';
import type { BridgeFinding } from '../../core/ports/chat.js';
import type { Api } from './api.js';
import { asBridgeError } from './errors.js';
import { listIn, textIn, type Json } from './json.js';
import { allowedIn, inviteLink, isOpen, missing } from './permissions.js';
import { isRole } from './people.js';
import { targetId } from './places.js';
import { isSnowflake } from './refs.js';

const MAY_READ_FLAGS = (1 << 18) | (1 << 19);
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
  for (const channel of channels) findings.push(await lookAt(api, channel, id));
  if (groups.length > 0) findings.push(...(await lookAtGroups(api, groups)));
  return findings;
}

async function lookAt(api: Api, channel: Channel, botId: string): Promise<BridgeFinding> {
  const bad = (text: string): BridgeFinding => ({ level: 'bad', text, channel });
  try {
    const raw = await find(api, channel);
    if (!raw) return bad(`Discord shows no channel "${channel.target}". Write its id into desk.yaml (Discord: Settings, Advanced, Developer Mode; then right-click the channel, Copy Channel ID), and invite the bot: ${inviteLink(botId)}`);
    if (!KINDS.includes(raw['type'])) return bad(`"${textIn(raw, 'name') ?? channel.target}" is neither a forum nor a text channel; conversations need threads.`);
    const guild = await api.request<Json>('get', Routes.guild(textIn(raw, 'guild_id') ?? ''), 'look at the server');
    const member = await api.request<Json>('get', Routes.guildMember(textIn(raw, 'guild_id') ?? '', botId), 'look at ourselves');
    const lacks = missing(allowedIn(raw, guild, member, botId));
    if (lacks.length > 0) return bad(`In "${textIn(raw, 'name') ?? channel.target}" the bot lacks: ${lacks.join(', ')}. Allow it there, or invite it anew: ${inviteLink(botId)}`);
    if (channel.visibleTo && isOpen(raw, guild)) return { level: 'warn', channel, text: `"${textIn(raw, 'name') ?? channel.target}": on the desk it is for some only, but on Discord everybody sees the channel. Take "View Channel" from @everyone there.` };
    return { level: 'ok', text: `"${textIn(raw, 'name') ?? channel.target}" is there, and the bot may all it needs.`, channel };
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
  const target = targetId(channel.target);
  try {
    if (isSnowflake(target)) return await api.request<Json>('get', Routes.channel(target), `look at channel ${channel.id}`);
    for (const guild of await api.request<readonly Json[]>('get', Routes.userGuilds(), 'list servers')) {
      const all = await api.request<readonly Json[]>('get', Routes.guildChannels(textIn(guild, 'id') ?? ''), 'list channels');
      const named = listIn({ all }, 'all').find((one) => textIn(one, 'name')?.toLowerCase() === target.replace(/^#/, '').toLowerCase() && KINDS.includes(one['type']));
      if (named) return named;
    }
    return undefined;
  } catch (error) {
    if (asBridgeError(error, '').fault === 'gone') return undefined;
    throw error;
  }
}
