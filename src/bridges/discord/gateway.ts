/** The connection to Discord's gateway. discord.js keeps it alive and resumes it; here are the start with its clear errors, and what must not be lost when a session was. */
import { Client, Events, GatewayDispatchEvents, GatewayIntentBits, Options, REST, Routes } from 'discord.js';

import { BridgeError } from '../../core/errors.js';
import type { Log } from '../../core/ports/effects.js';
import { createApi, REST_OPTIONS, type Api } from './api.js';
import { asBridgeError } from './errors.js';
import { objectIn, textIn, type Json } from './json.js';
import type { DiscordSettings } from './settings.js';

/** Bits of an application's flags: it may read what people write; "limited": in fewer than 100 servers. */
const MAY_READ_FLAGS = (1 << 18) | (1 << 19);
/** Close codes after which trying again is of no use (Discord docs, "Gateway Close Event Codes"). */
const CLOSED_FOR_GOOD: Readonly<Record<number, string>> = {
  4004: 'Discord does not accept DISCORD_TOKEN. Make a new one in the developer portal (Bot, Reset Token) and write it into .env.',
  4010: 'Discord does not accept the shard.',
  4011: 'The bot is in too many servers for one connection.',
  4012: 'Discord does not know this version of its gateway any more. Update Goniec.',
  4013: 'Discord does not know the intents that Goniec asks for. Update Goniec.',
  4014: 'Discord does not allow the bot to read messages. Turn on "Message Content Intent" in the developer portal (Bot), or ask Discord for it if the bot is in 100 servers or more.',
};
/** Guilds are announced within seconds; what is not there by then comes later, in milliseconds. */
const READY_WITHIN_MS = 20_000;
/** While Discord cannot be reached at the start, in milliseconds. */
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
/** Messages that are kept by discord.js: none, we read them as they come. */
const NO_MESSAGES = { MessageManager: 0, ReactionManager: 0, PresenceManager: 0, VoiceStateManager: 0 } as const;

export interface Listener {
  /** Connected with a new session, servers included; what was said since the last one was not told. */
  onReady(): void;
  onDispatch(event: string, data: Json): void;
}

export interface Gateway {
  readonly client: Client;
  readonly api: Api;
  /** Whether Discord lets us read what people write; known after `connect`. */
  readonly mayRead: () => boolean;
  /** Resolves when connected, or when Discord cannot be reached (it goes on trying). @throws BridgeError where trying again is of no use */
  connect(listener: Listener): Promise<void>;
  close(): Promise<void>;
}

/** What the bridge listens to. */
const HEARD = [
  GatewayDispatchEvents.MessageCreate, GatewayDispatchEvents.MessageUpdate, GatewayDispatchEvents.MessageDelete, GatewayDispatchEvents.MessageDeleteBulk, GatewayDispatchEvents.InteractionCreate,
  GatewayDispatchEvents.ThreadCreate, GatewayDispatchEvents.ThreadUpdate, GatewayDispatchEvents.ThreadDelete, GatewayDispatchEvents.ChannelUpdate, GatewayDispatchEvents.ChannelDelete, GatewayDispatchEvents.GuildCreate, GatewayDispatchEvents.GuildDelete,
] as const;

