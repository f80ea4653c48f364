/**
 * Reconciles what lies on the mail servers, the ledger of intake, the store and the chat: whatever was taken in must have become something, whatever is to be
 * seen must be shown or in line, and nothing may be there twice. Reads only; `audit-repair` puts right what needs no person.
 */
import type { Effect } from '../core/deliveries.js';
import type { AuditStore } from '../core/ports/audit.js';
import type { AuditFinding, AuditNeeds, AuditReport, Repair } from './audit-finding.js';
import { auditServers } from './audit-servers.js';

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
  if ('messageId' in effect) return effect.messageId;
  if ('noteId' in effect) return effect.noteId;
  if ('noticeId' in effect) return effect.noticeId;
  return 'rawMailId' in effect ? effect.rawMailId : effect.conversationId;
}

type CountedKind =
  | 'answer-unsent' | 'answer-without-id' | 'blob-missing' | 'card-missing' | 'delivery-failed' | 'mail-without-message' | 'message-twice' | 'message-without-mail' | 'note-missing' | 'post-missing'
  | 'post-stale' | 'post-twice' | 'quarantined' | 'uncertain' | 'waiting';

/** Nothing found is no finding. */
function found(level: AuditFinding['level'], kind: CountedKind, ids: readonly string[], repair?: Repair): readonly AuditFinding[] {
  return ids.length === 0 ? [] : [{ level, kind, key: `audit.${kind}`, params: { count: ids.length }, ids, repair }];
}

const idsOf = (things: readonly { readonly id: string }[]): readonly string[] => things.map(({ id }) => id);
