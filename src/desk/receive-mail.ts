/**
 * The way in: what intake has kept is read, recognised, joined or opened, routed and shown. Everything that follows from one mail is saved in one transaction;
 * what cannot be read goes to quarantine, whole.
 */
import type { MailboxId, MessageId } from '../core/ids.js';
import type { Desk, RawMail } from '../core/model.js';
import type { Blobs, Clock, Log, NewId } from '../core/ports/effects.js';
import type { ReadMail } from '../core/ports/mail.js';
import type { Store, Tx } from '../core/ports/store.js';
import type { PatternEngine } from '../core/patterns.js';
import { classifyMail } from '../core/classify-mail.js';
import { ownAddresses } from '../core/sight.js';
import { displaySubject } from '../core/forwards.js';
import type { Arrival } from './arrival.js';
import { recogniseCopy } from './recognise-copy.js';
import { recordBounce } from './record-bounce.js';
import { placeMail } from './place-mail.js';
import { quarantine } from './quarantine.js';
import { takeTooLarge } from './take-too-large.js';
import type { Unit } from './unit.js';

export interface ReceiveNeeds {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly readMail: ReadMail;
  readonly desk: () => Promise<Desk>;
  readonly patterns: PatternEngine;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sign: (text: string) => string;
  readonly log: Log;
}

/** Mails whose results share one transaction: one sync of the disk for all of them. */
const BATCH = 50;
/** A mail that cannot be saved is tried this often before it is held. */
const MAX_TRIES = 3;
/**
 * A mail at which the process died so often is held. Being stopped from outside blames whatever is being read just then, and after each start that is the same first mail: so this
 * is well above what a bad day does to an innocent one.
 */
const MAX_CRASHES = 12;

/** Works off everything that waits in a mailbox. Safe to run again at any time. */
export async function receiveMail(needs: ReceiveNeeds, mailboxId: MailboxId): Promise<void> {
  // Without a transaction, which would hold up others: often nothing is left.
  if ((await needs.store.rawMails.waiting(mailboxId, 1)).length === 0) return;
  let batch = await needs.store.transaction((tx) => take(tx, mailboxId));
  while (batch.length > 0) batch = await receiveBatch(needs, mailboxId, batch);
}

/** The next mails to read. That they are tried is committed before they are looked at: whatever of them kills the process will be found out. */
async function take(tx: Tx, mailboxId: MailboxId): Promise<readonly RawMail[]> {
  const waiting = await tx.rawMails.waiting(mailboxId, BATCH);
  const [first] = waiting;
  // After a crash the culprit is one of the batch: from then on they go one by one.
  const batch = first && first.tries > 0 ? [first] : waiting.filter(({ tries }) => tries === 0);
  await tx.rawMails.countTry(batch.map(({ id }) => id));
  return batch;
}

/** @returns the next batch, which is taken in the same transaction: one sync of the disk for both */
async function receiveBatch(needs: ReceiveNeeds, mailboxId: MailboxId, batch: readonly RawMail[]): Promise<readonly RawMail[]> {
  const desk = await needs.desk();
  const read: { raw: RawMail; arrival: Arrival | Error | 'too-large' }[] = [];
  for (const raw of batch) read.push({ raw, arrival: await readOne(needs, desk, raw) });
  const unitOf = (tx: Tx): Unit => ({ tx, desk, now: needs.clock.now(), newId: needs.newId, sign: needs.sign });
  const done = (): void => {
    for (const { raw } of read) needs.log.info({ rawMail: raw.id, mailbox: raw.mailboxId }, 'received');
  };
  try {
    const next = await needs.store.transaction(async (tx) => {
      const unit = unitOf(tx);
      for (const { raw, arrival } of read) {
        if (arrival === 'too-large') await takeTooLarge(unit, raw);
        else if (arrival instanceof Error) await quarantine(unit, raw, arrival);
        else await placeOne(unit, needs, arrival);
      }
      return take(tx, mailboxId);
    });
    done();
    return next;
  } catch (error) {
    // One of them, or the database: the next run takes them one by one, and holds a mail only after it failed alone several times.
    const [only, another] = batch;
    if (!only || another || only.tries + 1 < MAX_TRIES) throw error;
    // The mail could be read but not saved: a defect. It is held so that the mails behind it go on.
    needs.log.error({ rawMail: only.id, error }, 'place-failed');
    const next = await needs.store.transaction(async (tx) => {
      await quarantine(unitOf(tx), only, error instanceof Error ? error : new Error(String(error)));
      return take(tx, mailboxId);
    });
    done();
    return next;
  }
}

async function readOne(needs: ReceiveNeeds, desk: Desk, raw: RawMail): Promise<Arrival | Error | 'too-large'> {
  const mailbox = desk.mailboxes.find(({ id }) => id === raw.mailboxId);
  if (!mailbox) return new Error(`The mailbox ${raw.mailboxId} is no longer on the desk.`);
  if (!raw.blob && raw.bytes > mailbox.maxMailBytes) return 'too-large';
  if (!raw.blob) return new Error(`The mail server named this mail (folder ${raw.place?.folder ?? ''}, UID ${raw.place?.uid ?? ''}) but did not hand it out. It lies there still.`);
  if (raw.tries >= MAX_CRASHES) return new Error('Goniec stopped while it was reading this mail, more than once.');
  try {
    const mail = await needs.readMail(await needs.blobs.get(raw.blob));
    return { raw, mailbox, mail, kind: classifyMail(mail, ownAddresses(desk)), subject: displaySubject(mail.subject) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function placeOne(unit: Unit, needs: ReceiveNeeds, arrival: Arrival): Promise<void> {
  const settle = (outcome: string, messageId?: MessageId): Promise<void> =>
    unit.tx.rawMails.settle(arrival.raw.id, { state: arrival.raw.historic ? 'history' : 'done', outcome, ...(messageId && { messageId }) });

  const copy = await recogniseCopy(unit, arrival);
  if (copy) return settle(copy.outcome, copy.messageId);

  const bounced = await recordBounce(unit, arrival);
  if (bounced) return settle('bounce', bounced);

  const { messageId, outcome } = await placeMail(unit, needs, arrival);
  return settle(outcome, messageId);
}
