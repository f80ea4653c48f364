import { ALL_BOT_EVENTS } from './app.js';
import { isReply, type Conversation } from './conversation.js';
import { Delivery, RETRY_DELAYS_MS, type Outcome, type Transport } from './delivery.js';
import { Events } from './events.js';
import { Faults } from './faults.js';
import { Ids, secret, shortId } from './ids.js';
import type { JsonObject } from './json.js';
import * as limits from './limits.js';
import type { Message, SlackFile, User } from './model.js';
import { richText } from './mrkdwn.js';
import { RateLimits } from './rate-limits.js';
import { ResponseUrls } from './response-urls.js';
import { SocketMode } from './socket-mode.js';
import { Timestamps } from './timestamps.js';
import { Triggers } from './triggers.js';
import type { Violation } from './violations.js';
import { Workspace, type WorkspaceSpec } from './workspace.js';

export interface SlackOptions {
  /** `slack`: tiers and one post a second and channel; `none` (unless told): tests are not slowed down. */
  readonly limits?: 'slack' | 'none';
  /** Apps that are distributed outside the Marketplace read history once a minute, 15 messages at a time. */
  readonly distribution?: 'internal' | 'distributed';
  /** The first workspace. */
  readonly workspace?: WorkspaceSpec;
  /** Slash commands of the manifest; any are taken unless told. */
  readonly commands?: readonly string[];
  /** Bot events of the manifest; all that this server can send unless told. */
  readonly events?: readonly string[];
  /** Time the app has to acknowledge; Slack's 3 s unless told. */
  readonly ackMs?: number;
  /** Waits before an event is sent again. */
  readonly retryDelaysMs?: readonly number[];
  readonly triggerMs?: number;
  readonly responseUrlMs?: number;
  /** Slack does not end TCP after the close handshake of a socket; `false` does. */
  readonly leaveTcpOpen?: boolean;
  readonly socketPingMs?: number;
  /** Every answer of the Web API takes at least this long. */
  readonly latencyMs?: number;
}

/** What a new message consists of. */
export interface Draft {
  readonly text: string;
  readonly blocks?: readonly JsonObject[] | undefined;
  readonly attachments?: readonly JsonObject[] | undefined;
  readonly threadTs?: string | undefined;
  readonly broadcast?: boolean | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly files?: readonly SlackFile[] | undefined;
  readonly subtype?: string | undefined;
}

export interface Changes {
  readonly text?: string;
  readonly blocks?: readonly JsonObject[] | undefined;
  readonly attachments?: readonly JsonObject[] | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** One Slack: workspaces, the app in them, and everything that passes between. The Web API and people act through it. */
export class Slack {
  readonly ids = new Ids();
  readonly timestamps = new Timestamps();
  readonly violations: Violation[] = [];
  readonly faults = new Faults();
  readonly rateLimits = new RateLimits();
  readonly workspaces: Workspace[] = [];
  readonly appToken = `xapp-1-${secret()}`;
  readonly signingSecret = secret(16);
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly sockets: SocketMode;
  readonly delivery: Delivery;
  readonly events: Events;
  /** Where the app is reached; sockets unless `useHttp` was called. */
  transport: Transport;
  /** http://127.0.0.1:port, known once the server listens. */
  baseUrl = '';

  constructor(readonly options: SlackOptions) {
    this.triggers = new Triggers(options.triggerMs ?? limits.TRIGGER_MS);
    this.responseUrls = new ResponseUrls(this, options.responseUrlMs ?? limits.RESPONSE_URL_MS);
    this.sockets = new SocketMode({
      ackMs: this.ackMs,
      leaveTcpOpen: options.leaveTcpOpen ?? true,
      ...(options.socketPingMs === undefined ? {} : { pingMs: options.socketPingMs }),
      report: (violation) => {
        this.report(violation);
      },
    });
    this.transport = this.sockets;
    this.delivery = new Delivery(() => this.transport, options.retryDelaysMs ?? RETRY_DELAYS_MS);
    this.events = new Events(this.delivery, this.ids, new Set(options.events ?? ALL_BOT_EVENTS), () => this.baseUrl);
    this.install(options.workspace ?? {});
  }

