/** From arrival to card, over the bare IDLE notification: both listen to the same mailbox, and what is measured is how much later than the notification the card stands. */
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../test/support/eventually.js';
import { startDovecot } from '../test/support/dovecot.js';
import { listenBare } from './bare-idle.js';
import { startGoniec } from './built.js';
import { boxes, boxName, log, openBenchDesk } from './desk.js';
import { median, percentile, rounded, type Bench } from './figure.js';
import { sampleMail } from './mails.js';

const MAILS = 40;
const WARM_UP = 5;
/** Dovecot looks once a second; mails come at every moment of that second. */
const APART_MS = 130;
const TARGET_MS = 50;

export const latency: Bench = {
  name: 'latency',
  async run() {
    const dovecot = await startDovecot({ users: { [boxName(0)]: 'secret' } });
    const desk = await openBenchDesk(boxes(1, dovecot.imapPort));
    const goniec = await startGoniec(desk.config, log, { house: desk.house });
    const bareIdle = await listenBare(dovecot, boxName(0));
    try {
      let cardAt = 0;
      goniec.store.onChange(({ conversations }) => {
        for (const id of conversations) void goniec.store.conversations.get(id).then((conversation) => (cardAt ||= conversation?.cardRef === undefined ? 0 : performance.now()));
      });
      const after: number[] = [];
      const bare: number[] = [];
      for (let index = 0; index < MAILS + WARM_UP; index += 1) {
        bareIdle.reset();
        cardAt = 0;
        const deliveredAt = performance.now();
        await dovecot.deliver(boxName(0), sampleMail(index));
        await eventually(() => {
          if (bareIdle.notifiedAt() === 0 || cardAt === 0) throw new Error('not yet');
        }, { timeoutMs: 30_000 });
        if (index >= WARM_UP) {
          after.push(cardAt - bareIdle.notifiedAt());
          bare.push(bareIdle.notifiedAt() - deliveredAt);
        }
        await sleep((index % 8) * APART_MS);
      }
      return [
        {
          name: 'latency', what: 'from arrival to card, over the bare IDLE notification, median', value: rounded(median(after), 1), unit: 'ms', target: TARGET_MS, better: 'lower',
          details: { p95Ms: rounded(percentile(after, 0.95), 1), bareNotificationMs: rounded(median(bare), 0), mails: MAILS },
        },
      ];
    } finally {
      await bareIdle.stop();
      await goniec.stop();
      await desk.folder.remove();
      await dovecot.close();
    }
  },
};
