import { compareTs } from './timestamps.js';
import type { Message } from './model.js';

export type ConversationKind = 'channel' | 'group' | 'im';

/** A channel, private channel or direct conversation with its messages. */
export class Conversation {
  /** Everything that is there, by timestamp. */
  private readonly all: Message[] = [];
  private readonly byTs = new Map<string, Message>();
  readonly members = new Set<string>();
  readonly pins = new Set<string>();
  archived = false;
  topic = '';

  constructor(
    readonly id: string,
    public name: string,
    readonly kind: ConversationKind,
    readonly created: number,
    /** The person at the other end of a direct conversation with the bot. */
    readonly person: string | undefined = undefined,
    /** Shared with another organisation (Slack Connect). */
    readonly external = false,
  ) {}

  get isPrivate(): boolean {
    return this.kind !== 'channel';
  }

  /** As events name it. */
  get channelType(): ConversationKind {
    return this.kind;
  }

  /** As interactions name a conversation that they must not reveal. */
  get nameForApps(): string {
    return this.kind === 'im' ? 'directmessage' : this.kind === 'group' ? 'privategroup' : this.name;
  }

  /** What the channel shows: no replies, but broadcast ones. Oldest first. */
  messages(): readonly Message[] {
    return this.all.filter((message) => !isReply(message) || message.broadcast);
  }

  /** Parent and replies, oldest first; nothing when there is no such message. */
  thread(ts: string): readonly Message[] {
    return this.all.filter((message) => message.ts === ts || message.threadTs === ts);
  }

  replies(ts: string): readonly Message[] {
    return this.all.filter((message) => message.threadTs === ts && isReply(message));
  }

  find(ts: string): Message | undefined {
    return this.byTs.get(ts);
  }

  /** Replies and all, oldest first. */
  everything(): readonly Message[] {
    return this.all;
  }

  /** @internal */
  add(message: Message): void {
    const last = this.all.at(-1);
    this.all.push(message);
    this.byTs.set(message.ts, message);
    if (last && compareTs(last.ts, message.ts) > 0) this.all.sort((left, right) => compareTs(left.ts, right.ts));
    const parent = message.threadTs === undefined ? undefined : this.find(message.threadTs);
    if (parent) parent.threadTs = parent.ts;
  }

  /**
   * Takes a message away, or leaves a tombstone where replies hang on it. The last reply under a tombstone takes the tombstone with it.
   *
   * @internal
   * @returns the messages that went for good
   */
  remove(message: Message): readonly Message[] {
    if (this.replies(message.ts).length > 0) {
      message.tombstone = true;
      message.subtype = 'tombstone';
      message.text = 'This message was deleted.';
      message.user = 'USLACKBOT';
      message.blocks = [];
      message.attachments = [];
      message.files = [];
      return [];
    }
    this.drop(message);
    const parent = message.threadTs === undefined || message.threadTs === message.ts ? undefined : this.find(message.threadTs);
    if (!parent || this.replies(parent.ts).length > 0) return [message];
    if (!parent.tombstone) {
      parent.threadTs = undefined;
      return [message];
    }
    this.drop(parent);
    return [message, parent];
  }

  private drop(message: Message): void {
    this.all.splice(this.all.indexOf(message), 1);
    this.byTs.delete(message.ts);
  }
}

export function isReply(message: Message): boolean {
  return message.threadTs !== undefined && message.threadTs !== message.ts;
}
