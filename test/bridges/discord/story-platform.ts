/** The story's people on Discord, by the real discord.js; and what goes wrong with Discord. */
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'vitest';

import { createDiscordBridge } from '../../../src/bridges/discord/bridge.js';
import type { AgentId, ChannelId } from '../../../src/core/ids.js';
import type { Reaction } from '../../fakes/discord-server/interactions.js';
import type { Person } from '../../fakes/discord-server/people.js';
import { startDiscordServer, type DiscordServer } from '../../fakes/discord-server/server.js';
import { NONCE_MS, type Channel, type Message } from '../../fakes/discord-server/world.js';
import { AGENTS, MAILBOXES, type AgentName, type Way } from '../../support/story/plan.js';
import type { ShownCard, StoryPlatform, Trouble } from '../../support/story/platform.js';
import { eventually } from '../../support/eventually.js';
import { labelsOf, textOf } from './shown.js';

/** Whoever is not told anything looks, and does it again; in milliseconds. */
const PATIENCE_MS = 20_000;
/** Whether an answer was taken is looked at for so long before Goniec is asked, in milliseconds. */
const LOOK_MS = 4_000;
/** Words that were missed are read once all is in order again, in milliseconds. */
const WORDS_PATIENCE_MS = 90_000;
/** A thing that does not work is tried again after this, in milliseconds. */
const AGAIN_MS = 150;
/** What is said of an answer that was taken, now or by an earlier try whose answer was lost. */
const TAKEN = /goes out|done already|has this very answer already|sent this very answer/;
/** How long Discord, a channel or a right is out of order, in milliseconds. */
const OUTAGE_MS = 1_500;
/** So that a zombie is found out within the story. */
const HEARTBEAT_MS = 1_500;
const TAGS = ['Open', 'Closed', 'Waiting for customer'];
const [MESSAGES, EDIT, THREADS, CALLBACK] = ['POST /channels/:id/messages', 'PATCH /channels/:id/messages/:id', 'POST /channels/:id/threads', 'POST /interactions/:id/:token/callback'] as const;

export interface DiscordStory extends StoryPlatform {
  readonly server: DiscordServer;
}

