/** What was said in our threads while we did not hear. Slack sends an event again for some minutes only; after that we have to ask. */
import { BridgeError } from '../../core/errors.js';
import type { Channel } from '../../core/model.js';
import type { ChatEvents } from '../../core/ports/chat.js';
import { callAtLeisure, type Client } from './client.js';
import { isAboutMessage, troubleOf } from './errors.js';
import type { Channels } from './channels.js';
import type { Insistence } from './guard.js';
import type { Messages, SlackMessage } from './messages.js';
import { readRef, type Place } from './refs.js';
import type { BridgeMemory } from '../definition.js';
import type { Log } from '../../core/ports/effects.js';

/** When we last heard for certain is written down this often, in milliseconds. */
export const HEARTBEAT_MS = 60_000;
/** What was said shortly before we went is looked at again: it may not have been handed on. In seconds. */
const MARGIN_S = 90;
/** Without a record of when we went, as far back as the desk knows for certain what it has had; further, a note might be stored twice. In seconds. */
const UNKNOWN_S = 12 * 3_600;
/** Threads whose first post is older than this are not looked at, in seconds. */
const OLDEST_THREAD_S = 30 * 24 * 3_600;
const PAGE = 200;
const MAX_PAGES = 20;
/** Between tries to read what could not be read, in milliseconds. */
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
/** So many notes, the newest, are looked at for changes that were made meanwhile. */
const RECENT_WORDS = 200;

export interface CatchUpNeeds {
  readonly client: Client;
  readonly channels: Channels;
  readonly messages: Messages;
  readonly memory: BridgeMemory | undefined;
  readonly bridge: string;
  readonly log: Log;
  readonly channelsOfDesk: () => readonly Channel[];
  readonly insistence: Insistence;
  readonly events: Pick<ChatEvents, 'recentWords'>;
  /** Keeps an eye on work that nobody waits for. */
  readonly tracked: (work: Promise<unknown>) => void;
}

/** A place that could not be read for now. */
interface Left {
  /** In seconds. */
  readonly since: number;
  readonly look: (since: number) => Promise<number>;
}

export class CatchUp {
  /** Channels that we cannot hear, and since when, in seconds. */
  readonly #lostAt = new Map<string, number>();
  readonly #left = new Map<string, Left>();
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(private readonly needs: CatchUpNeeds) {}

  readonly #isStopped = (): boolean => this.needs.insistence.stopped;

