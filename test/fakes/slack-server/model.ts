/** What a Slack workspace consists of, in so far as an app can see it. */
import type { JsonObject } from './json.js';

export interface User {
  readonly id: string;
  /** Another workspace's id for a person who is here by Slack Connect. */
  readonly teamId: string;
  /** Handle, without the @. */
  name: string;
  realName: string;
  email: string | undefined;
  isBot: boolean;
  isAdmin: boolean;
  deleted: boolean;
  /** Multi-channel guest. */
  isRestricted: boolean;
  /** Single-channel guest. */
  isUltraRestricted: boolean;
  /** From outside and sharing no channel with the viewer's workspace but Slack Connect ones. */
  isStranger: boolean;
  tz: string;
  tzOffset: number;
  locale: string;
}

export interface UserGroup {
  readonly id: string;
  handle: string;
  name: string;
  disabled: boolean;
  users: string[];
}

export interface Reaction {
  readonly name: string;
  readonly users: string[];
}

export interface SlackFile {
  readonly id: string;
  name: string;
  title: string;
  mimetype: string;
  altText: string | undefined;
  snippetType: string | undefined;
  readonly user: string;
  readonly created: number;
  /** Undefined until the bytes came. */
  bytes: Buffer | undefined;
  /** What getUploadURLExternal was told. */
  declaredLength: number;
  /** Since completeUploadExternal. */
  complete: boolean;
  deleted: boolean;
  readonly shares: { readonly channel: string; readonly isPrivate: boolean; readonly ts: string; readonly threadTs: string | undefined }[];
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  user: string;
  readonly botId: string | undefined;
  subtype: string | undefined;
  text: string;
  blocks: readonly JsonObject[];
  attachments: readonly JsonObject[];
  /** Timestamp of the parent; a parent that has replies carries its own. */
  threadTs: string | undefined;
  /** A reply that also shows in the channel. */
  readonly broadcast: boolean;
  readonly clientMsgId: string | undefined;
  edited: { readonly user: string; readonly ts: string } | undefined;
  readonly reactions: Reaction[];
  files: readonly SlackFile[];
  metadata: JsonObject | undefined;
  /** Deleted with replies left: what is shown in its place. */
  tombstone: boolean;
}

/** Shown to one person only; gone when that person reloads. */
export interface Ephemeral {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  text: string;
  blocks: readonly JsonObject[];
  readonly threadTs: string | undefined;
  /** Undefined when it came by chat.postEphemeral. */
  readonly via: 'ack' | 'response_url' | 'chat.postEphemeral';
}
