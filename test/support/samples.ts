/** Sample values for tests: each function gives a complete, valid thing and takes what the test is about. */
import type { AgentId, ChannelId, ConversationId, CustomerId, FolderId, LabelId, MailboxId, MessageId, TeamId, TemplateId } from '../../src/core/ids.js';
import { DEFAULT_SPAM } from '../../src/core/senders.js';
import type { ParsedMail } from '../../src/core/mail.js';
import type { Agent, Conversation, Desk, Mailbox, Message, Template } from '../../src/core/model.js';

export const NOON = new Date('2026-11-20T12:00:00Z');

export function aConversation(over: Partial<Conversation> = {}): Conversation {
  return {
    id: 'conversation-1' as ConversationId, number: 42, mailboxId: 'shop' as MailboxId, customerId: 'customer-1' as CustomerId, subject: 'Broken cup', status: 'open', assigneeId: undefined, teamId: undefined,
    labels: [], priority: 'normal', channelId: 'orders' as ChannelId, folderId: undefined, revision: 1, participants: ['anna@customer.example'], language: 'en', excerpt: 'The cup is broken.', waitingSince: NOON, dueAt: undefined,
    snoozedUntil: undefined, followUpAt: undefined, mergedInto: undefined, warning: undefined, threadRef: undefined, cardRef: undefined, createdAt: NOON, updatedAt: NOON, ...over,
  };
}

export function aMessage(over: Partial<Message> = {}): Message {
  return {
    id: 'message-1' as MessageId, conversationId: 'conversation-1' as ConversationId, direction: 'in', automatic: undefined, rawMailId: undefined, headerId: 'first@customer.example', inReplyTo: undefined, references: [],
    from: { address: 'anna@customer.example', name: 'Anna' }, to: [{ address: 'shop@desk.example', name: 'Shop' }], cc: [], bcc: [], replyTo: [], subject: 'Broken cup', text: 'The cup is broken.', hiddenText: '', hiddenLines: 0,
    hasHtml: false, attachments: [], authorId: undefined, state: 'received', problem: undefined, keepsTurn: false, dueAt: undefined, sendAt: undefined, sentAt: NOON, revision: 1, contentHash: 'hash-1', language: 'en', createdAt: NOON, ...over,
  };
}

export function aParsedMail(over: Partial<ParsedMail> = {}): ParsedMail {
  return {
    messageId: 'first@customer.example', inReplyTo: [], references: [], from: { address: 'anna@customer.example', name: 'Anna' }, sender: undefined, replyTo: [], to: [{ address: 'shop@desk.example', name: 'Shop' }], cc: [],
    subject: 'Broken cup', date: NOON, headers: new Map(), text: 'The cup is broken.', visibleText: 'The cup is broken.', hiddenText: '', hiddenLines: 0, html: undefined, attachments: [], bytes: 500, language: 'en',
    forwarded: false, report: undefined, contentHash: 'hash-1', ...over,
  };
}

export function anAgent(over: Partial<Agent> = {}): Agent {
  return { id: 'marek' as AgentId, name: 'Marek Kos', email: 'marek@desk.example', role: 'agent', locale: 'en', timeZone: 'Europe/Warsaw', teams: [], theme: 'system', approval: false, ...over };
}

export function aMailbox(over: Partial<Mailbox> = {}): Mailbox {
  return {
    id: 'shop' as MailboxId, kind: 'smtp', address: 'shop@desk.example', name: 'Shop', aliases: [], locale: 'en', signature: '', channel: 'orders' as ChannelId, imap: undefined,
    smtp: { host: '127.0.0.1', port: 2526, security: 'none', user: undefined, password: undefined, ca: undefined, trustAnyCertificate: false },
    since: undefined, maxMailBytes: 25_000_000, maxAnswerBytes: 20_000_000, undoSeconds: 15, approval: false, followUpDays: undefined, answerWithin: undefined, plusAddressing: false, ...over,
  };
}

export function aTemplate(over: Partial<Template> = {}): Template {
  return { id: 'hello' as TemplateId, name: 'Hello', category: '', texts: [{ language: 'en', body: 'Hello {{customer.firstName|there}}, we are on it.' }], mailboxes: [], teams: [], files: [], ...over };
}

export function aDesk(over: Partial<Desk> = {}): Desk {
  return {
    name: 'Sample desk', locale: 'en', sample: true, hours: { timeZone: 'Europe/Warsaw', week: { 1: [{ from: 540, to: 1020 }], 2: [{ from: 540, to: 1020 }], 3: [{ from: 540, to: 1020 }], 4: [{ from: 540, to: 1020 }], 5: [{ from: 540, to: 1020 }] } }, spam: DEFAULT_SPAM,
    mailboxes: [aMailbox()],
    channels: [{ id: 'orders' as ChannelId, name: 'orders', bridge: 'web', target: 'orders' }, { id: 'returns' as ChannelId, name: 'returns', bridge: 'web', target: 'returns' }],
    teams: [{ id: 'care' as TeamId, name: 'Care', dealing: 'by-hand', duty: [] }],
    agents: [anAgent(), anAgent({ id: 'anna' as AgentId, name: 'Anna Zielińska', email: 'anna@desk.example', locale: 'pl', teams: ['care' as TeamId] }), anAgent({ id: 'vera' as AgentId, name: 'Vera Guest', email: 'vera@desk.example', role: 'viewer' }), anAgent({ id: 'ada' as AgentId, name: 'Ada Chief', email: 'ada@desk.example', role: 'admin' })],
    folders: [{ id: 'system' as FolderId, name: 'System mail' }, { id: 'news' as FolderId, name: 'Newsletters' }],
    labels: [{ id: 'complaint' as LabelId, name: 'complaint', colour: 1 }],
    templates: [aTemplate(), aTemplate({ id: 'received' as TemplateId, name: 'Received', texts: [{ language: 'en', body: 'We have your mail, {{customer.name|dear customer}}.' }] })],
    rules: [], ...over,
  };
}
