/** What was said in our threads while we did not hear. Slack sends an event again for some minutes only; after that we have to ask. */
import type { Channel } from '../../core/model.js';
import { call, type Client } from './client.js';
import type { Channels } from './channels.js';
import type { Insistence } from './guard.js';
import type { Messages, SlackMessage } from './messages.js';
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

export interface CatchUpNeeds {
  readonly client: Client;
  readonly channels: Channels;
  readonly messages: Messages;
  readonly memory: BridgeMemory | undefined;
  readonly bridge: string;
  readonly log: Log;
  readonly channelsOfDesk: () => readonly Channel[];
  readonly insistence: Insistence;
}

export class CatchUp {
  /** Channels that we cannot hear, and since when, in seconds. */
  readonly #lostAt = new Map<string, number>();

  constructor(private readonly needs: CatchUpNeeds) {}

  get #key(): string {
    return `${this.needs.bridge}:heard-until`;
  }

  /** All that was said up to now has been heard, and done but for what is in hand. */
  async heard(): Promise<void> {
    await this.needs.memory?.set(this.#key, String(Math.floor(this.needs.insistence.doneUntil(Date.now() / 1_000))));
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
    const found = await this.#channel(channel, since, now);
    this.needs.log.info({ bridge: this.needs.bridge, channel, since, found }, 'caught-up');
  }

  /** @param deafMs how long we know to have been deaf; undefined: since we were stopped */
  async fetch(deafMs?: number): Promise<void> {
    const now = Math.floor(Date.now() / 1_000);
    const known = deafMs === undefined ? Number(await this.needs.memory?.get(this.#key)) || now - UNKNOWN_S : now - Math.ceil(deafMs / 1_000);
    const since = known - MARGIN_S;
    let found = 0;
    for (const channel of this.needs.channelsOfDesk()) {
      try {
        found += await this.#channel(await this.needs.channels.idOf(channel), since, now);
      } catch (error) {
        this.needs.log.warn({ bridge: this.needs.bridge, channel: channel.id, error: error instanceof Error ? error.message : String(error) }, 'catch-up-failed');
      }
    }
    this.needs.log.info({ bridge: this.needs.bridge, since, found }, 'caught-up');
    await this.heard();
  }

  async #channel(channel: string, since: number, now: number): Promise<number> {
    let found = 0;
    let cursor: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const at = cursor;
      const page = await call('conversations.history', () => this.needs.client.conversations.history({ channel, oldest: String(now - OLDEST_THREAD_S), limit: PAGE, ...(at ? { cursor: at } : {}) }));
      for (const { ts, latest_reply: latest } of page.messages ?? []) if (ts && latest && Number(latest) > since) found += await this.#thread(channel, ts, since);
      cursor = page.response_metadata?.next_cursor || undefined;
      if (!cursor) break;
    }
    return found;
  }

  async #thread(channel: string, ts: string, since: number): Promise<number> {
    let found = 0;
    let cursor: string | undefined;
    do {
      const at = cursor;
      const page = await call('conversations.replies', () => this.needs.client.conversations.replies({ channel, ts, oldest: String(since), limit: PAGE, ...(at ? { cursor: at } : {}) }));
      for (const message of (page.messages ?? []) as readonly SlackMessage[]) {
        if (message.ts === ts || Number(message.ts) <= since) continue;
        found += 1;
        await this.needs.messages.written(channel, message);
      }
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
    return found;
  }
}
