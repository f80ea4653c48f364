/** The connection to Discord's gateway. discord.js keeps it alive and resumes it; here are the start with its clear errors, the way back when Discord has shut the door, and what must not be lost when a session was. */
import { Client, Events, GatewayDispatchEvents, GatewayIntentBits, Options, REST, Routes } from 'discord.js';

import { BridgeError } from '../../core/errors.js';
import type { Log } from '../../core/ports/effects.js';
import { createApi, REST_OPTIONS, type Api } from './api.js';
import { asBridgeError, CLOSE, closedWith } from './errors.js';
import { objectIn, textIn, type Json } from './json.js';
import type { Pace } from './pace.js';
import type { DiscordSettings } from './settings.js';

/** Bits of an application's flags: it may read what people write; "limited": in fewer than 100 servers. */
const MAY_READ_FLAGS = (1 << 18) | (1 << 19);
/** Guilds are announced within seconds; what is not there by then comes later, in milliseconds. */
const READY_WITHIN_MS = 20_000;
/** A connection that drops is back within seconds; after this it is said that there is none, in milliseconds. */
const UNREACHABLE_AFTER_MS = 20_000;

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
  /** Why there is no connection; undefined: there is one. */
  readonly down: () => { readonly error: BridgeError; readonly since: Date } | undefined;
  /** Since when Discord does not let us read what people write; undefined: it does. */
  readonly unreadSince: () => Date | undefined;
  /** Resolves when connected, or when Discord cannot be reached. @throws BridgeError where somebody has to put something right first. In either case it goes on trying. */
  connect(listener: Listener): Promise<void>;
  close(): Promise<void>;
}

/** What the bridge listens to. */
const LISTENED = [
  GatewayDispatchEvents.MessageCreate, GatewayDispatchEvents.MessageUpdate, GatewayDispatchEvents.MessageDelete, GatewayDispatchEvents.MessageDeleteBulk, GatewayDispatchEvents.InteractionCreate,
  GatewayDispatchEvents.ThreadCreate, GatewayDispatchEvents.ThreadUpdate, GatewayDispatchEvents.ThreadDelete, GatewayDispatchEvents.ChannelCreate, GatewayDispatchEvents.ChannelUpdate, GatewayDispatchEvents.ChannelDelete,
  GatewayDispatchEvents.GuildCreate, GatewayDispatchEvents.GuildDelete, GatewayDispatchEvents.GuildUpdate, GatewayDispatchEvents.GuildRoleUpdate, GatewayDispatchEvents.GuildMemberUpdate,
] as const;

