/**
 * A story on real servers: customers write to a real Dovecot, the product takes the mails in, three people answer them in chat, a real SMTP server takes the answers, and one thing after another
 * goes wrong meanwhile. What came of it is counted from outside: on the platform and at the SMTP server.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Config } from '../../../src/config.js';
import type { AgentId, ChannelId, MailboxId } from '../../../src/core/ids.js';
import { say } from '../../../src/core/language/say.js';
import type { Note } from '../../../src/core/model.js';
import { openHouse, startGoniec, type Running } from '../../../src/main.js';
import { startDovecot, type Dovecot } from '../dovecot.js';
import { eventually } from '../eventually.js';
import { quietLog } from '../quiet-log.js';
import { aDesk, aMailbox, anAgent } from '../samples.js';
import { startSmtpSink, type SmtpSink } from '../smtp-sink.js';
import { tempFolder } from '../temp-folder.js';
import { AGENTS, inTurn, MAILBOXES, planStory, type AgentName, type Customer, type StoryMail } from './plan.js';
import type { ShownCard, StoryPlatform, Trouble } from './platform.js';

/** Between two things that a person does, in milliseconds. */
const HESITATION_MS = 200;
/** Tries that failed wait for seconds before they are made again, and some have to wait for several troubles. */
const END_TIMEOUT_MS = 120_000;
/** Nothing more may come once everything is there: so long it is watched, in milliseconds. */
const WATCH_MS = 1_500;
/** The next trouble comes when something was done since the last one, or after this, in milliseconds: so each meets work. */
const LONGEST_LULL_MS = 8_000;

export interface StoryEnd {
  readonly customers: readonly Customer[];
  readonly cards: readonly ShownCard[];
  readonly sink: SmtpSink;
  readonly notes: readonly Note[];
  readonly log: ReturnType<typeof quietLog>;
  close(): Promise<void>;
}

export interface StoryWishes {
  readonly customers: number;
  readonly mails: number;
  /** Says what is going on, for a person who waits. */
  readonly tell?: (line: string) => void;
}

export async function runStory(platform: StoryPlatform, wishes: StoryWishes): Promise<StoryEnd> {
  const customers = planStory(wishes.customers, wishes.mails);
  const house = await openStoryHouse(platform);
  const { sink } = house;
  const team = AGENTS.map((agent) => new Colleague(agent, platform, sink, customers.filter((customer) => customer.agent === agent)));
  const working = team.map((colleague) => colleague.work());
  const troubles = [...commonTroubles(house), ...platform.troubles];
  const mails = inTurn(customers);
  const portion = Math.ceil(mails.length / (troubles.length + 1));
  await house.deliver(mails.slice(0, portion));
  for (const [index, trouble] of troubles.entries()) {
    wishes.tell?.(`${trouble.what}; ${platform.cards().length} cards, ${sink.mails.length} answers sent`);
    const before = seenOn(platform);
    const running = trouble.run();
    await house.deliver(mails.slice((index + 1) * portion, (index + 2) * portion));
    await running;
    await eventually(() => {
      if (seenOn(platform) === before) throw new Error('nothing new is seen');
    }, { timeoutMs: LONGEST_LULL_MS }).catch(() => undefined);
  }
  wishes.tell?.('no more trouble');
  await Promise.race([Promise.all(working), timeIsUp(team, house)]);
  wishes.tell?.('the team has done its work');
  await eventually(() => everythingIsThere(customers, platform.cards(), sink), { timeoutMs: END_TIMEOUT_MS, what: 'everything is there' });
  await eventually(async () => house.untilQuiet(), { timeoutMs: END_TIMEOUT_MS, what: 'nothing is under way' });
  await sleep(WATCH_MS);
  return { customers, cards: platform.cards(), sink, notes: await house.notes(), log: house.log, close: house.close };
}

async function timeIsUp(team: readonly Colleague[], { untilQuiet, sink }: StoryHouse): Promise<never> {
  await sleep(END_TIMEOUT_MS, undefined, { ref: false });
  const lanes = await untilQuiet().then(() => 'no lane is open', String);
  const sent = sink.mails.flatMap(({ raw }) => /\bk\d+a\d+\b/.exec(raw.toString('latin1'))?.[0] ?? []).sort();
  throw new Error(`the team is not done: ${team.map((colleague) => colleague.left).join('\n')}\n${lanes}\nsent: ${sent.join(' ')}; now ${new Date().toISOString()}`);
}

const seenOn = (platform: StoryPlatform): number => platform.cards().reduce((sum, { posts }) => sum + posts.length, 0);

