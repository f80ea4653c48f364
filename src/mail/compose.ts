/**
 * Builds the mail of an outbound message. Nothing but what the author wrote goes into it: no history is quoted, so no note and no internal exchange can leak
 * with it (C21). Customers have what they wrote; mail programs find it by References.
 */
import MailComposer, { type MailComposerAttachment } from 'nodemailer/lib/mail-composer';

import { MailError } from '../core/errors.js';
import type { BlobHash } from '../core/ids.js';
import type { MailAddress } from '../core/mail.js';
import { readHeaderId, replyAddressFor, type Sign } from '../core/message-ids.js';
import type { Attachment, Mailbox, Message } from '../core/model.js';
import type { ComposedMail, ComposeMail } from '../core/ports/mail.js';
import { trimReferences } from '../core/references.js';
import { toMailHtml } from './markdown.js';
import { answerSubject, oneLine } from './subject.js';

/** Marks the signature in plain text; the space at the end belongs to it. Source: RFC 3676 section 4.3. */
const SIGNATURE_MARK = '-- ';
/** Kept simple: what mail programs agree on. */
const HTML_STYLE = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:1.5;color:#222';
const SIGNATURE_STYLE = 'color:#666;margin-top:1.5em';

export interface ComposeNeeds {
  /** Content of an attachment. */
  readonly readBlob: (hash: BlobHash) => Promise<Uint8Array>;
  /** `Vault.sign`. */
  readonly sign: Sign;
}

/**
 * The same message always gives the same bytes, so a copy composed later is a copy of what was sent.
 * @throws MailError `invalid` when it cannot be addressed; whatever `readBlob` throws.
 */
export function createComposer({ readBlob, sign }: ComposeNeeds): ComposeMail {
  return async (mailbox, message) => {
    const headerId = message.headerId;
    if (headerId === undefined) throw new MailError('invalid', true, `message ${message.id} has no Message-ID`);
    const to = message.to.map(toHeaderAddress);
    const cc = message.cc.map(toHeaderAddress);
    const from = toHeaderAddress({ address: mailbox.address, name: mailbox.name });
    const recipients = [...new Set([...to, ...cc, ...message.bcc.map(toHeaderAddress)].map(({ address }) => address))];
    if (recipients.length === 0) throw new MailError('invalid', true, `message ${message.id} has no recipient`);

    const replyTo = mailbox.plusAddressing ? replyAddress(sign, mailbox, message, headerId) : undefined;
    const references = trimReferences(message.references);
    const mail = new MailComposer({
      from,
      to,
      cc,
      ...(replyTo === undefined ? {} : { replyTo: { address: replyTo, name: from.name } }),
      subject: answerSubject(message.subject),
      messageId: `<${headerId}>`,
      ...(message.inReplyTo === undefined ? {} : { inReplyTo: bracketed(trimReferences([message.inReplyTo])) }),
      ...(references.length === 0 ? {} : { references: bracketed(references) }),
      date: message.sendAt ?? message.createdAt,
      text: plainText(message.text, mailbox.signature),
      html: htmlText(message.text, mailbox.signature),
      attachments: await Promise.all(message.attachments.map((attachment) => toPart(attachment, readBlob))),
      headers: message.automatic === undefined ? {} : AUTOMATIC_HEADERS,
      // Boundaries of multiparts are made from it; by default they are random.
      baseBoundary: headerId.replace(/[^A-Za-z0-9]/g, ''),
      newline: '\r\n',
      // Content comes only from us: nothing in it is to be taken for a path or a URL to load.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const raw = await mail.compile().build();
    return { raw, envelope: { from: mailbox.address, to: recipients } } satisfies ComposedMail;
  };
}

/** RFC 3834 section 5, and the header Exchange understands: keeps other machines from answering ours. */
const AUTOMATIC_HEADERS = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' } as const;

function plainText(text: string, signature: string): string {
  return signature.trim() === '' ? text : `${text}\n\n${SIGNATURE_MARK}\n${signature}`;
}

function htmlText(text: string, signature: string): string {
  const below = signature.trim() === '' ? '' : `<div style="${SIGNATURE_STYLE}">${toMailHtml(signature)}</div>`;
  return `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><div style="${HTML_STYLE}">${toMailHtml(text)}${below}</div></body></html>`;
}

/** Answers come back to the address that names the conversation. Its number stands in the Message-ID that the message was given. */
function replyAddress(sign: Sign, mailbox: Mailbox, message: Message, headerId: string): string | undefined {
  const own = readHeaderId(headerId);
  return own && replyAddressFor(sign, { id: message.conversationId, number: own.number, mailboxId: mailbox.id }, mailbox);
}

/** @throws MailError for what cannot stand in an address header or an SMTP command. */
function toHeaderAddress({ address, name }: MailAddress): MailAddress {
  // Stricter than RFC 5322: quoted local parts and comments are used by nobody but those who look for holes.
  if (!/^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()\\,;:"@]+$/u.test(address)) throw new MailError('invalid', true, `not a mail address: ${JSON.stringify(address)}`);
  return { address, name: oneLine(name) };
}

/** @throws MailError for an attachment that is still a part of an inbound mail: what we send has blobs of its own. */
async function toPart(attachment: Attachment, readBlob: ComposeNeeds['readBlob']): Promise<MailComposerAttachment> {
  if (attachment.content.kind !== 'blob') throw new MailError('invalid', true, `attachment ${attachment.id} has no content of its own`);
  const content = await readBlob(attachment.content.hash);
  // Only what the text shows is a related part; mail programs hide those from the list of files.
  const cid = attachment.inline && attachment.contentId !== undefined ? oneLine(attachment.contentId).replace(/[\s<>]/g, '') : '';
  return {
    filename: oneLine(attachment.fileName),
    contentType: attachmentType(attachment.contentType),
    content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    ...(cid === '' ? {} : { cid }),
    contentDisposition: cid === '' ? 'attachment' : 'inline',
  };
}

/** message/* and multipart/* may not be encoded (RFC 2046 sections 5.1 and 5.2.1), so their bytes would be changed on the way (C22). */
function attachmentType(claimed: string): string {
  const type = claimed.trim().toLowerCase();
  const usable = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(type) && !/^(?:message|multipart)\//.test(type);
  return usable ? type : 'application/octet-stream';
}

function bracketed(ids: readonly string[]): string {
  return ids.map((id) => `<${id}>`).join(' ');
}
