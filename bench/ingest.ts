/**
 * Ingest end to end against a bare loop, on the same mails of the same Dovecot, alternating. Bare: one connection, whole messages, simpleParser, quote trimming, nothing kept. Ours: watching as the
 * product does it, bytes and ledger synced to disk, mails read, placed, routed, indexed for search, deliveries queued.
 */
import { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Mailbox } from '../src/core/model.js';
import { startDovecot, type Dovecot } from '../test/support/dovecot.js';
import { trimQuotes, watchMailbox } from './built.js';
import { boxes, boxName, clock, log, openBenchDesk } from './desk.js';
import { median, rounded, timed, type Bench } from './figure.js';
import { sampleMail } from './mails.js';

const MAILS = 1_500;
/** The first round of each warms the compiler up and does not count. */
const ROUNDS = 4;
const TARGET = 0.6;
/** All mails are there before the first connection, and all are wanted. */
const SINCE = new Date(0);
const LOOK_MS = 2;

export const ingest: Bench = {
  name: 'ingest',
  async run(tell) {
    const dovecot = await startDovecot({ users: { [boxName(0)]: 'secret' } });
    try {
      await dovecot.deliver(boxName(0), ...Array.from({ length: MAILS }, (_, index) => sampleMail(index)));
      const bare: number[] = [];
      const ours: number[] = [];
      const cpu: Record<'bare' | 'ours', number[]> = { bare: [], ours: [] };
      for (let round = 0; round < ROUNDS; round += 1) {
        const begun = process.cpuUsage();
        bare.push(await timed(() => bareLoop(dovecot)));
        const between = process.cpuUsage();
        ours.push(await ourLoop(dovecot));
        cpu.bare.push(cpuMs(begun, between) / MAILS);
        cpu.ours.push(cpuMs(between, process.cpuUsage()) / MAILS);
        tell(`ingest, round ${round}: bare ${Math.round((MAILS / (bare.at(-1) ?? 1)) * 1000)} mails/s, ours ${Math.round((MAILS / (ours.at(-1) ?? 1)) * 1000)} mails/s`);
      }
      const ratios = ours.map((ms, round) => (bare[round] ?? 0) / ms).slice(1);
      return [
        {
          name: 'ingest', what: 'mails per second end to end, as a share of the bare loop', value: rounded(median(ratios)), unit: 'of bare', target: TARGET, better: 'higher',
          details: {
            mails: MAILS, barePerSecond: Math.round((MAILS / median(bare.slice(1))) * 1000), oursPerSecond: Math.round((MAILS / median(ours.slice(1))) * 1000),
            bareCpuMsPerMail: rounded(median(cpu.bare.slice(1))), oursCpuMsPerMail: rounded(median(cpu.ours.slice(1))),
          },
        },
      ];
    } finally {
      await dovecot.close();
    }
  },
};

/** Time of this process on processors, all its threads: what it costs, however busy the machine is. */
function cpuMs(from: NodeJS.CpuUsage, to: NodeJS.CpuUsage): number {
  return (to.user - from.user + to.system - from.system) / 1_000;
}

async function bareLoop(dovecot: Dovecot): Promise<void> {
  const client = new ImapFlow({ host: '127.0.0.1', port: dovecot.imapPort, secure: false, doSTARTTLS: false, auth: { user: boxName(0), pass: 'secret' }, logger: false });
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  let read = 0;
  for await (const { source } of client.fetch('1:*', { uid: true, source: true })) {
    const mail = await simpleParser(source ?? '');
    if (trimQuotes(mail.text ?? '').visible !== '') read += 1;
  }
  await client.logout();
  if (read !== MAILS) throw new Error(`the bare loop read ${read} of ${MAILS} mails`);
}

/** @returns milliseconds from the first connection to the last mail's deliveries being queued */
async function ourLoop(dovecot: Dovecot): Promise<number> {
  // As if each had come while we watched: history would not be routed to a channel.
  const desk = await openBenchDesk(boxes(1, dovecot.imapPort).map((mailbox): Mailbox => ({ ...mailbox, since: SINCE })));
  try {
    const [mailbox] = desk.mailboxes;
    if (!mailbox) throw new Error('no mailbox');
    const uidValidity = await uidValidityOf(dovecot);
    await desk.house.store.transaction((tx) => tx.cursors.save({ mailboxId: mailbox.id, folder: 'INBOX', uidValidity, lastUid: 0, historyUid: 0 }));
    let all = false;
    const ms = await timed(async () => {
      const watch = watchMailbox({ mailbox, intake: desk.house.intake, clock, log, onState: (_folder, { state }) => (all ||= state === 'watching') });
      // The receiver works while the rest is still being fetched, as its job does.
      while (!all) {
        await desk.receive();
        await sleep(LOOK_MS);
      }
      await desk.receive();
      await watch.stop();
    });
    const lanes = await desk.house.store.deliveries.openLanes();
    if (lanes.length !== MAILS) throw new Error(`cards are queued for ${lanes.length} of ${MAILS} mails`);
    return ms;
  } finally {
    await desk.close();
  }
}

async function uidValidityOf(dovecot: Dovecot): Promise<number> {
  const client = new ImapFlow({ host: '127.0.0.1', port: dovecot.imapPort, secure: false, doSTARTTLS: false, auth: { user: boxName(0), pass: 'secret' }, logger: false });
  await client.connect();
  const { uidValidity } = await client.mailboxOpen('INBOX', { readOnly: true });
  await client.logout();
  return Number(uidValidity);
}
