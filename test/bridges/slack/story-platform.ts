/** The story's people in Slack, by the real SDK; and what goes wrong with Slack. */
import { setTimeout as sleep } from 'node:timers/promises';

import { createSlackBridge } from '../../../src/bridges/slack/bridge.js';
import { InOrder } from '../../../src/bridges/slack/guard.js';
import type { ChannelId } from '../../../src/core/ids.js';
import { expect } from 'vitest';
import { AGENTS, MAILBOXES, type AgentName, type Way } from '../../support/story/plan.js';
import type { ShownCard, StoryPlatform, Trouble } from '../../support/story/platform.js';
import { eventually } from '../../support/eventually.js';
import type { ApiFault, Message, Person, SlackServer } from '../../fakes/slack-server/index.js';
import { hastyPacing, settingsFor, shownIn, startSlackForApp } from './slack-desk.js';

/** Whoever is not told anything looks, and does it again; in milliseconds. */
const PATIENCE_MS = 20_000;
/** A thing that does not work is tried again after this, in milliseconds. */
const AGAIN_MS = 150;
/** What is said of an answer that was taken, now or by an earlier try whose answer was lost. */
const TAKEN = /goes out|done already|has this very answer already|sent this very answer/;
/** How long Slack, a channel or a token is out of order, in milliseconds. */
const OUTAGE_MS = 1_500;

