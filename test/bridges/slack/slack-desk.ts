/** A whole desk with the real SDK against our own Slack: mails come in, people press, write and submit as they would there. */
import { createSlackBridge } from '../../../src/bridges/slack/bridge.js';
import { slackManifest } from '../../../src/bridges/slack/manifest.js';
import { COMMAND } from '../../../src/bridges/slack/words.js';
import { Pacing } from '../../../src/bridges/slack/pacing.js';
import type { SlackSettings } from '../../../src/bridges/slack/settings.js';
import type { BridgeMemory } from '../../../src/bridges/definition.js';
import { BridgeError } from '../../../src/core/errors.js';
import type { Desk } from '../../../src/core/model.js';
import type { ChannelId } from '../../../src/core/ids.js';
import type { Bridge } from '../../../src/core/ports/chat.js';
import { eventually } from '../../support/eventually.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../../support/desk-under-test.js';
import { startSlackServer, type Conversation, type Ephemeral, type JsonObject, type Message, type Person, type SlackOptions, type SlackServer, type View } from '../../fakes/slack-server/index.js';

/** Tests do not wait for a channel's turn: a second of pacing is a millisecond. */
const HASTE = 1_000;

interface Manifest {
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: { readonly event_subscriptions: { readonly bot_events: readonly string[] } };
}

export interface SlackDesk {
  readonly slack: SlackServer;
  readonly desk: DeskUnderTest;
  readonly bridge: Bridge;
  readonly settings: SlackSettings;
  readonly orders: Conversation;
  readonly memory: Map<string, string>;
  person(agent: string): Person;
  /** A mail comes, and is shown. */
  mail(text?: string, headers?: Readonly<Record<string, string>>, subject?: string, from?: string): Promise<void>;
  settle(): Promise<void>;
  /** The card of the newest or n-th conversation, as it is now. */
  card(number?: number): Message;
  thread(number?: number): readonly Message[];
  /** What the person is told or shown next, after doing something. */
  told(person: Person, work: () => Promise<unknown>): Promise<Seen>;
  /** Stops the bridge and starts another one, which knows nothing of the first. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface Seen {
  readonly ephemeral: Ephemeral | undefined;
  readonly view: View | undefined;
  readonly text: string;
}

export interface SlackDeskOptions {
  readonly slack?: SlackOptions;
  readonly desk?: Partial<Desk>;
  readonly settings?: Partial<SlackSettings>;
  /** Whether the manifest asks for the right to see who is in user groups; as the settings need it, unless told. */
  readonly userGroups?: boolean;
  readonly pacing?: 'hasty' | 'real';
  /** Before the desk starts. */
  readonly prepare?: (slack: SlackServer) => void | Promise<void>;
}

