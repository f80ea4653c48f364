/** Cost per mail when 100,000 are stored, against 1,000: kept, read, placed, routed, indexed, queued. Mails are put in by hand, so that only our own work is measured. */
import { openBenchDesk, boxes } from './desk.js';
import { median, rounded, timed, type Bench } from './figure.js';
import { fill, keepMails } from './fill.js';

const SMALL = 1_000;
const LARGE = 100_000;
const SAMPLE = 200;
const PORTION = 100;
/** Of each; the first warms up. */
const ROUNDS = 7;
const TARGET = 1.3;

export const growth: Bench = {
  name: 'growth',
  async run(tell) {
    const small = await openFilled(SMALL);
    const large = await openFilled(LARGE);
    tell('growth: databases filled');
    try {
      const times: Record<'small' | 'large', number[]> = { small: [], large: [] };
      // Alternating, so that what else the machine does meets both.
      for (let round = 0; round < ROUNDS; round += 1) {
        times.small.push(await portion(small, LARGE + round * PORTION));
        times.large.push(await portion(large, LARGE + round * PORTION));
      }
      const perMail = (all: readonly number[]): number => median(all.slice(1)) / PORTION;
      return [
        {
          name: 'growth', what: 'cost per mail at 100,000 stored mails against 1,000', value: rounded(perMail(times.large) / perMail(times.small)), unit: 'times', target: TARGET, better: 'lower',
          details: { msPerMailAt1000: rounded(perMail(times.small), 3), msPerMailAt100000: rounded(perMail(times.large), 3) },
        },
      ];
    } finally {
      await small.close();
      await large.close();
    }
  },
};

type Desk = Awaited<ReturnType<typeof openBenchDesk>>;

/** A desk with so many messages. */
export async function openFilled(messages: number): Promise<Desk> {
  const desk = await openBenchDesk(boxes(1, undefined));
  const [mailbox] = desk.mailboxes;
  if (!mailbox) throw new Error('no mailbox');
  for (let index = 0; index < SAMPLE; index += PORTION) await keepMails(desk.house, mailbox, index, PORTION);
  await desk.receive();
  fill(desk.database, messages);
  return desk;
}

async function portion(desk: Desk, from: number): Promise<number> {
  const [mailbox] = desk.mailboxes;
  if (!mailbox) throw new Error('no mailbox');
  return timed(async () => {
    await keepMails(desk.house, mailbox, from, PORTION);
    await desk.receive();
  });
}