export async function discordStory(): Promise<DiscordStory> {
  const server = await startDiscordServer();
  server.gateway.heartbeatMs = HEARTBEAT_MS;
  const people = new Map(AGENTS.map((name) => [name, server.person(name)]));
  // Forums, and one text channel.
  const places = MAILBOXES.map((name, index) => (index === 1 ? server.textChannel(name) : server.forum(name, TAGS)));
  const person = (name: AgentName): Person => people.get(name) ?? server.person(name);
  const threads = (): readonly Channel[] => places.flatMap(({ id }) => server.world.threads(id));
  const numberOf = ({ name }: Channel): number => Number(/^#(\d+)/.exec(name)?.[1]);
  const threadOf = (number: number): Channel => {
    const found = threads().find((thread) => numberOf(thread) === number);
    if (!found) throw new Error(`there is no thread #${number}`);
    return found;
  };
  const cardIn = ({ id }: Channel): Message => {
    const found = server.world.messages.get(id);
    if (!found) throw new Error(`thread ${id} has no card`);
    return found;
  };
  const postsIn = ({ id }: Channel): readonly string[] => server.messagesIn(id).filter((message) => message.id !== id).map((message) => (message.author.bot ? textOf(message) : message.content));

  /** What Discord says did not work is done again by the one who wanted it. */
  const insist = async <Done>(what: string, work: () => Promise<Done | undefined>): Promise<Done> => {
    let last: unknown;
    for (const deadline = Date.now() + PATIENCE_MS * 6; ;) {
      const done = await work().catch((error: unknown) => {
        last = error;
        return undefined;
      });
      if (done !== undefined) return done;
      if (Date.now() > deadline) throw new Error(`${what}: it never worked`, { cause: last });
      await sleep(AGAIN_MS);
    }
  };
  const isTaken = (number: number, text: string, timeoutMs: number): Promise<true> =>
    eventually(() => {
      if (!postsIn(threadOf(number)).some((post) => post.includes(text) && !post.startsWith('!'))) throw new Error(`"${text}" is not shown in #${number}`);
      return true as const;
    }, { timeoutMs });
  /** What was sent and not answered may have been taken: the thread shows it, or the history of the conversation. */
  const takenThough = async (agent: AgentName, number: number, text: string): Promise<true | undefined> => {
    if (await isTaken(number, text, LOOK_MS).catch(() => undefined)) return true;
    const told = await insist(`the history of #${number}`, async () => (await person(agent).command('history', { conversation: String(number) }, places[0]?.id ?? '')).told);
    return textOf(told).includes(text) ? true : undefined;
  };

  /** Sends the form, and once more where it was held because the customer wrote meanwhile. */
  const submitted = async (agent: AgentName, form: Reaction, number: number, text: string): Promise<true | undefined> => {
    const thread = threadOf(number);
    for (let [next, tries] = [form, 0]; tries < 20; tries += 1) {
      const { told } = await person(agent).submit(next, tries === 0 ? { text } : {}, thread.id);
      if (!told || !labelsOf(told).includes('Send anyway')) return told && TAKEN.test(told.content) ? true : undefined;
      next = await person(agent).press(told, 'Send anyway');
    }
    return undefined;
  };
  const inForm = (agent: AgentName, number: number, text: string): Promise<true> =>
    insist(`the answer form of #${number}`, async () => {
      const opened = await person(agent).press(cardIn(threadOf(number)), 'Answer');
      const [offered] = opened.told ? labelsOf(opened.told) : [];
      const form = opened.modal || !opened.told || !offered ? opened : await person(agent).press(opened.told, offered);
      if (!form.modal) return undefined;
      return submitted(agent, form, number, text).catch(() => takenThough(agent, number, text));
    });
  const byCommand = (agent: AgentName, number: number, text: string): Promise<true> =>
    insist(`/reply ${number}`, async () => {
      const told = await person(agent).command('reply', { conversation: String(number), text }, places[0]?.id ?? '').then((reaction) => reaction.told, () => undefined);
      if (told) return TAKEN.test(told.content) ? true : undefined;
      return takenThough(agent, number, text);
    });

  return {
    server,
    channels: places.map(({ id, name }) => ({ id: name as ChannelId, name, bridge: 'discord', target: id })),
    bridges: (needs) => Promise.resolve(new Map([['discord', createDiscordBridge(needs, { token: server.token, apiUrl: server.apiUrl, onClose: 'archive', staffRoles: undefined })]])),
    introduce: (store) => store.transaction(async (tx) => {
      for (const [name, { id }] of people) await tx.people.link('discord', id, name as string as AgentId);
    }),
    cards: () => threads().map((thread): ShownCard => ({ number: numberOf(thread), text: [thread.name, textOf(cardIn(thread)), ...labelsOf(cardIn(thread))].join('\n'), posts: postsIn(thread) })),
    async claim(agent, number) {
      await insist(`claiming #${number}`, async () => {
        const card = cardIn(threadOf(number));
        return labelsOf(card).includes('Claim') ? (await person(agent).press(card, 'Claim')).told : true;
      });
    },
    note: (agent, number, text) => Promise.resolve(void person(agent).say(threadOf(number).id, text)),
    async answer(agent, number, text, way: Way) {
      if (way === 'form') await inForm(agent, number, text);
      else if (way === 'command') await byCommand(agent, number, text);
      else {
        // Written once: it is for Discord and for Goniec to see to it that it counts once. Whoever writes more sees first that it was taken.
        person(agent).say(threadOf(number).id, `!reply ${text}`);
        await isTaken(number, text, WORDS_PATIENCE_MS);
      }
    },
    async close(agent, number) {
      await insist(`closing #${number}`, async () => {
        const { told } = await person(agent).command('close', { conversation: String(number) }, places[0]?.id ?? '');
        if (told && labelsOf(told).includes('Close anyway')) await person(agent).press(told, 'Close anyway');
        return eventually(() => {
          if (!labelsOf(cardIn(threadOf(number))).includes('Reopen')) throw new Error('still open');
          return true;
        }, { timeoutMs: PATIENCE_MS });
      });
    },
    async press(agent, number, label) {
      await insist(`${label} on #${number}`, async () => {
        const card = cardIn(threadOf(number));
        // A press whose answer was lost may have counted.
        return labelsOf(card).includes(label) ? (await person(agent).press(card, label)).told : true;
      });
    },
    troubles: troublesOf(server, places),
    check: () => expect(server.violations).toEqual([]),
    stop: () => server.stop(),
  };
}

function troublesOf(server: DiscordServer, places: readonly Channel[]): readonly Trouble[] {
  const { gateway, world } = server;
  const faults = (what: string, ...all: readonly Parameters<DiscordServer['failNext']>[0][]): Trouble => ({ what, run: async () => all.forEach((fault) => server.failNext(fault)) });
  const at = (what: string, work: () => void): Trouble => ({ what, run: async () => work() });
  const outage = (what: string, begin: () => void, end: () => void): Trouble => ({
    what,
    async run() {
      begin();
      await sleep(OUTAGE_MS);
      end();
    },
  });
  const [orders, returns] = places;
  return [
    faults('Discord wants us to wait, on some routes', { route: MESSAGES, status: 429, retryAfter: 1, times: 3 }, { route: EDIT, status: 429, retryAfter: 1, times: 3 }, { route: THREADS, status: 429, retryAfter: 2, times: 2 }),
    faults('Discord wants us to wait, on all routes', { status: 429, retryAfter: 1, global: true, times: 3 }),
    faults('5xx after the work was done', { route: MESSAGES, status: 500, when: 'after', times: 3 }, { route: THREADS, status: 502, when: 'after', times: 2 }, { route: 'POST /channels/:id/messages/:id/threads', status: 502, when: 'after' }, { route: EDIT, status: 502, when: 'after', times: 2 }),
    outage('5xx after the work was done, when nonces are forgotten', () => {
      world.nonceMs = 0;
      server.failNext({ route: MESSAGES, status: 504, when: 'after', times: 4 });
    }, () => (world.nonceMs = NONCE_MS)),
    faults('5xx before anything was done', { route: MESSAGES, status: 503, times: 3 }, { route: EDIT, status: 503, times: 3 }, { route: CALLBACK, status: 500, times: 2 }),
    faults('lines that break', { route: MESSAGES, status: 0, when: 'after', times: 2 }, { route: MESSAGES, status: 0, times: 2 }, { route: CALLBACK, status: 0, when: 'after', times: 2 }, { route: THREADS, status: 0, when: 'after' }),
    faults('an answer that comes too late', { route: MESSAGES, status: 200, delayMs: 16_000 }),
    at('the gateway drops us', () => gateway.drop(4000)),
    at('the gateway asks us to come back', () => gateway.askToReconnect()),
    at('the session is gone', () => gateway.invalidate(false)),
    at('the connection is a zombie', () => gateway.becomeZombie()),
    at('the gateway drops us and has forgotten the session', () => {
      gateway.forgetSessions = true;
      gateway.drop(4000);
    }),
    outage('Discord is down', () => {
      server.failNext({ status: 503, times: 100_000 });
      gateway.drop(4000);
    }, () => server.clearFaults()),
    outage('the token is refused', () => server.failNext({ status: 401, times: 100_000 }), () => server.clearFaults()),
    outage('Goniec may not write to a channel', () => orders && server.permit(orders, '0'), () => orders && server.permit(orders, undefined)),
    outage('Goniec may not write to another channel', () => returns && server.permit(returns, '0'), () => returns && server.permit(returns, undefined)),
    outage('the server is full of active threads', () => (world.maxActiveThreads = world.activeThreads().length), () => (world.maxActiveThreads = 1_000)),
    at('threads are put to sleep by somebody', () => {
      for (const { thread } of world.activeThreads().slice(0, 10)) if (thread) thread.archived = true;
    }),
  ];
}