  get #key(): string {
    return `${this.needs.bridge}:heard-until`;
  }

  /** Writes down up to when all that was said has been heard, and done. */
  async heard(): Promise<void> {
    const done = this.needs.insistence.doneUntil(Date.now() / 1_000);
    await this.needs.memory?.set(this.#key, String(Math.floor(Math.min(done, ...[...this.#left.values()].map(({ since }) => since)))));
  }

  stop(): void {
    clearTimeout(this.#retry);
  }

  /** Slack tells nothing of a channel that we are not in, or that is archived. */
  lost(channel: string): void {
    if (!this.#lostAt.has(channel)) this.#lostAt.set(channel, Math.floor(Date.now() / 1_000));
  }

  /** We are back in a channel. */
  async again(channel: string): Promise<void> {
    const now = Math.floor(Date.now() / 1_000);
    const since = (this.#lostAt.get(channel) ?? now - UNKNOWN_S) - MARGIN_S;
    this.#lostAt.delete(channel);
    const found = await this.#read(channel, since, (from) => this.#channel(channel, from));
    this.needs.log.info({ bridge: this.needs.bridge, channel, since, found }, 'caught-up');
  }

  /** @param deafMs how long we know to have been deaf; undefined: since we were stopped */
  async fetch(deafMs?: number): Promise<void> {
    const now = Math.floor(Date.now() / 1_000);
    const known = deafMs === undefined ? Number(await this.needs.memory?.get(this.#key)) || now - UNKNOWN_S : now - Math.ceil(deafMs / 1_000);
    const since = known - MARGIN_S;
    let found = 0;
    for (const channel of this.needs.channelsOfDesk()) found += await this.#read(`desk:${channel.id}`, since, async (from) => this.#channel(await this.needs.channels.idOf(channel), from));
    found += await this.#read('notes', since, (from) => this.#changes(from));
    this.needs.log.info({ bridge: this.needs.bridge, since, found, left: this.#left.size }, 'caught-up');
    await this.heard();
  }

  /** What cannot be read in one place keeps nobody from reading the others; it is read once it can be. */
  async #read(where: string, since: number, look: Left['look']): Promise<number> {
    const from = Math.min(since, this.#left.get(where)?.since ?? since);
    try {
      const found = await look(from);
      this.#left.delete(where);
      return found;
    } catch (error) {
      const later = mayWorkLater(error);
      this.needs.log.warn({ bridge: this.needs.bridge, where, later, error: error instanceof Error ? error.message : String(error) }, 'catch-up-failed');
      if (later) this.#leave(where, { since: from, look });
      return 0;
    }
  }

  #leave(where: string, left: Left): void {
    this.#left.set(where, left);
    if (this.#isStopped()) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
      this.needs.tracked(this.#readLeft());
    }, this.#retryMs).unref();
  }

  async #readLeft(): Promise<void> {
    for (const [where, { since, look }] of [...this.#left]) await this.#read(where, since, look);
    if (this.#left.size > 0) return;
    this.#retryMs = FIRST_RETRY_MS;
    this.needs.log.info({ bridge: this.needs.bridge }, 'caught-up-at-last');
    await this.heard();
  }

  async #channel(channel: string, since: number): Promise<number> {
    const oldest = Math.floor(Date.now() / 1_000) - OLDEST_THREAD_S;
    let found = 0;
    let cursor: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const at = cursor;
      const page = await callAtLeisure('conversations.history', this.#isStopped, () => this.needs.client.conversations.history({ channel, oldest: String(oldest), limit: PAGE, ...(at ? { cursor: at } : {}) }));
      for (const { ts, latest_reply: latest } of page.messages ?? []) if (ts && latest && Number(latest) > since) found += await this.#thread(channel, ts, since);
      cursor = page.response_metadata?.next_cursor || undefined;
      if (!cursor) break;
    }
    return found;
  }

  async #thread(channel: string, ts: string, since: number): Promise<number> {
    let found = 0;
    for (const message of await this.#replies(channel, ts, since)) {
      if (Number(message.ts) <= since) continue;
      found += 1;
      await this.needs.messages.written(channel, message);
    }
    return found;
  }

  /** Notes that people edited or deleted while we did not hear. */
  async #changes(since: number): Promise<number> {
    const byThread = new Map<string, Place[]>();
    for (const { post, thread } of await this.needs.events.recentWords(this.needs.bridge, RECENT_WORDS)) {
      const place = readRef(post);
      if (place) byThread.set(thread, [...(byThread.get(thread) ?? []), place]);
    }
    let found = 0;
    for (const [thread, places] of byThread) found += await this.#read(thread, since, (from) => this.#changesIn(thread, places, from));
    return found;
  }

  async #changesIn(thread: string, places: readonly Place[], since: number): Promise<number> {
    const parent = readRef(thread);
    if (!parent) return 0;
    const oldest = Math.min(...places.map(({ ts }) => Number(ts))) - 1;
    const messages = new Map((await this.#replies(parent.channel, parent.ts, oldest)).map((message) => [message.ts, message]));
    let found = 0;
    for (const { channel, ts } of places) {
      const message = messages.get(ts);
      const editedAt = message?.edited?.ts;
      if (message && (editedAt === undefined || Number(editedAt) <= since)) continue;
      // It may stand in a thread that the conversation has left: its card was deleted, or it was merged.
      if (!message && (await this.#stands(channel, ts))) continue;
      found += 1;
      if (message && editedAt !== undefined) await this.needs.messages.edited(channel, message, editedAt);
      else await this.needs.messages.missing(channel, ts, parent.ts);
    }
    return found;
  }

  async #stands(channel: string, ts: string): Promise<boolean> {
    try {
      const { messages } = await callAtLeisure('conversations.replies', this.#isStopped, () => this.needs.client.conversations.replies({ channel, ts, limit: 1 }));
      return messages?.some((message) => message.ts === ts) ?? false;
    } catch (error) {
      if (error instanceof BridgeError && isAboutMessage(error)) return false;
      throw error;
    }
  }

  /** Without the first post. */
  async #replies(channel: string, ts: string, since: number): Promise<readonly SlackMessage[]> {
    const all: SlackMessage[] = [];
    let cursor: string | undefined;
    do {
      const at = cursor;
      const page = await callAtLeisure('conversations.replies', this.#isStopped, () => this.needs.client.conversations.replies({ channel, ts, oldest: String(since), limit: PAGE, ...(at ? { cursor: at } : {}) }));
      all.push(...((page.messages ?? []) as readonly SlackMessage[]).filter((message) => message.ts !== ts));
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
    return all;
  }
}

/** Slack is out of order, or its token or a right is gone, or we are out of order ourselves. What only concerns one channel is looked at when we are back there. */
function mayWorkLater(error: unknown): boolean {
  return !(error instanceof BridgeError) || error.fault === 'unavailable' || error.fault === 'rate-limited' || troubleOf(error).all;
}