export async function slackStory(): Promise<StoryPlatform> {
  const slack = await startSlackForApp();
  const people = new Map(AGENTS.map((name) => [name, slack.addUser({ name, email: `${name}@desk.example` })]));
  for (const name of MAILBOXES) slack.addChannel(name);
  const person = (name: AgentName): Person => people.get(name) ?? slack.user(name);
  const all = (): readonly Message[] => [...slack.workspace.conversations.values()].flatMap((place) => place.messages()).filter(({ botId, text }) => botId !== undefined && /^#\d+ /.test(text));
  const cardOf = (number: number): Message => {
    const found = all().find(({ text }) => text.startsWith(`#${number} `));
    if (!found) throw new Error(`there is no card #${number}`);
    return found;
  };

  /** Slack shows a person one window at a time: each does one thing after the other. */
  const turns = new InOrder();
  const inTurn = <Done>(agent: AgentName, work: () => Promise<Done>): Promise<Done> => turns.run(agent, work);

  /** What Slack refuses, or what the app does not acknowledge, is done again by the one who wanted it. */
  const insist = async <Done>(what: string, work: () => Promise<Done | undefined>): Promise<Done> => {
    for (const deadline = Date.now() + PATIENCE_MS * 6; ;) {
      const done = await work().catch(() => undefined);
      if (done !== undefined) return done;
      if (Date.now() > deadline) throw new Error(`${what}: it never worked`);
      await sleep(AGAIN_MS);
    }
  };
  const press = (agent: AgentName, number: number, label: string): Promise<boolean> => insist(`${label} on #${number}`, async () => (await person(agent).press(cardOf(number), label)).acked || undefined);

  const inForm = (agent: AgentName, number: number, text: string): Promise<boolean> =>
    insist(`the answer form of #${number}`, async () => {
      await press(agent, number, 'Answer');
      const { view } = await eventually(() => {
        const shown = person(agent).view;
        if (shown?.content['callback_id'] !== 'form') throw new Error('no form');
        return { view: shown };
      }, { timeoutMs: PATIENCE_MS / 4 });
      // Held because the customer wrote meanwhile: the same form comes back, and is sent all the same.
      for (let form = view, tries = 0; tries < 20; tries += 1) {
        const { acked, view: next, errors = {} } = await person(agent).submit(form, tries === 0 ? { text } : {});
        if (acked && (next === undefined || next.content['callback_id'] !== 'form')) return next === undefined || TAKEN.test(await whatItSays(agent)) || undefined;
        if (next && TAKEN.test([shownIn(next.content), ...Object.values(errors)].join('\n'))) return (await person(agent).close(next, true), true);
        if (next?.content['callback_id'] === 'form') form = next;
        await sleep(AGAIN_MS);
      }
      return undefined;
    });
  /** The window says that it takes a moment, then what came of it. */
  const whatItSays = async (agent: AgentName): Promise<string> => {
    const text = await eventually(() => {
      const { view } = person(agent);
      const shown = view ? shownIn(view.content) : '';
      if (shown.includes('One moment')) throw new Error('not yet');
      return shown;
    }, { timeoutMs: PATIENCE_MS });
    const { view } = person(agent);
    if (view) await person(agent).close(view, true);
    return text;
  };

  const byCommand = (agent: AgentName, number: number, text: string): Promise<boolean> =>
    insist(`/mail reply ${number}`, async () => {
      const before = person(agent).ephemerals.length;
      if (!(await person(agent).command('/mail', `reply ${number} ${text}`, 'orders')).acked) return undefined;
      return eventually(() => {
        // They are told of other conversations meanwhile, too.
        const told = person(agent).ephemerals.slice(before).map(({ blocks }) => shownIn(blocks)).filter((text) => new RegExp(`#${number}\\b`).test(text)).join('\n');
        if (TAKEN.test(told) || threadOf(number).some((post) => post.includes(text))) return true;
        if (told !== '') return undefined;
        throw new Error('nothing was told');
      }, { timeoutMs: PATIENCE_MS });
    });

  const threadOf = (number: number): readonly string[] => below(cardOf(number));
  const below = ({ channel, ts }: Message): readonly string[] => slack.channel(channel).replies(ts).map((message) => (message.botId === undefined ? message.text : read(message.blocks)));
  const say = async (agent: AgentName, number: number, text: string): Promise<void> => {
    const { channel, ts } = cardOf(number);
    // Written once: it is for Slack and for Goniec to see to it that it counts once.
    await insist(`writing to #${number}`, async () => person(agent).say(slack.channel(channel), text, { thread_ts: ts, wait: false }).then(() => true));
  };

  return {
    channels: MAILBOXES.map((name) => ({ id: name as ChannelId, name, bridge: 'slack', target: `#${name}` })),
    bridges: async (needs) => new Map([['slack', createSlackBridge(needs, settingsFor(slack), hastyPacing())]]),
    cards: () => all().map((card): ShownCard => ({ number: Number(/^#(\d+)/.exec(card.text)?.[1]), text: read(card.blocks), posts: below(card) })),
    claim: async (agent, number) => void (await inTurn(agent, () => press(agent, number, 'Claim'))),
    note: (agent, number, text) => inTurn(agent, () => say(agent, number, text)),
    answer: (agent, number, text, way: Way) => inTurn(agent, async () => {
      if (way === 'form') await inForm(agent, number, text);
      else if (way === 'command') await byCommand(agent, number, text);
      else await say(agent, number, `!reply ${text}`);
    }),
    async close(agent, number) {
      await inTurn(agent, () => insist(`closing #${number}`, async () => {
        await person(agent).unreact(cardOf(number), 'white_check_mark');
        await person(agent).react(cardOf(number), 'white_check_mark');
        return eventually(() => {
          if (!shownIn(cardOf(number).blocks).includes('Reopen')) throw new Error('still open');
          return true;
        }, { timeoutMs: PATIENCE_MS });
      }));
    },
    press: async (agent, number, label) => void (await inTurn(agent, () => press(agent, number, label))),
    troubles: troublesOf(slack),
    check() {
      expect(slack.violations).toEqual([]);
      expect(slack.pings()).toEqual([]);
    },
    stop: () => slack.stop(),
  };
}

/** Blocks are read over and over, and stay as they are until the message is edited. */
const alreadyRead = new WeakMap<object, string>();
function read(blocks: Message['blocks']): string {
  const known = alreadyRead.get(blocks) ?? shownIn(blocks);
  alreadyRead.set(blocks, known);
  return known;
}

function troublesOf(slack: SlackServer): readonly Trouble[] {
  const faults = (what: string, ...all: readonly ApiFault[]): Trouble => ({ what, run: async () => all.forEach((fault) => slack.failNext(fault)) });
  const outage = (what: string, begin: () => Promise<void> | void, end: () => Promise<void> | void): Trouble => ({
    what,
    async run() {
      await begin();
      await sleep(OUTAGE_MS);
      await end();
    },
  });
  const orders = slack.channel('orders');
  const returns = slack.channel('returns');
  return [
    faults('Slack wants us to wait', { method: 'chat.postMessage', retryAfter: 1, times: 3 }, { method: 'chat.update', retryAfter: 1, times: 3 }),
    faults('5xx after the work was done', { method: 'chat.postMessage', status: 500, done: true, times: 3 }, { method: 'chat.update', status: 502, done: true, times: 2 }),
    faults('5xx before anything was done', { method: 'chat.postMessage', status: 503, times: 3 }, { method: 'views.open', status: 500 }, { method: 'users.info', status: 500 }),
    faults('lines that break', { method: 'chat.postMessage', dropConnection: 'after', times: 2 }, { method: 'chat.postMessage', dropConnection: 'before', times: 2 }, { method: 'chat.postEphemeral', dropConnection: 'before', times: 2 }),
    faults('an answer that comes too late', { method: 'chat.postMessage', delayMs: 16_000 }),
    { what: 'sockets are refreshed', run: async () => slack.requestDisconnect() },
    { what: 'one socket is cut', run: async () => slack.dropSockets({ count: 1 }) },
    { what: 'all sockets are cut', run: async () => slack.dropSockets() },
    outage('Slack is down', () => slack.goDown(), () => slack.comeBack()),
    outage('a channel is archived', () => slack.archive(orders), async () => {
      await slack.unarchive(orders);
      await slack.inviteBot(orders);
    }),
    outage('the app is removed from a channel', () => slack.removeBot(returns), () => slack.inviteBot(returns)),
    outage('a right is taken away', () => slack.removeScope('chat:write'), () => slack.addScope('chat:write')),
    outage('the token is revoked', () => slack.revokeToken(), () => slack.restoreToken()),
    { what: 'events come again', run: async () => void (await Promise.all(slack.events.slice(-20).map(({ eventId }) => slack.redeliver(eventId)))) },
  ];
}
