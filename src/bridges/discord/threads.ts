/** Threads as they follow their conversation: named, tagged, put to sleep, woken; within the limits that Discord sets on each. */
import { Routes, ThreadAutoArchiveDuration } from 'discord.js';

import { LOCALES } from '../../core/model.js';
import type { Log } from '../../core/ports/effects.js';
import type { Post } from '../../core/post.js';
import { say } from '../../core/language/say.js';
import { fold } from '../../core/fold.js';
import type { Api } from './api.js';
import { CODE, codeOf } from './errors.js';
import { isJson, listIn, objectIn, textIn, type Json } from './json.js';
import { MAX_RENAMES, MAX_TAGS } from './limits.js';
import type { Room } from './places.js';
import { timeOf } from './refs.js';
import type { DiscordSettings } from './settings.js';

/** The longest there is: a thread that sleeps is out of sight, though its conversation may be open. */
export const AUTO_ARCHIVE = ThreadAutoArchiveDuration.OneWeek;
/** Freed at once when a server is full of active threads; each wakes again when its customer writes. */
const PUT_TO_SLEEP = 10;
/** States of threads that are kept in mind; what is forgotten is asked for again. */
const MAX_KNOWN = 10_000;
const ASLEEP: readonly string[] = ['closed', 'spam'];

interface State {
  name: string;
  tags: readonly string[];
  archived: boolean;
  locked: boolean;
}

export interface Threads {
  /** Brings name, tags and sleep of a card's thread in line with its conversation. */
  follow(threadId: string, post: Post, name: string, room: Room): Promise<void>;
  /**
   * Does something in a thread, which is woken for it if need be.
   * @param keepAwake it stays awake afterwards: the customer wrote
   */
  awake<Result>(threadId: string, keepAwake: boolean, work: () => Promise<Result>): Promise<Result>;
  /** Nobody has deleted it. */
  isThere(threadId: string): Promise<boolean>;
  /** The gateway told. */
  learn(thread: Json): void;
  forget(threadId: string): void;
  /** Puts idle threads of ours to sleep where the server has as many as Discord allows. @returns how many */
  makeRoom(guildId: string, botId: string): Promise<number>;
  stop(): void;
}

