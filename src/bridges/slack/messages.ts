/** What people write, edit, delete and mark in channels. */
import type { App } from '@slack/bolt';

import { BridgeError } from '../../core/errors.js';
import type { AgentId, ThreadRef } from '../../core/ids.js';
import type { ChatPerson, IncomingFile } from '../../core/ports/chat.js';
import { call } from './client.js';
import type { DeskSide } from './desk-side.js';
import { fetchFile, MAX_INCOMING_BYTES } from './files.js';
import { postRef, threadRef } from './refs.js';
import type { Spot, Telling } from './telling.js';
import { mentionedIn, toMarkdown } from './words.js';

/** Shows that a note is stored. */
const STORED_MARK = 'memo';
/** Subtypes of messages that are still a person's words (https://docs.slack.dev/reference/events/message). */
const WORDS = new Set([undefined, 'file_share', 'thread_broadcast']);

/** A message as events and history carry it, as far as we read it. */
export interface SlackMessage {
  readonly subtype?: string | undefined;
  readonly channel?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly text?: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly edited?: { readonly ts?: string };
  readonly files?: readonly SlackFile[];
}
export interface SlackFile {
  readonly name?: string | null;
  readonly title?: string | null;
  readonly mimetype?: string;
  readonly size?: number;
  readonly url_private_download?: string;
  readonly url_private?: string;
}
interface MessageEvent extends SlackMessage {
  readonly channel: string;
  readonly message?: SlackMessage;
  readonly previous_message?: SlackMessage;
  readonly deleted_ts?: string;
}

interface Mentioned {
  readonly userId: string;
  readonly name: string;
  /** undefined: nobody on the desk. */
  readonly agentId: AgentId | undefined;
}

export class Messages {
  constructor(private readonly side: DeskSide) {}