  get ackMs(): number {
    return this.options.ackMs ?? limits.ACK_MS;
  }

  install(spec: WorkspaceSpec): Workspace {
    const workspace = new Workspace(this.ids, this.timestamps, spec);
    this.workspaces.push(workspace);
    return workspace;
  }

  report(violation: Omit<Violation, 'at'>): void {
    this.violations.push({ ...violation, at: new Date() });
  }

  post(workspace: Workspace, place: Conversation, author: User, draft: Draft): { readonly message: Message; readonly outcomes: readonly Promise<Outcome>[] } {
    const byBot = author.id === workspace.botUser.id;
    const broadcast = draft.broadcast === true && draft.threadTs !== undefined;
    const blocks = draft.blocks ?? [];
    const message: Message = {
      ts: this.timestamps.next(),
      channel: place.id,
      user: author.id,
      botId: byBot ? workspace.botId : undefined,
      subtype: draft.subtype ?? (broadcast ? 'thread_broadcast' : (draft.files?.length ?? 0) > 0 ? 'file_share' : undefined),
      text: draft.text,
      blocks: blocks.length === 0 && draft.text !== '' ? [richText(draft.text, shortId())] : blocks,
      attachments: draft.attachments ?? [],
      threadTs: draft.threadTs,
      broadcast,
      clientMsgId: byBot ? undefined : crypto.randomUUID(),
      edited: undefined,
      reactions: [],
      files: draft.files ?? [],
      metadata: draft.metadata,
      tombstone: false,
    };
    place.add(message);
    for (const file of message.files) file.shares.push({ channel: place.id, isPrivate: place.isPrivate, ts: message.ts, threadTs: message.threadTs });
    return { message, outcomes: this.events.posted(workspace, place, message) };
  }

  /** As `post`; the app's own messages come back to it as events, which nobody waits for. */
  postAsBot(workspace: Workspace, place: Conversation, draft: Draft): Message {
    return this.post(workspace, place, workspace.botUser, draft).message;
  }

  edit(workspace: Workspace, place: Conversation, message: Message, changes: Changes, editor: string): readonly Promise<Outcome>[] {
    const before = this.events.shape(workspace, place, message);
    const { text, blocks, attachments, metadata } = changes;
    if (text !== undefined) message.text = text;
    if (blocks !== undefined) message.blocks = blocks.length === 0 && message.text !== '' ? [richText(message.text, shortId())] : blocks;
    if (attachments !== undefined) message.attachments = attachments;
    if (metadata !== undefined) message.metadata = metadata;
    message.edited = { user: editor, ts: this.timestamps.next() };
    return this.events.changed(workspace, place, message, before);
  }

  remove(workspace: Workspace, place: Conversation, message: Message): readonly Promise<Outcome>[] {
    const before = this.events.shape(workspace, place, message);
    const parent = isReply(message) && message.threadTs !== undefined ? place.find(message.threadTs) : undefined;
    const parentBefore = parent ? this.events.shape(workspace, place, parent) : undefined;
    const gone = place.remove(message);
    if (gone.length === 0) return this.events.changed(workspace, place, message, before);
    const outcomes = [...this.events.deleted(workspace, place, message.ts, before)];
    if (parent && parentBefore && gone.includes(parent)) outcomes.push(...this.events.deleted(workspace, place, parent.ts, parentBefore));
    return outcomes;
  }

  /** @returns undefined when that person has reacted so already (or, taking away, has not) */
  react(workspace: Workspace, place: Conversation, message: Message, name: string, user: string, add: boolean): readonly Promise<Outcome>[] | undefined {
    const existing = message.reactions.find((reaction) => reaction.name === name);
    const has = existing?.users.includes(user) ?? false;
    if (has === add) return undefined;
    if (add) {
      if (existing) existing.users.push(user);
      else message.reactions.push({ name, users: [user] });
    } else if (existing) {
      existing.users.splice(existing.users.indexOf(user), 1);
      if (existing.users.length === 0) message.reactions.splice(message.reactions.indexOf(existing), 1);
    }
    return this.events.reacted(workspace, place, message, name, user, add);
  }
}