/** @param renameWindowMs in which a thread is renamed twice at most */
export function createThreads(api: Api, settings: Pick<DiscordSettings, 'onClose'>, log: Log, now: () => number, renameWindowMs: number): Threads {
  const known = new Map<string, State>();
  const renames = new Map<string, { done: number[]; wanted: string | undefined; timer: NodeJS.Timeout | undefined }>();

  const keep = (id: string, state: State): void => {
    known.delete(id);
    known.set(id, state);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_KNOWN) break;
      known.delete(oldest);
    }
  };
  const stateOf = async (id: string): Promise<State> => {
    const fresh = known.get(id);
    if (fresh) return fresh;
    const state = readState(await api.request<Json>('get', Routes.channel(id), `look at thread ${id}`));
    keep(id, state);
    return state;
  };
  /** @param who undefined: it has no turn among what waits for the thread */
  const send = async (id: string, body: Json, doing: string, who: string | undefined = id): Promise<void> => {
    keep(id, readState(await api.request<Json>('patch', Routes.channel(id), `${doing} thread ${id}`, { body, ...(who !== undefined && { who }) })));
  };
  const patch = async (id: string, body: Json, doing: string): Promise<void> => {
    try {
      await send(id, body, doing);
    } catch (error) {
      if (codeOf(error) !== CODE.threadArchived) throw error;
      // It fell asleep, and we did not hear of it.
      await send(id, { archived: false, locked: false }, 'wake');
      await send(id, body, doing);
    }
  };

  /** At most two in ten minutes; of more, only the last one counts, when there is room again. */
  const rename = async (id: string, name: string): Promise<void> => {
    const entry = renames.get(id) ?? { done: [], wanted: undefined, timer: undefined };
    renames.set(id, entry);
    entry.done = entry.done.filter((at) => now() - at < renameWindowMs);
    entry.wanted = name;
    if (entry.timer) return;
    if (entry.done.length < MAX_RENAMES) {
      entry.done.push(now());
      entry.wanted = undefined;
      try {
        // Its limit is one of its own: nothing else that is done to the thread waits for it.
        await api.request('patch', Routes.channel(id), `rename thread ${id}`, { body: { name } }).then((thread) => isJson(thread) && keep(id, readState(thread)));
        // Discord counts from when it did it.
        entry.done.splice(-1, 1, now());
        return;
      } catch (error) {
        // A name is never worth failing a card for; somebody else may have used the limit up.
        log.warn({ thread: id, error }, 'discord-rename-failed');
        entry.wanted = name;
      }
    }
    const [first = now()] = entry.done;
    entry.timer = setTimeout(() => {
      entry.timer = undefined;
      if (entry.wanted !== undefined) void rename(id, entry.wanted);
    }, Math.max(0, first + renameWindowMs - now()));
    entry.timer.unref();
  };

  return {
    async follow(threadId, post, name, room) {
      const { about } = post;
      const state = await stateOf(threadId);
      const sleeps = about !== undefined && settings.onClose !== 'nothing' && ASLEEP.includes(about.status);
      const locked = sleeps && settings.onClose === 'lock';
      const tags = about && room.kind === 'forum' ? tagsOf(about, room) : state.tags;
      const tagsChanged = tags.join() !== state.tags.join();
      const nameChanged = name !== state.name && renames.get(threadId)?.wanted !== name;
      if (state.archived && (tagsChanged || nameChanged || !sleeps)) await patch(threadId, { archived: false, ...(state.locked && { locked: false }), ...(tagsChanged && { applied_tags: tags }) }, 'wake');
      else if (tagsChanged) await patch(threadId, { applied_tags: tags }, 'tag');
      if (nameChanged) await rename(threadId, name);
      const after = await stateOf(threadId);
      if (sleeps && (!after.archived || after.locked !== locked)) await patch(threadId, { archived: true, ...(after.locked !== locked && { locked }) }, 'put to sleep');
      else if (!sleeps && after.locked) await patch(threadId, { archived: false, locked: false }, 'unlock');
    },

    async awake(threadId, keepAwake, work) {
      const before = known.get(threadId);
      const wasAsleep = before?.archived ?? false;
      let restore: State | undefined = wasAsleep ? before : undefined;
      let result;
      try {
        if (before?.archived) await patch(threadId, { archived: false, ...(before.locked && { locked: false }) }, 'wake');
        result = await work();
      } catch (error) {
        if (codeOf(error) !== CODE.threadArchived) throw error;
        known.delete(threadId);
        restore = await stateOf(threadId);
        await patch(threadId, { archived: false, ...(restore.locked && { locked: false }) }, 'wake');
        result = await work();
      }
      if (restore && !keepAwake) await patch(threadId, { archived: true, ...(restore.locked && { locked: true }) }, 'put back to sleep');
      return result;
    },

    async isThere(threadId) {
      known.delete(threadId);
      try {
        await stateOf(threadId);
        return true;
      } catch (error) {
        if (codeOf(error) !== CODE.unknownChannel) throw error;
        return false;
      }
    },

    learn(thread) {
      const id = textIn(thread, 'id');
      if (id && isJson(thread['thread_metadata'])) keep(id, readState(thread));
    },

    forget(threadId) {
      known.delete(threadId);
    },

    async makeRoom(guildId, botId) {
      const active = listIn(await api.request('get', Routes.guildActiveThreads(guildId), 'list active threads'), 'threads');
      const idle = active.filter((thread) => thread['owner_id'] === botId).sort((left, right) => lastActive(left) - lastActive(right)).slice(0, PUT_TO_SLEEP);
      for (const thread of idle) await patch(String(thread['id']), { archived: true }, 'put to sleep');
      log.warn({ guild: guildId, active: active.length, asleep: idle.length }, 'discord-thread-cap');
      return idle.length;
    },

    stop() {
      for (const { timer } of renames.values()) clearTimeout(timer);
    },
  };
}

const readState = (thread: Json): State => ({
  name: textIn(thread, 'name') ?? '',
  tags: Array.isArray(thread['applied_tags']) ? thread['applied_tags'].map(String) : [],
  archived: objectIn(thread, 'thread_metadata')['archived'] === true,
  locked: objectIn(thread, 'thread_metadata')['locked'] === true,
});

const lastActive = (thread: Json): number => timeOf(textIn(thread, 'last_message_id') ?? textIn(thread, 'id') ?? '0').getTime();

/** Tags of the forum that bear the name of the status, the priority or a label, in any language. Tags that are missing are an administrator's to make. */
export function tagsOf(about: NonNullable<Post['about']>, room: Room): readonly string[] {
  const words = [
    [about.status, ...LOCALES.map((locale) => say(locale, `status.${about.status}`))],
    ...(about.priority === 'normal' ? [] : [[about.priority, ...LOCALES.map((locale) => say(locale, `priority.${about.priority}`))]]),
    ...about.labels.map((label) => [label]),
  ].map((names) => names.map(fold));
  const found = words.flatMap((names) => room.tags.find(({ name }) => names.includes(fold(name)))?.id ?? []);
  return [...new Set(found)].slice(0, MAX_TAGS);
}
