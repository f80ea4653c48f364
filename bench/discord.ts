/** Discord for the chat benches: our own server of it, one person. */
import type { AgentId, ChannelId } from '../src/core/ids.js';
import type { Message } from '../test/fakes/discord-server/world.js';
import { startDiscordServer } from '../test/fakes/discord-server/server.js';
import { LATENCY_MS, PERSON, type ChatPlatform, type OpenPlatform } from './chat.js';

/** What Discord lets through into one channel or thread, as its headers tell it; the numbers are of the order of the real ones, which it changes at will. */
const MESSAGES = { limit: 5, windowMs: 5_000 };
const THREADS = { limit: 10, windowMs: 10_000 };
const CREATE_MESSAGE = 'POST /channels/:id/messages';
const CREATE_THREAD = 'POST /channels/:id/threads';

export const openDiscord: OpenPlatform = async ({ channels, limited }): Promise<ChatPlatform> => {
  const server = await startDiscordServer();
  server.latencyMs = LATENCY_MS;
  if (limited) {
    server.pacing.limit(CREATE_MESSAGE, MESSAGES);
    server.pacing.limit(CREATE_THREAD, THREADS);
  }
  const person = server.person(PERSON.id);
  const places = Array.from({ length: channels }, (_, index) => server.forum(`channel-${index + 1}`));
  const card = (): Message => {
    const [thread] = server.world.threads(places[0]?.id);
    const found = server.world.messages.get(thread?.id ?? '');
    if (!found) throw new Error('there is no card');
    return found;
  };
  /** The forum that something was posted into, or into a thread of. */
  const forumOf = (path: string): string => {
    const [, , id = ''] = path.split('/');
    return server.world.channels.get(id)?.parentId ?? id;
  };
  return {
    settings: { DISCORD_TOKEN: server.token, DISCORD_API_URL: server.apiUrl },
    channels: places.map(({ id, name }) => ({ id: name as ChannelId, name, bridge: 'discord', target: id })),
    introduce: (store) => store.transaction((tx) => tx.people.link('discord', person.id, PERSON.id as AgentId)),
    async act(turn) {
      const reaction = turn % 2 === 0 ? person.press(card(), turn % 4 === 0 ? 'More' : 'Answer') : person.command('find', { words: 'order' }, places[0]?.id ?? '');
      return reaction.then(({ ms }) => ms, () => Number.POSITIVE_INFINITY);
    },
    posts: () => server.seen.filter(({ route, status }) => (route === CREATE_MESSAGE || route === CREATE_THREAD) && status < 300).map(({ at, route, path }) => ({ at, isCard: route === CREATE_THREAD, channel: forumOf(path) })),
    refused: () => server.pacing.refusals,
    // A thread takes its one mail at once; what holds a channel up is that it opens so many posts in a window.
    leastMs: (posts) => (Math.ceil(posts / 2 / THREADS.limit) - 1) * THREADS.windowMs,
    stop: () => server.stop(),
  };
};
