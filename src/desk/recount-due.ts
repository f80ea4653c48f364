/** After `goniec apply` promised answers within another time, or other opening hours: when those are due that customers wait for already. */
import { dueAfter } from '../core/due.js';
import type { ConversationId } from '../core/ids.js';
import type { Clock, NewId } from '../core/ports/effects.js';
import type { Store, Tx } from '../core/ports/store.js';
import type { Condition } from '../core/search/query.js';
import { moveDue, type Unit } from './unit.js';

/** Payload of the timer. */
export const RECOUNT_DUE = 'recount-due';
const WAITING: readonly Condition[] = [{ kind: 'status', status: 'open', not: false }, { kind: 'waiting', not: false }];
/** More customers than ever wait at once. */
const MOST_WAITING = 100_000;
/** Conversations of a transaction: others get their turn in between. */
const PORTION = 25;

export async function wakeRecount({ jobs }: Pick<Tx, 'jobs'>, now: Date): Promise<void> {
  await jobs.enqueue({ task: 'timers', payload: RECOUNT_DUE, queue: RECOUNT_DUE, key: RECOUNT_DUE, runAt: now });
}

/** Safe to run again: what is counted right stays as it is. */
export async function recountDue({ store, clock, newId, sign }: { readonly store: Store; readonly clock: Clock; readonly newId: NewId; readonly sign: (text: string) => string }): Promise<void> {
  const waiting = await store.search.conversations({ conditions: WAITING, number: undefined }, MOST_WAITING);
  for (let at = 0; at < waiting.length; at += PORTION) {
    await store.transaction(async (tx) => {
      const unit: Unit = { tx, desk: await tx.desk.load(), now: clock.now(), newId, sign };
      for (const id of waiting.slice(at, at + PORTION)) await recount(unit, id);
    });
  }
}

async function recount(unit: Unit, id: ConversationId): Promise<void> {
  const conversation = await unit.tx.conversations.get(id);
  if (conversation?.status !== 'open') return;
  const dueAt = dueAfter(unit.now, unit.desk, conversation, undefined, undefined);
  if (dueAt?.getTime() !== conversation.dueAt?.getTime()) await moveDue(unit, conversation, dueAt);
}
