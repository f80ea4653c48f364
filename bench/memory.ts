/** Resident memory at rest with one watched mailbox, and what each further one takes: 200 of them on a real Dovecot, each with its own connection in IDLE. */
import { setTimeout as sleep } from 'node:timers/promises';

import { startDovecot, type Dovecot } from '../test/support/dovecot.js';
import { boxes, boxName, openBenchDesk } from './desk.js';
import { median, rounded, type Bench } from './figure.js';
import { startProgram, untilWatching } from './program.js';

const MAILBOXES = 200;
/** Until what the start left behind is collected. */
const REST_MS = 20_000;
const SAMPLES = 5;
const MB = 1024 * 1024;
const TARGET_AT_REST_MB = 200;
const TARGET_EACH_MB = 1;

export const memory: Bench = {
  name: 'memory',
  async run(tell) {
    const dovecot = await startDovecot({ users: Object.fromEntries(Array.from({ length: MAILBOXES }, (_, index) => [boxName(index), 'secret'])) });
    try {
      const one = await restingBytes(dovecot, 1);
      tell(`memory: one mailbox ${rounded(one / MB, 1)} MB`);
      const many = await restingBytes(dovecot, MAILBOXES);
      return [
        { name: 'memory-at-rest', what: 'resident memory at rest, one mailbox', value: rounded(one / MB, 1), unit: 'MB', target: TARGET_AT_REST_MB, better: 'lower', details: {} },
        {
          name: 'memory-per-mailbox', what: 'resident memory for each further watched mailbox', value: rounded((many - one) / MB / (MAILBOXES - 1)), unit: 'MB', target: TARGET_EACH_MB, better: 'lower',
          details: { mailboxes: MAILBOXES, allMB: rounded(many / MB, 1) },
        },
      ];
    } finally {
      await dovecot.close();
    }
  },
};

async function restingBytes(dovecot: Dovecot, mailboxes: number): Promise<number> {
  const desk = await openBenchDesk(boxes(mailboxes, dovecot.imapPort));
  await desk.house.close();
  const { product } = await startProgram(desk.folder.path);
  try {
    await untilWatching(product, mailboxes);
    await sleep(REST_MS);
    const samples: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      samples.push(product.rssBytes());
      await sleep(500);
    }
    return median(samples);
  } finally {
    await product.kill();
    await desk.folder.remove();
  }
}
