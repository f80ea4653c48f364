/**
 * Posts and edits: paced, once each, in order. A try whose end nobody knows is looked for in Slack by the key in the message's metadata before it is repeated.
 */
import type { types } from '@slack/bolt';

import { BridgeError } from '../../core/errors.js';
import { mintedAt, type PostRef, type ThreadRef } from '../../core/ids.js';
import type { Locale } from '../../core/model.js';
import type { Post, PostFile } from '../../core/post.js';
import type { Posted, PostTarget } from '../../core/ports/chat.js';
import type { Log } from '../../core/ports/effects.js';
import type { Channels } from './channels.js';
import { call, type Client } from './client.js';
import { slackCode } from './errors.js';
import { fileKey, sharedAlready, shareFiles } from './files.js';
import { EDITS, Pacing, POSTS } from './pacing.js';
import { postRef, readRef, threadRef, type Place } from './refs.js';
import { render, type Rendered } from './render.js';

/** Names our metadata (https://docs.slack.dev/messaging/message-metadata). */
const EVENT_TYPE = 'goniec_delivery';
/** Keys and edits that are remembered: more than can be under way at once. */
const REMEMBERED = 5_000;
/** What a person did makes what follows in its thread urgent for so long, in milliseconds. */
const URGENT_MS = 15_000;
/** Messages looked at when a post is searched for, and pages of them. */
const PAGE = 200;
const MAX_PAGES = 5;
/** Clocks of ours and Slack's may differ by so much, in seconds. */
const CLOCK_SLACK_S = 120;
/** Keys that do not tell their time may be so old, in milliseconds. */
const UNKNOWN_AGE_MS = 3_600_000;
/** What was found posted is believed for so long, in milliseconds. */
const FOUND_MS = 10_000;

export interface PostingNeeds {
  readonly client: Client;
  readonly channels: Channels;
  readonly locale: () => Locale;
  readonly log: Log;
  readonly bridge: string;
  readonly botUserId: () => string;
  readonly pacing?: Pacing;
}

export class Posting {
  readonly #delivered = new Map<string, Place>();
  readonly #filesDone = new Set<string>();
  /** What became of our last try of a key that did not end well: it may have arrived, or certainly did not. */
  readonly #lastTry = new Map<string, 'doubtful' | 'refused'>();
  /** What is posted where, by channel or thread: many that were tried before a restart ask at once. */
  readonly #found = new Map<string, { readonly at: number; readonly since: number; readonly keys: ReadonlyMap<string, string> }>();
  readonly #drawn = new Map<string, string>();
  readonly #touched = new Map<string, number>();
  readonly #pacing: Pacing;

  constructor(private readonly needs: PostingNeeds) {
    this.#pacing = needs.pacing ?? new Pacing();
  }

