import type { AttachmentId, MessageId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import type { Arrival } from './arrival.js';
import type { Unit } from './unit.js';

/** The message that a mail becomes in its conversation. */
export function inboundMessage(unit: Unit, { mail, raw }: Arrival, conversation: Conversation, automatic: Message['automatic']): Message {
  return {
    id: unit.newId() as MessageId,
    conversationId: conversation.id,
    direction: 'in',
    automatic,
    rawMailId: raw.id,
    headerId: mail.messageId,
    inReplyTo: mail.inReplyTo[0],
    references: mail.references,
    from: mail.from ?? mail.sender ?? { address: '', name: '' },
    to: mail.to,
    cc: mail.cc,
    bcc: [],
    replyTo: mail.replyTo,
    subject: mail.subject,
    text: mail.visibleText,
    hiddenText: mail.hiddenText,
    hiddenLines: mail.hiddenLines,
    hasHtml: mail.html !== undefined,
    attachments: mail.attachments.map((attachment, index) => ({
      id: unit.newId() as AttachmentId, fileName: attachment.fileName, contentType: attachment.contentType, bytes: attachment.bytes, inline: attachment.inline,
      contentId: attachment.contentId, content: { kind: 'part', index },
    })),
    authorId: undefined,
    state: 'received',
    problem: undefined,
    keepsTurn: false,
    dueAt: undefined,
    sendAt: undefined,
    sentAt: mail.date,
    revision: conversation.revision,
    contentHash: mail.contentHash,
    language: mail.language,
    // The server's clock, not the sender's: a wrong Date header must not reorder a conversation.
    createdAt: raw.receivedAt,
  };
}