/** Of each customer the last mail in its thread, and of each answer its end: the rest is for the verdict to find. */
function everythingIsThere(customers: readonly Customer[], cards: readonly ShownCard[], sink: SmtpSink): void {
  for (const customer of customers) {
    const card = cardOf(cards, customer);
    if (!card) throw new Error(`${customer.subject} has no card`);
    for (const { mark } of customer.mails) if (!card.posts.some((post) => post.includes(mark))) throw new Error(`${mark} is not in its thread`);
    for (const deed of customer.deeds) {
      if (deed.do === 'answer' && !sink.mails.some(({ raw }) => raw.includes(deed.mark))) throw new Error(`${deed.mark} was not sent`);
      if (deed.do === 'answer' && !card.posts.some((post) => post.includes(deed.mark) && post.includes(say('en', 'state.sent')))) throw new Error(`${deed.mark} is not shown as sent`);
    }
  }
}

export const cardOf = (cards: readonly ShownCard[], { subject }: Customer): ShownCard | undefined => cards.find(({ text }) => text.includes(subject));

/** Conversations that a person has open at once: while one does not answer, the others go on. */
const OPEN_AT_ONCE = 6;
/** What is still to be done for each customer. */
type Work = Map<Customer, Customer['deeds'][number][]>;

/** Looks after some customers: does what the plan says, as soon as what they wrote is seen. */
class Colleague {
  readonly #left: readonly Work[];

  constructor(
    private readonly name: AgentName,
    private readonly platform: StoryPlatform,
    private readonly sink: SmtpSink,
    customers: readonly Customer[],
  ) {
    this.#left = Array.from({ length: OPEN_AT_ONCE }, (_, nth) => new Map(customers.filter((_customer, index) => index % OPEN_AT_ONCE === nth).map((customer) => [customer, [...customer.deeds]])));
  }

  /** What is still to be done, for a person who reads a failure. */
  get left(): string {
    const cards = this.platform.cards();
    const lines = this.#left.flatMap((work) => [...work]).map(([customer, deeds]) => {
      const card = cardOf(cards, customer);
      const shown = [card?.text ?? 'no card', ...(card?.posts ?? [])].map((text) => text.replaceAll(/\s+/g, ' ')).join(' | ');
      return `${customer.subject} (${deeds.map((deed) => deed.do).join(', ') || 'waits for its answers to be sent'}): ${shown}`;
    });
    return `${this.name}: ${lines.join('\n') || 'nothing'}`;
  }

  /** Resolves when all is done. */
  async work(): Promise<void> {
    await Promise.all(this.#left.map((work) => this.#workOff(work)));
  }

  async #workOff(left: Work): Promise<void> {
    while (left.size > 0) {
      const cards = this.platform.cards();
      for (const [customer, deeds] of left) {
        const card = cardOf(cards, customer);
        if (card) await this.#settleDoubt(card, customer);
        const [next] = deeds;
        const seen = customer.mails.filter(({ mark }) => card?.posts.some((post) => post.includes(mark))).length;
        if (card && next && seen >= next.after) {
          await this.#do(next, card.number);
          deeds.shift();
        }
        if (deeds.length === 0 && this.#isAnswered(card, customer)) left.delete(customer);
      }
      await sleep(HESITATION_MS);
    }
  }

  async #do(deed: Customer['deeds'][number], number: number): Promise<void> {
    if (deed.do === 'claim') await this.platform.claim(this.name, number);
    else if (deed.do === 'close') await this.platform.close(this.name, number);
    else if (deed.do === 'note') await this.platform.note(this.name, number, `For the team: ${deed.mark}`);
    else await this.platform.answer(this.name, number, `Here is ${deed.mark}.`, deed.way);
  }

  #isAnswered(card: ShownCard | undefined, { deeds }: Customer): boolean {
    return deeds.every((deed) => deed.do !== 'answer' || card?.posts.some((post) => post.includes(deed.mark) && post.includes(say('en', 'state.sent'))));
  }

  /** Nobody knows whether an answer arrived: a person would ask the customer. */
  async #settleDoubt({ number, text }: ShownCard, { deeds }: Customer): Promise<void> {
    if (!text.includes(say('en', 'button.it-arrived'))) return;
    const unsettled = deeds.filter((deed) => deed.do === 'answer').filter((deed) => this.platform.cards().some((card) => card.number === number && card.posts.some((post) => post.includes(deed.mark) && post.includes(say('en', 'state.uncertain')))));
    const [doubtful] = unsettled;
    if (!doubtful) return;
    const arrived = this.sink.mails.some(({ raw }) => raw.includes(doubtful.mark));
    await this.platform.press(this.name, number, say('en', arrived ? 'button.it-arrived' : 'button.send-again'));
    await sleep(HESITATION_MS);
  }
}

