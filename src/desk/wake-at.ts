import type { Tx } from '../core/ports/store.js';

/** Runs a timer when its time has come; what it does then is decided from the store. An earlier time for the same timer wins. */
export async function wakeAt(unit: { readonly tx: Pick<Tx, 'jobs'> }, timer: string, at: Date): Promise<void> {
  await unit.tx.jobs.enqueue({ task: 'timers', payload: timer, queue: timer, key: timer, runAt: at });
}
