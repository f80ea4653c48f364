/** What people did in threads while nothing was heard: what they wrote, edited and deleted, read afterwards. */
import { Routes } from 'discord.js';

import type { DeskSide } from './desk-side.js';
import { asBridgeError, troubleOf } from './errors.js';
import type { Heard } from './heard.js';
import { listIn, objectIn, textIn, type Json } from './json.js';
import { BRIDGE } from './people.js';
import type { Room } from './places.js';
import { isSnowflake, readPost, snowflakeAt, timeOf } from './refs.js';
import type { Words } from './words.js';

export interface CatchUpNeeds extends Pick<DeskSide, 'api' | 'events' | 'settings' | 'groupsOf' | 'log'> {
  readonly words: Words;
  readonly heard: Heard;
  readonly now: () => Date;
  /** Runs work in a thread before what is heard there from now on. */
  readonly inTurn: (channelId: string, work: () => Promise<void>) => Promise<void>;
}

/** After a longer absence nobody expects that an old word becomes a note, in milliseconds. */
const OLDEST_WORDS_MS = 12 * 3_600_000;
/** An edit that was heard shortly before the gap is no harm to look at again, in milliseconds. */
const MARGIN_MS = 2 * 60_000;
/** So many notes, the newest, are looked at for changes that were made meanwhile. */
const RECENT_WORDS = 200;
const PAGE = 100;
/** Of one thread, for changes of old notes. */
const MAX_PAGES = 20;

/**
 * Reads what was missed in these channels, if anything was. What may not be read now is left for a time when it may.
 * @param areAll false: some channels could not be looked up, and are left, too
 * @throws BridgeError when it could not all be read; it may be called again
 */
