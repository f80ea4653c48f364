import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import type { BlobHash, ConversationId, DeliveryId, MessageId, NoteId, RawMailId } from '../../src/core/ids.js';
import { chatLane, mailLane } from '../../src/core/deliveries.js';
import type { RawMail } from '../../src/core/model.js';
import type { AuditStore } from '../../src/core/ports/audit.js';
import { openAudit } from '../../src/storage/audit.js';
import { inspectDatabase } from '../../src/storage/inspect.js';
import { newId } from '../../src/storage/new-id.js';
import { openStore } from '../../src/storage/open.js';
import { openVault } from '../../src/storage/vault.js';
import { freshDatabase } from '../support/postgres.js';
import { quietLog } from '../support/quiet-log.js';
import { aConversation, aDesk, aMessage, NOON } from '../support/samples.js';
import { available } from '../support/servers.js';
import { tempFolder } from '../support/temp-folder.js';

const temp = tempFolder('audit-store');
afterAll(() => temp.remove());

const aRawMail = (over: Partial<RawMail>): RawMail => ({
  id: newId() as RawMailId, mailboxId: 'shop' as never, source: 'smtp', place: undefined, blob: undefined, bytes: 10, recipients: [], receivedAt: NOON, state: 'done', historic: false, tries: 0,
  outcome: undefined, messageId: undefined, subject: '', sender: '', ...over,
});

