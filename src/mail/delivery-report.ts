import { bounceSign, type BounceEvidence } from '../core/bounce-signs.js';
import type { DeliveryReport } from '../core/mail.js';
import { decodeText } from './charset.js';
import { decodeValue } from './header-values.js';
import type { MimeMail, MimePart } from './mime-parts.js';

/**
 * Reads what a report says about an earlier mail: delivery status notifications (RFC 3464), complaints (RFC 5965), and the bounces of
 * servers that keep to no standard, as far as their text can be read.
 */

/** The headers of a quoted mail stand at its beginning; a Message-ID further down is somebody else's. */
const MAX_QUOTED_HEAD = 64 * 1024;
/** A bounce without structure says what it has to say before this. */
const MAX_TEXT = 64 * 1024;
/** Diagnostics are shown on a card. */
const MAX_DIAGNOSTIC_CHARS = 500;

type Fields = ReadonlyMap<string, string>;

/** What the mail reports, or undefined when it reports nothing. */
export function readDeliveryReport(mime: MimeMail, evidence: BounceEvidence): DeliveryReport | undefined {
  const originalMessageId = quotedMessageId(mime.parts);
  const status = mime.parts.find((part) => part.contentType === 'message/delivery-status' || part.contentType === 'message/global-delivery-status');
  if (status) return fromStatus(blocksOf(status), evidence.text, originalMessageId);
  const feedback = mime.parts.find((part) => part.contentType === 'message/feedback-report');
  if (feedback) return fromFeedback(blocksOf(feedback)[0] ?? new Map(), originalMessageId);
  if (bounceSign(evidence) === undefined) return undefined;
  return fromText(evidence, originalMessageId);
}

/** Groups of fields, separated by blank lines. Folded lines are joined. Source: RFC 3464 section 2.1. */
function blocksOf(part: MimePart): Fields[] {
  const text = decodeText(part.content.subarray(0, MAX_TEXT), part.parameters.get('charset'));
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .map((block) => fieldsOf(block))
    .filter((fields) => fields.size > 0);
}

