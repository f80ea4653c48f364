/** What people write in threads: plain words are notes, `!verb` does it; edits and deletions follow. Words that were said while we were away are read afterwards. */
import { MessageFlags, MessageType, Routes } from 'discord.js';

import type { Locale } from '../../core/model.js';
import type { Answer, ChatEvents } from '../../core/ports/chat.js';
import type { Log } from '../../core/ports/effects.js';
import { say } from '../../core/language/say.js';
import { answerBody } from './answers.js';
import type { BridgeMemory } from '../definition.js';
import type { Api } from './api.js';
import type { CustomIds } from './custom-ids.js';
import { asBridgeError } from './errors.js';
import { fetchFiles } from './files.js';
import { listIn, objectIn, textIn, type Json } from './json.js';
import { BRIDGE, isStaff, personOf, type GroupsOf } from './people.js';
import { NO_MENTIONS } from './plain-text.js';
import { isSnowflake, postRef, snowflakeAt, threadRef } from './refs.js';
import type { DiscordSettings } from './settings.js';

export interface WordNeeds {
  readonly api: Api;
  readonly events: ChatEvents;
  readonly ids: CustomIds;
  readonly settings: Pick<DiscordSettings, 'staffRoles'>;
  readonly groupsOf: GroupsOf;
  readonly log: Log;
  readonly locale: () => Locale;
  readonly mayRead: () => boolean;
  readonly now: () => Date;
  /** Without it, what was said while Goniec was not running is not read afterwards. */
  readonly memory: BridgeMemory | undefined;
}

export interface Words {
  created(message: Json): Promise<void>;
  updated(message: Json): Promise<void>;
  deleted(channelId: string, messageId: string): Promise<void>;
  /** Before the first connection: goes on where the last run stopped hearing. */
  resume(): Promise<void>;
  /** The session was lost: from now back to the last word there may be a gap. */
  lost(): void;
  /**
   * Reads what was written in the threads of these servers while nothing was heard. @param inTurn runs work in a thread before what is heard there from now on
   * @throws BridgeError when it could not all be read; it may be called again
   */
  catchUp(guildIds: readonly string[], inTurn: (channelId: string, work: (channelId: string) => Promise<void>) => Promise<void>): Promise<void>;
  /** Writes down up to where words were heard. */
  stop(): Promise<void>;
}

const SPOKEN: readonly unknown[] = [MessageType.Default, MessageType.Reply];
/** Somebody who may not work here is told once in a while, not at each word; in milliseconds. */
const TELL_AGAIN_MS = 3_600_000;
/** Whose a message was is kept in mind, since Discord does not say when it is deleted. */
const MAX_AUTHORS = 50_000;
/** After a longer absence nobody expects that an old word becomes a note, in milliseconds. */
const CATCH_UP_MS = 12 * 3_600_000;
/** Up to where words were heard is written down at most this often, in milliseconds. What was refused must not be tried again later, when it might succeed. */
const WRITE_DOWN_MS = 1_000;
const HEARD = 'discord.heard';
const PAGE = 100;

