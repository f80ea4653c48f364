/** A Discord server as a chat platform: conversations are forum posts, or cards with threads in a text channel. */
import { GatewayDispatchEvents } from 'discord.js';

import { BridgeError } from '../../core/errors.js';
import type { Channel } from '../../core/model.js';
import type { Bridge, ChatEvents } from '../../core/ports/chat.js';
import type { BridgeNeeds } from '../definition.js';
import { createCatchUp, isOutOfOrder } from './catch-up.js';
import { publishCommands } from './commands.js';
import { createCustomIds } from './custom-ids.js';
import type { DeskSide } from './desk-side.js';
import { asBridgeError } from './errors.js';
import { createGateway } from './gateway.js';
import { createHeard } from './heard.js';
import { inspect } from './inspect.js';
import { createInteractions } from './interactions.js';
import { objectIn, textIn, type Json } from './json.js';
import { BRIDGE, createGroupsOf } from './people.js';
import { PACE, type Pace } from './pace.js';
import { maySeeChannel } from './permissions.js';
import { createPlaces, type Room } from './places.js';
import { createPosting } from './posting.js';
import type { DiscordSettings } from './settings.js';
import { createThreads } from './threads.js';
import { createTroubles } from './troubles.js';
import { createWords } from './words.js';

/** Between tries to settle in, in milliseconds. */
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** @param pace for tests */
export function createDiscordBridge({ clock, log, desk, memory }: Pick<BridgeNeeds, 'clock' | 'log' | 'desk' | 'memory'>, settings: DiscordSettings, pace: Pace = PACE): Bridge {
  const gateway = createGateway(settings, log, pace);
  const { api } = gateway;
  const ids = createCustomIds();
  const groupsOf = createGroupsOf(desk, (guildId, roleId) => gateway.client.guilds.cache.get(guildId)?.roles.cache.get(roleId)?.name);
  const places = createPlaces(() => gateway.client, api, () => clock.now());
  const threads = createThreads(api, settings, log, Date.now, pace.renames);
  const locale = (): ReturnType<typeof desk>['locale'] => desk().locale;
  const posting = createPosting({
    api, places, threads, ids, locale, botId: () => gateway.client.user?.id ?? '',
    knownThreads: (parentId) => [...gateway.client.channels.cache.values()].flatMap((channel) => (channel.isThread() && channel.parentId === parentId ? [{ id: channel.id, name: channel.name, ownerId: channel.ownerId }] : [])),
  });

  const ownChannels = (): readonly Channel[] => desk().channels.filter(({ bridge }) => bridge === BRIDGE);
  const heard = createHeard({ memory, log, now: () => new Date() });
  const troubles = createTroubles(gateway, ownChannels, {
    // Of a channel that we may not see, Discord tells nothing.
    begun: () => heard.lost(),
    mended: () => handOn('works-again', async () => {
      await worksAgain();
      if (heard.gap()) await settle();
    }),
  });

  let running = false;
  let worksAgain = (): Promise<void> => Promise.resolve();
  let settle = (): Promise<void> => Promise.resolve();
  let again: NodeJS.Timeout | undefined;
  const inHand = new Set<Promise<void>>();
  /** What is said in one place is handed on in the order in which it was said. */
  const queues = new Map<string, Promise<void>>();
  const need = (): void => {
    if (!running) throw new BridgeError('unavailable', true, 'The Discord bridge is stopped.');
  };
  /** discord.js draws its picture of the server after we are told: what is wrong now is looked at then. */
  const changed = (): void => void setImmediate(() => troubles.changed());
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

  /** Where the desk's channels are on Discord. Those that are not there, or that we may not see, are left out. */
  const rooms = async (): Promise<{ readonly here: readonly Room[]; readonly areAll: boolean }> => {
    let areAll = true;
    const found = await Promise.all(ownChannels().map(async (channel) => {
      try {
        return [await places.find(channel)];
      } catch (error) {
        if (isOutOfOrder(error)) throw error;
        log.warn({ channel: channel.id, error: error instanceof Error ? error.message : String(error) }, 'discord-channel-missing');
        // One that is deleted has nothing to be read; one that we may not see, or whose server is away, has.
        if (asBridgeError(error, 'look at a channel').fault !== 'gone' || gateway.client.guilds.cache.some(({ available }) => !available)) areAll = false;
        return [];
      }
    }));
    return { here: found.flat(), areAll };
  };
  const publish = async (guildId: string, events: ChatEvents): Promise<void> => {
    if (await publishCommands(api, gateway.client.application?.id ?? '', guildId, events.verbs())) log.info({ guild: guildId }, 'discord-commands-published');
  };
  /** Runs before whatever is heard in this channel from now on. */
  const inTurn = (channelId: string, work: () => Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      if (!running) reject(new BridgeError('unavailable', true, 'The Discord bridge is stopped.'));
      handOn('catch-up', () => work().then(resolve, reject), channelId);
    });
  /** Publishes commands and reads what was missed; what fails is tried again until it works. */
  const settleIn = async (events: ChatEvents, catchUp: ReturnType<typeof createCatchUp>, wait: number): Promise<void> => {
    try {
      const { here, areAll } = await rooms();
      const published = await Promise.allSettled([...new Set(here.map(({ guildId }) => guildId))].map((guildId) => publish(guildId, events)));
      await catchUp(here, areAll);
      await worksAgain();
      const failed = published.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    } catch (error) {
      log.warn({ error: error instanceof Error ? error.message : String(error), again: wait }, 'discord-not-settled');
      settleAfter(wait, () => settleIn(events, catchUp, Math.min(LONGEST_RETRY_MS, wait * 2)));
    }
  };
  const settleAfter = (wait: number, work: () => Promise<void>): void => {
    clearTimeout(again);
    if (running) again = setTimeout(() => handOn('session', work), wait);
  };
  /** Hands on what people did in a thread. Where that fails, for a reason of ours, it is read once more. @param messageId of words that are new; undefined: older ones changed */
  const hear = (event: string, channelId: string, work: () => Promise<void>, messageId?: string): void => {
    if (!running) return;
    const done = messageId === undefined ? undefined : heard.hearing(messageId);
    handOn(event, async () => {
      try {
        await work();
      } catch (error) {
        // What was done already, and only could not be answered, need not be done again.
        if (!(error instanceof BridgeError)) {
          heard.lost(messageId);
          settleAfter(FIRST_RETRY_MS, settle);
        }
        throw error;
      } finally {
        done?.();
      }
    }, channelId);
  };

  return {
    name: BRIDGE,

    async start(events) {
      running = true;
      worksAgain = () => events.worksAgain(BRIDGE);
      const side: DeskSide = { api, events, ids, settings, groupsOf, log, locale };
      const words = createWords({ ...side, sees: (...args) => maySeeChannel(gateway.client, ...args), mayRead: gateway.mayRead, now: () => new Date() });
      const catchUp = createCatchUp({ ...side, words, heard, inTurn, now: () => new Date() });
      const interact = createInteractions({ ...side, now: Date.now });
      settle = () => settleIn(events, catchUp, FIRST_RETRY_MS);
      let sessions = 0;
      let hasStarted = false;
      const onDispatch = (event: string, data: Json): void => {
        const channelId = textIn(data, 'channel_id') ?? '';
        switch (event) {
          case GatewayDispatchEvents.InteractionCreate:
            return handOn(event, () => interact(data));
          case GatewayDispatchEvents.MessageCreate:
            return hear(event, channelId, () => words.created(data), textIn(data, 'id'));
          case GatewayDispatchEvents.MessageUpdate:
            return hear(event, channelId, () => words.updated(data));
          case GatewayDispatchEvents.MessageDelete:
            return hear(event, channelId, () => words.deleted(channelId, textIn(data, 'id') ?? ''));
          case GatewayDispatchEvents.MessageDeleteBulk:
            for (const id of Array.isArray(data['ids']) ? data['ids'].map(String) : []) hear(event, channelId, () => words.deleted(channelId, id));
            return;
          case GatewayDispatchEvents.ThreadCreate:
          case GatewayDispatchEvents.ThreadUpdate:
            return threads.learn(data);
          case GatewayDispatchEvents.ThreadDelete:
            return threads.forget(textIn(data, 'id') ?? '');
          case GatewayDispatchEvents.ChannelUpdate:
          case GatewayDispatchEvents.ChannelDelete:
            places.forget(textIn(data, 'id') ?? '');
            return changed();
          case GatewayDispatchEvents.ChannelCreate:
          case GatewayDispatchEvents.GuildRoleUpdate:
          case GatewayDispatchEvents.GuildUpdate:
            return changed();
          case GatewayDispatchEvents.GuildMemberUpdate:
            return textIn(objectIn(data, 'user'), 'id') === gateway.client.user?.id ? changed() : undefined;
          case GatewayDispatchEvents.GuildDelete:
            // An outage of Discord's: what is said there meanwhile is not told.
            if (data['unavailable'] === true) heard.lost();
            return changed();
          case GatewayDispatchEvents.GuildCreate:
            // Invited while we run, or back after an outage. At the start all are settled in together.
            if (hasStarted) handOn(event, settle);
            return changed();
          default:
        }
      };
      await heard.resume();
      try {
        await gateway.connect({
          onDispatch,
          onReady() {
            sessions += 1;
            if (sessions > 1) heard.lost();
            // The first one is waited for below, unless it came late; a further one means that a session was lost and with it what was said meanwhile.
            if (hasStarted || sessions > 1) handOn('session', settle);
          },
        });
      } finally {
        // Where it was refused, it goes on trying.
        hasStarted = true;
      }
      if (sessions > 0) await settle();
    },

    async stop() {
      running = false;
      clearTimeout(again);
      await Promise.allSettled([...inHand]);
      await heard.stop().catch((error: unknown) => log.warn({ error }, 'discord-memory-failed'));
      threads.stop();
      await gateway.close();
    },

    async post(target, post, key, again = false) {
      need();
      return troubles.during(target.channel, () => posting.post(target, post, key, again), () => places.isThere(target.channel));
    },

    async linkTo({ channel, thread }) {
      need();
      const [room, isThere] = [await places.find(channel), await threads.isThere(thread)];
      return isThere ? `https://discord.com/channels/${room.guildId}/${thread}` : undefined;
    },

    async edit(target, ref, post) {
      need();
      return troubles.during(target.channel, () => posting.edit(target, ref, post), () => places.isThere(target.channel));
    },

    troubles: () => troubles.list(),

    async tell({ ids: [personId] }, post, key, again = false) {
      need();
      // Outside of a server nobody has a role: where only some may work here, buttons would be refused to all.
      return personId !== undefined && posting.tell(personId, settings.staffRoles ? { ...post, actions: [] } : post, key, again);
    },

    inspect: (channels, groups) => inspect(api, channels, groups),
  };
}
