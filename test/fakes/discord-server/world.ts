/** What the pretended Discord knows: one guild with channels, threads, messages, members and commands, in the shapes of its API. */
import { snowflake } from './snowflakes.js';
import type { Json } from './json.js';

export const TEXT = 0;
export const FORUM = 15;
export const PUBLIC_THREAD = 11;
export const DIRECT = 1;
/** Every right but that of an administrator. */
export const ALL_PERMISSIONS = '1125899906842615';
/** Discord: at most this many threads of a guild are active. */
const MAX_ACTIVE_THREADS = 1_000;

export interface User {
  readonly id: string;
  readonly username: string;
  readonly global_name: string | null;
  readonly bot: boolean;
}

export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly moderated: boolean;
}

export interface Thread {
  archived: boolean;
  locked: boolean;
  autoArchiveMinutes: number;
}

export interface Channel {
  readonly id: string;
  readonly type: number;
  name: string;
  readonly parentId: string | undefined;
  readonly ownerId: string | undefined;
  /** Only of threads. */
  thread: Thread | undefined;
  appliedTags: string[];
  availableTags: Tag[];
  /** What the bot may here; undefined: as in the guild. */
  botPermissions: string | undefined;
  /** When it was renamed, for Discord's limit of two in ten minutes. */
  readonly renamed: number[];
}

export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly author: User;
  content: string;
  embeds: readonly Json[];
  components: readonly Json[];
  attachments: readonly Attachment[];
  flags: number;
  allowedMentions: unknown;
  edits: number;
  editedAt: string | null;
  readonly createdAt: string;
  readonly nonce: string | undefined;
  readonly replyTo: string | undefined;
}

/** How long a nonce keeps a second message off: "the past few minutes" (Discord docs, "Create Message"). */
export const NONCE_MS = 5 * 60_000;

export interface Member {
  readonly user: User;
  roles: string[];
  readonly locale: string;
}

export class World {
  readonly application = { id: snowflake(), flags: (1 << 18) | (1 << 15), verifyKey: '0'.repeat(64) };
  readonly bot: User = { id: this.application.id, username: 'goniec', global_name: null, bot: true };
  readonly guild = { id: snowflake(), name: 'Clay & Co.', premiumTier: 0, ownerId: snowflake() };
  readonly channels = new Map<string, Channel>();
  /** By the person. */
  readonly directs = new Map<string, Channel>();
  /** They let nobody of this server write to them. */
  readonly closed = new Set<string>();
  readonly messages = new Map<string, Message>();
  readonly members = new Map<string, Member>();
  readonly roles = new Map<string, string>();
  commands: readonly Json[] = [];
  /** A test makes it small. */
  nonceMs = NONCE_MS;
  /** Two renames of a thread in it are let through. */
  renameWindowMs = 10 * 60_000;
  /** Bytes of a file that are taken, where it is not what the boosts of the guild promise. */
  maxFileBytes: number | undefined;
  /** A test makes it small. */
  maxActiveThreads = MAX_ACTIVE_THREADS;