  listen(app: App): void {
    app.event('message', ({ event }) => this.#take(event as unknown as MessageEvent));
    app.event('reaction_added', ({ event }) => this.#reacted(event));
  }

  async #take(event: MessageEvent): Promise<void> {
    if (event.subtype === 'message_changed' && event.message) {
      const { message, previous_message: before } = event;
      // A first post with replies is not taken away but emptied.
      if (message.subtype === 'tombstone') return before ? this.deleted(event.channel, before, event.ts) : undefined;
      return message.text === before?.text ? undefined : this.edited(event.channel, message, event.ts);
    }
    if (event.subtype === 'message_deleted' && event.previous_message) return this.deleted(event.channel, event.previous_message, event.ts);
    return this.written(event.channel, event);
  }

  /** New words; also those that are fetched after a time in which we did not hear. */
  async written(channel: string, message: SlackMessage): Promise<void> {
    const { user } = message;
    if (!WORDS.has(message.subtype) || !user || message.bot_id || user === this.side.botUserId()) return;
    const thread = threadOf(channel, message);
    if (!thread) return this.#aloud(channel, message, user);
    await this.#inThread(thread, `message:${channel}:${message.ts}`, message.ts, async (eventId) => {
      const spot = spotOf(user, channel, message.thread_ts);
      const person = await this.#admit(user, spot);
      if (!person) return;
      const { text, isVerb, mentioned } = await this.#read(message.text ?? '');
      const { files, lost } = await this.#filesOf(message.files ?? []);
      const answer = await this.side.events.words({ person, eventId, thread, text: [text, ...lost.map((name) => `[${name}]`)].filter(Boolean).join('\n'), post: postRef({ channel, ts: message.ts }), files, pinged: await this.#pinged(channel, mentioned) });
      if (!answer) return;
      this.side.posting.touch(thread);
      if (answer.kind === 'done' && !isVerb) await this.#mark(channel, message.ts);
      else await this.#tell(spot, answer);
    });
  }

  async edited(channel: string, message: SlackMessage, at: string): Promise<void> {
    await this.#changed(channel, message, `edited:${channel}:${message.ts}:${message.edited?.ts ?? at}`, at, true);
  }

  async deleted(channel: string, message: SlackMessage, at: string): Promise<void> {
    await this.#changed(channel, message, `deleted:${channel}:${message.ts}`, at, false);
  }

  /** A note of the desk's whose post is not there any more; nobody says who deleted it. */
  async missing(channel: string, ts: string, parent: string): Promise<void> {
    await this.#inThread(threadRef({ channel, ts: parent }), `deleted:${channel}:${ts}`, ts, async (eventId) => {
      await this.side.events.wordsChanged({ person: { bridge: this.side.settings.name, id: '', email: undefined }, eventId, post: postRef({ channel, ts }), text: undefined });
    });
  }

  async #changed(channel: string, message: SlackMessage, id: string, at: string, stays: boolean): Promise<void> {
    const { user } = message;
    const thread = threadOf(channel, message);
    if (!user || message.bot_id || user === this.side.botUserId() || !thread) return;
    await this.#inThread(thread, id, at, async (eventId) => {
      const spot = spotOf(user, channel, message.thread_ts);
      const person = await this.#admit(user, spot);
      if (!person) return;
      const { text, isVerb } = await this.#read(message.text ?? '');
      const answer = await this.side.events.wordsChanged({ person, eventId, post: postRef({ channel, ts: message.ts }), text: stays ? text : undefined });
      this.side.posting.touch(thread);
      if (answer && (answer.kind !== 'done' || isVerb)) await this.#tell(spot, answer);
    });
  }

  /** Outside of our threads only what is said to us counts: "@Goniec find cup". */
  async #aloud(channel: string, message: SlackMessage, user: string): Promise<void> {
    const eventId = `message:${channel}:${message.ts}`;
    if (!this.#isToUs(message.text ?? '') || !this.side.once.isFirst(eventId)) return;
    await this.#insist(message.ts, async () => {
      const spot = spotOf(user, channel, undefined);
      const person = await this.#admit(user, spot);
      if (!person) return;
      const { text } = await this.#read(message.text ?? '');
      await this.#tell(spot, await this.side.events.command({ person, eventId, thread: undefined, text: text.replace(/^!/, '') }));
    });
  }

  async #reacted({ user, reaction, item, event_ts: at }: { readonly user: string; readonly reaction: string; readonly item: { readonly type: string; readonly channel?: string; readonly ts?: string }; readonly event_ts: string }): Promise<void> {
    const verb = this.side.settings.reactions[reaction.replace(/::skin-tone-\d$/, '')];
    const { channel, ts } = item;
    if (!verb || !channel || !ts || user === this.side.botUserId()) return;
    const card = threadRef({ channel, ts });
    const isCard = (await this.side.events.conversationOf(this.side.settings.name, card)) !== undefined;
    let parent: string | undefined = ts;
    if (!isCard) await this.#insist(at, async () => void (parent = await this.#parentOf(channel, ts)));
    if (!parent) return;
    const thread = threadRef({ channel, ts: parent });
    await this.#inThread(thread, `reaction:${user}:${reaction}:${ts}:${at}`, at, async (eventId) => {
      const spot = spotOf(user, channel, parent);
      const person = await this.#admit(user, spot);
      if (!person) return;
      this.side.posting.touch(thread);
      await this.#tell(spot, await this.side.events.act({ person, eventId, thread, verb, args: {}, conversationId: undefined, revision: undefined }));
    });
  }

  /** Events name the message that was marked, not its thread. */
  async #parentOf(channel: string, ts: string): Promise<string | undefined> {
    const { messages } = await call('conversations.replies', () => this.side.client.conversations.replies({ channel, ts, limit: 1 }));
    return messages?.find((message) => message.ts === ts)?.thread_ts;
  }

  /** In our threads only, one after another, once each. @param saidAt as Slack writes it, in seconds */
  async #inThread(thread: ThreadRef, eventId: string, saidAt: string, work: (eventId: string) => Promise<void>): Promise<void> {
    await this.side.order.run(thread, () => this.#insist(saidAt, async () => {
      if (!(await this.side.events.conversationOf(this.side.settings.name, thread)) || !this.side.once.isFirst(eventId)) return;
      try {
        await work(eventId);
      } catch (error) {
        this.side.once.forget(eventId);
        throw error;
      }
    }));
  }

  async #insist(saidAt: string, work: () => Promise<void>): Promise<void> {
    const { insistence, log, settings } = this.side;
    await insistence.run(Number(saidAt), work, (error, waitMs) => log.warn({ bridge: settings.name, ...(error instanceof BridgeError ? { fault: error.fault, why: error.message } : { error }), waitMs }, 'event-waits'));
  }

  /** What was said is done by now: that nobody can be told does not undo it. */
  async #tell(spot: Spot, answer: Parameters<Telling['answer']>[1]): Promise<void> {
    try {
      await this.side.telling.answer(spot, answer);
    } catch (error) {
      this.side.log.warn({ error, bridge: this.side.settings.name }, 'not-told');
    }
  }

  async #admit(user: string, spot: Spot): Promise<ChatPerson | undefined> {
    const admission = await this.side.people.admit(user, spot.thread !== undefined);
    if ('person' in admission) return admission.person;
    await this.#tell(spot, { text: admission.refusal, items: [], actions: [] });
    return undefined;
  }

  /** "@Goniec reply ..." is the same as "!reply ...". */
  async #read(raw: string): Promise<{ readonly text: string; readonly isVerb: boolean; readonly mentioned: readonly Mentioned[] }> {
    const toUs = this.#isToUs(raw);
    const rest = toUs ? raw.replace(this.#mention(), '') : raw;
    const mentioned = await Promise.all(mentionedIn(rest).map((id) => this.#lookAt(id)));
    const text = toMarkdown(rest, (id) => mentioned.find(({ userId }) => userId === id)?.name);
    if (toUs) return { text: `!${text.replace(/^[!/]/, '') || 'help'}`, isVerb: true, mentioned };
    return { text, isVerb: /^[!/][\p{L}?]/u.test(text), mentioned };
  }

  /** Colleagues by the name that the desk knows them by: it tells them that they were mentioned. */
  async #lookAt(userId: string): Promise<Mentioned> {
    const admission = await this.side.people.admit(userId).catch(() => undefined);
    const agent = admission && 'person' in admission ? await this.side.events.identify(admission.person) : undefined;
    return { userId, agentId: agent?.id, name: agent?.name ?? (await this.side.people.nameOf(userId)) };
  }

  /** Slack itself tells those who are in the channel. */
  async #pinged(channel: string, mentioned: readonly Mentioned[]): Promise<readonly AgentId[]> {
    const found = await Promise.all(mentioned.map(async ({ userId, agentId }) => (agentId && (await this.side.people.isIn(channel, userId)) ? [agentId] : [])));
    return found.flat();
  }

  #isToUs(raw: string): boolean {
    return this.#mention().test(raw);
  }

  #mention(): RegExp {
    return new RegExp(`^\\s*<@${this.side.botUserId()}(?:\\|[^>]*)?>[:,]?\\s*`);
  }

  async #mark(channel: string, timestamp: string): Promise<void> {
    try {
      await call('reactions.add', () => this.side.client.reactions.add({ channel, timestamp, name: STORED_MARK }));
    } catch (error) {
      // The note is stored all the same.
      this.side.log.debug({ error, bridge: this.side.settings.name }, 'mark-failed');
    }
  }

  /** What was attached. What cannot be had is named in the note instead. */
  async #filesOf(files: readonly SlackFile[]): Promise<{ readonly files: readonly IncomingFile[]; readonly lost: readonly string[] }> {
    const lost: string[] = [];
    const had: IncomingFile[] = [];
    for (const file of files) {
      const found = await incomingFile(this.side, file);
      if (found) had.push(found);
      else lost.push(file.name ?? file.title ?? 'file');
    }
    return { files: had, lost };
  }
}

/** Fetched at once: a file that cannot be had must not cost the words beside it. */
export async function incomingFile({ settings, log }: Pick<DeskSide, 'settings' | 'log'>, file: SlackFile): Promise<IncomingFile | undefined> {
  const url = file.url_private_download ?? file.url_private;
  if (!url || (file.size ?? 0) > MAX_INCOMING_BYTES) return undefined;
  try {
    const content = await fetchFile(url, settings.botToken, settings.apiUrl);
    return { name: file.name ?? file.title ?? 'file', contentType: file.mimetype ?? 'application/octet-stream', bytes: content.byteLength, read: async () => content };
  } catch (error) {
    log.warn({ error, bridge: settings.name }, 'file-not-fetched');
    return undefined;
  }
}

function threadOf(channel: string, { ts, thread_ts: parent }: SlackMessage): ThreadRef | undefined {
  return parent !== undefined && parent !== ts ? threadRef({ channel, ts: parent }) : undefined;
}

const spotOf = (user: string, channel: string, thread: string | undefined): Spot => ({ user, channel, thread, trigger: undefined, replace: undefined, view: undefined });
