/** What people write in threads: plain words are notes, `!verb` does it; edits and deletions follow. */
import { MessageFlags, MessageType, Routes } from 'discord.js';

import type { AgentId } from '../../core/ids.js';
import type { Answer } from '../../core/ports/chat.js';
import { say } from '../../core/language/say.js';
import { answerBody } from './answers.js';
import type { DeskSide } from './desk-side.js';
import { takesNoMessages } from './errors.js';
import { fetchFiles } from './files.js';
import { listIn, objectIn, textIn, type Json } from './json.js';
import { BRIDGE, isStaff, personOf } from './people.js';
import { NO_MENTIONS } from './plain-text.js';
import { isSnowflake, postRef, threadRef } from './refs.js';

export interface WordNeeds extends DeskSide {
  /** Whether a member with these roles sees a channel or thread. */
  readonly sees: (channelId: string, userId: string, roles: readonly string[]) => boolean;
  readonly mayRead: () => boolean;
  readonly now: () => Date;
}

export interface Words {
  created(message: Json): Promise<void>;
  /** As `created`, of a message that is read afterwards: nobody waits for an answer. */
  afterwards(message: Json): Promise<void>;
  updated(message: Json): Promise<void>;
  deleted(channelId: string, messageId: string): Promise<void>;
}

const SPOKEN: readonly unknown[] = [MessageType.Default, MessageType.Reply];
/** Somebody who may not work here is told once in a while, not at each word; in milliseconds. */
const TELL_AGAIN_MS = 3_600_000;
/** Whose a message was is kept in mind, since Discord does not say when it is deleted. */
const MAX_AUTHORS = 50_000;

export function createWords({ api, events, ids, settings, groupsOf, log, locale, sees, mayRead, now }: WordNeeds): Words {
  const authors = new Map<string, string>();
  const told = new Map<string, number>();

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
  /** @returns false when they take no direct messages */
  const inPerson = async (message: Json, body: Json): Promise<boolean> => {
    try {
      const { id } = await api.request<Json>('post', Routes.userChannels(), 'open a direct message', { patient: true, body: { recipient_id: textIn(objectIn(message, 'author'), 'id') } });
      await api.request('post', Routes.channelMessages(String(id)), 'answer words', { patient: true, body: { ...body, nonce: `dm${textIn(message, 'id') ?? ''}`.slice(0, 25), enforce_nonce: true } });
      return true;
    } catch (error) {
      if (takesNoMessages(error)) return false;
      throw error;
    }
  };
  const answer = async (message: Json, said: Answer, text: string): Promise<void> => {
    const body = answerBody(said, { ids, locale: locale(), ...(isCommand(text) && { written: { verb: 'reply', args: {} } }) }, 'public');
    if (!said.personal || !(await inPerson(message, body))) await reply(message, body);
  };

  /** Colleagues by the name that the desk knows them by: it tells them that they were mentioned. */
  const read = async (message: Json): Promise<{ readonly text: string; readonly pinged: readonly AgentId[] }> => {
    const mentioned = await Promise.all(listIn(message, 'mentions').map(async (user) => {
      const id = textIn(user, 'id') ?? '';
      const agent = await events.identify({ bridge: BRIDGE, id, email: undefined });
      return { id, name: agent?.name ?? textIn(user, 'global_name') ?? textIn(user, 'username') ?? '', agentId: agent?.id, roles: objectIn(user, 'member')['roles'] };
    }));
    // Discord itself tells those who see the place.
    const pinged = mentioned.flatMap(({ id, agentId, roles }) => (agentId && Array.isArray(roles) && sees(textIn(message, 'channel_id') ?? '', id, roles.map(String)) ? [agentId] : []));
    return { text: readable(message, new Map(mentioned.map(({ id, name }) => [id, name]))), pinged };
  };

  const hear = async (message: Json, isLate: boolean): Promise<void> => {
    const id = textIn(message, 'id') ?? '';
    if (!isSnowflake(id) || !isSpoken(message)) return;
    const person = personOf(message, groupsOf);
    const channelId = textIn(message, 'channel_id') ?? '';
    const thread = threadRef(channelId);
    const { text, pinged } = await read(message);
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
    const said = await events.words({ person, eventId: id, thread, text: [text, ...lost.map((name) => `[${name}]`)].filter(Boolean).join('\n'), post: postRef(channelId, [id]), files, pinged });
    if (!said) return;
    log.debug({ message: id, outcome: said.kind }, 'discord-words');
    // A note needs no answer: it stands there.
    if (said.kind === 'done' && (!isCommand(text) || isLate)) return;
    if (said.kind === 'refused' && !isCommand(text) && (isLate || !isFirstIn(`refused ${channelId} ${person.id}`))) return;
    await answer(message, said, text);
  };

  return {
    created: (message) => hear(message, false),
    afterwards: (message) => hear(message, true),

    async updated(message) {
      const editedAt = textIn(message, 'edited_timestamp');
      // Without it only a preview was added.
      if (!editedAt || !isSpoken(message) || !isStaff(message, settings)) return;
      const id = textIn(message, 'id') ?? '';
      const { text } = await read(message);
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
  };
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
