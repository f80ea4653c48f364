import { createHash } from 'node:crypto';

import type { BlobHash, ChannelId, ConversationId, MailboxId, MessageId } from '../../src/core/ids.js';
import { headerIdFor } from '../../src/core/message-ids.js';
import type { Mailbox, Message, ServerLogin } from '../../src/core/model.js';

export const CONVERSATION = { id: '0198c2a0-0000-7000-8000-000000000042' as ConversationId, number: 42, mailboxId: 'shop' as MailboxId };

/** As `Vault.sign`: 80 bits, lower-case base32. */
export function sign(text: string): string {
  const digest = createHash('sha256').update(`test secret ${text}`).digest();
  return Array.from(digest.subarray(0, 16), (byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]).join('');
}

export function aMailbox(changes: Partial<Mailbox> = {}): Mailbox {
  return {
    id: CONVERSATION.mailboxId,
    kind: 'imap',
    address: 'desk@shop.test',
    name: 'Shop',
    aliases: [],
    locale: 'en',
    signature: '',
    channel: 'support' as ChannelId,
    imap: undefined,
    smtp: undefined,
    since: undefined,
    maxMailBytes: 25 * 1024 * 1024,
    maxAnswerBytes: 20e6,
    approval: false,
    followUpDays: undefined, answerWithin: undefined,
    undoSeconds: 15,
    plusAddressing: false,
    ...changes,
  };
}

export function aLogin(changes: Partial<ServerLogin> = {}): ServerLogin {
  return { host: '127.0.0.1', port: 1, security: 'none', user: undefined, password: undefined, ca: undefined, trustAnyCertificate: false, ...changes };
}

export function anAnswer(changes: Partial<Message> = {}): Message {
  const id = '0198c2a0-0000-7000-8000-0000000000aa' as MessageId;
  return {
    id,
    conversationId: CONVERSATION.id,
    direction: 'out',
    automatic: undefined,
    rawMailId: undefined,
    headerId: headerIdFor(sign, CONVERSATION, id, aMailbox()),
    inReplyTo: 'question@customer.test',
    references: ['question@customer.test'],
    from: { address: 'desk@shop.test', name: 'Shop' },
    to: [{ address: 'anna@customer.test', name: 'Anna' }],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: 'Where is my parcel?',
    text: 'It is **on its way**.',
    hiddenText: '',
    hiddenLines: 0,
    hasHtml: false,
    attachments: [],
    authorId: undefined,
    state: 'queued',
    problem: undefined,
    keepsTurn: false, dueAt: undefined,
    sendAt: new Date('2025-06-01T10:00:15Z'),
    sentAt: undefined,
    revision: 2,
    contentHash: '',
    language: undefined,
    createdAt: new Date('2025-06-01T10:00:00Z'),
    ...changes,
  };
}

export function hashOf(content: Uint8Array): BlobHash {
  return createHash('sha256').update(content).digest('hex') as BlobHash;
}
