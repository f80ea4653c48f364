/** The story's people on the web desk, over HTTP: they log in, read pages and send forms, as a browser does. */
import { setTimeout as sleep } from 'node:timers/promises';

import { field, formsTo, NoAnswer, Visitor, type Visit } from '../../chaos/visitor.js';
import { createWebBridge } from '../../src/bridges/web/bridge.js';
import type { AgentId, ChannelId } from '../../src/core/ids.js';
import { hashPassword } from '../../src/web/passwords.js';
import { AGENTS, MAILBOXES, type AgentName } from '../support/story/plan.js';
import type { ShownCard, StoryPlatform } from '../support/story/platform.js';

const PASSWORD = 'story password 1';
/** Between two looks at all pages, in milliseconds. */
const LOOK_MS = 400;
/** A thing that does not work is tried again after this, in milliseconds. */
const AGAIN_MS = 200;
const PATIENCE_MS = 60_000;
const ATTEMPTS = 20;

/** Pages have to be asked for, so what stands there is looked at again and again from when the desk is open. */
export async function webStory(): Promise<StoryPlatform> {
  const hash = await hashPassword(PASSWORD);
  let url = '';
  let stopped = false;
  let shown: readonly ShownCard[] = [];
  const visitors = new Map(AGENTS.map((name) => [name, new Visitor(() => url, `${name}@desk.example`, PASSWORD)]));
  const visitor = (name: AgentName): Visitor => visitors.get(name) ?? new Visitor(() => url, `${name}@desk.example`, PASSWORD);

  const look = async (): Promise<void> => {
    const cards: ShownCard[] = [];
    for (let number = 1; ; number += 1) {
      const { status, text } = await visitor('ada').page(`/c/${number}`);
      if (status === 404) break;
      if (status !== 200) return;
      cards.push(readConversation(number, text));
    }
    shown = cards;
  };
  const looking = (async () => {
    while (!stopped) {
      if (url !== '') await look().catch((error: unknown) => (error instanceof NoAnswer ? undefined : Promise.reject(error as Error)));
      await sleep(LOOK_MS);
    }
  })();

  /** Sends a form of the page, and once more where nobody answered: the same one, as a browser would. */
  const send = async (agent: AgentName, number: number, verb: string, fields: (page: Visit) => Readonly<Record<string, string>> | undefined): Promise<void> => {
    for (const deadline = Date.now() + PATIENCE_MS; ;) {
      try {
        const page = await visitor(agent).page(`/c/${number}`);
        const filled = page.status === 200 ? fields(page) : undefined;
        if (page.status === 200 && !filled) return;
        for (let tries = 0; filled && tries < ATTEMPTS; tries += 1) {
          const said = await visitor(agent).post(`/c/${number}/do/${verb}`, filled).catch((error: unknown) => (error instanceof NoAnswer ? undefined : Promise.reject(error as Error)));
          if (said?.status === 303 && said.location?.startsWith('/login') !== true) return;
          // Held, refused, or the session had ended: nothing was written down. The page is read again.
          if (said && said.status < 500) break;
          await sleep(AGAIN_MS);
        }
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
      }
      if (Date.now() > deadline) throw new Error(`${verb} in #${number} never worked`);
      await sleep(AGAIN_MS);
    }
  };
  /** A button of the page; where it is not there any more, somebody else was quicker. */
  const press = (agent: AgentName, number: number, verb: string): Promise<void> => send(agent, number, verb, ({ text }) => formsTo(text, new RegExp(`/c/${number}/do/${verb}$`))[0]?.fields);
  const compose = (agent: AgentName, number: number, verb: 'reply' | 'note', words: Readonly<Record<'answer' | 'note', string>>): Promise<void> =>
    send(agent, number, verb, ({ text }) => ({
      _csrf: field(text, '_csrf') ?? '', revision: field(text, 'revision') ?? '', once: `${/name="once" value="([^"]*)-write"/.exec(text)?.[1] ?? ''}-write`, in: 'open', mode: verb === 'note' ? 'note' : 'answer', ...words,
    }));

  return {
    channels: MAILBOXES.map((name) => ({ id: name as ChannelId, name, bridge: 'web', target: name })),
    bridges: (needs) => Promise.resolve(new Map([['web', createWebBridge(needs)]])),
    introduce: async (store) => {
      for (const name of AGENTS) await store.transaction((tx) => tx.desk.setPasswordHash(name as string as AgentId, hash));
    },
    opened: (address) => void (url = address),
    cards: () => shown,
    claim: (agent, number) => press(agent, number, 'claim'),
    close: (agent, number) => press(agent, number, 'close'),
    note: (agent, number, text) => compose(agent, number, 'note', { note: text, answer: '' }),
    answer: (agent, number, text) => compose(agent, number, 'reply', { note: '', answer: text }),
    press: (agent, number, label) => press(agent, number, label === 'It arrived' ? 'arrived' : 'send-again'),
    troubles: [],
    check() {},
    async stop() {
      stopped = true;
      await looking;
    },
  };
}

/** What a person reads on the page of one conversation: its head, and each mail of its thread. */
function readConversation(number: number, html: string): ShownCard {
  const head = /<header class="conv__head"[^]*?<\/header>/.exec(html)?.[0] ?? '';
  const thread = html.slice(html.indexOf('class="thread-wrap"'));
  const settled = thread.includes('/do/arrived') ? ['It arrived'] : [];
  return { number, text: [plain(head), ...settled].join('\n'), posts: thread.split(/id="mail-(?=[0-9a-f-]{36}")/).slice(1).map((piece) => plain(piece.slice(piece.indexOf('>') + 1))) };
}

const plain = (html: string): string => html.replaceAll(/<(script|style|textarea)[^]*?<\/\1>/g, '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').trim();
