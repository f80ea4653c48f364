/**
 * Reconciles what lies on the mail servers, the ledger of intake, the store and the chat: whatever was taken in must have become something, whatever is to be
 * seen must be shown or in line, and nothing may be there twice. Reads only; `audit-repair` puts right what needs no person.
 */
import type { AuditStore, ListServerMails } from '../core/ports/audit.js';
import type { ConversationId, DeliveryId, MessageId, NoteId, RawMailId } from '../core/ids.js';
import type { Desk, Mailbox } from '../core/model.js';
import type { Effect } from '../core/deliveries.js';
import type { Blobs } from '../core/ports/effects.js';
import type { Intake } from '../core/ports/intake.js';
import type { Store } from '../core/ports/store.js';
import type { MessageKey, MessageParams } from '../core/language/catalogue.js';
import { auditServers } from './audit-servers.js';

/** bad: something is missing, twice, or could not be compared; warn: it waits, for its turn or for a person. */
export interface AuditFinding {
  readonly level: 'warn' | 'bad';
  /** The last part of its text's key, for tools: 'lost', 'card-missing' ... */
  readonly kind: string;
  readonly key: MessageKey;
  readonly params: MessageParams;
  /** What it is about: UIDs, or ids of mails, messages, conversations, deliveries or files. */
  readonly ids: readonly string[];
  /** A server's own words. */
  readonly detail?: string | undefined;
  /** How it is put right without a person; undefined where that cannot be. */
  readonly repair?: Repair | undefined;
}

export type Repair =
  | { readonly how: 'fetch-again'; readonly mailbox: Mailbox; readonly folder: string; readonly uidValidity: number; readonly uids: readonly number[] }
  /** The bytes of these mails are gone; where their server still has them, they can be fetched. */
  | { readonly how: 'restore-bytes'; readonly mails: readonly RawMailId[] }
  | { readonly how: 'read-again'; readonly mails: readonly { readonly id: RawMailId; readonly mailboxId: Mailbox['id'] }[] }
  | { readonly how: 'wake'; readonly mailboxes: readonly Mailbox['id'][] }
  | { readonly how: 'show-card'; readonly conversations: readonly ConversationId[] }
  | { readonly how: 'show-message'; readonly messages: readonly { readonly conversationId: ConversationId; readonly messageId: MessageId }[] }
  | { readonly how: 'show-note'; readonly notes: readonly { readonly conversationId: ConversationId; readonly noteId: NoteId }[] }
  | { readonly how: 'show-again'; readonly deliveries: readonly { readonly id: DeliveryId; readonly effect: Effect }[] }
  /** They may have been sent, so they are never sent again by themselves: a person decides on the card. */
  | { readonly how: 'mark-uncertain'; readonly messages: readonly { readonly conversationId: ConversationId; readonly messageId: MessageId }[] };

export interface AuditNeeds {
  readonly store: Store;
  readonly audit: AuditStore;
  readonly blobs: Pick<Blobs, 'has'>;
  readonly desk: () => Promise<Desk>;
  readonly intake: Pick<Intake, 'takenSince'>;
  readonly listServerMails: ListServerMails;
}

export interface AuditReport {
  /** Nothing is missing, nothing is twice, and everything could be compared. */
  readonly ok: boolean;
  readonly findings: readonly AuditFinding[];
  /** How much was compared. */
  readonly checked: { readonly server: number; readonly mails: number; readonly messages: number; readonly conversations: number; readonly files: number };
}

/** Files asked for at once. */
const FILES_AT_ONCE = 64;

export async function audit(needs: AuditNeeds): Promise<AuditReport> {
  const desk = await needs.desk();
  const servers = await auditServers(needs, desk);
  const files = await auditBlobs(needs);
  const findings = [...servers.findings, ...(await auditLedger(needs.audit)), ...files.findings, ...(await auditAnswers(needs.audit)), ...(await auditChat(needs.audit))];
  return { ok: findings.every(({ level }) => level !== 'bad'), findings, checked: { server: servers.compared, files: files.compared, ...(await needs.audit.counts()) } };
}

