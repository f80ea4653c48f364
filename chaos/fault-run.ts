/** One fault after the other, each on a fresh desk: mails come in and answers go out before, during and after it; then everything is counted. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startAnswering } from './answering.js';
import { CannotHappenHere, type Fault } from './faults/fault.js';
import { openHouse } from './house.js';
import { decideAll, deliverAll, firstStart } from './kill-run.js';
import type { ChaosOptions } from './options.js';
import { planMails } from './plan.js';
import { seeded } from './random.js';
import { untilStill } from './settle.js';
import { judge, type Verdict } from './verdict.js';

/** Mails come in portions, so that some arrive at every moment of a fault. */
const PORTIONS = 9;
/** Waits between tries grow with the time a server is down. */
const ANSWERS_TIMEOUT_MS = 180_000;

export interface FaultOutcome {
  readonly name: string;
  readonly what: string;
  readonly ok: boolean;
  /** Why it could not be tried here. */
  readonly skipped?: string;
  /** The log said so; true where nothing has to be said. */
  readonly told?: boolean;
  readonly answers?: { readonly accepted: number; readonly uncertain: number; readonly failed: number };
  readonly retriedFromQuarantine?: number;
  readonly verdict?: Verdict;
  readonly seconds: number;
}

export interface FaultResult {
  readonly kind: 'faults';
  readonly ok: boolean;
  readonly seed: number;
  readonly mails: number;
  readonly outcomes: readonly FaultOutcome[];
}

export async function runFaults(options: ChaosOptions, faults: readonly Fault[]): Promise<FaultResult> {
  const outcomes: FaultOutcome[] = [];
  for (const fault of faults) {
    options.tell(`${fault.name}: ${fault.what}`);
    const began = Date.now();
    try {
      outcomes.push(await runFault(options, fault));
    } catch (error) {
      if (!(error instanceof CannotHappenHere)) throw error;
      outcomes.push({ name: fault.name, what: fault.what, ok: true, skipped: error.message, seconds: Math.round((Date.now() - began) / 1000) });
    }
  }
  return { kind: 'faults', ok: outcomes.every(({ ok }) => ok), seed: options.seed, mails: options.mails, outcomes };
}

async function runFault(options: ChaosOptions, fault: Fault): Promise<FaultOutcome> {
  const began = Date.now();
  const random = seeded(options.seed);
  const plan = planMails(options.mails, options.mailboxes, random);
  const house = await openHouse({ mailboxes: options.mailboxes, ...(fault.driver && { driver: fault.driver }), ...(fault.disk && { disk: fault.disk }) });
  try {
    await firstStart(house);
    const portion = Math.ceil(plan.length / PORTIONS);
    let delivered = 0;
    const deliver = async (portions: number, pauseMs: number): Promise<void> => {
      for (let count = 0; count < portions; count += 1) {
        await deliverAll(house, plan.slice(delivered, delivered + portion));
        delivered += portion;
        await sleep(pauseMs);
      }
    };
    const third = PORTIONS / 3;
    await deliver(third, 100);
    const answering = startAnswering(house.visitor, options.answers, () => options.answers, random);
    const end = await fault.begin(house, random);
    await deliver(third, fault.lastsMs / third);
    await end();
    await deliver(third, 100);
    const patience = Date.now() + ANSWERS_TIMEOUT_MS;
    while (!answering.done() && Date.now() < patience) await sleep(100);
    const { accepted } = await answering.finish();
    await untilStill(house, plan.length);
    const decided = await decideAll(house, accepted, plan.length);
    const verdict = await judge(house, { delivered: plan, accepted, saidArrived: decided.saidArrived });
    const told = fault.told ? fault.told.test(await readFile(house.product.logFile, 'utf8')) : true;
    if (!verdict.ok && options.keep !== undefined) await house.keep(join(options.keep, fault.name));
    return {
      name: fault.name, what: fault.what, ok: verdict.ok && told && accepted.length === options.answers, told,
      answers: { accepted: accepted.length, uncertain: decided.uncertain.length, failed: decided.failed.length }, retriedFromQuarantine: decided.retried, verdict, seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    await house.close();
  }
}
