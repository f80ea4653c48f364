import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RawMailId } from '../../src/core/ids.js';
import { audit } from '../../src/desk/audit.js';
import type { AuditReport } from '../../src/desk/audit-finding.js';
import { compareFolder } from '../../src/desk/audit-servers.js';
import { repairFindings, type RepairNeeds, type Repaired } from '../../src/desk/audit-repair.js';
import { createIntake } from '../../src/desk/keep-mail.js';
import { quarantine } from '../../src/desk/quarantine.js';
import { openAudit } from '../../src/storage/audit.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { newId } from '../../src/storage/new-id.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { quietLog } from '../support/quiet-log.js';
import { NOON } from '../support/samples.js';

let desk: DeskUnderTest;
let opened: Awaited<ReturnType<typeof openAudit>>;
let needs: RepairNeeds;

beforeEach(async () => {
  desk = await openDesk();
  opened = await openAudit(`file:${join(desk.folder, 'goniec.db')}`, quietLog());
  const blobs = openBlobs(join(desk.folder, 'blobs'));
  const common = { store: desk.store, blobs, desk: () => Promise.resolve(desk.desk), clock: { now: desk.now }, newId, sign: (text: string) => text, log: quietLog() };
  const intake = createIntake({ ...common, peekHeaders: () => Promise.resolve({ subject: '', sender: '' }) });
  needs = { ...common, audit: opened.audit, intake, listServerMails: () => Promise.resolve([]), fetchAgain: () => Promise.resolve() };
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' }));
  await desk.receive(mailFrom('Ben Fox <ben@customer.example>', 'Plate', 'It is chipped'));
});
afterEach(async () => {
  await opened.close();
  await desk.close();
});

/** What no use case would do: a hand in the database, or a defect. */
function tamper(...statements: readonly string[]): void {
  const connection = new Database(join(desk.folder, 'goniec.db'), { timeout: 5_000 });
  for (const statement of statements) connection.exec(statement);
  connection.close();
}
const kindsOf = ({ findings }: AuditReport): readonly string[] => findings.map(({ level, kind, ids }) => `${level} ${kind} ${ids.length}`);
const look = async (): Promise<readonly string[]> => kindsOf(await audit(needs));
const repair = async (): Promise<Repaired> => repairFindings(needs, (await audit(needs)).findings);