export function createWords({ api, events, ids, settings, groupsOf, log, locale, mayRead, now, memory }: WordNeeds): Words {
  const authors = new Map<string, string>();
  const told = new Map<string, number>();
  let newest = snowflakeAt(now());
  let remembered: string | undefined;
  /** Up to here all was heard when hearing stopped; undefined: nothing was missed. */
  let missedSince: string | undefined;
  let writing: NodeJS.Timeout | undefined;

  const writeDown = async (): Promise<void> => {
    clearTimeout(writing);
    writing = undefined;
    // What is still to be read afterwards must not be passed over by the next run.
    const upTo = missedSince ?? remembered;
    if (upTo !== undefined) await memory?.set(HEARD, upTo);
  };
  const heard = (id: string): void => {
    if (BigInt(id) <= BigInt(newest)) return;
    newest = id;
    remembered = id;
    writing ??= setTimeout(() => {
      writeDown().catch((error: unknown) => log.warn({ error }, 'discord-memory-failed'));
    }, WRITE_DOWN_MS).unref();
  };
  const isFirstIn = (key: string): boolean => {
    const isFirst = now().getTime() - (told.get(key) ?? 0) > TELL_AGAIN_MS;
    if (isFirst) told.set(key, now().getTime());
    return isFirst;
  };

  const reply = async (message: Json, body: Json): Promise<void> => {
    const id = textIn(message, 'id') ?? '';
    await api.request('post', Routes.channelMessages(textIn(message, 'channel_id') ?? ''), 'answer words', {
      patient: true, body: { ...body, message_reference: { message_id: id, fail_if_not_exists: false }, nonce: `re${id}`.slice(0, 25), enforce_nonce: true },
    });
  };
  const answer = (message: Json, said: Answer, text: string): Promise<void> => reply(message, answerBody(said, { ids, locale: locale(), ...(isCommand(text) && { written: { verb: 'reply', args: {} } }) }, 'public'));

  /** Colleagues by the name that the desk knows them by: it tells them that they were mentioned. */
  const read = async (message: Json): Promise<string> => {
    const named = await Promise.all(listIn(message, 'mentions').map(async (user) => {
      const id = textIn(user, 'id') ?? '';
      return [id, (await events.identify({ bridge: BRIDGE, id, email: undefined }))?.name ?? textIn(user, 'global_name') ?? textIn(user, 'username') ?? ''] as const;
    }));
    return readable(message, new Map(named));
  };

  const hear = async (message: Json, isLate: boolean): Promise<void> => {
    const id = textIn(message, 'id') ?? '';
    if (!isSnowflake(id)) return;
    try {
      await understand(message, id, isLate);
    } finally {
      heard(id);
    }
  };

  const understand = async (message: Json, id: string, isLate: boolean): Promise<void> => {
    if (!isSpoken(message)) return;
    const person = personOf(message, groupsOf);
    const channelId = textIn(message, 'channel_id') ?? '';
    const thread = threadRef(channelId);
    const text = await read(message);
    const attachments = listIn(message, 'attachments');
    authors.set(id, person.id);
    for (const oldest of authors.keys()) {
      if (authors.size <= MAX_AUTHORS) break;
      authors.delete(oldest);
    }
    if (text === '' && attachments.length === 0) {
      // Without the intent every word arrives empty: it must be said, or people believe that it is a note.
      if (mayRead() || !(await events.conversationOf(BRIDGE, thread)) || !isFirstIn(`unreadable ${channelId}`)) return;
      return reply(message, { content: say(locale(), 'chat.words-unreadable'), allowed_mentions: NO_MENTIONS, flags: MessageFlags.SuppressEmbeds });
    }
    if (!isStaff(message, settings)) {
      if (!isLate && (await events.conversationOf(BRIDGE, thread)) && isFirstIn(`not staff ${channelId} ${person.id}`)) await reply(message, { content: say(locale(), 'refused.not-staff'), allowed_mentions: NO_MENTIONS });
      return;
    }
    // Whoever writes elsewhere makes us fetch nothing.
    if (attachments.length > 0 && !(await events.conversationOf(BRIDGE, thread))) return;
    const { files, lost } = await fetchFiles(attachments);
    const said = await events.words({ person, eventId: id, thread, text: [text, ...lost.map((name) => `[${name}]`)].filter(Boolean).join('\n'), post: postRef(channelId, [id]), files });
    if (!said) return;
    log.debug({ message: id, outcome: said.kind }, 'discord-words');
    // A note needs no answer: it stands there.
    if (said.kind === 'done' && (!isCommand(text) || isLate)) return;
    if (said.kind === 'refused' && !isCommand(text) && (isLate || !isFirstIn(`refused ${channelId} ${person.id}`))) return;
    await answer(message, said, text);
  };

  /** A message that is fetched afterwards does not say which roles its author holds. */
  const memberIn = async (guildId: string, message: Json): Promise<{ readonly member?: Json }> => {
    if (groupsOf(message) && !settings.staffRoles) return {};
    try {
      return { member: await api.request<Json>('get', Routes.guildMember(guildId, textIn(objectIn(message, 'author'), 'id') ?? ''), 'look at a member', { patient: true }) };
    } catch (error) {
      // What is only out of order is looked at again.
      if (asBridgeError(error, 'look at a member').fault === 'unavailable') throw error;
      log.warn({ error, message: textIn(message, 'id') }, 'discord-member-unknown');
      // Who cannot be looked at holds no role.
      return { member: { roles: [] } };
    }
  };

  return {
    created: (message) => hear(message, false),

    async updated(message) {
      const editedAt = textIn(message, 'edited_timestamp');
      // Without it only a preview was added.
      if (!editedAt || !isSpoken(message) || !isStaff(message, settings)) return;
      const id = textIn(message, 'id') ?? '';
      const text = await read(message);
      if (text === '' && !mayRead()) return;
      const said = await events.wordsChanged({ person: personOf(message, groupsOf), eventId: `${id}:${editedAt}`, post: postRef(textIn(message, 'channel_id') ?? '', [id]), text });
      if (said && (said.kind !== 'done' || isCommand(text))) await answer(message, said, text);
    },

    async deleted(channelId, messageId) {
      const person = { bridge: BRIDGE, id: authors.get(messageId) ?? '', email: undefined };
      const said = await events.wordsChanged({ person, eventId: `${messageId}:deleted`, post: postRef(channelId, [messageId]), text: undefined });
      // Told where it was said: there is no message left to answer to.
      if (said && said.kind === 'refused' && person.id !== '') {
        await api.request('post', Routes.channelMessages(channelId), 'answer words', { patient: true, body: { ...answerBody(said, { ids, locale: locale() }, 'public'), nonce: `del${messageId}`.slice(0, 25), enforce_nonce: true } });
      }
    },

    stop: writeDown,

    async resume() {
      const kept = await memory?.get(HEARD);
      if (kept === undefined || !isSnowflake(kept)) return;
      const oldest = snowflakeAt(new Date(now().getTime() - CATCH_UP_MS));
      missedSince = BigInt(kept) > BigInt(oldest) ? kept : oldest;
    },

    lost() {
      missedSince ??= newest;
    },

    async catchUp(guildIds, inTurn) {
      const since = missedSince;
      if (since === undefined) return;
      for (const guildId of guildIds) {
        const threads = listIn(await api.request('get', Routes.guildActiveThreads(guildId), 'list active threads', { patient: true }), 'threads').filter((thread) => BigInt(textIn(thread, 'last_message_id') ?? '0') > BigInt(since));
        for (const thread of threads) await inTurn(textIn(thread, 'id') ?? '', (channelId) => catchUpIn(guildId, channelId, since));
      }
      // Another session may have been lost meanwhile.
      if (missedSince === since) missedSince = undefined;
    },
  };

  async function catchUpIn(guildId: string, channelId: string, since: string): Promise<void> {
    for (let after = since; ; ) {
      const page = await api.request<readonly Json[]>('get', Routes.channelMessages(channelId), 'read what was missed', { patient: true, query: new URLSearchParams({ after, limit: String(PAGE) }) });
      const byAge = page.filter((message) => isSnowflake(textIn(message, 'id') ?? '')).sort((left, right) => (BigInt(textIn(left, 'id') ?? '0') < BigInt(textIn(right, 'id') ?? '0') ? -1 : 1));
      for (const message of byAge) await hear({ ...message, guild_id: guildId, ...(await memberIn(guildId, message)) }, true);
      if (page.length < PAGE) return;
      after = textIn(byAge.at(-1), 'id') ?? after;
    }
  }
}

/** By a person, in a server; not a pin, a join or a rename. */
function isSpoken(message: Json): boolean {
  return SPOKEN.includes(message['type']) && textIn(message, 'guild_id') !== undefined && textIn(message, 'webhook_id') === undefined && objectIn(message, 'author')['bot'] !== true && textIn(objectIn(message, 'author'), 'id') !== undefined;
}

const isCommand = (text: string): boolean => /^\s*[!/]/.test(text);

/** Mentions and emoji by their names: a note or mail must not say <@123>. */
function readable(message: Json, names: ReadonlyMap<string, string>): string {
  return (textIn(message, 'content') ?? '').replace(/<@!?(\d+)>/g, (whole, id: string) => (names.has(id) ? `@${names.get(id) ?? ''}` : whole)).replace(/<a?:(\w+):\d+>/g, ':$1:');
}
