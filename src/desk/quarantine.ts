import type { RawMail } from '../core/model.js';
import type { RawMailId } from '../core/ids.js';
import { Refusal } from '../core/errors.js';
import { quarantineLane } from '../core/deliveries.js';
import { queueDelivery, type StaffUnit, type Unit } from './unit.js';

/** Holds a mail that could not be processed: kept whole, with its reason, told in the mailbox's channel, retried by a person. */
export async function quarantine(unit: Unit, raw: RawMail, reason: Error): Promise<void> {
  await unit.tx.rawMails.settle(raw.id, { state: 'quarantined', outcome: reason.message });
  await queueDelivery(unit, { lane: quarantineLane(raw.id), effect: { kind: 'chat.quarantine', rawMailId: raw.id }, coalesce: `quarantine:${raw.id}` });
}

/** Puts a held mail back in line. */
export async function retryQuarantined(unit: StaffUnit, rawMailId: RawMailId): Promise<RawMail> {
  const raw = await unit.tx.rawMails.get(rawMailId);
  if (!raw || raw.state !== 'quarantined') throw new Refusal('refused.not-in-quarantine');
  await unit.tx.rawMails.settle(raw.id, { state: 'stored', outcome: 'retry' });
  await wakeReceiver(unit, raw.mailboxId);
  return raw;
}

export async function wakeReceiver(unit: Pick<Unit, 'tx' | 'now'>, mailboxId: string): Promise<void> {
  await unit.tx.jobs.enqueue({ task: 'receive', payload: mailboxId, queue: `receive:${mailboxId}`, key: `receive:${mailboxId}`, runAt: unit.now });
}