export async function openSlackDesk(options: SlackDeskOptions = {}): Promise<SlackDesk> {
  const userGroups = options.userGroups ?? ((options.settings !== undefined && 'staff' in options.settings) || (options.desk?.groups ?? []).length > 0);
  const slack = await startSlackForApp(userGroups, options.slack);
  const people = new Map(['marek', 'anna', 'vera', 'ada'].map((name) => [name, slack.addUser({ name, email: `${name}@desk.example` })]));
  const orders = slack.addChannel('orders');
  slack.addChannel('returns', { private: true });
  await options.prepare?.(slack);
  const settings: SlackSettings = { ...settingsFor(slack), ...options.settings };
  const memory = new Map<string, string>();
  const port: BridgeMemory = { get: async (key) => memory.get(key), set: async (key, value) => void memory.set(key, value) };
  const pacing = (): Pacing | undefined => (options.pacing === 'real' ? undefined : hastyPacing());
  let current: Bridge | undefined;
  let make: () => Bridge = () => {
    throw new Error('not yet');
  };
  const channels = ['orders', 'returns'].map((name) => ({ id: name as ChannelId, name, bridge: settings.name, target: `#${name}` }));
  const desk = await openDesk({ channels, ...options.desk }, (needs) => {
    make = () => createSlackBridge({ ...needs, memory: port }, settings, pacing());
    current = make();
    return {
      name: settings.name,
      start: (events) => current!.start(events),
      stop: () => current!.stop(),
      post: (...args) => current!.post(...args),
      edit: (...args) => current!.edit!(...args),
      tell: (...args) => current!.tell!(...args),
    };
  });

  const bot = (message: Message): boolean => message.botId !== undefined && !message.tombstone;
  const cardOf = (number: number): Message => {
    const found = [...slack.workspace.conversations.values()].flatMap((place) => place.messages()).find((message) => bot(message) && message.text.startsWith(`#${number} `));
    if (!found) throw new Error(`there is no card #${number}`);
    return found;
  };
  const settle = async (): Promise<void> => {
    // What people did is handed on after the acknowledgement.
    await slack.settle();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await desk.settle();
    await slack.settle();
  };

  return {
    slack, desk, settings, orders, memory, settle,
    get bridge() {
      return current!;
    },
    person(agent) {
      const found = people.get(agent);
      if (!found) throw new Error(`nobody is called ${agent}`);
      return found;
    },
    async mail(text = 'It came broken.', headers = {}, subject = 'Broken cup', from = 'Eve Novak <eve@customer.example>') {
      await desk.receive(mailFrom(from, subject, text, headers));
    },
    card: (number = 1) => cardOf(number),
    thread(number = 1) {
      const { channel, ts } = cardOf(number);
      return slack.channel(channel).replies(ts);
    },
    async told(person, work) {
      const before = { ephemerals: person.ephemerals.length, view: person.view, hash: person.view?.hash, home: person.home?.hash };
      const seen = new Map(person.ephemerals.map((one) => [one, one.text]));
      await work();
      return eventually(() => {
        const ephemeral = person.ephemerals.find((one) => seen.get(one) !== one.text);
        const view = person.view !== undefined && (person.view !== before.view || person.view.hash !== before.hash) && !isWaiting(person.view) ? person.view : undefined;
        if (!ephemeral && !view) throw new Error(`${person.user.name} was not told anything`);
        return { ephemeral, view, text: [ephemeral ? shownIn(ephemeral.blocks) : '', view ? shownIn(view.content) : ''].join('\n') };
      }, { what: 'an answer comes' });
    },
    async restart() {
      await current!.stop();
      current = make();
      await current.start(desk.door);
    },
    async close() {
      await desk.close();
      await slack.stop();
    },
  };
}

export const hastyPacing = (): Pacing => new HastyPacing({ now: () => performance.now() * HASTE, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / HASTE)) });

class HastyPacing extends Pacing {
  override async turn(...args: Parameters<Pacing['turn']>): Promise<void> {
    await super.turn(...args).catch((error: unknown) => {
      if (error instanceof BridgeError && error.retryAfterMs !== undefined) throw new BridgeError(error.fault, error.certain, error.message, error.retryAfterMs / HASTE);
      throw error;
    });
  }
}

/** The app has what its manifest asks for, no more. */
export async function startSlackForApp(userGroups = false, options: SlackOptions = {}): Promise<SlackServer> {
  const { oauth_config: oauth, settings: subscribed } = slackManifest({ requestUrl: undefined, reactions: true, userGroups }) as unknown as Manifest;
  return startSlackServer({ retryDelaysMs: [50, 300], workspace: { scopes: oauth.scopes.bot }, events: subscribed.event_subscriptions.bot_events, commands: [COMMAND], ...options });
}

export const settingsFor = (slack: SlackServer): SlackSettings => ({
  name: 'slack', botToken: slack.botToken, appToken: slack.appToken, signingSecret: undefined, http: { host: '127.0.0.1', port: 0 }, apiUrl: slack.apiUrl,
  reactions: { eyes: 'claim', white_check_mark: 'close' }, allowGuests: false, staff: undefined,
});

const isWaiting = (view: View): boolean => JSON.stringify(view.content).includes('One moment');

/** All words of blocks, one below the other, as a reader sees them. */
export function shownIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(shownIn).filter(Boolean).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  const object = value as JsonObject;
  const own = typeof object['text'] === 'string' ? readable(object['text']) : '';
  const rest = Object.entries(object).filter(([key]) => !['private_metadata', 'metadata'].includes(key)).map(([key, inner]) => (key === 'initial_value' && typeof inner === 'string' ? inner : typeof inner === 'object' ? shownIn(inner) : ''));
  return [own, ...rest].filter(Boolean).join('\n');
}

/** mrkdwn as it is read. */
const readable = (mrkdwn: string): string =>
  mrkdwn.replaceAll(/<([^<>|]+)\|([^<>]*)>/g, '$2').replaceAll(/<([^<>]+)>/g, '$1').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