describe('an audit', () => {
  it('finds nothing where all is well, at every step of a conversation', async () => {
    expect(await audit(needs)).toEqual({ ok: true, findings: [], checked: { server: 0, mails: 2, messages: 2, conversations: 2, files: 2 } });
    await desk.say('marek', 'reply', 1, { text: 'A new one is on its way.' });
    expect(await look()).toEqual([]);
    await desk.settle();
    expect(await look()).toEqual([]);
    desk.pass(20_000);
    await desk.settle();
    await desk.say('marek', 'note', 2, { text: 'Ask the potter.' });
    await desk.settle();
    await desk.receive(mailFrom('Mailer <mailer-daemon@relay.example>', 'Undelivered', 'No such user', { 'In-Reply-To': `<${(await desk.messages(1))[1]?.headerId ?? ''}>`, 'Auto-Submitted': 'auto-replied' }));
    expect(await look()).toEqual([]);
  });

  it('knows what merely waits: kept mail, mail in quarantine, answers in doubt', async () => {
    await desk.keep(mailFrom('Cas <cas@customer.example>', 'Waiting', 'one'));
    expect(await look()).toEqual(['warn waiting 1']);
    await desk.settle();
    desk.mail.send = () => Promise.reject(new Error('the line broke'));
    await desk.say('marek', 'reply', 1, { text: 'Hello' });
    desk.pass(20_000);
    await desk.settle();
    const [raw] = await desk.store.rawMails.waiting('shop' as never, 1);
    expect(raw).toBeUndefined();
    const held = await desk.store.rawMails.get((await desk.messages(2))[0]?.rawMailId as RawMailId);
    if (!held) throw new Error('no raw mail');
    await desk.store.transaction((tx) => quarantine({ tx, desk: desk.desk, now: desk.now(), newId, sign: (text) => text }, held, new Error('for the test')));
    const report = await audit(needs);
    expect(report.ok).toBe(true);
    expect(kindsOf(report)).toEqual(['warn quarantined 1', 'warn uncertain 1']);
  });

  it('finds a card that nobody will post, and posts it', async () => {
    await desk.keep(mailFrom('Cas <cas@customer.example>', 'Cardless', 'one'));
    await desk.settle();
    tamper("DELETE FROM deliveries WHERE lane LIKE 'chat:%'", "UPDATE conversations SET cardRef = NULL, threadRef = NULL WHERE number = 3", "DELETE FROM posts WHERE conversationId = (SELECT id FROM conversations WHERE number = 3)");
    expect(await look()).toEqual(['bad card-missing 1', 'bad post-missing 1']);
    expect(await repair()).toEqual({ count: 2, problems: [] });
    // In line is as good as there.
    expect(await look()).toEqual([]);
    const before = desk.bridge.cards().length;
    await desk.settle();
    expect(desk.bridge.cards()).toHaveLength(before + 1);
    expect(await look()).toEqual([]);
    expect(desk.bridge.thread(3)).not.toHaveLength(0);
  });

  it('finds a mail and a note that are missing in their threads, and shows them', async () => {
    tamper("DELETE FROM posts WHERE aboutKind = 'message'");
    expect(await look()).toEqual(['bad post-missing 2']);
    await repair();
    await desk.settle();
    expect(await look()).toEqual([]);
    await desk.say('marek', 'note', 1, { text: 'Only for us' });
    await desk.settle();
    tamper("UPDATE notes SET via = 'elsewhere'");
    expect(await look()).toEqual(['bad note-missing 1']);
    await repair();
    await desk.settle();
    expect(await look()).toEqual([]);
  });

  it('finds a card that could not be brought up to date', async () => {
    desk.bridge.failNext('invalid');
    await desk.say('marek', 'claim', 1);
    await desk.settle();
    expect(await look()).toEqual(['bad post-stale 1']);
    await repair();
    await desk.settle();
    expect(await look()).toEqual([]);
  });

  it('finds an answer that nothing would ever send, and leaves it to a person: it may have been sent', async () => {
    await desk.say('marek', 'reply', 1, { text: 'A new one is on its way.' });
    tamper("DELETE FROM deliveries WHERE lane LIKE 'mail:%'");
    expect(await look()).toEqual(['bad answer-unsent 1']);
    await repair();
    desk.pass(60_000);
    await desk.settle();
    expect(desk.sink.mails).toEqual([]);
    expect((await desk.messages(1)).at(-1)?.state).toBe('uncertain');
    expect(await look()).toEqual(['warn uncertain 1']);
  });

  it('finds a mail whose message is gone, and reads it again', async () => {
    tamper('PRAGMA foreign_keys = OFF', "DELETE FROM messages WHERE subject = 'Plate'", "DELETE FROM events WHERE conversationId = (SELECT id FROM conversations WHERE number = 2)", "DELETE FROM posts WHERE conversationId = (SELECT id FROM conversations WHERE number = 2)");
    expect(await look()).toEqual(['bad mail-without-message 1']);
    await repair();
    expect(await look()).toEqual(['warn waiting 1']);
    await desk.settle();
    expect(await look()).toEqual([]);
    expect(desk.bridge.posts.filter(({ post }) => JSON.stringify(post).includes('It is chipped')).length).toBeGreaterThan(1);
  });

  it('finds bytes that are gone, and fetches them where the server still has them', async () => {
    const raw = mailFrom('Dan <dan@customer.example>', 'Bytes', 'four').replace(/\r?\n/g, '\r\n');
    const place = { folder: 'INBOX', uidValidity: 7, uid: 12 };
    await desk.receive(raw, { place });
    const hashes = (await opened.audit.blobs()).map(({ hash }) => hash);
    await removeBlobs(hashes);
    const report = await audit(needs);
    expect(kindsOf(report)).toEqual(['bad blob-missing 3']);
    expect(report.ok).toBe(false);

    // Two came by SMTP and are on no server. This mailbox takes mail by SMTP only, so it has to be one that reads first.
    const imap = { host: 'h', port: 1, security: 'tls', user: 'u', password: 'p', ca: undefined, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' }, sentFolder: undefined, pollSeconds: 60 } as const;
    const reading = { ...desk.desk, mailboxes: desk.desk.mailboxes.map((mailbox) => ({ ...mailbox, imap })) };
    const asked: number[] = [];
    const repaired = await repairFindings(
      {
        ...needs,
        desk: () => Promise.resolve(reading),
        fetchAgain: async (_mailbox, { uids }, take) => {
          asked.push(...uids);
          await take([{ source: 'imap', place, raw: Buffer.from(raw), headers: undefined, bytes: raw.length, recipients: [], receivedAt: NOON, historic: false, reread: true }]);
        },
      },
      report.findings,
    );
    expect(asked).toEqual([12]);
    expect(repaired).toEqual({ count: 1, problems: [] });
    expect(await look()).toEqual(['bad blob-missing 2']);
    expect((await audit(needs)).checked.mails).toBe(3);
  });

  it('finds what is there twice, what has no mail and answers without a Message-ID', async () => {
    await desk.say('marek', 'reply', 1, { text: 'Hello' });
    desk.pass(20_000);
    await desk.settle();
    tamper(
      "UPDATE messages SET headerId = NULL WHERE direction = 'out'",
      "UPDATE messages SET rawMailId = (SELECT MIN(id) FROM raw_mails) WHERE direction = 'in'",
      "INSERT INTO posts (bridge, ref, conversationId, aboutKind, aboutId) SELECT bridge, ref || '-again', conversationId, aboutKind, aboutId FROM posts LIMIT 1",
    );
    expect(await look()).toEqual(['bad message-twice 1', 'bad answer-without-id 1', 'bad post-twice 1']);
    tamper("UPDATE messages SET rawMailId = 'gone' WHERE subject = 'Plate'");
    expect(await look()).toEqual(['bad message-without-mail 1', 'bad answer-without-id 1', 'bad post-twice 1']);
    expect(await repair()).toEqual({ count: 0, problems: [] });
  });

  it('says what could not be compared, and repairs the rest all the same', async () => {
    const mailboxes = desk.desk.mailboxes.map((mailbox) => ({
      ...mailbox, imap: { host: 'h', port: 1, security: 'tls', user: 'u', password: 'p', ca: undefined, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' }, sentFolder: undefined, pollSeconds: 60 } as const,
    }));
    const reading: RepairNeeds = { ...needs, desk: () => Promise.resolve({ ...desk.desk, mailboxes }) };
    await desk.store.transaction((tx) => tx.cursors.save({ mailboxId: 'shop' as never, folder: 'INBOX', uidValidity: 7, lastUid: 12, historyUid: 10 }));
    await desk.receive(mailFrom('Dan <dan@customer.example>', 'Eleven', 'four'), { place: { folder: 'INBOX', uidValidity: 7, uid: 11 } });
    const with_ = (list: RepairNeeds['listServerMails']): Promise<AuditReport> => audit({ ...reading, listServerMails: list });
    const mails = (...uids: number[]): { uid: number; receivedAt: Date }[] => uids.map((uid) => ({ uid, receivedAt: NOON }));

    expect(kindsOf(await with_(() => Promise.resolve([{ folder: 'INBOX', uidValidity: 7, mails: mails(11) }])))).toEqual([]);
    const lost = await with_(() => Promise.resolve([{ folder: 'INBOX', uidValidity: 7, mails: mails(11, 12, 13) }]));
    expect(lost.findings).toMatchObject([{ kind: 'lost', ids: ['12'], params: { mailbox: 'shop', folder: 'INBOX', count: 1 } }, { kind: 'unread', ids: ['13'] }]);
    expect(kindsOf(await with_(() => Promise.resolve([{ folder: 'INBOX', uidValidity: 8, mails: mails(1) }])))).toEqual(['warn renumbered 0']);
    expect(kindsOf(await with_(() => Promise.resolve([{ folder: 'INBOX', problem: 'no such folder' }])))).toEqual(['bad unchecked 1']);
    const down = await with_(() => Promise.reject(new Error('connection refused')));
    expect(down.ok).toBe(false);
    expect(down.findings).toMatchObject([{ kind: 'unchecked', detail: 'connection refused' }]);

    tamper("DELETE FROM posts WHERE aboutKind = 'message'");
    const findings = [...lost.findings, ...(await audit(needs)).findings];
    expect(await repairFindings({ ...reading, fetchAgain: () => Promise.reject(new Error('connection refused')) }, findings)).toEqual({ count: 3, problems: ['lost: connection refused'] });
  });

  async function removeBlobs(hashes: readonly string[]): Promise<void> {
    const files = await readdir(join(desk.folder, 'blobs'), { recursive: true });
    for (const file of files) if (hashes.some((hash) => file.endsWith(`${hash}.gz`))) await rm(join(desk.folder, 'blobs', file));
  }
});

describe('comparing a folder with the ledger (laws)', () => {
  const uid = fc.integer({ min: 1, max: 60 });
  const uids = fc.uniqueArray(uid, { maxLength: 40 });
  const old = new Date(NOON.getTime() - 3_600_000);

  it('every mail between history and cursor is in the ledger or lost, every later one unread, nothing else is told', () => {
    fc.assert(
      fc.property(uids, uids, uid, uid, (server, kept, historyUid, lastUid) => {
        const ledger = new Set(kept);
        const { lost, unread, compared } = compareFolder({ mails: server.map((each) => ({ uid: each, receivedAt: NOON })) }, { historyUid, lastUid }, ledger, NOON);
        const due = server.filter((each) => each > historyUid && each <= lastUid);
        expect(compared).toBe(due.length);
        expect(new Set(lost)).toEqual(new Set(due.filter((each) => !ledger.has(each))));
        expect(unread.every((each) => each > lastUid && each > historyUid && !ledger.has(each))).toBe(true);
        expect(lost.filter((each) => unread.includes(each))).toEqual([]);
      }),
    );
  });

  it('keeping what was lost leaves nothing lost', () => {
    fc.assert(
      fc.property(uids, uids, uid, uid, (server, kept, historyUid, lastUid) => {
        const mails = server.map((each) => ({ uid: each, receivedAt: NOON }));
        const cursor = { historyUid, lastUid };
        const { lost } = compareFolder({ mails }, cursor, new Set(kept), undefined);
        expect(compareFolder({ mails }, cursor, new Set([...kept, ...lost]), undefined).lost).toEqual([]);
      }),
    );
  });

  it('mail that was left alone at the first connection is not lost', () => {
    const mails = [{ uid: 1, receivedAt: old }, { uid: 2, receivedAt: NOON }];
    expect(compareFolder({ mails }, { historyUid: 0, lastUid: 2 }, new Set(), NOON).lost).toEqual([2]);
    // With a history mark the UID tells: an old mail moved into the folder later is due.
    expect(compareFolder({ mails: mails.map((mail) => ({ ...mail, uid: mail.uid + 5 })) }, { historyUid: 5, lastUid: 7 }, new Set(), NOON).lost).toEqual([6, 7]);
  });
});

describe('an audit of a desk that was damaged at random (law)', () => {
  const DAMAGES: Readonly<Record<string, string>> = {
    cards: "UPDATE conversations SET cardRef = NULL, threadRef = NULL",
    posts: "DELETE FROM posts WHERE aboutKind = 'message'",
    deliveries: "DELETE FROM deliveries WHERE state = 'waiting'",
    running: "UPDATE deliveries SET state = 'failed' WHERE state = 'waiting' AND coalesce IS NOT NULL",
    ledger: "UPDATE raw_mails SET messageId = 'gone' WHERE id = (SELECT MAX(id) FROM raw_mails)",
  };

  it('what is repaired and worked off leaves only what a person decides', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(Object.keys(DAMAGES), { minLength: 1 }), fc.boolean(), async (damages, answered) => {
        await desk.receive(mailFrom('Eve <eve@customer.example>', `Damaged ${newId()}`, 'five'));
        if (answered) await desk.say('marek', 'reply', 1, { text: 'Hello' });
        tamper(...damages.map((damage) => DAMAGES[damage] ?? ''));
        await repair();
        desk.pass(60_000);
        await desk.settle();
        const report = await audit(needs);
        expect(report.findings.filter(({ level }) => level === 'bad')).toEqual([]);
        expect(report.findings.every(({ kind }) => kind === 'uncertain')).toBe(true);
        // No answer left twice.
        expect(new Set(desk.sink.mails.map(({ messageId }) => messageId)).size).toBe(desk.sink.mails.length);
      }),
      { numRuns: 12 },
    );
  });
});
