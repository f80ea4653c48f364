import type { MailAddress } from './mail.js';

/**
 * What makes a mail look like a report about another one. Used by the parser, to decide whether a body is worth reading as a report, and by
 * `classifyMail`. The rules are those of RFC 3464, of the mail servers' habits, and of the sisimai collection of bounces.
 */

export interface BounceEvidence {
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly from: MailAddress | undefined;
  readonly subject: string;
  readonly text: string;
}

const DAEMON_LOCAL = /^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mail-?deliver[a-z-]*|mdaemon|bounce[a-z-]*|mailerdaemon|postoffice|mail\.?subsystem|mailsubsystem|nondelivery)\b/i;
const DAEMON_NAME = /mailer.?daemon|mail delivery (?:sub)?system|mail delivery service|delivery (?:sub)?system|^postmaster$|mail administrator|internet mail (?:delivery|service)|mail service for/i;
const POSTMASTER = /^(?:post_?master|mailmaster|mail-?admin|mailer|microsoft ?exchange\S*|system|admin|administrator|root|amavis\S*|no-?reply|microsoftexchange\S*|mxlogic|virusalert|scanner|nobody)\b/i;

const SUBJECT = new RegExp(
  [
    '^(?:re: |fwd?: )?(?:warning: )?(?:mail|message|e-?mail) (?:delivery|returned|failure|failed|undeliver|non.?deliver|rejected|error)', '^(?:delivery (?!date|address|time|cost|option|note|of)|returned (?:mail|message|to)|undeliver|non.?deliver)',
    'undeliver(?:able|ed)', 'delivery (?:status notification|failure|failed|report|notification|problem|error|delay|has failed)', 'returned (?:mail|message|to sender)', 'mail (?:system|delivery) (?:error|fail|problem)', 'failure notice',
    'mail could not be delivered', 'could not (?:send|be delivered)', 'message (?:undeliverable|not delivered|delayed|you sent blocked)', 'undelivered mail', 'unzustellbar', 'nicht zugestellt', 'zustellung fehlgeschlagen', 'fehler bei der zustellung',
    'niedostarczon', 'nie dostarczono', 'nie można dostarczyć', 'zwrot wiadomości', 'błąd dostarcz', 'non remis', 'non distribuable', 'échec de (?:la )?remise', 'échec de la distribution', 'no se puede entregar', 'no entregado', 'error de entrega', 'mancata consegna', 'non recapitabile',
    'onbestelbaar', 'niet bezorgd', 'kunde inte levereras', 'kunne ikke leveres', 'não (?:foi )?entregue', 'falha na entrega', 'недоставлен', 'не доставлено', 'nedoručiteln', '配信(?:できません|不能|エラー)', '投递失败', '退信', 'user unknown', 'nondeliverable', 'delivery unsuccessful', 'problems? delivering',
    'dsn', 'cannot deliver', 'permanent error', 'mail failed', 'message status', 'complaint about (?:message|email)', '(?:abuse|spam) report', 'email feedback report', 'blocked by', 'automatically rejected mail', 'mail returned', 'notification d.état', 'message expired', 'delivery has been delayed', 'system problem report',
  ].join('|'),
  'i',
);

const BODY = new RegExp(
  [
    "(?:this is the|i'm the) (?:mail system|mail delivery|postfix|qmail|qmail-send)", 'message (?:that you sent )?could not be delivered', 'could not be delivered to', 'delivery to the following recipients?', 'undeliverable', 'user unknown', 'unknown user', 'unknown address', 'no such user', 'mailbox (?:full|unavailable|is full|not found)',
    'permanent(?:ly)? (?:error|failure|failed|fatal)', 'returned to (?:the )?sender', "wasn't delivered", 'was not delivered', 'not (?:be )?deliver', 'failed to deliver', 'delivery (?:has )?fail', 'unable to deliver', 'transcript of session', 'original message follows', 'could not be sent', 'address(?:es)? (?:had|has) (?:permanent )?(?:fatal|delivery)',
    'nie (?:mogła|może|można) .{0,30}dostarcz', 'konnte nicht zugestellt', 'nicht zugestellt werden', "n'a pas pu être remis", 'no se pudo entregar', 'non è stato possibile (?:consegnare|recapitare)', '\\b5\\d\\d[ -]\\d?\\.?\\d?\\.?\\d?', 'recipient (?:address )?rejected', 'bounced', 'host unknown', 'mail loop', 'quota',
    'メール(?:が|を)?.{0,20}(?:届|配信)', '配信', '宛先', 'delivery status', 'reason', 'error', 'rejected', 'virus', 'spam', 'deferred', 'delayed', 'undelivered', 'problem', 'diagnostic', 'fail',
  ].join('|'),
  'i',
);

