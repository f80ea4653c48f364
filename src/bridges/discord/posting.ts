/** Puts posts on Discord and keeps them up to date. A repeated try makes no second post: messages carry a nonce that Discord enforces for some minutes, and an earlier try is looked for. */
import { createHash } from 'node:crypto';

import { type RawFile, Routes } from 'discord.js';

import { BridgeError } from '../../core/errors.js';
import type { Locale } from '../../core/model.js';
import type { Posted, PostTarget } from '../../core/ports/chat.js';
import type { PostRef } from '../../core/ids.js';
import type { Post, PostFile } from '../../core/post.js';
import type { Api } from './api.js';
import type { CustomIds } from './custom-ids.js';
import { conversationMark, createEarlierTries } from './earlier-tries.js';
import { asBridgeError, CODE, codeOf, isTooLarge, takesNoMessages } from './errors.js';
import { listIn, type Json } from './json.js';
import { MAX_CONTENT_CHARS } from './limits.js';
import { oneLine, shorten } from './plain-text.js';
import type { Places, Room } from './places.js';
import { postRef, readPost, threadRef } from './refs.js';
import { renderPost, threadName, type Piece } from './render.js';
import { AUTO_ARCHIVE, tagsOf, type Threads } from './threads.js';

export interface PostingNeeds {
  readonly api: Api;
  readonly places: Places;
  readonly threads: Threads;
  readonly ids: CustomIds;
  readonly locale: () => Locale;
  readonly botId: () => string;
  /** Threads that the gateway told of. */
  readonly knownThreads: (parentId: string) => readonly { readonly id: string; readonly name: string; readonly ownerId: string | null }[];
}

export interface Posting {
  post(target: PostTarget, post: Post, key: string, again: boolean): Promise<Posted>;
  edit(target: PostTarget, ref: PostRef, post: Post): Promise<void>;
  /** A direct message. @returns false when they take none from us */
  tell(personId: string, post: Post, key: string, again: boolean): Promise<boolean>;
}

/** One try to post: whether there was one before, and what is accounted for. */
interface Try {
  readonly again: boolean;
  readonly standing: NonNullable<PostTarget['standing']>;
}

const NOTHING_STANDS: Try['standing'] = () => Promise.resolve([]);

/** Discord takes 25 characters. */
const NONCE_CHARS = 24;
/** What was last written into a message, so that an edit that changes nothing costs nothing. */
const MAX_WRITTEN = 20_000;
const MAX_FILE_NAME_CHARS = 120;