  /** A person did something in this thread: what follows there goes before bulk. */
  touch(thread: ThreadRef | undefined): void {
    if (thread) remember(this.#touched, thread, Date.now() + URGENT_MS);
  }

  async post(target: PostTarget, post: Post, key: string, again = false): Promise<Posted> {
    const parent = target.thread === undefined ? undefined : readRef(target.thread);
    if (target.thread !== undefined && !parent) throw new BridgeError('gone', true, `${target.thread} is no thread of Slack`);
    const channel = parent?.channel ?? (await this.needs.channels.idOf(target.channel));
    return this.needs.channels.guarded(channel, async () => {
      const rendered = render(post, this.needs.locale());
      const found = this.#delivered.get(key) ?? (await this.#lookBack(channel, parent?.ts, key, again));
      const urgent = this.#isUrgent(post, target.thread);
      const place = found ?? (await this.#send(channel, parent?.ts, rendered, key, urgent));
      remember(this.#delivered, key, place);
      // What an earlier try posted may be out of date by now.
      if (found) await this.#redraw(place, rendered, urgent);
      else remember(this.#drawn, postRef(place), drawnAs(rendered));
      const thread: Place = parent ?? place;
      await this.#share([...post.files, ...(rendered.cut ? [wholeText(post.text)] : [])], thread, place, key, found !== undefined);
      return { post: postRef(place), thread: threadRef(thread) };
    });
  }

  async edit(target: PostTarget, ref: PostRef, post: Post): Promise<void> {
    const place = readRef(ref);
    if (!place) throw new BridgeError('gone', true, `${ref} is no post of Slack`);
    const rendered = render(post, this.needs.locale());
    if (this.#drawn.get(ref) === drawnAs(rendered)) return;
    await this.needs.channels.guarded(place.channel, () => this.#redraw(place, rendered, this.#isUrgent(post, target.thread)));
  }

  async #redraw({ channel, ts }: Place, rendered: Rendered, urgent: boolean): Promise<void> {
    const ref = postRef({ channel, ts });
    if (this.#drawn.get(ref) === drawnAs(rendered)) return;
    await this.#pacing.turn('chat.update', EDITS, ref, urgent);
    // From here on nobody knows what the post looks like until the answer is here.
    this.#drawn.delete(ref);
    const { text, blocks } = rendered;
    await this.#limited('chat.update', EDITS, () =>
      withPlainFallback(blocks, this.needs.log, (shown) => call('chat.update', () => this.needs.client.chat.update({ channel, ts, text, ...(shown ? { blocks: shown } : { blocks: [] }), parse: 'none', link_names: false }))),
    );
    remember(this.#drawn, ref, drawnAs(rendered));
  }

  /** A direct message, once for each key that we remember: without the right to read what people write to us, we cannot look whether an earlier try arrived. */
  async tell(user: string, post: Post, key: string): Promise<void> {
    if (this.#delivered.has(key)) return;
    remember(this.#delivered, key, await this.#send(user, undefined, render(post, this.needs.locale()), key, true));
  }

  #isUrgent(post: Post, thread: ThreadRef | undefined): boolean {
    return post.kind === 'mail-out' || post.kind === 'note' || (thread !== undefined && (this.#touched.get(thread) ?? 0) > Date.now());
  }

  async #send(channel: string, thread: string | undefined, { text, blocks }: Rendered, key: string, urgent: boolean): Promise<Place> {
    const bucket = `chat.postMessage ${channel}`;
    try {
      await this.#pacing.turn(bucket, POSTS, key, urgent);
      const posted = await this.#limited(bucket, POSTS, () =>
        withPlainFallback(blocks, this.needs.log, (shown) =>
          call('chat.postMessage', () =>
            this.needs.client.chat.postMessage({
              channel, text, ...(shown ? { blocks: shown } : {}), ...(thread ? { thread_ts: thread } : {}), parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false,
              metadata: { event_type: EVENT_TYPE, event_payload: { delivery: key } },
            }),
          ),
        ),
      );
      if (!posted.ts) throw new BridgeError('unavailable', false, 'chat.postMessage gave no timestamp');
      this.#lastTry.delete(key);
      return { channel: posted.channel ?? channel, ts: posted.ts };
    } catch (error) {
      if (error instanceof BridgeError) remember(this.#lastTry, key, error.certain ? 'refused' : 'doubtful');
      throw error;
    }
  }

  /** After a 429 nothing more goes there before Slack's time is over. */
  async #limited<Result>(bucket: string, pace: Parameters<Pacing['stop']>[1], work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof BridgeError && error.fault === 'rate-limited') this.#pacing.stop(bucket, pace, error.retryAfterMs ?? 1_000);
      throw error;
    }
  }

  /** Where an earlier try of this key posted, if there may have been one. */
  async #lookBack(channel: string, thread: string | undefined, key: string, again: boolean): Promise<Place | undefined> {
    const last = this.#lastTry.get(key);
    if (last === 'refused' || (last === undefined && !again)) return undefined;
    const since = mintedAt(key) ?? Date.now() - UNKNOWN_AGE_MS;
    const where = `${channel}:${thread ?? ''}`;
    let found = last === 'doubtful' ? undefined : this.#found.get(where);
    if (!found || found.since > since || found.at < Date.now() - FOUND_MS) {
      found = { at: Date.now(), since, keys: await this.#keysIn(channel, thread, since) };
      remember(this.#found, where, found);
    }
    const ts = found.keys.get(key);
    return ts === undefined ? undefined : { channel, ts };
  }

  /** Delivery key -> timestamp of what we posted there since then. */
  async #keysIn(channel: string, thread: string | undefined, since: number): Promise<ReadonlyMap<string, string>> {
    const keys = new Map<string, string>();
    const oldest = String(Math.floor(since / 1_000) - CLOCK_SLACK_S);
    let cursor: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const page = { channel, oldest, limit: PAGE, include_all_metadata: true, ...(cursor ? { cursor } : {}) };
      const { messages, response_metadata: next } = await (thread
        ? call('conversations.replies', () => this.needs.client.conversations.replies({ ...page, ts: thread }))
        : call('conversations.history', () => this.needs.client.conversations.history(page)));
      for (const { ts, metadata } of messages ?? []) {
        const delivery = metadata?.event_type === EVENT_TYPE ? (metadata.event_payload as { delivery?: unknown } | undefined)?.delivery : undefined;
        if (ts && typeof delivery === 'string') keys.set(delivery, ts);
      }
      cursor = next?.next_cursor || undefined;
      if (!cursor) break;
    }
    return keys;
  }

  async #share(files: readonly PostFile[], thread: Place, place: Place, key: string, repeated: boolean): Promise<void> {
    if (files.length === 0 || this.#filesDone.has(key)) return;
    const there = repeated ? await sharedAlready(this.needs.client, thread, place.ts, this.needs.botUserId()) : new Set<string>();
    await shareFiles(this.needs.client, files.filter((file) => !there.has(fileKey(file))), thread);
    this.#filesDone.add(key);
    for (const oldest of this.#filesDone) {
      if (this.#filesDone.size <= REMEMBERED) break;
      this.#filesDone.delete(oldest);
    }
  }
}

/** Better a mail without layout than none: what Slack takes for malformed is posted as its summary. */
async function withPlainFallback<Result>(blocks: types.KnownBlock[], log: Log, work: (blocks: types.KnownBlock[] | undefined) => Promise<Result>): Promise<Result> {
  try {
    return await work(blocks);
  } catch (error) {
    const code = error instanceof BridgeError ? slackCode(error.cause) : undefined;
    if (code !== 'invalid_blocks' && code !== 'invalid_blocks_format' && code !== 'msg_blocks_too_long') throw error;
    log.error({ code, blocks: blocks.map(({ type }) => type) }, 'blocks-refused');
    return work(undefined);
  }
}

function wholeText(text: string): PostFile {
  const bytes = Buffer.from(text, 'utf8');
  return { name: 'mail.txt', contentType: 'text/plain', bytes: bytes.byteLength, read: async () => bytes };
}

const drawnAs = ({ text, blocks }: Rendered): string => JSON.stringify([text, blocks]);

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= REMEMBERED) break;
    map.delete(oldest);
  }
}