/** So much of a text is looked at: bounces come to the point, and quote the original after it. */
const MAX_LOOKED_AT = 4000;

function first(headers: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  return headers.get(name)?.[0];
}

/** The evidence that this mail reports on the delivery of another one, or undefined. */
export function bounceSign(mail: BounceEvidence): string | undefined {
  const { headers } = mail;
  const type = first(headers, 'content-type')?.toLowerCase() ?? '';
  if (type.startsWith('multipart/report')) {
    const reportType = /report-type="?([\w-]+)/.exec(type)?.[1] ?? '';
    if (reportType !== 'disposition-notification') return `Content-Type: multipart/report${reportType === '' ? '' : `; report-type=${reportType}`}`;
    return undefined;
  }
  if (type.startsWith('message/delivery-status')) return 'Content-Type: message/delivery-status';
  const failed = headers.has('x-failed-recipients');
  if (failed) return 'X-Failed-Recipients';
  const from = first(headers, 'from') ?? '';
  const address = mail.from?.address ?? (/[^\s<>"]+@[^\s<>"]+/.exec(from)?.[0] ?? from).toLowerCase();
  const local = address.replace(/^<|>$/g, '').split('@')[0] ?? '';
  const name = mail.from?.name ?? from;
  const answersPerson = headers.has('list-id');
  const subject = SUBJECT.test(mail.subject.slice(0, 300));
  const head = mail.text.slice(0, MAX_LOOKED_AT);
  if (DAEMON_LOCAL.test(local) || /mailer-daemon/i.test(from)) return answersPerson ? undefined : `sender ${from.slice(0, 120)}`;
  const role = DAEMON_NAME.test(name) || /^(?:post_?master|microsoftexchange)/i.test(local) || (POSTMASTER.test(local) && MAIL_TALK.test(head));
  if (role && (subject || BODY.test(head)) && isAutomatic(mail, subject)) return `sender ${from.slice(0, 120)}`;
  const returnPath = first(headers, 'return-path');
  const nullSender = /^<\s*>$/.test(from.trim()) || (returnPath !== undefined && /^\s*<?\s*(?:>|mailer-daemon\S*)?\s*$/i.test(returnPath));
  if (nullSender && (subject || STRONG_BODY.test(head)) && !isAutoReplyMarked(headers)) return 'empty Return-Path';
  if (/^complaint about message from /i.test(mail.subject.trim())) return `subject "${mail.subject.slice(0, 80)}"`;
  if (subject && STRONG_BODY.test(head) && MAIL_TALK.test(head) && !headers.has('in-reply-to')) return `subject "${mail.subject.slice(0, 80)}"`;
  return undefined;
}

/** A postmaster or administrator also writes letters: the subject or an automatic header has to agree. */
function isAutomatic(mail: BounceEvidence, subject: boolean): boolean {
  if (subject || DAEMON_NAME.test(mail.from?.name ?? '')) return true;
  return /^<?>?$/.test((first(mail.headers, 'return-path') ?? 'x').trim()) || STRONG_BODY.test(mail.text.slice(0, MAX_LOOKED_AT));
}

function isAutoReplyMarked(headers: ReadonlyMap<string, readonly string[]>): boolean {
  return /auto-replied/i.test(first(headers, 'auto-submitted') ?? '') && !headers.has('x-failed-recipients');
}

/** A courier's "Delivery failed" also comes from no-reply@; it does not speak of mailboxes and status codes. */
const MAIL_TALK = /\b[45]\.\d{1,3}\.\d{1,3}\b|\b[45]\d\d[ -]\S|smtp|mailbox|recipient|user unknown|unknown user|<[^<>\s@]+@[^<>\s]+>\s*:|(?:e-?mail|message|mail)(?: \S+){0,6} (?:could ?n[o']t|not|undeliver|failed|rejected|returned|blocked)|message-id:/i;

/** Words that only mail servers write, together with an address or a status code. */
const STRONG_BODY =
  /undeliverable|could ?n[o']t be delivered|was(?:n't| not) delivered|delivery (?:to|of) .{0,120}fail|(?:following|these) (?:recipient|address)|user unknown|unknown user|no such user|mailbox (?:full|unavailable)|permanent (?:error|fail|fatal)|transcript of session|final-recipient:|diagnostic-code:|\b[45]\.\d\.\d\b|\b55\d[ -]|mail delivery|returned to sender|konnte nicht zugestellt|nie (?:mogła|można).{0,40}dostarcz|n'a pas pu être remis|feedback-type:|abuse report|配信できません|送信できません|届けることができ/i;