function fieldsOf(block: string): Fields {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

const KINDS: Readonly<Record<string, DeliveryReport['kind']>> = {
  failed: 'failed', failure: 'failed', delayed: 'delayed', delivered: 'delivered', relayed: 'delivered', expanded: 'delivered', deliverable: 'delivered',
};

function fromStatus(blocks: readonly Fields[], text: string, originalMessageId: string | undefined): DeliveryReport {
  const recipients = blocks.filter((fields) => fields.has('final-recipient') || fields.has('original-recipient') || fields.has('action'));
  // One failure among several recipients is what has to be told.
  const told = recipients.find((fields) => kindOf(fields) === 'failed') ?? recipients.find((fields) => kindOf(fields) === 'delayed') ?? recipients[0] ?? new Map<string, string>();
  const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(told.get('status') ?? '')?.[1];
  const diagnostic = afterType(told.get('diagnostic-code')) ?? statusLine(text);
  const recipient = addressIn(afterType(told.get('original-recipient'))) ?? addressIn(afterType(told.get('final-recipient'))) ?? addressIn(told.get('x-actual-recipient'));
  return {
    kind: kindOf(told) ?? (status?.startsWith('4') === true ? 'delayed' : status?.startsWith('2') === true ? 'delivered' : 'failed'),
    originalMessageId,
    recipient,
    status: status === undefined || /^[245]\.0\.0$/.test(status) ? (codeIn(diagnostic) ?? status) : status,
    diagnostic: shorten(diagnostic),
  };
}

function kindOf(fields: Fields): DeliveryReport['kind'] | undefined {
  return KINDS[/^[a-z]+/.exec((fields.get('action') ?? '').toLowerCase())?.[0] ?? ''];
}

function fromFeedback(fields: Fields, originalMessageId: string | undefined): DeliveryReport {
  return {
    kind: 'complaint',
    originalMessageId,
    recipient: addressIn(fields.get('original-rcpt-to')) ?? addressIn(fields.get('removal-recipient')),
    status: undefined,
    diagnostic: shorten(fields.get('feedback-type')),
  };
}

function fromText(evidence: BounceEvidence, quoted: string | undefined): DeliveryReport {
  const text = evidence.text.slice(0, MAX_TEXT);
  const cut = text.search(/^[-\s>]*(?:original message|original mail|included is a copy|below this line is a copy|-{3,} ?this is a copy|received: from|return-path:)/im);
  const said = cut > 0 ? text.slice(0, cut) : text;
  const diagnostic = statusLine(said);
  const delayed = /(?:delayed|will be retried|still being retried|deferred|warning: |not yet been delivered|could not be delivered for \d+ (?:hours|minutes))/i.test(`${evidence.subject}\n${said.slice(0, 2000)}`) && !/permanent|\b5\.\d\.\d|\b55\d/i.test(said);
  const failed = evidence.headers.get('x-failed-recipients')?.[0];
  return {
    kind: delayed ? 'delayed' : 'failed',
    originalMessageId: quoted ?? messageIdIn(text),
    recipient: addressIn(failed) ?? recipientIn(said, evidence),
    status: codeIn(diagnostic) ?? codeIn(said),
    diagnostic: shorten(diagnostic),
  };
}

/** `<a@b>:` on a line of its own is how qmail, Postfix and many after them name the recipient; else the first address that is not the daemon's. */
function recipientIn(text: string, evidence: BounceEvidence): string | undefined {
  const marked = /^\s*<([^<>\s@]+@[^<>\s]+)>\s*(?::|\(|$)/m.exec(text)?.[1] ?? /^\s*([^<>\s@]+@[^<>\s:]+)\s*$/m.exec(text)?.[1];
  if (marked !== undefined) return marked.toLowerCase();
  for (const found of text.matchAll(/[\w.+=~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g)) {
    const address = found[0].toLowerCase();
    if (address !== evidence.from?.address && !/^(?:postmaster|mailer-daemon|abuse|support|admin)@/.test(address)) return address;
  }
  return undefined;
}

/** The line with the server's own words: an SMTP code or an enhanced status in it. */
function statusLine(text: string): string | undefined {
  for (const line of text.slice(0, MAX_TEXT).split('\n')) {
    if (line.length < 2000 && (/(?:^|[\s:#(>])[45]\d\d[ -]\D?/.test(line) || /(?:^|[\s:#(])[45]\.\d{1,3}\.\d{1,3}(?:\D|$)/.test(line))) return line.replace(/^[\s>]+/, '').trim();
  }
  return undefined;
}

function codeIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /(?:^|[\s:#(-])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(text)?.[1];
}

/** `smtp; 550 5.1.1 ...` without the type. */
function afterType(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const said = decodeValue(value).replace(/^[\w-]{1,20}\s*;\s*/, '').trim();
  return said === '' ? undefined : said;
}

function addressIn(value: string | undefined): string | undefined {
  return value === undefined ? undefined : /[^\s<>"',;@]{1,64}@[^\s<>"',;@]{1,255}/.exec(value)?.[0].toLowerCase();
}

function shorten(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  return value.length > MAX_DIAGNOSTIC_CHARS ? `${value.slice(0, MAX_DIAGNOSTIC_CHARS - 1)}…` : value;
}

const QUOTED_TYPES: ReadonlySet<string> = new Set(['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/rfc822-headers', 'message/global-headers', 'text/rfc822', 'message/partial']);

function quotedMessageId(parts: readonly MimePart[]): string | undefined {
  for (const part of parts) {
    if (!QUOTED_TYPES.has(part.contentType)) continue;
    const head = part.content.subarray(0, MAX_QUOTED_HEAD).toString('latin1').replace(/\r\n?/g, '\n').trimStart();
    const end = head.indexOf('\n\n');
    const found = messageIdIn(end > 0 ? head.slice(0, end) : head);
    if (found !== undefined) return found;
  }
  return undefined;
}

function messageIdIn(text: string): string | undefined {
  return /^[ \t>|]*message-id:[ \t]*(?:\r?\n[ \t>|]+)?<?([^<>\s]{1,900})>?/im.exec(text)?.[1];
}
