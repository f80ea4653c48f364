/**
 * A chat platform under load, `goniec start` as a process of its own against our own server of that platform: how fast what a person does is acknowledged while mail floods in, how soon a mail is
 * a card, and how well a burst of cards uses what the platform permits.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { AgentId, ChannelId } from '../src/core/ids.js';
import type { Channel, Desk, Mailbox } from '../src/core/model.js';
import type { Store } from '../src/core/ports/store.js';
import { startDovecot, type Dovecot } from '../test/support/dovecot.js';
import { eventually } from '../test/support/eventually.js';
import { anAgent } from '../test/support/samples.js';
import { listenBare } from './bare-idle.js';
import { boxes, boxName, openBenchDesk } from './desk.js';
import { median, percentile, rounded, type Bench } from './figure.js';
import { readDatabase } from '../chaos/house.js';
import { sampleMail } from './mails.js';
import { startProgram, untilWatching } from './program.js';

/** The platform's own time for an answer, in milliseconds: it is no time of ours. */
export const LATENCY_MS = 100;
/** Who presses and types; an agent of the desk with this address. */
export const PERSON = { id: 'marek', email: 'marek@desk.example' } as const;

export interface ChatPlatform {
  /** For the environment of `goniec start`. */
  readonly settings: Readonly<Record<string, string>>;
  /** One for each mailbox. */
  readonly channels: readonly Channel[];
  introduce?(store: Store): Promise<void>;
  /** Does something with a card that is there, in turns by button and by command. @returns milliseconds until the platform had its acknowledgement; undefined: it had none in its time */
  act(turn: number): Promise<number | undefined>;
  /** Posts that the platform took, cards and what stands in threads, in order; `at` as performance.now() has it. */
  posts(): readonly { readonly at: number; readonly isCard: boolean; readonly channel: string }[];
  /** Calls that the platform refused because there were too many. */
  refused(): number;
  /** The least time that so many posts in one channel take where nothing but the platform's limits holds them up, in milliseconds. */
  leastMs(posts: number): number;
  stop(): Promise<void>;
}

export type OpenPlatform = (wishes: { readonly channels: number; /** The platform limits calls as the real one does. */ readonly limited: boolean }) => Promise<ChatPlatform>;

/** Mails that come in while somebody works. */
const FLOOD = 1_000;
const FLOOD_PORTION = 50;
const ACT_EVERY_MS = 25;
const ACK_TARGET_MS = 300;

const CARDS = 30;
const WARM_UP = 3;
/** Two posts a mail, one a second: no limit bites. */
const CARD_APART_MS = 2_300;
const CARD_TARGET_MS = 50;

const BURST_CHANNELS = 6;
const BURST_CARDS = 300;
const BURST_TARGET = 0.95;
const BURST_TIMEOUT_MS = 900_000;

