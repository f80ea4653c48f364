/** What Goniec needs to be allowed on Discord, and what it is allowed. */
import { type Client, PermissionFlagsBits } from 'discord.js';

import { listIn, textIn, type Json } from './json.js';

/** Just what is used, by the name that Discord's settings show. */
const NEEDED = {
  'View Channels': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Manage Threads and Posts': PermissionFlagsBits.ManageThreads,
  'Embed Links': PermissionFlagsBits.EmbedLinks,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
} as const;

const NEEDED_BITS: bigint = Object.values(NEEDED).reduce((sum, bit) => sum | bit, 0n);

/** Discord docs, "Permissions: Permission Overwrites": roles of the server, then overwrites for everyone, for roles, for the member. */
export function allowedIn(channel: Json, guild: Json, member: Json, botId: string): bigint {
  const guildId = textIn(guild, 'id') ?? '';
  const roles = new Set([guildId, ...(Array.isArray(member['roles']) ? member['roles'].map(String) : [])]);
  let allowed = listIn(guild, 'roles').filter((role) => roles.has(textIn(role, 'id') ?? '')).reduce((sum, role) => sum | bits(role['permissions']), 0n);
  if (allowed & PermissionFlagsBits.Administrator || textIn(guild, 'owner_id') === botId) return NEEDED_BITS;
  const overwrites = listIn(channel, 'permission_overwrites');
  const apply = (which: readonly Json[]): void => {
    allowed &= ~which.reduce((sum, { deny }) => sum | bits(deny), 0n);
    allowed |= which.reduce((sum, { allow }) => sum | bits(allow), 0n);
  };
  apply(overwrites.filter(({ id }) => id === guildId));
  apply(overwrites.filter(({ id }) => id !== guildId && typeof id === 'string' && roles.has(id)));
  apply(overwrites.filter(({ id }) => id === botId));
  return allowed;
}

/** Whether every member of the server may see it. */
export const isOpen = (channel: Json, guild: Json): boolean => (allowedIn(channel, guild, {}, '') & PermissionFlagsBits.ViewChannel) !== 0n;

/** Whether a member with these roles sees a channel or thread, as far as the gateway shows it; not, where it does not. */
export function maySeeChannel(client: Client, channelId: string, userId: string, roles: readonly string[]): boolean {
  const found = client.channels.cache.get(channelId);
  const place = found?.isThread() ? found.parent : found;
  if (!place || !('permissionOverwrites' in place)) return false;
  const { guild, permissionOverwrites } = place;
  const overwrites = permissionOverwrites.cache.map(({ id, allow, deny }) => ({ id, allow: String(allow.bitfield), deny: String(deny.bitfield) }));
  const known = guild.roles.cache.map(({ id, permissions }) => ({ id, permissions: String(permissions.bitfield) }));
  return (allowedIn({ permission_overwrites: overwrites }, { id: guild.id, owner_id: guild.ownerId, roles: known }, { roles }, userId) & PermissionFlagsBits.ViewChannel) !== 0n;
}

export const missing = (allowed: bigint): readonly string[] => Object.entries(NEEDED).filter(([, bit]) => (allowed & bit) === 0n).map(([name]) => name);

function bits(value: unknown): bigint {
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : 0n;
}

/** The page where somebody who manages a server lets the bot in, with just these rights. */
export function inviteLink(applicationId: string): string {
  return `https://discord.com/oauth2/authorize?${new URLSearchParams({ client_id: applicationId, scope: 'bot applications.commands', permissions: String(NEEDED_BITS) }).toString()}`;
}
