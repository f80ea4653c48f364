/** Puts posts on Discord and keeps them up to date. A repeated try makes no second post: messages carry a nonce that Discord enforces, forum posts are looked for. */
import { createHash } from 'node:crypto';

import { type RawFile, Routes } from 'discord.js';

import { BridgeError } from '../../core/errors.js';
import type { Locale } from '../../core/model.js';
import type { Posted, PostTarget } from '../../core/ports/chat.js';
import type { PostRef } from '../../core/ids.js';
import type { Post, PostFile } from '../../core/post.js';
import type { Api } from './api.js';
import type { CustomIds } from './custom-ids.js';
import { asBridgeError, CODE, codeOf } from './errors.js';
import { listIn, textIn, type Json } from './json.js';
import { MAX_CONTENT_CHARS } from './limits.js';
import { oneLine, shorten } from './plain-text.js';
import type { Places, Room } from './places.js';
import { postRef, readPost, threadRef, timeOf } from './refs.js';
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
  post(target: PostTarget, post: Post, key: string): Promise<Posted>;
  edit(target: PostTarget, ref: PostRef, post: Post): Promise<void>;
}

/** Discord takes 25 characters. */
const NONCE_CHARS = 24;
/** What was last written into a message, so that an edit that changes nothing costs nothing. */
const MAX_WRITTEN = 20_000;
/** A post without buttons is only told from an older one of the same name by its age, in milliseconds. */
const SAME_POST_MS = 3_600_000;
const MAX_FILE_NAME_CHARS = 120;

