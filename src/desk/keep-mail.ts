import type { RawMailId } from '../core/ids.js';
import type { Desk, Mailbox, RawMail } from '../core/model.js';
import type { Blobs, Clock, NewId } from '../core/ports/effects.js';
import type { ArrivedMail, Intake } from '../core/ports/intake.js';
import type { PeekHeaders } from '../core/ports/mail.js';
import type { Store } from '../core/ports/store.js';
import { afterIntakeLane } from '../core/deliveries.js';
import { wakeReceiver } from './quarantine.js';
import { queueDelivery } from './unit.js';

export interface KeepNeeds {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly peekHeaders: PeekHeaders;
  readonly desk: () => Promise<Desk>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sign: (text: string) => string;
}

/** Nothing is understood here: bytes, ledger row and cursor become safe together, before anything else can fail. */
export function createIntake(needs: KeepNeeds): Intake {
  return {
    cursor: (mailbox, folder) => needs.store.cursors.get(mailbox, folder),

    async takenSince(mailboxId, folder) {
      const mailbox = (await needs.desk()).mailboxes.find(({ id }) => id === mailboxId);
      return mailbox?.since ?? needs.store.cursors.firstSavedAt(mailboxId, folder);
    },

    async keep(mailbox, arrivals, cursor) {
      const rows = await Promise.all(arrivals.map((arrival) => keepBytes(needs, mailbox, arrival)));
      const desk = await needs.desk();
      await needs.store.transaction(async (tx) => {
        const reread = arrivals.some((arrival) => arrival.reread);
        const known = reread ? await tx.rawMails.knownBlobs(mailbox.id, rows.flatMap(({ blob }) => (blob ? [blob] : []))) : new Set<string>();
        const ledger = rows.map((row, index): RawMail => (arrivals[index]?.reread && row.blob && known.has(row.blob) ? { ...row, state: 'done', outcome: 'known' } : row));
        if (ledger.length > 0) await tx.rawMails.addMany(ledger);
        if (cursor) await tx.cursors.save(cursor);
        if (ledger.some(({ state }) => state === 'stored')) await wakeReceiver({ tx, now: needs.clock.now() }, mailbox.id);
        if (mailbox.imap && mailbox.imap.after.do !== 'leave') {
          const unit = { tx, desk, now: needs.clock.now(), newId: needs.newId, sign: needs.sign };
          for (const row of ledger) {
            if (row.place && row.blob && !row.historic) await queueDelivery(unit, { lane: afterIntakeLane(mailbox.id), effect: { kind: 'mail.after-intake', rawMailId: row.id } });
          }
        }
      });
    },
  };
}

async function keepBytes(needs: KeepNeeds, mailbox: Mailbox, arrival: ArrivedMail): Promise<RawMail> {
  // Before anything is waited for: ids in the order of arrival keep mails of one second in order, and an answer behind what it answers.
  const id = needs.newId() as RawMailId;
  const blob = arrival.raw && (await needs.blobs.put(arrival.raw));
  // Read here only where nothing else ever will: the mail itself stays on the server.
  const seen = !blob && arrival.headers ? await needs.peekHeaders(arrival.headers) : { subject: '', sender: '' };
  return {
    id,
    mailboxId: mailbox.id,
    source: arrival.source,
    place: arrival.place,
    blob,
    bytes: arrival.bytes,
    recipients: arrival.recipients,
    receivedAt: arrival.receivedAt,
    state: 'stored',
    historic: arrival.historic,
    tries: 0,
    outcome: undefined,
    messageId: undefined,
    subject: seen.subject,
    sender: seen.sender,
  };
}
