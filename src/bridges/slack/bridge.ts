/** Slack as a chat platform: connects, hands on what people do, posts what the desk shows. */
import { App, type Receiver } from '@slack/bolt';

import { BridgeError } from '../../core/errors.js';
import type { Locale } from '../../core/model.js';
import type { Bridge, ChatEvents } from '../../core/ports/chat.js';
import type { BridgeNeeds } from '../definition.js';
import { CatchUp, HEARTBEAT_MS } from './catch-up.js';
import { Channels } from './channels.js';
import { call, clientOptions, createClient, quietLogger } from './client.js';
import type { DeskSide } from './desk-side.js';
import { adviceFor, slackCode, troubleOf } from './errors.js';
import { InOrder, Insistence, Once } from './guard.js';
import { HttpReceiver } from './http-receiver.js';
import { inspectSlack } from './inspect.js';
import { Interactions } from './interactions.js';
import { Messages } from './messages.js';
import type { Pacing } from './pacing.js';
import { People } from './people.js';
import { Posting } from './posting.js';
import type { SlackSettings } from './settings.js';
import { Sockets } from './sockets.js';
import { Telling } from './telling.js';

/** A start that fails is tried again after this, and then less and less often, in milliseconds. Mail is taken in meanwhile. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

interface Identity {
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string;
}

/** @param pacing for tests */
export function createSlackBridge(needs: Pick<BridgeNeeds, 'log' | 'desk' | 'memory'>, settings: SlackSettings, pacing?: Pacing): Bridge {
  const { log } = needs;
  const logger = quietLogger(log);
  const client = createClient(settings, logger);
  const locale = (): Locale => needs.desk().locale;
  const channels = new Channels(client, log, settings.name, () => tracked(worksAgain()));
  let identity: Identity = { teamId: '', botUserId: '', botId: '' };
  const posting = new Posting({ client, channels, locale, log, bridge: settings.name, botUserId: () => identity.botUserId, ...(pacing && { pacing }) });
  const people = new People(client, settings, () => identity.teamId, locale, log, () => needs.desk().groups ?? []);
  const order = new InOrder();
  const insistence = new Insistence();
  const working = new Set<Promise<unknown>>();
  let receiver: Receiver | undefined;
  let catchUp: CatchUp | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let worksAgain = (): Promise<void> => Promise.resolve();
  let state: 'stopped' | 'starting' | 'running' = 'stopped';
  /** Why there is no connection. */
  let refused: { readonly error: unknown; readonly since: Date } | undefined;

  /** What a handler throws harms nobody else; the person has seen Slack's own sign that nothing happened. */
  const tracked = (work: Promise<unknown>): void => {
    const tail = work.catch((error: unknown) => log.error({ error, bridge: settings.name }, 'slack-event-failed')).finally(() => working.delete(tail));
    working.add(tail);
  };

  async function connect(events: ChatEvents): Promise<void> {
    const { team_id: teamId = '', user_id: botUserId = '', bot_id: botId = '' } = await call('auth.test', () => client.auth.test());
    identity = { teamId, botUserId, botId };
    worksAgain = () => events.worksAgain(settings.name);
    const side: DeskSide = {
      settings, client, events, channels, posting, order, insistence, locale, log, once: new Once(), botUserId: () => identity.botUserId,
      people, telling: new Telling(client, locale),
    };
    const messages = new Messages(side);
    catchUp?.stop();
    const hears = new CatchUp({ client, channels, messages, memory: needs.memory, bridge: settings.name, log, insistence, events, tracked, channelsOfDesk: () => needs.desk().channels.filter(({ bridge }) => bridge === settings.name) });
    catchUp = hears;
    receiver = createReceiver(settings, { logger, log, heardAgain: (deafMs) => tracked(hears.fetch(deafMs)) });
    const app = new App({
      receiver, logger, clientOptions: clientOptions(settings, logger), ignoreSelf: true,
      authorize: async () => ({ botToken: settings.botToken, botId: identity.botId, botUserId: identity.botUserId, teamId: identity.teamId }),
    });
    app.error(async (error) => log.error({ error, bridge: settings.name }, 'slack-event-failed'));
    app.use(async ({ next }) => {
      const handling = next();
      tracked(handling.catch(() => undefined));
      await handling;
    });
    messages.listen(app);
    new Interactions(side).listen(app);
    listenToChannels(app, hears);
    await app.start();
    state = 'running';
    if (refused) tracked(worksAgain());
    refused = undefined;
    tracked(hears.fetch());
    heartbeat = setInterval(() => {
      if (!(receiver instanceof Sockets) || receiver.standing > 0) tracked(hears.heard());
    }, HEARTBEAT_MS);
    heartbeat.unref();
    log.info({ bridge: settings.name, mode: settings.appToken ? 'sockets' : 'http' }, 'slack-connected');
  }

  /** Somebody archived, unarchived, invited or removed: the next post is tried at once, and what is wrong is said. */
  function listenToChannels(app: App, hears: CatchUp): void {
    const isBack = (channel: string): void => {
      channels.resume(channel);
      tracked(hears.again(channel));
    };
    for (const name of ['channel_unarchive', 'group_unarchive'] as const) app.event(name, async ({ event }) => isBack(event.channel));
    app.event('member_joined_channel', async ({ event }) => {
      if (event.user === identity.botUserId) isBack(event.channel);
    });
    for (const name of ['channel_archive', 'group_archive', 'channel_left', 'group_left'] as const) {
      app.event(name, async ({ event }) => {
        hears.lost(event.channel);
        channels.lose(event.channel, name.endsWith('left') ? 'not_in_channel' : 'is_archived');
      });
    }
  }

  async function tryToConnect(events: ChatEvents, wait: number): Promise<void> {
    try {
      await connect(events);
    } catch (error) {
      await receiver?.stop().catch(() => undefined);
      receiver = undefined;
      const code = slackCode(error instanceof BridgeError ? error.cause : error);
      refused = { error, since: refused?.since ?? new Date() };
      log.error({ bridge: settings.name, error: error instanceof Error ? error.message : String(error), ...(code && { what: adviceFor(code) }) }, 'slack-not-connected');
      if (state === 'stopped') return;
      retry = setTimeout(() => tracked(tryToConnect(events, Math.min(wait * 2, LONGEST_RETRY_MS))), wait);
    }
  }

  return {
    name: settings.name,
    async start(events) {
      state = 'starting';
      // A platform that is down must not keep mail from being taken in: it is tried again until it works.
      await tryToConnect(events, FIRST_RETRY_MS);
    },
    async stop() {
      const wasRunning = state === 'running';
      state = 'stopped';
      clearTimeout(retry);
      clearInterval(heartbeat);
      catchUp?.stop();
      await receiver?.stop();
      insistence.stop();
      await order.settle();
      while (working.size > 0) await Promise.all([...working]);
      if (wasRunning) await catchUp?.heard();
    },
    async post(target, post, key, again) {
      if (state !== 'running') throw new BridgeError('unavailable', true, `${settings.name} is not connected`);
      return posting.post(target, post, key, again);
    },
    async edit(target, ref, post) {
      if (state !== 'running') throw new BridgeError('unavailable', true, `${settings.name} is not connected`);
      return posting.edit(target, ref, post);
    },
    troubles() {
      if (refused) return [{ bridge: settings.name, channel: undefined, what: troubleOf(refused.error).what, since: refused.since }];
      const found = needs.desk().channels.filter(({ bridge }) => bridge === settings.name).flatMap((channel) => {
        const trouble = channels.troubleOf(channel);
        return trouble ? [{ ...troubleOf(trouble.error), channel, since: trouble.since }] : [];
      });
      // A lost token or right is said once, not for each channel.
      const general = found.find(({ all }) => all);
      return [...(general ? [{ ...general, channel: undefined }] : []), ...found.filter(({ all }) => !all)].map(({ what, channel, since }) => ({ bridge: settings.name, channel, what, since }));
    },
    async tell(receiver, post, key) {
      if (state !== 'running') throw new BridgeError('unavailable', true, `${settings.name} is not connected`);
      const user = await people.find(receiver);
      if (user === undefined) return false;
      await posting.tell(user, post, key);
      return true;
    },
    inspect: (wanted, groups) => inspectSlack(settings, wanted, groups ?? [], log),
  };
}

function createReceiver(settings: SlackSettings, rest: { readonly logger: ReturnType<typeof quietLogger>; readonly log: BridgeNeeds['log']; readonly heardAgain: (deafMs: number) => void }): Receiver {
  const { appToken, signingSecret } = settings;
  if (appToken !== undefined) return new Sockets({ settings: { ...settings, appToken }, ...rest });
  if (signingSecret !== undefined) return new HttpReceiver({ settings: { ...settings, signingSecret }, ...rest });
  throw new BridgeError('forbidden', true, 'Slack: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)');
}
