/**
 * The way out: works off the deliveries of one lane, in order. A delivery is marked as running before anything happens outside and settled after; one that is
 * found running was interrupted by a crash. The job engine never runs a lane twice at once, so whoever finds it running knows that its runner is dead.
 */
import type { Delivery } from '../core/deliveries.js';
import { afterFailure } from '../core/deliveries.js';
import { EffectError } from '../core/errors.js';
import type { Desk } from '../core/model.js';
import type { Clock, Log, NewId } from '../core/ports/effects.js';
import type { Store } from '../core/ports/store.js';
import { wakeLane, type Unit } from './unit.js';

/** How one kind of effect is done. */
export interface EffectRunner {
  /** May it be done again when nobody knows whether the last try arrived? */
  readonly repeatable: boolean;
  /** Faults that no later try will cure. */
  readonly permanent: readonly EffectError['fault'][];
  /** In the transaction that marks it running. @returns false when it is no longer wanted */
  begin?(unit: Unit, delivery: Delivery): Promise<boolean>;
  /** Touches the outside world; what it returns is saved with the delivery's end. @throws EffectError */
  run(delivery: Delivery): Promise<(unit: Unit) => Promise<void>>;
  /** In the transaction that writes down a failed try; `next` says what follows. */
  failed?(unit: Unit, delivery: Delivery, error: EffectError, next: 'retry' | 'failed' | 'uncertain'): Promise<void>;
  /** Asked when it was interrupted: can the outside world tell that it was done? */
  wasDone?(delivery: Delivery): Promise<((unit: Unit) => Promise<void>) | undefined>;
}

export interface DeliverNeeds {
  readonly store: Store;
  readonly desk: () => Promise<Desk>;
  readonly runners: Readonly<Record<Delivery['effect']['kind'], EffectRunner>>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sign: (text: string) => string;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

type Result = { readonly ok: true; readonly save: (unit: Unit) => Promise<void> } | { readonly ok: false; readonly error: EffectError };

export function createDeliverer(needs: DeliverNeeds): (lane: string) => Promise<void> {
  /** Results that could not be saved (disk full, database gone): what happened outside must not be forgotten while we live. */
  const unsaved = new Map<string, Result>();

  const unitOf = async (tx: Unit['tx']): Promise<Unit> => ({ tx, desk: await needs.desk(), now: needs.clock.now(), newId: needs.newId, sign: needs.sign });

  return async function deliverLane(lane) {
    for (;;) {
      const delivery = await needs.store.deliveries.head(lane);
      if (!delivery) return;
      if (delivery.state === 'waiting') {
        if (delivery.dueAt > needs.clock.now()) {
          await needs.store.transaction((tx) => wakeLane({ tx }, lane, delivery.dueAt));
          return;
        }
        if (!(await begin(delivery))) continue;
      }
      const result = unsaved.get(delivery.id) ?? (delivery.state === 'running' ? await recover(delivery) : await run(delivery));
      unsaved.set(delivery.id, result);
      const next = await settle(delivery, result);
      unsaved.delete(delivery.id);
      if (next === 'retry') return;
    }
  };

  async function begin(delivery: Delivery): Promise<boolean> {
    const runner = needs.runners[delivery.effect.kind];
    return needs.store.transaction(async (tx) => {
      const unit = await unitOf(tx);
      if (!(await tx.deliveries.move(delivery.id, 'waiting', 'running', { tries: delivery.tries + 1 }))) return false;
      const wanted = (await runner.begin?.(unit, delivery)) ?? true;
      if (!wanted) await tx.deliveries.move(delivery.id, 'running', 'cancelled', { finishedAt: unit.now });
      return wanted;
    });
  }

  async function run(delivery: Delivery): Promise<Result> {
    try {
      return { ok: true, save: await needs.runners[delivery.effect.kind].run(delivery) };
    } catch (error) {
      return { ok: false, error: asEffectError(error) };
    }
  }

  /** Interrupted: ask the outside world, and where it cannot tell, never guess about what must not happen twice. */
  async function recover(delivery: Delivery): Promise<Result> {
    const runner = needs.runners[delivery.effect.kind];
    needs.log.warn({ delivery: delivery.id, effect: delivery.effect.kind }, 'delivery-interrupted');
    if (runner.repeatable) return run(delivery);
    try {
      const save = await runner.wasDone?.(delivery);
      if (save) return { ok: true, save };
    } catch (error) {
      needs.log.warn({ delivery: delivery.id, error }, 'recovery-check-failed');
    }
    return { ok: false, error: new EffectError('unavailable', false, 'Goniec was stopped while this was under way.') };
  }

  async function settle(delivery: Delivery, result: Result): Promise<'done' | 'retry' | 'failed' | 'uncertain'> {
    const runner = needs.runners[delivery.effect.kind];
    const tried = { ...delivery, tries: delivery.state === 'waiting' ? delivery.tries + 1 : delivery.tries };
    return needs.store.transaction(async (tx) => {
      const unit = await unitOf(tx);
      if (result.ok) {
        await tx.deliveries.move(delivery.id, 'running', 'done', { finishedAt: unit.now });
        await result.save(unit);
        needs.log.info({ delivery: delivery.id, effect: delivery.effect.kind, lane: delivery.lane }, 'delivered');
        return 'done';
      }
      const { error } = result;
      const verdict = afterFailure(
        { certain: error.certain, permanent: runner.permanent.includes(error.fault), retryAfterMs: error.retryAfterMs, repeatable: runner.repeatable },
        tried,
        unit.now,
        needs.random(),
      );
      if (verdict.next === 'retry') {
        await tx.deliveries.move(delivery.id, 'running', 'waiting', { dueAt: verdict.at, lastError: error.message });
        await wakeLane(unit, delivery.lane, verdict.at);
      } else {
        await tx.deliveries.move(delivery.id, 'running', verdict.next, { lastError: error.message, finishedAt: unit.now });
      }
      await runner.failed?.(unit, tried, error, verdict.next);
      needs.log.warn({ delivery: delivery.id, effect: delivery.effect.kind, fault: error.fault, certain: error.certain, next: verdict.next, tries: tried.tries }, 'delivery-failed');
      return verdict.next;
    });
  }
}

/** A defect in a runner happened before or after the outside world was touched, nobody knows which. */
function asEffectError(error: unknown): EffectError {
  return error instanceof EffectError ? error : new EffectError('unavailable', false, error instanceof Error ? error.message : String(error), undefined, { cause: error });
}