  addChannel(name: string, type: number, extra: Partial<Pick<Channel, 'parentId' | 'ownerId' | 'thread' | 'appliedTags' | 'availableTags'>> & { readonly id?: string } = {}): Channel {
    const channel: Channel = {
      id: extra.id ?? snowflake(), type, name, parentId: extra.parentId, ownerId: extra.ownerId, thread: extra.thread, appliedTags: extra.appliedTags ?? [], availableTags: extra.availableTags ?? [],
      botPermissions: undefined, renamed: [],
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** The direct messages of the bot and somebody; of no guild. */
  directWith(userId: string): Channel {
    const known = this.directs.get(userId);
    if (known) return known;
    const channel = this.addChannel('', DIRECT);
    this.channels.delete(channel.id);
    this.directs.set(userId, channel);
    return channel;
  }

  /** @returns undefined for channels of the guild */
  direct(channelId: string): Channel | undefined {
    return [...this.directs.values()].find(({ id }) => id === channelId);
  }

  addMember(name: string, locale: string): Member {
    const member: Member = { user: { id: snowflake(), username: name.toLowerCase().replace(/\W/g, ''), global_name: name, bot: false }, roles: [], locale };
    this.members.set(member.user.id, member);
    return member;
  }

  /** Threads of a channel, or all; oldest first. */
  threads(parentId?: string): readonly Channel[] {
    return [...this.channels.values()].filter(({ thread, parentId: parent }) => thread && (parentId === undefined || parent === parentId));
  }

  /** The bot may nothing there: nothing of it is told or shown to it. */
  isHidden(channelId: string): boolean {
    const channel = this.channels.get(channelId);
    return (this.channels.get(channel?.parentId ?? channelId)?.botPermissions ?? channel?.botPermissions) === '0';
  }

  activeThreads(): readonly Channel[] {
    return this.threads().filter(({ thread }) => thread?.archived === false);
  }

  /** Oldest first. */
  messagesIn(channelId: string): readonly Message[] {
    return [...this.messages.values()].filter((message) => message.channelId === channelId);
  }
}

/* ---- as JSON ---- */

export const userJson = (user: User): Json => ({ id: user.id, username: user.username, discriminator: user.bot ? '0000' : '0', global_name: user.global_name, avatar: null, bot: user.bot });

export const memberJson = ({ user, roles }: Member): Json => ({ user: userJson(user), roles, joined_at: '2026-01-01T00:00:00.000Z', deaf: false, mute: false, flags: 0, nick: null, avatar: null, permissions: ALL_PERMISSIONS });

export function channelJson(world: World, channel: Channel): Json {
  const base = { id: channel.id, type: channel.type, guild_id: world.guild.id, name: channel.name, position: 0, parent_id: channel.parentId ?? null, last_message_id: world.messagesIn(channel.id).at(-1)?.id ?? null, rate_limit_per_user: 0, flags: 0 };
  if (!channel.thread) {
    const overwrites = channel.botPermissions === undefined ? [] : [{ id: world.bot.id, type: 1, allow: '0', deny: String(BigInt(ALL_PERMISSIONS) & ~BigInt(channel.botPermissions)) }];
    return { ...base, permission_overwrites: overwrites, nsfw: false, topic: null, ...(channel.type === FORUM && { available_tags: channel.availableTags.map((tag) => ({ ...tag, emoji_id: null, emoji_name: null })), default_forum_layout: 0, default_reaction_emoji: null, default_sort_order: null }) };
  }
  const { archived, locked, autoArchiveMinutes } = channel.thread;
  const at = '2026-01-01T00:00:00.000Z';
  return {
    ...base, owner_id: channel.ownerId, message_count: world.messagesIn(channel.id).length, member_count: 1, total_message_sent: 0, applied_tags: channel.appliedTags,
    thread_metadata: { archived, locked, auto_archive_duration: autoArchiveMinutes, archive_timestamp: at, create_timestamp: at },
    member: { id: channel.id, user_id: world.bot.id, join_timestamp: at, flags: 0 },
  };
}

/** Whoever is named as <@id>. @param inGuild with what they are in the guild, which only the gateway says (Discord docs, "Message Create") */
export const mentionsIn = (world: World, content: string, inGuild = false): readonly Json[] =>
  [...new Set([...content.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id ?? ''))].flatMap((id) => {
    const member = world.members.get(id);
    return member ? [{ ...userJson(member.user), ...(inGuild && { member: { ...memberJson(member), user: undefined, permissions: undefined } }) }] : [];
  });

export function messageJson(world: World, message: Message, base: string): Json {
  return {
    id: message.id, channel_id: message.channelId, author: userJson(message.author), content: message.content, timestamp: message.createdAt, edited_timestamp: message.editedAt, tts: false, mention_everyone: false,
    mentions: mentionsIn(world, message.content), mention_roles: [], pinned: false, type: message.replyTo ? 19 : 0, flags: message.flags, embeds: message.embeds, components: message.components,
    attachments: message.attachments.map(({ id, filename, size, contentType }) => ({ id, filename, size, content_type: contentType, url: `${base}/attachments/${message.channelId}/${id}/${encodeURIComponent(filename)}`, proxy_url: `${base}/attachments/${message.channelId}/${id}/${encodeURIComponent(filename)}` })),
    ...(message.nonce !== undefined && { nonce: message.nonce }),
    ...(message.replyTo && { message_reference: { type: 0, message_id: message.replyTo, channel_id: message.channelId, guild_id: world.guild.id } }),
    ...(message.author.bot && { application_id: world.application.id }),
  };
}

export function guildJson(world: World): Json {
  const role = (id: string, name: string, position: number): Json => ({ id, name, permissions: ALL_PERMISSIONS, position, color: 0, colors: { primary_color: 0, secondary_color: null, tertiary_color: null }, hoist: false, managed: false, mentionable: false, flags: 0 });
  const { id, name, ownerId, premiumTier } = world.guild;
  const channels = [...world.channels.values()];
  return {
    id, name, icon: null, splash: null, discovery_splash: null, owner_id: ownerId, afk_channel_id: null, afk_timeout: 300, verification_level: 0, default_message_notifications: 0, explicit_content_filter: 0,
    roles: [role(id, '@everyone', 0), ...[...world.roles].map(([roleId, roleName], index) => role(roleId, roleName, index + 1))],
    emojis: [], features: ['COMMUNITY'], mfa_level: 0, application_id: null, system_channel_id: null, system_channel_flags: 0, rules_channel_id: null, vanity_url_code: null, description: null, banner: null,
    premium_tier: premiumTier, preferred_locale: 'en-US', public_updates_channel_id: null, nsfw_level: 0, premium_progress_bar_enabled: false, stickers: [], joined_at: '2026-01-01T00:00:00.000Z', large: false,
    unavailable: false, member_count: world.members.size + 1, voice_states: [], members: [memberJson({ user: world.bot, roles: [], locale: 'en-US' }), ...[...world.members.values()].map(memberJson)],
    channels: channels.filter(({ thread }) => !thread).map((channel) => channelJson(world, channel)), threads: world.activeThreads().map((channel) => channelJson(world, channel)),
    presences: [], stage_instances: [], guild_scheduled_events: [], soundboard_sounds: [],
  };
}
