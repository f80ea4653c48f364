/** The product is killed again and again while mails come in and answers go out; then everything is counted. */
import { setTimeout as sleep } from 'node:timers/promises';

import { startAnswering } from './answering.js';
import { openHouse, type House } from './house.js';
import type { ChaosOptions } from './options.js';
import { mailboxName, planMails, type PlannedMail } from './plan.js';
import { seeded, type Random } from './random.js';
import { decide, untilStill, type Decided } from './settle.js';
import { judge, type Verdict } from './verdict.js';

/** Share of the kills that hit a start, before the product says that it is ready. */
const KILLS_WHILE_STARTING = 0.2;
/** A kill comes at a random moment of this time after the start or after it is ready, in milliseconds. */
const STARTING_MS = 1_500;
const WORKING_MS = 2_500;
/** The SMTP server's answers take up to this long, so that some kills come between a mail and its answer. */
const SLOW_ANSWER_MS = 300;
/** A kill waits so long for an answer to be on its way, so that there is something to break; a machine that is too busy is killed all the same. */
const ANSWER_PATIENCE_MS = 4_000;

export interface KillResult {
  readonly kind: 'kills';
  readonly ok: boolean;
  readonly seed: number;
  readonly broken: string | undefined;
  readonly mails: number;
  readonly copies: number;
  readonly kills: number;
  readonly starts: number;
  readonly readyAfterMs: { readonly median: number; readonly worst: number };
  readonly answers: { readonly accepted: number; readonly repeatedCalls: number; readonly heldFirst: number; readonly uncertain: number; readonly saidArrived: number; readonly failed: number };
  readonly retriedFromQuarantine: number;
  readonly verdict: Verdict;
  readonly seconds: number;
}

export async function runKills(options: ChaosOptions): Promise<KillResult> {
  const began = Date.now();
  const random = seeded(options.seed);
  const plan = planMails(options.mails, options.mailboxes, random);
  const { broken } = options;
  const house = await openHouse({ mailboxes: options.mailboxes, ...(broken && { driver: () => ({ CHAOS_BREAK: broken }) }) });
  try {
    house.smtpLine.delayMs = () => random.whole(0, SLOW_ANSWER_MS);
    await firstStart(house);
    const delivery = startDelivery(house, plan, options.kills);
    // Answers spread over the kills.
    const answering = startAnswering(house.visitor, options.answers, () => Math.ceil((options.answers * (delivery.rounds() + 1)) / (options.kills + 1)), random);
    for (let kill = 1; kill <= options.kills; kill += 1) {
      await delivery.round();
      const before = answering.count();
      await killOnce(house, random, () => answering.count() > before || answering.done());
      if (kill % 10 === 0 || kill === options.kills) options.tell(`${kill} of ${options.kills} kills, ${delivery.count()} mails delivered, ${answering.count()} answers accepted`);
    }
    await ensureReady(house);
    await delivery.rest();
    await untilStill(house, plan.length);
    const patience = Date.now() + 2_000 * Math.max(5, options.answers);
    while (!answering.done() && Date.now() < patience) await sleep(100);
    const { accepted, repeated, held } = await answering.finish();
    if (accepted.length < options.answers) throw new Error(`only ${accepted.length} of ${options.answers} answers could be given`);
    await untilStill(house, plan.length);
    options.tell('still; a person decides what is left');
    const decided = await decideAll(house, accepted, plan.length);
    options.tell('counting');
    const verdict = await judge(house, { delivered: plan, accepted, saidArrived: decided.saidArrived });
    if (!verdict.ok && options.keep !== undefined) await house.keep(options.keep);
    const { starts, readyAfterMs } = house.product;
    const sorted = [...readyAfterMs].sort((one, other) => one - other);
    return {
      kind: 'kills', ok: verdict.ok, seed: options.seed, broken, mails: plan.length, copies: plan.filter(({ kind }) => kind === 'copy').length, kills: options.kills, starts,
      readyAfterMs: { median: sorted[Math.floor(sorted.length / 2)] ?? 0, worst: sorted.at(-1) ?? 0 },
      answers: { accepted: accepted.length, repeatedCalls: repeated, heldFirst: held, uncertain: decided.uncertain.length, saidArrived: decided.saidArrived.size, failed: decided.failed.length },
      retriedFromQuarantine: decided.retried, verdict, seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    await house.close();
  }
}

/** The first connection settles what is history, so nothing is delivered before it. */
export async function firstStart(house: House): Promise<void> {
  house.product.start();
  if (!(await house.product.ready())) throw new Error(`the product ended at its start; see ${house.product.logFile}`);
  while (!(await house.product.watches()).every((state) => state === 'watching') || (await house.product.watches()).length < house.mailboxes) await sleep(50);
  // Logging in is slow on purpose, and limited: it is no part of what is tried.
  await house.visitor.page('/');
}

/** What a person does once all is still, and waiting for what follows from it. */
export async function decideAll(house: House, accepted: Parameters<typeof decide>[1], mails: number): Promise<Decided> {
  const decided = await decide(house, accepted);
  await untilStill(house, mails);
  return decided;
}

async function killOnce(house: House, random: Random, answered: () => boolean): Promise<void> {
  if (!house.product.running) house.product.start();
  if (random.next() < KILLS_WHILE_STARTING) await sleep(random.whole(0, STARTING_MS));
  else {
    await house.product.ready();
    const patience = Date.now() + ANSWER_PATIENCE_MS;
    while (!answered() && Date.now() < patience) await sleep(20);
    await sleep(random.whole(0, WORKING_MS));
  }
  await house.product.kill();
  house.product.start();
}

async function ensureReady(house: House): Promise<void> {
  if (!house.product.running) house.product.start();
  if (!(await house.product.ready())) throw new Error(`the product does not start any more; see ${house.product.logFile}`);
}

/** Mails arrive in rounds, one for each kill and one after the last; each round goes on while the next kill is waited for. */
function startDelivery(house: House, plan: readonly PlannedMail[], kills: number): { round(): Promise<void>; rest(): Promise<void>; rounds(): number; count(): number } {
  let rounds = 0;
  let next = 0;
  let failure: unknown;
  let under: Promise<void> = Promise.resolve();
  const deliver = (until: number): void => {
    const some = plan.slice(next, until);
    next = Math.max(next, until);
    under = under.then(() => deliverAll(house, some)).catch((error: unknown) => (failure ??= error)) as Promise<void>;
  };
  const check = (): void => {
    if (failure) throw failure instanceof Error ? failure : new Error('a mail could not be delivered');
  };
  return {
    async round() {
      await under;
      check();
      rounds += 1;
      deliver(Math.floor((plan.length * rounds) / (kills + 1)));
    },
    async rest() {
      deliver(plan.length);
      await under;
      check();
    },
    rounds: () => rounds,
    count: () => next,
  };
}

/** Over LMTP, those of one mailbox in order. */
export async function deliverAll(house: House, mails: readonly PlannedMail[]): Promise<void> {
  for (let mailbox = 0; mailbox < house.mailboxes; mailbox += 1) {
    const some = mails.filter((mail) => mail.mailbox === mailbox);
    if (some.length > 0) await house.dovecot.deliver(mailboxName(mailbox), ...some.map(({ raw }) => raw));
  }
}