export function createPosting({ api, places, threads, ids, locale, botId, knownThreads }: PostingNeeds): Posting {
  const written = new Map<string, string>();
  const tries = createEarlierTries({ api, botId, now: Date.now });

  const remember = (messageId: string, body: Json): void => {
    written.delete(messageId);
    written.set(messageId, digest(JSON.stringify(body)));
    for (const oldest of written.keys()) {
      if (written.size <= MAX_WRITTEN) break;
      written.delete(oldest);
    }
  };

  const send = async (channelId: string, piece: Piece, key: string, { again, standing }: Try): Promise<string> => {
    const earlier = await tries.find(channelId, piece, key, again, standing);
    if (earlier) {
      await bringUpToDate(channelId, earlier, piece.body);
      return earlier;
    }
    const { body } = piece;
    const isRepeated = tries.doubt(key, again) !== undefined;
    return tries.making(key, async () => {
      const sent = await api.request<Json>('post', Routes.channelMessages(channelId), `post into ${channelId}`, { body: { ...body, nonce: digest(key).slice(0, NONCE_CHARS), enforce_nonce: true }, files: await readFiles(piece.files), who: key });
      const id = String(sent['id']);
      // What a nonce gives back says what was so at the first try.
      if (isRepeated) await rewrite(channelId, id, body);
      else remember(id, body);
      return id;
    });
  };
  const sendAll = async (channelId: string, pieces: readonly Piece[], key: string, attempt: Try, first = 0): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (const [index, piece] of pieces.entries()) if (index >= first) ids.push(await send(channelId, piece, `${key}:${index}`, attempt));
    return ids;
  };
  const says = (id: string, body: Json): boolean => written.get(id) === digest(JSON.stringify(body));
  const rewrite = async (channelId: string, id: string, body: Json): Promise<void> => {
    await api.request('patch', Routes.channelMessage(channelId, id), `edit in ${channelId}`, { body, who: id });
    remember(id, body);
  };

  /** Between two tries something may have changed. */
  const bringUpToDate = async (channelId: string, id: string, body: Json): Promise<void> => {
    if (!says(id, body)) await rewrite(channelId, id, body);
  };

  /** Bytes of a file that a server has not taken, though its boosts promise it. */
  const tooLarge = new Map<string, number>();
  const render = (post: Post, room: Room): readonly Piece[] =>
    renderPost(post, { ids, locale: locale(), maxFileBytes: Math.min(room.maxFileBytes, (tooLarge.get(room.guildId) ?? Infinity) - 1), inForum: room.kind === 'forum' });
  /** Files that the server does not take are linked instead. */
  const fitting = async <Result>(room: Room, post: Post, work: (pieces: readonly Piece[]) => Promise<Result>): Promise<Result> => {
    for (;;) {
      const pieces = render(post, room);
      try {
        return await work(pieces);
      } catch (error) {
        const largest = Math.max(0, ...pieces.flatMap(({ files }) => files.map(({ bytes }) => bytes)));
        if (!isTooLarge(error) || largest === 0) throw error;
        tooLarge.set(room.guildId, largest);
      }
    }
  };

  const openInForum = async (room: Room, post: Post, pieces: readonly Piece[], key: string, attempt: Try): Promise<Posted> => {
    const name = threadName(post);
    const [first = { body: {}, files: [] }] = pieces;
    const threadId =
      (await findOpened(room, first, name, key, attempt.again)) ??
      (await tries.making(key, async () => {
        const body = { name, auto_archive_duration: AUTO_ARCHIVE, message: first.body, ...(post.about && { applied_tags: tagsOf(post.about, room) }) };
        const made = await withRoom(room, async () => api.request<Json>('post', Routes.threads(room.id), `open a post in forum ${room.id}`, { body, files: await readFiles(first.files), who: key }));
        threads.learn(made);
        remember(String(made['id']), first.body);
        return String(made['id']);
      }));
    await bringUpToDate(threadId, threadId, first.body);
    const more = await sendAll(threadId, pieces, key, attempt, 1);
    await threads.follow(threadId, post, name, room);
    return { post: postRef(threadId, [threadId, ...more]), thread: threadRef(threadId) };
  };

  const openInText = async (room: Room, post: Post, pieces: readonly Piece[], key: string, attempt: Try): Promise<Posted> => {
    const messageIds = await sendAll(room.id, pieces, key, attempt);
    const [cardId = ''] = messageIds;
    const name = threadName(post);
    try {
      const opened = await withRoom(room, () => api.request<Json>('post', Routes.threads(room.id, cardId), `open a thread in ${room.id}`, { body: { name, auto_archive_duration: AUTO_ARCHIVE }, who: key }));
      threads.learn(opened);
    } catch (error) {
      // The first try made it, and only its answer was lost. A thread has the id of its message.
      if (codeOf(error) !== CODE.threadExists) throw error;
    }
    await threads.follow(cardId, post, name, room);
    return { post: postRef(room.id, messageIds), thread: threadRef(cardId) };
  };

  /** Where the server is full of active threads, idle ones of ours are put to sleep, once. */
  const withRoom = async <Result>(room: Room, open: () => Promise<Result>): Promise<Result> => {
    try {
      return await open();
    } catch (error) {
      if (codeOf(error) !== CODE.threadCap || (await threads.makeRoom(room.guildId, botId())) === 0) throw error;
      return open();
    }
  };

  /** The forum post that an earlier try opened, if any: of ours, with this name, and it begins with what this one would begin with. */
  const findOpened = async (room: Room, first: Piece, name: string, key: string, again: boolean): Promise<string | undefined> => {
    const made = tries.madeBy(key);
    if (made !== undefined) return made;
    const doubt = tries.doubt(key, again);
    // Only what speaks of a conversation is told from all others for certain; two notices may be alike.
    if (doubt === undefined && conversationMark(first.body) === undefined) return undefined;
    const told = knownThreads(room.id).filter((thread) => thread.ownerId === botId() && thread.name === name);
    // The gateway tells of all there were when we connected; what came since it may be silent about.
    const asked = doubt === 'answer-lost'
      ? listIn(await api.request('get', Routes.guildActiveThreads(room.guildId), 'list active threads'), 'threads').filter((thread) => thread['parent_id'] === room.id && thread['owner_id'] === botId() && thread['name'] === name).map((thread) => ({ id: String(thread['id']) }))
      : [];
    for (const id of new Set([...told, ...asked].map((thread) => thread.id))) {
      const starter = await api.request<Json>('get', Routes.channelMessage(id, id), `look at thread ${id}`).catch((error: unknown) => {
        if (asBridgeError(error, '').fault === 'gone') return {};
        throw error;
      });
      if (tries.isOf(starter, first)) return id;
    }
    return undefined;
  };

  return {
    async post(target, post, key, again) {
      const room = await places.find(target.channel);
      const attempt: Try = { again, standing: target.standing ?? NOTHING_STANDS };
      const { thread } = target;
      return fitting(room, post, async (pieces) => {
        if (thread === undefined) return room.kind === 'forum' ? openInForum(room, post, pieces, key, attempt) : openInText(room, post, pieces, key, attempt);
        const messageIds = await threads.awake(thread, post.kind === 'mail-in', () => sendAll(thread, pieces, key, attempt));
        return { post: postRef(thread, messageIds), thread };
      });
    },

    async tell(personId, post, key, again) {
      try {
        const { id } = await api.request<Json>('post', Routes.userChannels(), 'open a direct message', { body: { recipient_id: personId }, who: key });
        await sendAll(String(id), renderPost(post, { ids, locale: locale(), maxFileBytes: 0, inForum: false }), key, { again, standing: NOTHING_STANDS });
        return true;
      } catch (error) {
        if (takesNoMessages(error)) return false;
        throw error;
      }
    },

    async edit(target, ref, post) {
      const place = readPost(ref);
      if (!place) throw new BridgeError('gone', true, 'not a post of the Discord bridge');
      const room = await places.find(target.channel);
      const pieces = render(post, room);
      // Messages that only carry files stay as they are; they stand at the end.
      const texts = pieces.filter(({ body }, index) => index === 0 || body['content'] !== '');
      const textIds = place.messageIds.slice(0, Math.max(1, place.messageIds.length - (pieces.length - texts.length)));
      const wanted = fitInto(texts, textIds.length);
      const stale = textIds.flatMap((id, index) => {
        const piece = wanted[index];
        return piece && says(id, piece.body) ? [] : [{ id, piece, isFirst: index === 0 }];
      });
      const write = async (): Promise<void> => {
        for (const { id, piece, isFirst } of stale) {
          try {
            if (piece) {
              await rewrite(place.channelId, id, piece.body);
            } else {
              await api.request('delete', Routes.channelMessage(place.channelId, id), `delete in ${place.channelId}`, { who: id });
            }
          } catch (error) {
            // Only without its first message is a post gone.
            if (isFirst || codeOf(error) !== CODE.unknownMessage) throw error;
          }
        }
      };
      // The card of a text channel stands beside its thread, not in it.
      const isInThread = place.channelId === target.thread;
      if (stale.length > 0) await (isInThread ? threads.awake(place.channelId, post.kind === 'card', write) : write());
      if (target.thread !== undefined && post.about) await threads.follow(target.thread, post, threadName(post), room);
    },
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

async function readFiles(files: readonly PostFile[]): Promise<readonly RawFile[]> {
  return Promise.all(files.map(async (file) => ({ name: oneLine(file.name.replace(/[\\/]/g, '_'), MAX_FILE_NAME_CHARS) || 'file', data: Buffer.from(await file.read()), contentType: file.contentType })));
}

/** An edited text may need more messages than it has; their number stays, and the last one says that it goes on. */
function fitInto(pieces: readonly Piece[], count: number): readonly Piece[] {
  return pieces.slice(0, count).map((piece, index) => {
    const content = piece.body['content'];
    return index === count - 1 && pieces.length > count && typeof content === 'string' ? { ...piece, body: { ...piece.body, content: `${shorten(content, MAX_CONTENT_CHARS - 2)} …` } } : piece;
  });
}