export function chatBenches(name: string, open: OpenPlatform): readonly Bench[] {
  return [
    {
      name: `${name}-ack`,
      run: (tell) =>
        onDesk(open, { channels: 1, limited: false }, async ({ platform, dovecot, database }) => {
          await dovecot.deliver(boxName(0), sampleMail(0));
          await eventually(() => atLeast(platform.posts().length, 2), { timeoutMs: 60_000, what: 'the first card is there' });
          const acks: number[] = [];
          let missed = 0;
          let flooding = true;
          const acting = (async () => {
            for (let turn = 0; flooding; turn += 1) {
              const ms = await platform.act(turn);
              if (ms === undefined) missed += 1;
              acks.push(ms ?? Number.POSITIVE_INFINITY);
              await sleep(ACT_EVERY_MS);
            }
          })();
          for (let from = 1; from <= FLOOD; from += FLOOD_PORTION) await dovecot.deliver(boxName(0), ...Array.from({ length: FLOOD_PORTION }, (_, offset) => sampleMail(from + offset)));
          await eventually(() => atLeast(takenIn(database), FLOOD + 1), { timeoutMs: 600_000, what: 'all mails are taken in' });
          flooding = false;
          await acting;
          tell(`${name}-ack: ${acks.length} buttons and commands`);
          return [{
            name: `${name}-ack`, what: `button or command to acknowledgement while ${FLOOD} mails are taken in, 99th percentile`, value: rounded(percentile(acks, 0.99), 0), unit: 'ms', target: ACK_TARGET_MS, better: 'lower',
            details: { medianMs: rounded(median(acks), 1), mostMs: rounded(Math.max(...acks), 0), acts: acks.length, missed },
          }];
        }),
    },
    {
      name: `${name}-card`,
      run: () =>
        onDesk(open, { channels: 1, limited: false }, async ({ platform, dovecot }) => {
          const bare = await listenBare(dovecot, boxName(0));
          const after: number[] = [];
          const cards = (): readonly { readonly at: number }[] => platform.posts().filter(({ isCard }) => isCard);
          for (let index = 0; index < CARDS + WARM_UP; index += 1) {
            bare.reset();
            const before = cards().length;
            await dovecot.deliver(boxName(0), sampleMail(index));
            await eventually(() => atLeast(Math.min(cards().length - before, bare.notifiedAt()), 1), { timeoutMs: 30_000, what: 'the card is there' });
            if (index >= WARM_UP) after.push((cards().at(-1)?.at ?? 0) - bare.notifiedAt());
            // At every moment of the second in which the mail server looks.
            await sleep(CARD_APART_MS + (index % 8) * 130);
          }
          await bare.stop();
          return [{
            name: `${name}-card`, what: 'from the bare IDLE notification to the card, over the platform’s own latency, median', value: rounded(median(after), 1), unit: 'ms', target: CARD_TARGET_MS, better: 'lower',
            details: { p95Ms: rounded(percentile(after, 0.95), 1), mails: CARDS },
          }];
        }),
    },
    {
      name: `${name}-burst`,
      run: (tell) =>
        onDesk(open, { channels: BURST_CHANNELS, limited: true }, async ({ platform, dovecot, mailboxes }) => {
          const each = BURST_CARDS / BURST_CHANNELS;
          await Promise.all(mailboxes.map(({ id }, box) => dovecot.deliver(id, ...Array.from({ length: each }, (_, index) => sampleMail(box * each + index, `${id}@desk.example`)))));
          // Each conversation has its card, and the mail in full below.
          await eventually(() => atLeast(platform.posts().length, BURST_CARDS * 2), { timeoutMs: BURST_TIMEOUT_MS, what: 'all cards and mails are there' });
          // Limits hold for each channel, and mail for one comes sooner than for another: the slowest one counts, from its first post.
          const channels = byChannel(platform.posts());
          const tookMs = Math.max(...channels.map((times) => Math.max(...times) - Math.min(...times)));
          tell(`${name}-burst: ${platform.posts().length} posts, the slowest channel in ${rounded(tookMs / 1_000, 0)} s`);
          return [{
            name: `${name}-burst`, what: `${BURST_CARDS} cards in ${BURST_CHANNELS} channels, as a share of the permitted rate`, value: rounded(platform.leastMs(each * 2) / tookMs, 3), unit: 'of permitted', target: BURST_TARGET, better: 'higher',
            details: { seconds: rounded(tookMs / 1_000, 1), permittedSeconds: rounded(platform.leastMs(each * 2) / 1_000, 1), refusedCalls: platform.refused() },
          }];
        }),
    },
  ];
}

interface Running {
  readonly platform: ChatPlatform;
  readonly dovecot: Dovecot;
  readonly mailboxes: readonly Mailbox[];
  readonly database: string;
}

async function onDesk<Result>(open: OpenPlatform, wishes: Parameters<OpenPlatform>[0], work: (running: Running) => Promise<Result>): Promise<Result> {
  const dovecot = await startDovecot({ users: Object.fromEntries(Array.from({ length: wishes.channels }, (_, index) => [boxName(index), 'secret'])) });
  const platform = await open(wishes);
  const mailboxes = boxes(wishes.channels, dovecot.imapPort).map((mailbox, index): Mailbox => ({ ...mailbox, channel: platform.channels[index]?.id ?? ('' as ChannelId) }));
  const over: Partial<Desk> = { channels: platform.channels, agents: [anAgent({ id: PERSON.id as AgentId, email: PERSON.email })] };
  const desk = await openBenchDesk(mailboxes, over);
  await platform.introduce?.(desk.house.store);
  await desk.house.close();
  const { product } = await startProgram(desk.folder.path, platform.settings);
  try {
    await untilWatching(product, wishes.channels);
    return await work({ platform, dovecot, mailboxes, database: desk.database });
  } finally {
    await product.kill();
    await platform.stop();
    await dovecot.close();
    await desk.folder.remove();
  }
}

function byChannel(posts: ReturnType<ChatPlatform['posts']>): readonly (readonly number[])[] {
  return [...new Set(posts.map(({ channel }) => channel))].map((channel) => posts.filter((post) => post.channel === channel).map(({ at }) => at));
}

const takenIn = (database: string): number => readDatabase(database, (db) => Number(db.prepare("SELECT COUNT(*) FROM raw_mails WHERE state <> 'stored'").pluck().get()));

function atLeast(value: number, wanted: number): void {
  if (value < wanted) throw new Error(`${value} of ${wanted}`);
}