async function auditLedger(store: AuditStore): Promise<readonly AuditFinding[]> {
  const waiting = await store.mailsWaiting();
  const held = await store.mailsInQuarantine();
  const without = await store.mailsWithoutMessage();
  const twice = await store.mailsTwice();
  const orphans = await store.messagesWithoutMail();
  return [
    ...found('bad', 'mail-without-message', idsOf(without), { how: 'read-again', mails: without }),
    ...found('bad', 'message-without-mail', orphans),
    ...found('bad', 'message-twice', twice),
    ...found('warn', 'waiting', idsOf(waiting), { how: 'wake', mailboxes: [...new Set(waiting.map(({ mailboxId }) => mailboxId))] }),
    ...found('warn', 'quarantined', held),
  ];
}

async function auditBlobs({ audit: store, blobs }: AuditNeeds): Promise<{ readonly findings: readonly AuditFinding[]; readonly compared: number }> {
  const wanted = await store.blobs();
  const missing: (typeof wanted)[number][] = [];
  for (let at = 0; at < wanted.length; at += FILES_AT_ONCE) {
    const some = wanted.slice(at, at + FILES_AT_ONCE);
    const there = await Promise.all(some.map(({ hash }) => blobs.has(hash)));
    missing.push(...some.filter((_blob, index) => !there[index]));
  }
  const mails = missing.flatMap(({ mail }) => (mail ? [mail] : []));
  return {
    findings: found('bad', 'blob-missing', missing.map(({ hash, mail }) => mail ?? hash), mails.length > 0 ? { how: 'restore-bytes', mails } : undefined),
    compared: wanted.length,
  };
}

async function auditAnswers(store: AuditStore): Promise<readonly AuditFinding[]> {
  const unsent = await store.answersUnsent();
  return [
    ...found('bad', 'answer-unsent', unsent.map(({ messageId }) => messageId), { how: 'mark-uncertain', messages: unsent }),
    ...found('bad', 'answer-without-id', await store.answersWithoutId()),
    ...found('warn', 'uncertain', await store.answersUncertain()),
    ...found('warn', 'delivery-failed', await store.deliveriesFailed()),
  ];
}

async function auditChat(store: AuditStore): Promise<readonly AuditFinding[]> {
  const cards = await store.cardsMissing();
  const messages = await store.messagePostsMissing();
  const notes = await store.notePostsMissing();
  // What was never posted is told as missing, not as out of date as well.
  const missing = new Set<string>([...cards, ...messages.map(({ messageId }) => messageId), ...notes.map(({ noteId }) => noteId)]);
  const stale = (await store.postsStale()).filter(({ effect }) => !missing.has(shownBy(effect)));
  return [
    ...found('bad', 'card-missing', cards, { how: 'show-card', conversations: cards }),
    ...found('bad', 'post-missing', messages.map(({ messageId }) => messageId), { how: 'show-message', messages }),
    ...found('bad', 'note-missing', notes.map(({ noteId }) => noteId), { how: 'show-note', notes }),
    ...found('bad', 'post-stale', idsOf(stale), { how: 'show-again', deliveries: stale }),
    ...found('bad', 'post-twice', await store.postsTwice()),
  ];
}

/** What a delivery shows. */
function shownBy(effect: Effect): string {
  switch (effect.kind) {
    case 'chat.card':
      return effect.conversationId;
    case 'chat.note':
      return effect.noteId;
    case 'chat.quarantine':
    case 'mail.after-intake':
      return effect.rawMailId;
    case 'chat.message':
    case 'mail.send':
    case 'mail.copy':
      return effect.messageId;
  }
}

type CountedKind =
  | 'answer-unsent' | 'answer-without-id' | 'blob-missing' | 'card-missing' | 'delivery-failed' | 'mail-without-message' | 'message-twice' | 'message-without-mail' | 'note-missing' | 'post-missing'
  | 'post-stale' | 'post-twice' | 'quarantined' | 'uncertain' | 'waiting';

/** Nothing found is no finding. */
function found(level: AuditFinding['level'], kind: CountedKind, ids: readonly string[], repair?: Repair): readonly AuditFinding[] {
  return ids.length === 0 ? [] : [{ level, kind, key: `audit.${kind}`, params: { count: ids.length }, ids, repair }];
}

const idsOf = (things: readonly { readonly id: string }[]): readonly string[] => things.map(({ id }) => id);