export function createGateway(settings: DiscordSettings, log: Log): Gateway {
  let client = makeClient(true, settings);
  // Of its own: a client is made anew when the start is tried again, the rate limits go on.
  const rest = new REST({ ...REST_OPTIONS, api: settings.apiUrl }).setToken(settings.token);
  const openRest = new REST({ ...REST_OPTIONS, api: settings.apiUrl, globalRequestsPerSecond: Number.MAX_SAFE_INTEGER });
  const api = createApi({ rest, openRest, token: settings.token });
  let mayRead = true;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const attach = (to: Client, listener: Listener): void => {
    for (const event of HEARD) to.ws.on(event, (data: Json) => listener.onDispatch(event, data));
    to.on(Events.ShardReconnecting, () => log.warn({}, 'discord-reconnecting'));
    to.on(Events.ShardResume, (_id, replayed) => log.info({ replayed }, 'discord-resumed'));
    to.on(Events.ShardError, (error) => log.warn({ error: error.message }, 'discord-connection-error'));
    to.on(Events.Error, (error) => log.warn({ error: error.message }, 'discord-error'));
    to.on(Events.ShardDisconnect, ({ code }) => log.error({ code, what: CLOSED_FOR_GOOD[code] ?? 'closed' }, 'discord-disconnected'));
  };

  const login = async (listener: Listener): Promise<void> => {
    const application = await api.request<Json>('get', Routes.currentApplication(), 'say who we are');
    mayRead = (Number(application['flags'] ?? 0) & MAY_READ_FLAGS) !== 0;
    if (!mayRead) log.warn({ what: CLOSED_FOR_GOOD[4014] }, 'discord-cannot-read-words');
    if (client.isReady() || client.options.intents.has(GatewayIntentBits.MessageContent) !== mayRead) client = makeClient(mayRead, settings);
    const connecting = client;
    attach(connecting, listener);
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => resolve(), READY_WITHIN_MS);
      connecting.once(Events.ClientReady, () => {
        clearTimeout(late);
        listener.onReady();
        resolve();
        // discord.js is ready once; a session that is begun anew is only seen here.
        connecting.ws.on(GatewayDispatchEvents.Ready, () => listener.onReady());
      });
      const refuse = (error: BridgeError): void => {
        clearTimeout(late);
        reject(error);
      };
      connecting.on(Events.ShardDisconnect, ({ code }) => refuse(new BridgeError('forbidden', true, CLOSED_FOR_GOOD[code] ?? `Discord closed the connection (${code}).`)));
      connecting.login(settings.token).catch((error: unknown) => {
        const isToken = error instanceof Error && 'code' in error && error.code === 'TokenInvalid';
        refuse(isToken ? new BridgeError('forbidden', true, CLOSED_FOR_GOOD[4004] ?? '', undefined, { cause: error }) : asBridgeError(error, 'connect'));
      });
    }).catch(async (error: unknown) => {
      await connecting.destroy();
      throw error;
    });
  };

  return {
    get client() {
      return client;
    },
    api,
    mayRead: () => mayRead,
    async connect(listener) {
      const attempt = async (wait: number): Promise<void> => {
        try {
          await login(listener);
          log.info({ bot: client.user?.id, guilds: client.guilds.cache.size, mayRead }, 'discord-connected');
        } catch (error) {
          const known = asBridgeError(error, 'connect');
          if (known.fault !== 'unavailable' && known.fault !== 'rate-limited') throw known;
          log.warn({ error: known.message, again: wait }, 'discord-unreachable');
          if (closed) return;
          client = makeClient(true, settings);
          retry = setTimeout(() => {
            attempt(Math.min(LONGEST_RETRY_MS, wait * 2)).catch((later: unknown) => log.error({ error: later }, 'discord-refused'));
          }, wait);
        }
      };
      await attempt(FIRST_RETRY_MS);
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await client.destroy();
      for (const one of [rest, openRest]) {
        one.clearHashSweeper();
        one.clearHandlerSweeper();
      }
    },
  };
}

function makeClient(withContent: boolean, { apiUrl, token }: DiscordSettings): Client {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, ...(withContent ? [GatewayIntentBits.MessageContent] : [])],
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, ...NO_MESSAGES }),
    rest: { ...REST_OPTIONS, api: apiUrl },
    enforceNonce: true,
    allowedMentions: { parse: [] },
  });
  client.rest.setToken(token);
  return client;
}

/** Who acted, whatever the event: the member in a server, the user elsewhere. */
export const userIn = (data: Json): Json => (textIn(objectIn(objectIn(data, 'member'), 'user'), 'id') !== undefined ? objectIn(objectIn(data, 'member'), 'user') : textIn(objectIn(data, 'author'), 'id') !== undefined ? objectIn(data, 'author') : objectIn(data, 'user'));
