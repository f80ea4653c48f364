import type { Conversation } from './conversation.js';
import type { Outcome } from './delivery.js';
import type { JsonObject } from './json.js';
import type { Ephemeral, SlackFile, User, UserGroup } from './model.js';
import { pingsOf, type Ping } from './mrkdwn.js';
import { Person } from './person.js';
import type { Slack } from './slack.js';
import type { Workspace, NewUser } from './workspace.js';

export interface ChannelOptions {
  readonly private?: boolean;
  /** Everybody there is, unless told. */
  readonly members?: readonly (Person | User)[];
  /** Whether the bot was invited; it was, unless told. */
  readonly bot?: boolean;
  /** Shared with another organisation (Slack Connect). */
  readonly external?: boolean;
}

/** One workspace in the hands of a test: it fills it, changes it and looks at it. */
export class TestWorkspace {
  private readonly people = new Map<string, Person>();

  constructor(
    protected readonly slack: Slack,
    readonly workspace: Workspace,
  ) {}

  get teamId(): string {
    return this.workspace.id;
  }

  get botToken(): string {
    return this.workspace.botToken;
  }

  get botUserId(): string {
    return this.workspace.botUser.id;
  }

  get botId(): string {
    return this.workspace.botId;
  }

  /** Somebody new. `isRestricted` and `isUltraRestricted` are guests; another `teamId` comes by Slack Connect. */
  addUser(spec: NewUser = {}): Person {
    const user = this.workspace.addUser(spec);
    const person = new Person(this.slack, this.workspace, user);
    this.people.set(user.id, person);
    return person;
  }

  /** By id or handle. */
  user(idOrName: string): Person {
    const user = this.workspace.findUser(idOrName);
    const person = user && this.people.get(user.id);
    if (!person) throw new Error(`there is no user ${idOrName}`);
    return person;
  }

  addGroup(handle: string, users: readonly (Person | User)[]): UserGroup {
    const group: UserGroup = { id: this.workspace.ids.next('S'), handle, name: handle, disabled: false, users: users.map(({ id }) => id) };
    this.workspace.groups.set(group.id, group);
    return group;
  }

  async setGroup(group: UserGroup, users: readonly (Person | User)[]): Promise<void> {
    const after = users.map(({ id }) => id);
    const added = after.filter((id) => !group.users.includes(id));
    const removed = group.users.filter((id) => !after.includes(id));
    group.users = after;
    await this.happens({ type: 'subteam_members_changed', subteam_id: group.id, team_id: this.teamId, added_users: added, removed_users: removed, added_users_count: added.length, removed_users_count: removed.length });
  }

  addChannel(name: string, options: ChannelOptions = {}): Conversation {
    const place = this.workspace.addConversation(name, options.private === true ? 'group' : 'channel', undefined, options.external);
    for (const { id } of options.members ?? this.people.values()) place.members.add(id);
    if (options.bot ?? true) place.members.add(this.workspace.botUser.id);
    return place;
  }

  /** By id or name. */
  channel(idOrName: string): Conversation {
    const place = this.workspace.findConversation(idOrName);
    if (!place) throw new Error(`there is no channel ${idOrName}`);
    return place;
  }

  file(id: string): SlackFile | undefined {
    return this.workspace.files.get(id);
  }

  /** Private messages, of one person or all, oldest first. */
  ephemerals(person?: Person): readonly Ephemeral[] {
    return this.workspace.ephemerals.filter((one) => !person || one.user === person.id);
  }

  /** What the app posted that notifies people, in one channel or all. */
  pings(place?: Conversation): readonly Ping[] {
    const places = place ? [place] : [...this.workspace.conversations.values()];
    return places.flatMap((one) => one.everything().filter((message) => message.botId !== undefined).flatMap((message) => pingsOf(message)));
  }

  async archive(place: Conversation, by?: Person): Promise<void> {
    place.archived = true;
    await this.happens({ type: place.isPrivate ? 'group_archive' : 'channel_archive', channel: place.id, user: by?.id ?? 'USLACKBOT', is_moved: 0 }, place);
  }

  async unarchive(place: Conversation, by?: Person): Promise<void> {
    place.archived = false;
    await this.happens({ type: place.isPrivate ? 'group_unarchive' : 'channel_unarchive', channel: place.id, user: by?.id ?? 'USLACKBOT' }, place);
  }

  async rename(place: Conversation, name: string): Promise<void> {
    place.name = name;
    await this.happens({ type: place.isPrivate ? 'group_rename' : 'channel_rename', channel: { id: place.id, name, name_normalized: name, created: place.created, is_channel: !place.isPrivate, is_mpim: false } }, place);
  }

  /** Throws the bot out of a channel. */
  async removeBot(place: Conversation, by?: Person): Promise<void> {
    place.members.delete(this.workspace.botUser.id);
    await this.happens({ type: place.isPrivate ? 'group_left' : 'channel_left', channel: place.id, actor_id: by?.id ?? 'USLACKBOT' }, place);
  }

  async inviteBot(place: Conversation, by?: Person): Promise<void> {
    place.members.add(this.workspace.botUser.id);
    await this.happens({ type: 'member_joined_channel', user: this.botUserId, channel: place.id, channel_type: place.isPrivate ? 'G' : 'C', team: this.teamId, ...(by ? { inviter: by.id } : {}) }, place);
  }

  /** Changes a person: name, address, deactivation, becoming a guest. */
  async changeUser(person: Person, changes: Partial<Omit<User, 'id' | 'teamId'>>): Promise<void> {
    Object.assign(person.user, changes);
    await this.happens({ type: 'user_change', user: { id: person.id, team_id: person.user.teamId, name: person.user.name, deleted: person.user.deleted, is_restricted: person.user.isRestricted, is_ultra_restricted: person.user.isUltraRestricted, updated: 1_700_000_001 }, cache_ts: 1_700_000_001 });
  }

  /** The bot token stops working; `account_inactive` is what an uninstalled app gets. */
  async revokeToken(error: 'token_revoked' | 'account_inactive' | 'invalid_auth' = 'token_revoked'): Promise<void> {
    this.workspace.tokenError = error;
    await this.happens({ type: 'tokens_revoked', tokens: { oauth: [], bot: [this.botUserId] } });
  }

  restoreToken(): void {
    this.workspace.tokenError = undefined;
  }

  /** Takes a scope away, as an administrator can; that the app still needs it is no violation. */
  removeScope(scope: string): void {
    this.workspace.scopes.delete(scope);
    this.workspace.lostScopes.add(scope);
  }

  addScope(scope: string): void {
    this.workspace.scopes.add(scope);
    this.workspace.lostScopes.delete(scope);
  }

  /** Sends any event; resolves when it is acknowledged or given up, with undefined when the app does not subscribe to it. */
  async happens(event: JsonObject, place?: Conversation): Promise<Outcome | undefined> {
    return this.slack.events.announce(this.workspace, { event_ts: this.workspace.timestamps.next(), ...event }, place);
  }
}