export function createPosting({ api, places, threads, ids, locale, botId, knownThreads }: PostingNeeds): Posting {
  const written = new Map<string, string>();
  /** Keys whose thread may exist though we were not told: the answer to our request was lost. */
  const inDoubt = new Set<string>();

  const remember = (messageId: string, body: Json): void => {
    written.delete(messageId);
    written.set(messageId, digest(JSON.stringify(body)));
    for (const oldest of written.keys()) {
      if (written.size <= MAX_WRITTEN) break;
      written.delete(oldest);
    }
  };

  const send = async (channelId: string, { body, files }: Piece, key: string): Promise<string> => {
    const sent = await api.request<Json>('post', Routes.channelMessages(channelId), `post into ${channelId}`, { body: { ...body, nonce: digest(key).slice(0, NONCE_CHARS), enforce_nonce: true }, files: await readFiles(files) });
    const id = String(sent['id']);
    remember(id, body);
    return id;
  };

  const render = (post: Post, room: Room): readonly Piece[] => renderPost(post, { ids, locale: locale(), maxFileBytes: room.maxFileBytes, inForum: room.kind === 'forum' });

  const openInForum = async (room: Room, post: Post, pieces: readonly Piece[], key: string): Promise<Posted> => {
    const name = threadName(post);
    const [first = { body: {}, files: [] }] = pieces;
    let threadId = await findOpened(room, post, name, key);
    if (threadId === undefined) {
      inDoubt.add(key);
      const body = { name, auto_archive_duration: AUTO_ARCHIVE, message: first.body, ...(post.about && { applied_tags: tagsOf(post.about, room) }) };
      const opened = await withRoom(room, async () => api.request<Json>('post', Routes.threads(room.id), `open a post in forum ${room.id}`, { body, files: await readFiles(first.files) }), key);
      threadId = String(opened['id']);
      threads.learn(opened);
    }
    inDoubt.delete(key);
    remember(threadId, first.body);
    const more: string[] = [];
    for (const [index, piece] of pieces.slice(1).entries()) more.push(await send(threadId, piece, `${key}:${index + 1}`));
    return { post: postRef(threadId, [threadId, ...more]), thread: threadRef(threadId) };
  };

  const openInText = async (room: Room, post: Post, pieces: readonly Piece[], key: string): Promise<Posted> => {
    const messageIds: string[] = [];
    for (const [index, piece] of pieces.entries()) messageIds.push(await send(room.id, piece, `${key}:${index}`));
    const [cardId = ''] = messageIds;
    try {
      const opened = await withRoom(room, () => api.request<Json>('post', Routes.threads(room.id, cardId), `open a thread in ${room.id}`, { body: { name: threadName(post), auto_archive_duration: AUTO_ARCHIVE } }), key);
      threads.learn(opened);
    } catch (error) {
      // The first try made it, and only its answer was lost. A thread has the id of its message.
      if (codeOf(error) !== CODE.threadExists) throw error;
    }
    return { post: postRef(room.id, messageIds), thread: threadRef(cardId) };
  };

  /** Where the server is full of active threads, idle ones of ours are put to sleep, once. */
  const withRoom = async <Result>(room: Room, open: () => Promise<Result>, key: string): Promise<Result> => {
    try {
      return await open();
    } catch (error) {
      if (error instanceof BridgeError && error.certain) inDoubt.delete(key);
      if (codeOf(error) !== CODE.threadCap || (await threads.makeRoom(room.guildId, botId())) === 0) throw error;
      return open();
    }
  };

  /** The thread that an earlier try opened, if any: of ours, with this name, and its card speaks of this conversation. */
  const findOpened = async (room: Room, post: Post, name: string, key: string): Promise<string | undefined> => {
    const told = knownThreads(room.id).filter((thread) => thread.ownerId === botId() && thread.name === name);
    const asked = inDoubt.has(key)
      ? listIn(await api.request('get', Routes.guildActiveThreads(room.guildId), 'list active threads'), 'threads').filter((thread) => thread['parent_id'] === room.id && thread['owner_id'] === botId() && thread['name'] === name).map((thread) => ({ id: String(thread['id']) }))
      : [];
    const mark = post.about && ids.write({ kind: 'more', verb: '', conversationId: post.about.conversationId, revision: undefined, args: {} }).split(':')[2];
    for (const { id } of [...told, ...asked]) {
      if (mark === undefined) {
        if (Date.now() - timeOf(id).getTime() < SAME_POST_MS) return id;
        continue;
      }
      const starter = await api.request<Json>('get', Routes.channelMessage(id, id), `look at thread ${id}`).catch((error: unknown) => {
        if (asBridgeError(error, '').fault === 'gone') return {};
        throw error;
      });
      const speaksOfIt = listIn(starter, 'components').flatMap((row) => listIn(row, 'components')).some((part) => textIn(part, 'custom_id')?.split(':')[2] === mark);
      if (speaksOfIt) return id;
    }
    return undefined;
  };

  return {
    async post(target, post, key) {
      const room = await places.find(target.channel);
      const pieces = render(post, room);
      if (target.thread === undefined) return room.kind === 'forum' ? openInForum(room, post, pieces, key) : openInText(room, post, pieces, key);
      const threadId: string = target.thread;
      const messageIds = await threads.awake(threadId, post.kind === 'mail-in', async () => {
        const made: string[] = [];
        for (const [index, piece] of pieces.entries()) made.push(await send(threadId, piece, `${key}:${index}`));
        return made;
      });
      return { post: postRef(threadId, messageIds), thread: target.thread };
    },

    async edit(target, ref, post) {
      const place = readPost(ref);
      if (!place) throw new BridgeError('gone', true, 'not a post of the Discord bridge');
      const room = await places.find(target.channel);
      const pieces = render(post, room);
      // Messages that only carry files stay as they are; they stand at the end.
      const texts = pieces.filter(({ body }, index) => index === 0 || body['content'] !== '');
      const textIds = place.messageIds.slice(0, Math.max(1, place.messageIds.length - (pieces.length - texts.length)));
      const fitting = fitInto(texts, textIds.length);
      const stale = textIds.flatMap((id, index) => {
        const piece = fitting[index];
        return piece && written.get(id) === digest(JSON.stringify(piece.body)) ? [] : [{ id, piece, isFirst: index === 0 }];
      });
      const write = async (): Promise<void> => {
        for (const { id, piece, isFirst } of stale) {
          try {
            if (piece) {
              await api.request('patch', Routes.channelMessage(place.channelId, id), `edit in ${place.channelId}`, { body: piece.body });
              remember(id, piece.body);
            } else {
              await api.request('delete', Routes.channelMessage(place.channelId, id), `delete in ${place.channelId}`);
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