export function createGateway(settings: DiscordSettings, log: Log, pace: Pace): Gateway {
  let client = makeClient(true, settings);
  // Of its own: a client is made anew when the start is tried again, the rate limits go on.
  const rest = new REST({ ...REST_OPTIONS, api: settings.apiUrl, globalRequestsPerSecond: pace.perSecond }).setToken(settings.token);
  const openRest = new REST({ ...REST_OPTIONS, api: settings.apiUrl, globalRequestsPerSecond: Number.MAX_SAFE_INTEGER });
  const api = createApi({ rest, openRest, token: settings.token });
  let unreadSince: Date | undefined;
  let refused: { readonly error: BridgeError; readonly since: Date } | undefined;
  /** When the line broke that discord.js is trying to mend. */
  let brokenSince: Date | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const mayReadNow = async (): Promise<boolean> => {
    const application = await api.request<Json>('get', Routes.currentApplication(), 'say who we are');
    return (Number(application['flags'] ?? 0) & MAY_READ_FLAGS) !== 0;
  };

  const attach = (to: Client, listener: Listener): void => {
    for (const event of LISTENED) to.ws.on(event, (data: Json) => listener.onDispatch(event, data));
    to.on(Events.ShardReconnecting, () => {
      brokenSince ??= new Date();
      log.warn({}, 'discord-reconnecting');
    });
    to.on(Events.ShardResume, (_id, replayed) => {
      brokenSince = undefined;
      log.info({ replayed }, 'discord-resumed');
    });
    to.on(Events.ShardError, (error) => log.warn({ error: error.message }, 'discord-connection-error'));
    to.on(Events.Error, (error) => log.warn({ error: error.message }, 'discord-error'));
    to.on(Events.ShardDisconnect, ({ code }) => log.error({ code, what: closedWith(code).message }, 'discord-disconnected'));
  };

  /** @param onClosed Discord shut the door on a connection that stood */
  const login = async (listener: Listener, onClosed: (error: BridgeError) => void): Promise<void> => {
    const mayRead = await mayReadNow();
    if (!mayRead && !unreadSince) log.warn({ what: closedWith(CLOSE.disallowedIntents).message }, 'discord-cannot-read-words');
    unreadSince = mayRead ? undefined : (unreadSince ?? new Date());
    client = makeClient(mayRead, settings);
    const connecting = client;
    attach(connecting, listener);
    await new Promise<void>((resolve, reject) => {
      let isStarted = false;
      const start = (): void => {
        clearTimeout(late);
        isStarted = true;
        resolve();
      };
      const late = setTimeout(start, READY_WITHIN_MS);
      const onReady = (): void => {
        brokenSince = undefined;
        listener.onReady();
      };
      connecting.once(Events.ClientReady, () => {
        onReady();
        start();
        // discord.js is ready once; a session that is begun anew is only seen here.
        connecting.ws.on(GatewayDispatchEvents.Ready, onReady);
      });
      const refuse = (error: BridgeError): void => {
        clearTimeout(late);
        reject(error);
        if (isStarted && connecting === client) onClosed(error);
      };
      connecting.on(Events.ShardDisconnect, ({ code }) => refuse(closedWith(code)));
      connecting.login(settings.token).catch((error: unknown) => {
        const isToken = error instanceof Error && 'code' in error && error.code === 'TokenInvalid';
        refuse(isToken ? closedWith(CLOSE.authenticationFailed) : asBridgeError(error, 'connect'));
      });
    }).catch(async (error: unknown) => {
      await connecting.destroy();
      throw error;
    });
  };

  /** The developer portal tells nobody when the intent is turned on. */
  const awaitIntent = (connect: () => void): void => {
    retry = setTimeout(() => {
      mayReadNow().then(async (mayRead) => {
        if (closed) return;
        if (!mayRead) return awaitIntent(connect);
        await client.destroy();
        connect();
      }, () => awaitIntent(connect));
    }, pace.intent).unref();
  };

  const connect = async (listener: Listener, wait = pace.first): Promise<void> => {
    const again = (next: number): void => void connect(listener, next).catch((error: unknown) => log.error({ error }, 'discord-refused'));
    const shut = (error: BridgeError): boolean => {
      const isRefused = error.fault !== 'unavailable' && error.fault !== 'rate-limited';
      refused = { error, since: refused?.since ?? new Date() };
      if (closed) return isRefused;
      clearTimeout(retry);
      retry = setTimeout(() => again(isRefused ? pace.first : Math.min(pace.longest, wait * 2)), isRefused ? pace.refused : wait);
      return isRefused;
    };
    try {
      await login(listener, (error) => {
        client.destroy().then(() => shut(error), () => shut(error));
      });
      refused = undefined;
      log.info({ bot: client.user?.id, guilds: client.guilds.cache.size, mayRead: unreadSince === undefined }, 'discord-connected');
      if (unreadSince) awaitIntent(() => again(pace.first));
    } catch (error) {
      const known = asBridgeError(error, 'connect');
      if (shut(known)) throw known;
      log.warn({ error: known.message, again: wait }, 'discord-unreachable');
    }
  };

  return {
    get client() {
      return client;
    },
    api,
    mayRead: () => unreadSince === undefined,
    unreadSince: () => unreadSince,
    down() {
      if (refused) return refused;
      if (!brokenSince || Date.now() - brokenSince.getTime() < UNREACHABLE_AFTER_MS) return undefined;
      return { error: new BridgeError('unavailable', true, 'The connection to Discord broke, and it has not come back yet.'), since: brokenSince };
    },
    connect: (listener) => connect(listener),
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
