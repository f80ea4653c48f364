/** Puts right what an audit found and what needs no person. It queues; a running desk, or the next start, does the work. Run again, it does no harm. */
import type { Effect } from '../core/deliveries.js';
import { quarantineLane } from '../core/deliveries.js';
import type { ConversationId, MessageId, RawMailId } from '../core/ids.js';
import type { Conversation, Mailbox } from '../core/model.js';
import type { FetchAgain } from '../core/ports/audit.js';
import type { Clock, NewId } from '../core/ports/effects.js';
import type { Intake } from '../core/ports/intake.js';
import type { AuditFinding, AuditNeeds, Repair } from './audit-finding.js';
import { wakeReceiver } from './quarantine.js';
import { BY_GONIEC, change, queueDelivery, showCard, showMessage, showNote, type Unit } from './unit.js';

export interface RepairNeeds extends Omit<AuditNeeds, 'intake'> {
  readonly intake: Pick<Intake, 'keep' | 'takenSince'>;
  readonly fetchAgain: FetchAgain;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sign: (text: string) => string;
}

export interface Repaired {
  /** How many things were put back in line. */
  readonly count: number;
  /** Why something could not be, in the words of a mail server or of the system. */
  readonly problems: readonly string[];
}

/** One repair that fails does not keep the others from being made. */
export async function repairFindings(needs: RepairNeeds, findings: readonly AuditFinding[]): Promise<Repaired> {
  let count = 0;
  const problems: string[] = [];
  for (const { kind, repair } of findings) {
    if (!repair) continue;
    try {
      count += await carryOut(needs, repair);
    } catch (error) {
      problems.push(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { count, problems };
}

async function carryOut(needs: RepairNeeds, repair: Repair): Promise<number> {
  switch (repair.how) {
    case 'fetch-again':
      return fetchAgain(needs, repair.mailbox, repair);
    case 'restore-bytes':
      return restoreBytes(needs, repair.mails);
    case 'read-again':
      return inUnit(needs, repair.mails, async (unit, { id, mailboxId }) => {
        await unit.tx.rawMails.settle(id, { state: 'stored', outcome: 'audit' });
        await wakeReceiver(unit, mailboxId);
        return true;
      });
    case 'wake':
      // They were in line already.
      await inUnit(needs, repair.mailboxes, async (unit, mailbox) => {
        await wakeReceiver(unit, mailbox);
        return true;
      });
      return 0;
    case 'show-card':
      return inUnit(needs, repair.conversations, (unit, id) => withConversation(unit, id, (conversation) => showCard(unit, conversation)));
    case 'show-message':
      return inUnit(needs, repair.messages, (unit, { conversationId, messageId }) => withConversation(unit, conversationId, (conversation) => showMessage(unit, conversation, messageId)));
    case 'show-note':
      return inUnit(needs, repair.notes, (unit, { conversationId, noteId }) => withConversation(unit, conversationId, (conversation) => showNote(unit, conversation, noteId)));
    case 'show-again':
      return inUnit(needs, repair.deliveries, (unit, { effect }) => showAgain(unit, effect));
    case 'mark-uncertain':
      return inUnit(needs, repair.messages, (unit, { conversationId, messageId }) => withConversation(unit, conversationId, (conversation) => markUncertain(unit, conversation, messageId)));
  }
}

/** Lost mails go through intake as if they had just come; those that are known under another UID are recognised there. */
async function fetchAgain(needs: RepairNeeds, mailbox: Mailbox, from: { readonly folder: string; readonly uidValidity: number; readonly uids: readonly number[] }): Promise<number> {
  let kept = 0;
  await needs.fetchAgain(mailbox, from, async (arrivals) => {
    await needs.intake.keep(mailbox, arrivals, undefined);
    kept += arrivals.length;
  });
  return kept;
}

/** Intake puts the bytes back and leaves the ledger as it is, since it knows the place. */
async function restoreBytes(needs: RepairNeeds, mails: readonly RawMailId[]): Promise<number> {
  const { mailboxes } = await needs.desk();
  const places = new Map<string, { readonly mailbox: Mailbox; readonly folder: string; readonly uidValidity: number; readonly uids: number[] }>();
  for (const id of mails) {
    const raw = await needs.store.rawMails.get(id);
    const mailbox = mailboxes.find((known) => known.id === raw?.mailboxId);
    if (!raw?.place || !mailbox?.imap) continue;
    const { folder, uidValidity, uid } = raw.place;
    const key = JSON.stringify([mailbox.id, folder, uidValidity]);
    const place = places.get(key) ?? { mailbox, folder, uidValidity, uids: [] };
    place.uids.push(uid);
    places.set(key, place);
  }
  for (const { mailbox, ...from } of places.values()) await fetchAgain(needs, mailbox, from);
  let restored = 0;
  for (const id of mails) {
    const blob = (await needs.store.rawMails.get(id))?.blob;
    if (blob !== undefined && (await needs.blobs.has(blob))) restored += 1;
  }
  return restored;
}

async function showAgain(unit: Unit, effect: Effect): Promise<boolean> {
  switch (effect.kind) {
    case 'chat.card':
      return withConversation(unit, effect.conversationId, (conversation) => showCard(unit, conversation));
    case 'chat.message':
      return withConversation(unit, effect.conversationId, (conversation) => showMessage(unit, conversation, effect.messageId));
    case 'chat.note':
      return withConversation(unit, effect.conversationId, (conversation) => showNote(unit, conversation, effect.noteId));
    case 'chat.quarantine':
      await queueDelivery(unit, { lane: quarantineLane(effect.rawMailId), effect, coalesce: `quarantine:${effect.rawMailId}` });
      return true;
    default:
      return false;
  }
}

/** As after a line that broke: its card offers "it arrived" and "send it again". */
async function markUncertain(unit: Unit, conversation: Conversation, messageId: MessageId): Promise<void> {
  const message = await unit.tx.messages.get(messageId);
  if (!message || !['queued', 'sending'].includes(message.state)) return;
  await unit.tx.messages.update(messageId, { state: 'uncertain', problem: { key: 'problem.crashed', params: {}, detail: undefined } });
  const saved = await change(unit, conversation, {}, { what: 'send-uncertain', actor: BY_GONIEC, data: { address: message.to[0]?.address ?? '' } });
  await showMessage(unit, saved, messageId);
}

async function withConversation(unit: Unit, id: ConversationId, work: (conversation: Conversation) => Promise<unknown>): Promise<boolean> {
  const conversation = await unit.tx.conversations.get(id);
  if (!conversation) return false;
  await work(conversation);
  return true;
}

/** Each thing in a transaction of its own: a repair of thousands must not hold up a desk that runs. */
async function inUnit<Thing>(needs: RepairNeeds, things: readonly Thing[], work: (unit: Unit, thing: Thing) => Promise<boolean>): Promise<number> {
  const desk = await needs.desk();
  let done = 0;
  for (const thing of things) {
    if (await needs.store.transaction((tx) => work({ tx, desk, now: needs.clock.now(), newId: needs.newId, sign: needs.sign }, thing))) done += 1;
  }
  return done;
}
