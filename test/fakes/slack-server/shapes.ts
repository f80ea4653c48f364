/** How people, places, messages and files look to an app: the objects of https://docs.slack.dev/reference/objects. */
import { APP_ID } from './app.js';
import type { Conversation } from './conversation.js';
import { isReply } from './conversation.js';
import { onTheWire, type JsonObject } from './json.js';
import type { Message, SlackFile, User, UserGroup } from './model.js';
import type { Workspace } from './workspace.js';

export function userJson(user: User, workspace: Workspace, include: { readonly email: boolean; readonly locale: boolean }): JsonObject {
  const [first = '', ...rest] = user.realName.split(' ');
  return onTheWire({
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted,
    color: '9f69e7',
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: user.tzOffset,
    profile: {
      title: '',
      phone: '',
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      first_name: first,
      last_name: rest.join(' '),
      status_text: '',
      status_emoji: '',
      team: user.teamId,
      ...(include.email && !user.isBot ? { email: user.email } : {}),
      ...(user.id === workspace.botUser.id ? { bot_id: workspace.botId } : {}),
    },
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    is_bot: user.isBot,
    is_app_user: false,
    ...(user.isStranger ? { is_stranger: true } : {}),
    updated: 1_700_000_000,
    ...(include.locale ? { locale: user.locale } : {}),
  });
}

export function groupJson(group: UserGroup, workspace: Workspace, includeUsers: boolean): JsonObject {
  return onTheWire({
    id: group.id,
    team_id: workspace.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 1_700_000_000,
    date_update: 1_700_000_000,
    date_delete: group.disabled ? 1_700_000_001 : 0,
    auto_type: null,
    created_by: workspace.botUser.id,
    user_count: group.users.length,
    ...(includeUsers ? { users: group.users } : {}),
  });
}

export function conversationJson(conversation: Conversation, workspace: Workspace, includeCount = false): JsonObject {
  const member = conversation.members.has(workspace.botUser.id);
  if (conversation.kind === 'im') {
    return { id: conversation.id, created: conversation.created, is_im: true, is_org_shared: false, is_archived: false, user: conversation.person ?? '', is_user_deleted: false, context_team_id: workspace.id };
  }
  return onTheWire({
    id: conversation.id,
    name: conversation.name,
    name_normalized: conversation.name,
    is_channel: conversation.kind === 'channel',
    is_group: conversation.kind === 'group',
    is_im: false,
    is_mpim: false,
    is_private: conversation.isPrivate,
    is_archived: conversation.archived,
    is_general: false,
    is_shared: conversation.external,
    is_ext_shared: conversation.external,
    is_org_shared: false,
    is_member: member,
    created: conversation.created,
    creator: workspace.botUser.id,
    context_team_id: workspace.id,
    topic: { value: conversation.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    ...(includeCount ? { num_members: conversation.members.size } : {}),
  });
}

/** A file as messages and files.info show it. `baseUrl` is where its bytes are. */
export function fileJson(file: SlackFile, workspace: Workspace, baseUrl: string): JsonObject {
  const extension = /\.([a-z0-9]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? 'binary';
  const path = `${workspace.id}-${file.id}`;
  const url = `${baseUrl}/files-pri/${path}`;
  const shares: Record<'public' | 'private', Record<string, JsonObject[]>> = { public: {}, private: {} };
  for (const share of file.shares) {
    const entry = onTheWire({ reply_users: [], reply_users_count: 0, reply_count: 0, ts: share.ts, thread_ts: share.threadTs, channel_name: workspace.conversations.get(share.channel)?.name ?? '', team_id: workspace.id });
    (shares[share.isPrivate ? 'private' : 'public'][share.channel] ??= []).push(entry);
  }
  return onTheWire({
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.snippetType ?? extension,
    pretty_type: extension.toUpperCase(),
    user: file.user,
    user_team: workspace.id,
    editable: false,
    size: file.bytes?.length ?? 0,
    mode: file.deleted ? 'tombstone' : 'hosted',
    is_external: false,
    external_type: '',
    is_public: file.shares.some((share) => !share.isPrivate),
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `${url}/${encodeURIComponent(file.name)}`,
    url_private_download: `${url}/download/${encodeURIComponent(file.name)}`,
    permalink: `https://${workspace.domain}.slack.com/files/${file.user}/${file.id}/${encodeURIComponent(file.name)}`,
    alt_txt: file.altText,
    has_rich_preview: false,
    file_access: 'visible',
    shares,
    channels: file.shares.filter((share) => !share.isPrivate).map((share) => share.channel),
    groups: file.shares.filter((share) => share.isPrivate).map((share) => share.channel),
    ims: [],
  });
}

/** A message as events and conversations.history show it, without its channel. */
export function messageJson(message: Message, conversation: Conversation, workspace: Workspace, baseUrl: string, includeMetadata = false): JsonObject {
  const byBot = message.botId !== undefined;
  const replies = conversation.replies(message.ts);
  const parent = isReply(message) && message.threadTs !== undefined ? conversation.find(message.threadTs) : undefined;
  const author = workspace.users.get(message.user);
  return onTheWire({
    ...(message.subtype === undefined ? {} : { subtype: message.subtype }),
    user: message.user,
    type: 'message',
    ts: message.ts,
    ...(byBot ? { bot_id: message.botId, app_id: APP_ID, bot_profile: { id: message.botId, app_id: APP_ID, name: workspace.botUser.name, deleted: false, team_id: workspace.id } } : { client_msg_id: message.clientMsgId }),
    text: message.text,
    team: author?.teamId ?? workspace.id,
    ...(author?.isStranger === true ? { user_team: author.teamId, source_team: author.teamId } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.files.length > 0 ? { files: message.files.map((file) => fileJson(file, workspace, baseUrl)), upload: false, display_as_bot: false } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.reactions.length > 0 ? { reactions: message.reactions.map(({ name, users }) => ({ name, users, count: users.length })) } : {}),
    ...(message.tombstone ? { hidden: true } : {}),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(parent ? { parent_user_id: parent.user } : {}),
    ...(replies.length > 0
      ? {
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((reply) => reply.user)).size,
          latest_reply: replies.at(-1)?.ts,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          is_locked: false,
          subscribed: false,
        }
      : {}),
    ...(includeMetadata && message.metadata ? { metadata: message.metadata } : {}),
  });
}
