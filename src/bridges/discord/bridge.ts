/** A Discord server as a chat platform: conversations are forum posts, or cards with threads in a text channel. */
import { GatewayDispatchEvents } from 'discord.js';

import { BridgeError } from '../../core/errors.js';
import type { Bridge, ChatEvents } from '../../core/ports/chat.js';
import type { BridgeNeeds } from '../definition.js';
import { publishCommands } from './commands.js';
import { createCustomIds } from './custom-ids.js';
import { createGateway } from './gateway.js';
import { inspect } from './inspect.js';
import { createInteractions } from './interactions.js';
import { textIn, type Json } from './json.js';
import { BRIDGE, createGroupsOf } from './people.js';
import { createPlaces } from './places.js';
import { createPosting } from './posting.js';
import type { DiscordSettings } from './settings.js';
import { createThreads } from './threads.js';
import { createWords, type Words } from './words.js';

/** Between tries to settle in, in milliseconds. */
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

export function createDiscordBridge({ clock, log, desk, memory }: Pick<BridgeNeeds, 'clock' | 'log' | 'desk' | 'memory'>, settings: DiscordSettings): Bridge {
  const gateway = createGateway(settings, log);
  const { api } = gateway;
  const ids = createCustomIds();
  const groupsOf = createGroupsOf(desk, (guildId, roleId) => gateway.client.guilds.cache.get(guildId)?.roles.cache.get(roleId)?.name);
  const places = createPlaces(() => gateway.client, api, () => clock.now());
  const threads = createThreads(api, settings, log, Date.now);
  const locale = (): ReturnType<typeof desk>['locale'] => desk().locale;
  const posting = createPosting({
    api, places, threads, ids, locale, botId: () => gateway.client.user?.id ?? '',
    knownThreads: (parentId) => [...gateway.client.channels.cache.values()].flatMap((channel) => (channel.isThread() && channel.parentId === parentId ? [{ id: channel.id, name: channel.name, ownerId: channel.ownerId }] : [])),
  });

  let running = false;
  let again: NodeJS.Timeout | undefined;
  let finish = (): Promise<void> => Promise.resolve();
  const inHand = new Set<Promise<void>>();
  /** What is said in one place is handed on in the order in which it was said. */
  const queues = new Map<string, Promise<void>>();
  const need = (): void => {
    if (!running) throw new BridgeError('unavailable', true, 'The Discord bridge is stopped.');
  };
  const handOn = (what: string, work: () => Promise<void>, queue?: string): void => {
    if (!running) return;
    const before = queue === undefined ? Promise.resolve() : (queues.get(queue) ?? Promise.resolve());
    const doing = before.then(work).catch((error: unknown) => log.error({ error, event: what }, 'discord-event-failed'));
    inHand.add(doing);
    if (queue !== undefined) queues.set(queue, doing);
    void doing.finally(() => {
      inHand.delete(doing);
      if (queue !== undefined && queues.get(queue) === doing) queues.delete(queue);
    });
  };

  /** Servers that channels of the desk are in; those that cannot be found now are left out. */
  const guilds = async (): Promise<readonly string[]> => {
    const channels = desk().channels.filter(({ bridge }) => bridge === BRIDGE);
    const found = await Promise.all(channels.map(async (channel) => {
      try {
        return [(await places.find(channel)).guildId];
      } catch (error) {
        log.warn({ channel: channel.id, error: error instanceof Error ? error.message : String(error) }, 'discord-channel-missing');
        return [];
      }
    }));
    return [...new Set(found.flat())];
  };
  const publish = async (guildId: string, events: ChatEvents): Promise<void> => {
    if (await publishCommands(api, gateway.client.application?.id ?? '', guildId, events.verbs())) log.info({ guild: guildId }, 'discord-commands-published');
  };
  /** Runs before whatever is heard in this channel from now on. */
  const inTurn = (channelId: string, work: (channelId: string) => Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      if (!running) reject(new BridgeError('unavailable', true, 'The Discord bridge is stopped.'));
      handOn('catch-up', () => work(channelId).then(resolve, reject), channelId);
    });
  /** Publishes commands and reads what was missed; what fails is tried again until it works. */
  const settleIn = async (events: ChatEvents, words: Words, wait = FIRST_RETRY_MS): Promise<void> => {
    try {
      const servers = await guilds();
      const published = await Promise.allSettled(servers.map((guildId) => publish(guildId, events)));
      await words.catchUp(servers, inTurn);
      const failed = published.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    } catch (error) {
      log.warn({ error: error instanceof Error ? error.message : String(error), again: wait }, 'discord-not-settled');
      clearTimeout(again);
      again = setTimeout(() => handOn('session', () => settleIn(events, words, Math.min(LONGEST_RETRY_MS, wait * 2))), wait);
    }
  };

  return {
    name: BRIDGE,

    async start(events) {
      running = true;
      const words = createWords({ api, events, ids, settings, groupsOf, log, locale, mayRead: gateway.mayRead, now: () => new Date(), memory });
      finish = () => words.stop();
      const interact = createInteractions({ api, events, ids, settings, groupsOf, log, deskLocale: locale, now: Date.now });
      let sessions = 0;
      let hasStarted = false;
      const onDispatch = (event: string, data: Json): void => {
        const channelId = textIn(data, 'channel_id') ?? '';
        switch (event) {
          case GatewayDispatchEvents.InteractionCreate:
            return handOn(event, () => interact(data));
          case GatewayDispatchEvents.MessageCreate:
            return handOn(event, () => words.created(data), channelId);
          case GatewayDispatchEvents.MessageUpdate:
            return handOn(event, () => words.updated(data), channelId);
          case GatewayDispatchEvents.MessageDelete:
            return handOn(event, () => words.deleted(channelId, textIn(data, 'id') ?? ''), channelId);
          case GatewayDispatchEvents.MessageDeleteBulk:
            for (const id of Array.isArray(data['ids']) ? data['ids'].map(String) : []) handOn(event, () => words.deleted(channelId, id), channelId);
            return;
          case GatewayDispatchEvents.ThreadCreate:
          case GatewayDispatchEvents.ThreadUpdate:
            return threads.learn(data);
          case GatewayDispatchEvents.ThreadDelete:
            return threads.forget(textIn(data, 'id') ?? '');
          case GatewayDispatchEvents.ChannelUpdate:
          case GatewayDispatchEvents.ChannelDelete:
            return places.forget(textIn(data, 'id') ?? '');
          case GatewayDispatchEvents.GuildDelete:
            // An outage of Discord's: what is said there meanwhile is not told.
            if (data['unavailable'] === true) words.lost();
            return;
          case GatewayDispatchEvents.GuildCreate:
            // Invited while we run, or back after an outage. At the start all are settled in together.
            if (hasStarted) handOn(event, () => settleIn(events, words));
            return;
          default:
        }
      };
      await words.resume();
      try {
        await gateway.connect({
          onDispatch,
          onReady() {
            sessions += 1;
            if (sessions > 1) words.lost();
            // The first one is waited for below, unless it came late; a further one means that a session was lost and with it what was said meanwhile.
            if (hasStarted || sessions > 1) handOn('session', () => settleIn(events, words));
          },
        });
      } catch (error) {
        running = false;
        throw error;
      }
      hasStarted = true;
      if (sessions > 0) await settleIn(events, words);
    },

    async stop() {
      running = false;
      clearTimeout(again);
      await Promise.allSettled([...inHand]);
      await finish().catch((error: unknown) => log.warn({ error }, 'discord-memory-failed'));
      threads.stop();
      await gateway.close();
    },

    async post(target, post, key, again = false) {
      need();
      return posting.post(target, post, key, again);
    },

    async linkTo({ channel, thread }) {
      need();
      const [room, isThere] = [await places.find(channel), await threads.isThere(thread)];
      return isThere ? `https://discord.com/channels/${room.guildId}/${thread}` : undefined;
    },

    async edit(target, ref, post) {
      need();
      return posting.edit(target, ref, post);
    },

    async tell({ ids: [personId] }, post, key, again = false) {
      need();
      // Outside of a server nobody has a role: where only some may work here, buttons would be refused to all.
      return personId !== undefined && posting.tell(personId, settings.staffRoles ? { ...post, actions: [] } : post, key, again);
    },

    inspect: (channels, groups) => inspect(api, channels, groups),
  };
}