interface StoryHouse {
  readonly sink: SmtpSink;
  readonly dovecot: Dovecot;
  readonly log: ReturnType<typeof quietLog>;
  deliver(mails: readonly StoryMail[]): Promise<void>;
  restart(): Promise<void>;
  /** @throws while deliveries are left to be made */
  untilQuiet(): Promise<void>;
  notes(): Promise<readonly Note[]>;
  close(): Promise<void>;
}

function commonTroubles({ sink, dovecot, restart }: StoryHouse): readonly Trouble[] {
  return [
    { what: 'the SMTP server refuses for now', run: async () => sink.failNext({ stage: 'rcpt', code: 451, times: 2 }) },
    { what: 'the line is cut after the final dot', run: async () => sink.dropAfterData(2) },
    { what: 'the mail server is killed', run: async () => dovecot.kill().then(() => dovecot.start()) },
    { what: 'Goniec is restarted', run: restart },
  ];
}

async function openStoryHouse(platform: StoryPlatform): Promise<StoryHouse> {
  const temp = tempFolder('story');
  const log = quietLog();
  const dovecot = await startDovecot({ users: Object.fromEntries(MAILBOXES.map((name) => [name, 'secret'])) });
  const sink = await startSmtpSink();
  const config: Config = {
    host: '127.0.0.1', port: 0, dataDir: temp.path, appSecret: 'a secret that is long enough for tests', databaseUrl: `file:${join(temp.path, 'goniec.db')}`, publicUrl: undefined, trustProxy: false, logLevel: 'silent',
    inboundSmtp: { host: '127.0.0.1', port: 0, tls: undefined },
  };
  const first = await openHouse(config, log);
  const desk = aDesk({
    channels: platform.channels,
    agents: AGENTS.map((name) => anAgent({ id: name as AgentId, name: `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`, email: `${name}@desk.example` })),
    mailboxes: MAILBOXES.map((name, index) => aMailbox({
      id: name as MailboxId, kind: 'imap', address: `${name}@desk.example`, channel: platform.channels[index]?.id ?? ('orders' as ChannelId), undoSeconds: 1, since: new Date(0),
      imap: { host: '127.0.0.1', port: dovecot.imapPort, security: 'none', user: name, password: 'secret', ca: undefined, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' }, sentFolder: 'Sent', pollSeconds: 2 },
      smtp: { host: '127.0.0.1', port: sink.port, security: 'none', user: undefined, password: undefined, ca: undefined, trustAnyCertificate: false },
    })),
  });
  await first.store.transaction((tx) => tx.desk.save(desk));
  await platform.introduce?.(first.store);
  let goniec: Running = await startGoniec(config, log, { house: first, bridges: platform.bridges });
  platform.opened?.(goniec.url);
  // What lies there before the first look is history and makes no cards.
  await eventually(async () => {
    const { mailboxes } = (await (await fetch(`${goniec.url}/readyz`)).json()) as { readonly mailboxes: Readonly<Record<string, string>> };
    const states = Object.values(mailboxes);
    if (states.length < MAILBOXES.length || states.some((state) => state !== 'watching')) throw new Error(states.join(', '));
  }, { timeoutMs: 20_000, what: 'the mailboxes are watched' });
  return {
    sink, dovecot, log,
    async deliver(mails) {
      for (const { mailbox, raw } of mails) await eventually(() => dovecot.deliver(mailbox, raw), { timeoutMs: 20_000, what: 'the mail server takes a mail' });
    },
    async restart() {
      await goniec.stop();
      goniec = await startGoniec(config, log, { bridges: platform.bridges });
      platform.opened?.(goniec.url);
    },
    async untilQuiet() {
      const lanes = await goniec.store.deliveries.openLanes();
      const heads = await Promise.all(lanes.slice(0, 5).map((lane) => goniec.store.deliveries.head(lane)));
      if (lanes.length > 0) throw new Error(`${lanes.length} lanes are open: ${heads.map((head) => `${head?.lane ?? ''} ${head?.effect.kind ?? ''} ${head?.state ?? ''} tries ${head?.tries ?? 0} due ${head?.dueAt.toISOString() ?? ''} ${head?.lastError ?? ''}`).join('; ')}`);
    },
    async notes() {
      const page = { limit: 1_000, offset: 0 };
      const rows = [...(await goniec.store.conversations.list({ kind: 'open' }, page)), ...(await goniec.store.conversations.list({ kind: 'pending' }, page)), ...(await goniec.store.conversations.list({ kind: 'closed' }, page))];
      return (await Promise.all(rows.map(({ conversation }) => goniec.store.notes.of(conversation.id)))).flat();
    },
    async close() {
      await goniec.stop();
      await sink.stop();
      await dovecot.close();
      await temp.remove();
    },
  };
}
