/** What happens in a workspace, told to the app: https://docs.slack.dev/apis/events-api */
import { APP_ID, VERIFICATION_TOKEN } from './app.js';
import type { Conversation } from './conversation.js';
import type { Delivery, Outcome } from './delivery.js';
import { secret, type Ids } from './ids.js';
import { onTheWire, stringAt, type JsonObject } from './json.js';
import { messageJson } from './shapes.js';
import type { Message } from './model.js';
import { unixSeconds } from './timestamps.js';
import type { Workspace } from './workspace.js';

/** Scopes without which an event does not come; of a list one is enough. Events that are not here need none. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  app_mention: ['app_mentions:read'],
  channel_archive: ['channels:read'],
  channel_left: ['channels:read'],
  channel_rename: ['channels:read'],
  channel_unarchive: ['channels:read'],
  file_shared: ['files:read'],
  group_archive: ['groups:read'],
  group_left: ['groups:read'],
  group_rename: ['groups:read'],
  group_unarchive: ['groups:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  member_left_channel: ['channels:read', 'groups:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  subteam_members_changed: ['usergroups:read'],
  team_join: ['users:read'],
  user_change: ['users:read'],
};
const MESSAGE_SUBSCRIPTIONS = { channel: 'message.channels', group: 'message.groups', im: 'message.im' } as const;

export class Events {
  constructor(
    private readonly delivery: Delivery,
    private readonly ids: Ids,
    private readonly subscriptions: ReadonlySet<string>,
    private readonly baseUrl: () => string,
  ) {}

  /**
   * Sends an event, if the app subscribes to it, has the scope and (when it happened in a conversation) is a member.
   *
   * @returns undefined when the app does not get it
   */
  announce(workspace: Workspace, event: JsonObject, place?: Conversation): Promise<Outcome> | undefined {
    const type = stringAt(event, 'type') ?? '';
    const subscription = type === 'message' && place ? MESSAGE_SUBSCRIPTIONS[place.kind] : type;
    const scopes = SCOPES[subscription] ?? [];
    const allowed = scopes.length === 0 || scopes.some((scope) => workspace.scopes.has(scope));
    // Being thrown out is told to those who are out already.
    const present = !place || place.members.has(workspace.botUser.id) || type.endsWith('_left');
    const reachable = workspace.tokenError === undefined || type === 'tokens_revoked' || type === 'app_uninstalled';
    if (!this.subscriptions.has(subscription) || !allowed || !present || !reachable) return undefined;
    const eventId = this.ids.next('Ev');
    const payload = onTheWire({
      token: VERIFICATION_TOKEN,
      team_id: workspace.id,
      context_team_id: workspace.id,
      context_enterprise_id: null,
      api_app_id: APP_ID,
      event,
      type: 'event_callback',
      event_id: eventId,
      event_time: unixSeconds(),
      authorizations: [{ enterprise_id: null, team_id: workspace.id, user_id: workspace.botUser.id, is_bot: true, is_enterprise_install: false }],
      is_ext_shared_channel: place?.external ?? false,
      event_context: `4-${secret(8)}`,
    });
    return this.delivery.event(eventId, type, payload);
  }

  /** A new message; who mentions the bot causes two events, as at Slack. */
  posted(workspace: Workspace, place: Conversation, message: Message): readonly Promise<Outcome>[] {
    const told = { ...this.shape(workspace, place, message), channel: place.id, event_ts: message.ts };
    const mentioned = message.text.includes(`<@${workspace.botUser.id}`) && message.botId === undefined && place.kind !== 'im';
    const root = message.subtype === 'thread_broadcast' && message.threadTs !== undefined ? place.find(message.threadTs) : undefined;
    return only([
      this.announce(workspace, { ...told, channel_type: place.channelType, ...(root ? { root: this.shape(workspace, place, root) } : {}) }, place),
      mentioned ? this.announce(workspace, { ...told, type: 'app_mention' }, place) : undefined,
      ...message.files.map((file) => this.announce(workspace, { type: 'file_shared', file_id: file.id, user_id: message.user, file: { id: file.id }, channel_id: place.id, event_ts: message.ts }, place)),
    ]);
  }

  changed(workspace: Workspace, place: Conversation, message: Message, before: JsonObject): readonly Promise<Outcome>[] {
    const ts = workspace.timestamps.next();
    const event = { type: 'message', subtype: 'message_changed', message: this.shape(workspace, place, message), previous_message: before, channel: place.id, hidden: true, ts, event_ts: ts, channel_type: place.channelType };
    return only([this.announce(workspace, event, place)]);
  }

  deleted(workspace: Workspace, place: Conversation, deletedTs: string, before: JsonObject): readonly Promise<Outcome>[] {
    const ts = workspace.timestamps.next();
    const event = { type: 'message', subtype: 'message_deleted', previous_message: before, channel: place.id, hidden: true, deleted_ts: deletedTs, ts, event_ts: ts, channel_type: place.channelType };
    return only([this.announce(workspace, event, place)]);
  }

  reacted(workspace: Workspace, place: Conversation, message: Message, name: string, user: string, added: boolean): readonly Promise<Outcome>[] {
    const event = {
      type: added ? 'reaction_added' : 'reaction_removed',
      user,
      reaction: name,
      item: { type: 'message', channel: place.id, ts: message.ts },
      item_user: message.user,
      event_ts: workspace.timestamps.next(),
    };
    return only([this.announce(workspace, event, place)]);
  }

  /** A message as it is now, to be told later as "before". */
  shape(workspace: Workspace, place: Conversation, message: Message): JsonObject {
    return messageJson(message, place, workspace, this.baseUrl());
  }
}

function only(outcomes: readonly (Promise<Outcome> | undefined)[]): readonly Promise<Outcome>[] {
  return outcomes.filter((outcome) => outcome !== undefined);
}
