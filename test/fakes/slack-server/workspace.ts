import { Conversation, type ConversationKind } from './conversation.js';
import { secret, type Ids } from './ids.js';
import type { Ephemeral, Message, SlackFile, User, UserGroup } from './model.js';
import { unixSeconds, type Timestamps } from './timestamps.js';
import type { View } from './views.js';

/** Everything that the server's methods know scopes for; the default grant. */
const ALL_BOT_SCOPES = [
  'app_mentions:read', 'channels:history', 'channels:join', 'channels:read', 'chat:write', 'chat:write.public', 'commands', 'files:read', 'files:write', 'groups:history', 'groups:read', 'groups:write',
  'im:history', 'im:read', 'im:write', 'pins:read', 'pins:write', 'reactions:read', 'reactions:write', 'team:read', 'usergroups:read', 'users:read', 'users:read.email',
] as const;

export interface WorkspaceSpec {
  readonly domain?: string;
  readonly name?: string;
  /** What the bot token may; everything unless told. */
  readonly scopes?: readonly string[];
  /** Handle of the bot user. */
  readonly botName?: string;
}

export type NewUser = Partial<Omit<User, 'id'>>;

/** One workspace in which the app is installed: its people, places and the bot's token. */
export class Workspace {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
  readonly botToken: string;
  readonly botId: string;
  readonly botUser: User;
  readonly scopes: Set<string>;
  /** Scopes that a test took away: that the app still needs them is no mistake of the app. */
  readonly lostScopes = new Set<string>();
  /** Why the bot token is not good any more: "token_revoked", "account_inactive" ... */
  tokenError: string | undefined;
  readonly users = new Map<string, User>();
  readonly groups = new Map<string, UserGroup>();
  readonly conversations = new Map<string, Conversation>();
  readonly files = new Map<string, SlackFile>();
  readonly ephemerals: Ephemeral[] = [];
  /** User -> open modals, the one on top last. */
  readonly modals = new Map<string, View[]>();
  readonly homes = new Map<string, View>();

  constructor(
    readonly ids: Ids,
    readonly timestamps: Timestamps,
    spec: WorkspaceSpec,
  ) {
    this.id = ids.next('T');
    this.domain = spec.domain ?? 'desk';
    this.name = spec.name ?? 'Desk';
    this.botToken = `xoxb-${this.id}-${secret()}`;
    this.botId = ids.next('B');
    this.scopes = new Set(spec.scopes ?? ALL_BOT_SCOPES);
    const botName = spec.botName ?? 'goniec';
    this.botUser = this.addUser({ name: botName, realName: botName.charAt(0).toUpperCase() + botName.slice(1), isBot: true });
  }

  addUser(given: NewUser): User {
    const id = this.ids.next('U');
    const name = given.name ?? given.realName?.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.') ?? id.toLowerCase();
    const teamId = given.teamId ?? this.id;
    const user: User = {
      realName: name.charAt(0).toUpperCase() + name.slice(1),
      email: given.isBot === true ? undefined : `${name}@desk.test`,
      isBot: false,
      isAdmin: false,
      deleted: false,
      isRestricted: false,
      isUltraRestricted: false,
      isStranger: teamId !== this.id,
      tz: 'Europe/Warsaw',
      tzOffset: 3_600,
      locale: 'en-US',
      ...given,
      id,
      teamId,
      name,
    };
    this.users.set(id, user);
    return user;
  }

  addConversation(name: string, kind: ConversationKind, person?: string, external = false): Conversation {
    const prefix = kind === 'im' ? 'D' : 'C';
    const made = new Conversation(this.ids.next(prefix), name, kind, unixSeconds(), person, external);
    this.conversations.set(made.id, made);
    return made;
  }

  /** The direct conversation between a person and the bot, opened when there is none. */
  directWith(user: string): Conversation {
    const existing = [...this.conversations.values()].find((one) => one.kind === 'im' && one.person === user);
    if (existing) return existing;
    const made = this.addConversation('', 'im', user);
    made.members.add(user).add(this.botUser.id);
    return made;
  }

  /** By id, or by name with or without the #. */
  findConversation(idOrName: string): Conversation | undefined {
    const name = idOrName.replace(/^#/, '');
    return this.conversations.get(idOrName) ?? [...this.conversations.values()].find((one) => one.kind !== 'im' && one.name === name);
  }

  findUser(idOrName: string): User | undefined {
    return this.users.get(idOrName) ?? [...this.users.values()].find((user) => user.name === idOrName.replace(/^@/, ''));
  }

  /** Every view that exists, modals and homes. */
  allViews(): readonly View[] {
    return [...[...this.modals.values()].flat(), ...this.homes.values()];
  }

  permalink(message: Message): string {
    const thread = message.threadTs !== undefined && message.threadTs !== message.ts ? `?thread_ts=${message.threadTs}&cid=${message.channel}` : '';
    return `https://${this.domain}.slack.com/archives/${message.channel}/p${message.ts.replace('.', '')}${thread}`;
  }
}
