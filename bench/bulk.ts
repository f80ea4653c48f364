/** 1,000 conversations closed at once, in a desk with 4,000 messages: from the confirmation to the last one. */
import type { AgentId, BulkId } from '../src/core/ids.js';
import { newId, runBulk } from './built.js';
import { clock, log, openBenchDesk, boxes } from './desk.js';
import { rounded, timed, type Bench } from './figure.js';
import { fill, keepMails } from './fill.js';

/** Fewer than a bulk takes at most: the search finds all of them, and the first are chosen. */
const MESSAGES = 4_000;
const CLOSED = 1_000;
const SAMPLE = 200;
const TARGET_S = 5;

export const bulk: Bench = {
  name: 'bulk',
  async run(tell) {
    const desk = await openBenchDesk(boxes(1, undefined));
    try {
      const [mailbox] = desk.mailboxes;
      if (!mailbox) throw new Error('no mailbox');
      await keepMails(desk.house, mailbox, 0, SAMPLE);
      await desk.receive();
      fill(desk.database, MESSAGES);
      tell('bulk: database filled');
      const { house } = desk;
      const say = (verb: string, args: Readonly<Record<string, string>>) => house.perform({ verb, args, actor: 'marek' as AgentId, via: 'web', conversationId: undefined, revision: undefined, eventId: undefined });
      const only = Array.from({ length: CLOSED }, (_, index) => String(index + 1)).join(',');
      const asked = await say('bulk', { do: 'close', words: 'is:open -is:closed', only });
      const id = ('actions' in asked ? asked.actions?.[0]?.args['id'] : undefined) ?? '';
      const begun = await say('bulk-go', { id });
      if (begun.kind !== 'done') throw new Error(`the bulk did not begin: ${asked.message.key}, ${begun.message.key}`);
      const began = process.cpuUsage();
      const ms = await timed(() => runBulk({ store: house.store, desk: house.desk, clock, newId, sign: house.sign, log, stopping: () => false }, id as BulkId));
      const { user, system } = process.cpuUsage(began);
      const counts = await house.store.bulks.counts(id as BulkId);
      if (counts.done !== CLOSED) throw new Error(`${counts.done} of ${CLOSED} conversations were closed`);
      return [{ name: 'bulk-close', what: '1,000 conversations closed at once', value: rounded(ms / 1000), unit: 's', target: TARGET_S, better: 'lower', details: { closed: counts.done, processorS: rounded((user + system) / 1_000_000) } }];
    } finally {
      await desk.close();
    }
  },
};