export function createCatchUp({ api, events, settings, groupsOf, log, words, heard, now, inTurn }: CatchUpNeeds): (rooms: readonly Pick<Room, 'id' | 'guildId'>[], areAll: boolean) => Promise<void> {
  const get = <Result>(route: `/${string}`, doing: string, query?: Readonly<Record<string, string>>): Promise<Result> => api.request<Result>('get', route, doing, { patient: true, ...(query && { query: new URLSearchParams(query) }) });

  /** Messages of a channel after one, page by page, oldest first. */
  async function* messagesAfter(channelId: string, id: string): AsyncGenerator<readonly Json[]> {
    for (let after = id; ; ) {
      const page = await get<readonly Json[]>(Routes.channelMessages(channelId), 'read what was missed', { after, limit: String(PAGE) });
      const byAge = page.filter((message) => isSnowflake(idOf(message))).sort((left, right) => (BigInt(idOf(left)) < BigInt(idOf(right)) ? -1 : 1));
      yield byAge;
      after = idOf(byAge.at(-1)) || after;
      if (page.length < PAGE) return;
    }
  }

  /** A message that is fetched does not say where it is and which roles its author holds. */
  const asHeard = async (guildId: string, message: Json): Promise<Json> => {
    const whole = { ...message, guild_id: guildId };
    if (groupsOf(whole) && !settings.staffRoles) return whole;
    try {
      return { ...whole, member: await get<Json>(Routes.guildMember(guildId, textIn(objectIn(message, 'author'), 'id') ?? ''), 'look at a member') };
    } catch (error) {
      // What is only out of order is looked at again.
      if (isOutOfOrder(error)) throw error;
      log.warn({ error, message: idOf(message) }, 'discord-member-unknown');
      // Who cannot be looked at holds no role.
      return { ...whole, member: { roles: [] } };
    }
  };

  const written = async (guildId: string, channelId: string, since: string): Promise<void> => {
    for await (const page of messagesAfter(channelId, since)) for (const message of page) await words.afterwards(await asHeard(guildId, message));
  };

  /** Threads that somebody wrote into since; also those that went back to sleep. */
  const threadsWithNews = async (rooms: readonly Pick<Room, 'id' | 'guildId'>[], since: string): Promise<{ readonly threads: readonly { readonly id: string; readonly guildId: string }[]; readonly areAllowed: boolean }> => {
    const found = new Map<string, string>();
    const keep = (guildId: string, answer: unknown): readonly Json[] => {
      const threads = listIn(answer, 'threads');
      for (const thread of threads) if (BigInt(textIn(thread, 'last_message_id') ?? '0') > BigInt(since)) found.set(idOf(thread), guildId);
      return threads;
    };
    for (const guildId of new Set(rooms.map((room) => room.guildId))) keep(guildId, await get(Routes.guildActiveThreads(guildId), 'list active threads'));
    let areAllowed = true;
    for (const { id, guildId } of rooms) {
      areAllowed = (await asFarAsAllowed(id, async () => {
        for (let before: string | undefined; ; ) {
          // Those that fell asleep last come first.
          const answer = await get<Json>(Routes.channelThreads(id, 'public'), 'list sleeping threads', { limit: String(PAGE), ...(before !== undefined && { before }) });
          before = textIn(objectIn(keep(guildId, answer).at(-1), 'thread_metadata'), 'archive_timestamp');
          if (answer['has_more'] !== true || before === undefined || Date.parse(before) < timeOf(since).getTime()) return;
        }
      })) && areAllowed;
    }
    return { threads: [...found].map(([id, guildId]) => ({ id, guildId })), areAllowed };
  };

  /** What may not be looked at in one place keeps nobody from looking at the others. @returns false when it was left */
  const asFarAsAllowed = async (channelId: string, look: () => Promise<void>): Promise<boolean> => {
    try {
      await look();
      return true;
    } catch (error) {
      if (isOutOfOrder(error)) throw error;
      const isGone = asBridgeError(error, 'catch up').fault === 'gone';
      log.warn({ error: error instanceof Error ? error.message : String(error), channel: channelId }, isGone ? 'discord-place-gone' : 'discord-not-caught-up');
      return isGone;
    }
  };

  /** Notes, and answers that wait, as they stand on Discord now. */
  const changed = async (channelId: string, known: readonly string[], since: number): Promise<void> => {
    const oldest = known.reduce((left, right) => (BigInt(left) < BigInt(right) ? left : right));
    const left = new Set(known);
    let pages = 0;
    for await (const page of messagesAfter(channelId, String(BigInt(oldest) - 1n))) {
      const upTo = page.length < PAGE ? undefined : idOf(page.at(-1));
      const there = new Map(page.map((message) => [idOf(message), message]));
      for (const id of [...left].filter((one) => upTo === undefined || BigInt(one) <= BigInt(upTo))) {
        left.delete(id);
        await follow(channelId, id, there.get(id), since);
      }
      pages += 1;
      if (left.size === 0 || pages >= MAX_PAGES) return;
    }
  };
  const follow = async (channelId: string, id: string, message: Json | undefined, since: number): Promise<void> => {
    if (!message) return words.deleted(channelId, id);
    const editedAt = Date.parse(textIn(message, 'edited_timestamp') ?? '');
    if (!(editedAt >= since)) return;
    const guildId = textIn(await get<Json>(Routes.channel(channelId), 'look at a thread'), 'guild_id') ?? '';
    await words.updated(await asHeard(guildId, message));
  };

  return async (rooms, areAll) => {
    const gap = heard.gap();
    if (gap === undefined) return;
    const known = new Map<string, string[]>();
    // Before new words become notes: those are as they should be.
    for (const { post } of await events.recentWords(BRIDGE, RECENT_WORDS)) {
      const { channelId, messageIds } = readPost(post) ?? { channelId: '', messageIds: [] };
      for (const id of messageIds) known.set(channelId, [...(known.get(channelId) ?? []), id]);
    }
    let isWhole = areAll;
    const read = async (channelId: string, look: () => Promise<void>): Promise<void> => inTurn(channelId, async () => {
      isWhole = (await asFarAsAllowed(channelId, look)) && isWhole;
    });
    for (const [channelId, ids] of known) await read(channelId, () => changed(channelId, ids, timeOf(gap.since).getTime() - MARGIN_MS));
    const oldest = snowflakeAt(new Date(now().getTime() - OLDEST_WORDS_MS));
    const wordsSince = BigInt(gap.since) > BigInt(oldest) ? gap.since : oldest;
    const { threads, areAllowed } = await threadsWithNews(rooms, wordsSince);
    for (const { id, guildId } of threads) await read(id, () => written(guildId, id, wordsSince));
    if (isWhole && areAllowed) heard.caughtUp(gap);
  };
}

const idOf = (object: Json | undefined): string => textIn(object, 'id') ?? '';

/** Nothing can be read now, wherever it is: a later try may do. */
export function isOutOfOrder(error: unknown): boolean {
  const known = asBridgeError(error, 'catch up');
  return known.fault === 'unavailable' || known.fault === 'rate-limited' || troubleOf(known)?.all === true;
}