/** The same damaged database for each engine, and what is to be found in it. */
function suite(engine: string, url: () => Promise<string>): void {
  it(`${engine}: finds each thing that does not fit, and nothing else`, async () => {
    const databaseUrl = await url();
    expect(await inspectDatabase(databaseUrl)).toEqual({ state: 'new', engine });
    const { store } = await openStore({ databaseUrl, vault: openVault('a secret of more than enough letters'), log: quietLog(), newId, clock: { now: () => NOON } });
    expect(await inspectDatabase(databaseUrl)).toEqual({ state: 'current', engine });
    const { audit, close } = await openAudit(databaseUrl, quietLog());
    const hash = (letter: string): BlobHash => letter.repeat(64) as BlobHash;
    const [shown, cardless, removed] = ['c-shown', 'c-cardless', 'c-removed'] as unknown as [ConversationId, ConversationId, ConversationId];
    await store.transaction(async (tx) => {
      await tx.desk.save(aDesk());
      await tx.customers.add({ id: 'customer-1' as never, name: 'Anna', addresses: ['anna@customer.example'], language: 'en' });
      await tx.conversations.create(aConversation({ id: shown }));
      await tx.conversations.setRefs(shown, { cardRef: 'card' as never, threadRef: 'thread' as never });
      await tx.conversations.create(aConversation({ id: cardless }));
      // Its channel is no longer on the desk: nobody can see it there.
      await tx.conversations.create(aConversation({ id: removed, channelId: 'gone' as never }));
      const whole = aRawMail({ id: 'r-whole' as RawMailId, blob: hash('a'), messageId: 'm-shown' as MessageId, outcome: 'opened' });
      await tx.rawMails.addMany([
        whole,
        aRawMail({ id: 'r-known' as RawMailId, blob: hash('a'), outcome: 'known' }),
        aRawMail({ id: 'r-alone' as RawMailId, blob: hash('b'), outcome: 'known' }),
        aRawMail({ id: 'r-gone' as RawMailId, messageId: 'm-gone' as MessageId }),
        aRawMail({ id: 'r-waits' as RawMailId, state: 'stored' }),
        aRawMail({ id: 'r-held' as RawMailId, state: 'quarantined' }),
      ]);
      const file = { id: 'f' as never, fileName: 'a.pdf', contentType: 'application/pdf', bytes: 1, inline: false, contentId: undefined, content: { kind: 'blob', hash: hash('c') } } as const;
      await tx.messages.add(aMessage({ id: 'm-shown' as MessageId, conversationId: shown, rawMailId: whole.id }));
      await tx.posts.save({ bridge: 'web', ref: 'p1' as never, conversationId: shown, about: { kind: 'message', id: 'm-shown' as MessageId } });
      await tx.messages.add(aMessage({ id: 'm-unshown' as MessageId, conversationId: shown, rawMailId: whole.id }));
      await tx.messages.add(aMessage({ id: 'm-inline' as MessageId, conversationId: shown, rawMailId: 'r-nowhere' as RawMailId }));
      await tx.deliveries.add({ id: 'd-inline' as DeliveryId, lane: chatLane(shown), coalesce: 'message:m-inline', effect: { kind: 'chat.message', conversationId: shown, messageId: 'm-inline' as MessageId }, dueAt: NOON, createdAt: NOON });
      await tx.messages.add(aMessage({ id: 'm-bounce' as MessageId, conversationId: shown, rawMailId: 'r-gone' as RawMailId, automatic: { kind: 'bounce', reason: 'dsn' } }));
      await tx.messages.add(aMessage({ id: 'm-queued' as MessageId, conversationId: removed, direction: 'out', state: 'queued', attachments: [file] }));
      await tx.deliveries.add({ id: 'd-send' as DeliveryId, lane: mailLane(removed), coalesce: undefined, effect: { kind: 'mail.send', messageId: 'm-queued' as MessageId }, dueAt: NOON, createdAt: NOON });
      await tx.messages.add(aMessage({ id: 'm-stuck' as MessageId, conversationId: removed, direction: 'out', state: 'sending', headerId: undefined }));
      await tx.messages.add(aMessage({ id: 'm-doubt' as MessageId, conversationId: removed, direction: 'out', state: 'uncertain' }));
      for (const via of ['web', 'cli']) await tx.notes.add({ id: `n-${via}` as NoteId, conversationId: shown, authorId: 'marek' as never, text: 'x', files: via === 'cli' ? [{ blob: hash('d'), fileName: 'b.pdf', contentType: 'application/pdf', bytes: 1 }] : [], via, revision: 1, createdAt: NOON, editedAt: undefined, deletedAt: undefined, pinnedAt: undefined });
      await tx.posts.save({ bridge: 'web', ref: 'p2' as never, conversationId: shown, about: { kind: 'message', id: 'm-shown' as MessageId } });
      const card = { lane: chatLane(shown), coalesce: `card:${shown}`, effect: { kind: 'chat.card', conversationId: shown }, dueAt: NOON, createdAt: NOON } as const;
      await tx.deliveries.add({ ...card, id: 'd-card' as DeliveryId });
      await tx.deliveries.add({ ...card, id: 'd-copy' as DeliveryId, coalesce: undefined, effect: { kind: 'mail.copy', messageId: 'm-doubt' as MessageId } });
      for (const id of ['d-card', 'd-copy'] as DeliveryId[]) await tx.deliveries.move(id, 'waiting', 'failed', { finishedAt: NOON });
    });

    const answers: { readonly [Question in keyof AuditStore]: Awaited<ReturnType<AuditStore[Question]>> } = {
      counts: { mails: 6, messages: 7, conversations: 3 },
      blobs: [{ hash: hash('a'), mail: 'r-known' as RawMailId }, { hash: hash('b'), mail: 'r-alone' as RawMailId }, { hash: hash('c'), mail: undefined }, { hash: hash('d'), mail: undefined }],
      mailsWaiting: [{ id: 'r-waits' as RawMailId, mailboxId: 'shop' as never }],
      mailsInQuarantine: ['r-held' as RawMailId],
      mailsWithoutMessage: [{ id: 'r-alone' as RawMailId, mailboxId: 'shop' as never }, { id: 'r-gone' as RawMailId, mailboxId: 'shop' as never }],
      mailsTwice: ['r-whole' as RawMailId],
      messagesWithoutMail: ['m-inline' as MessageId],
      cardsMissing: [cardless],
      messagePostsMissing: [{ conversationId: shown, messageId: 'm-unshown' as MessageId }],
      notePostsMissing: [{ conversationId: shown, noteId: 'n-cli' as NoteId }],
      postsTwice: ['m-shown'],
      postsStale: [{ id: 'd-card' as DeliveryId, effect: { kind: 'chat.card', conversationId: shown } }],
      answersUnsent: [{ conversationId: removed, messageId: 'm-stuck' as MessageId }],
      answersWithoutId: ['m-stuck' as MessageId],
      answersUncertain: ['m-doubt' as MessageId],
      deliveriesFailed: ['d-copy' as DeliveryId],
    };
    expect(await audit.counts()).toEqual(answers.counts);
    expect([...(await audit.blobs())].sort((one, other) => (one.hash < other.hash ? -1 : 1))).toEqual(answers.blobs);
    for (const question of Object.keys(answers) as (keyof AuditStore)[]) if (question !== 'counts' && question !== 'blobs') expect([question, await audit[question]()]).toEqual([question, answers[question]]);
    await close();
    await store.close();
  });
}

describe('the questions of an audit', () => {
  suite('sqlite', () => Promise.resolve(`file:${join(temp.path, 'audit.db')}`));
});
describe.runIf(available('postgresql'))('the questions of an audit on PostgreSQL', () => {
  suite('postgresql', () => freshDatabase());
});
