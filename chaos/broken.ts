/**
 * Products that are broken on purpose, to show that the harness would see it. Each takes the real house apart in one place, the way a plausible mistake would.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Tx } from '../src/core/ports/store.js';
import type { House } from '../src/main.js';

export const BREAKS = ['cursor-first', 'send-without-state'] as const;
export type Break = (typeof BREAKS)[number];

/** A slow disk, before the second of two things that belong together. It widens the window that the mistake leaves open, so that a short run meets it, too. */
const SLOW_DISK_MS = 3_000;

export function breakHouse(house: House, how: Break): House {
  return how === 'cursor-first' ? { ...house, intake: cursorFirst(house) } : { ...house, store: withoutSendState(house.store) };
}

/** The cursor moves before the raw mail is stored: what is killed in between is never asked for again. */
function cursorFirst({ intake, store }: House): House['intake'] {
  return {
    ...intake,
    async keep(mailbox, arrivals, cursor) {
      if (cursor) await store.transaction((tx) => tx.cursors.save(cursor));
      if (arrivals.length > 0) await sleep(SLOW_DISK_MS);
      await intake.keep(mailbox, arrivals, cursor);
    },
  };
}

/** A mail is sent without being marked as under way: what is killed before the server's answer is written down is sent again. */
function withoutSendState(store: House['store']): House['store'] {
  const sends = async (tx: Tx, id: Parameters<Tx['deliveries']['get']>[0]): Promise<boolean> => (await tx.deliveries.get(id))?.effect.kind === 'mail.send';
  const careless = (tx: Tx): Tx => ({
    ...tx,
    deliveries: {
      ...tx.deliveries,
      async move(id, from, to, patch) {
        if (!(await sends(tx, id))) return tx.deliveries.move(id, from, to, patch);
        if (to === 'running') return (await tx.deliveries.get(id))?.state === 'waiting';
        await sleep(SLOW_DISK_MS);
        return tx.deliveries.move(id, 'waiting', to, patch);
      },
    },
    messages: {
      ...tx.messages,
      async update(id, patch) {
        if (patch.state !== 'sending') await tx.messages.update(id, patch);
      },
    },
  });
  return { ...store, transaction: (work) => store.transaction((tx) => work(careless(tx))) };
}
