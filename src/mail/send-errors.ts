/**
 * What a failed SMTP try means. The codes are those of nodemailer's smtp-connection: EAUTH (login), EENVELOPE (MAIL, RCPT or DATA command answered with a
 * refusal), EMESSAGE (the mail itself refused), ECONNECTION, ESOCKET, ETIMEDOUT, EDNS, ETLS, EPROTOCOL (the line), and `responseCode` where the server
 * answered.
 *
 * | the server said | fault | tried again |
 * |---|---|---|
 * | nothing (line, DNS, time) | unavailable | when certain |
 * | login refused (5xx) | forbidden, with `retryAfterMs` | yes: a person may put the password right meanwhile |
 * | 4xx about a rate (4.7.28, "too many") | rate-limited | yes |
 * | other 4xx | unavailable | yes |
 * | 5xx before MAIL: it does not want us now, whatever the mail | unavailable | yes |
 * | 5xx X.1.x: no such recipient or domain | gone | no |
 * | other 5xx: this mail is not wanted (policy, size, spam ...) | invalid | no |
 */
import { MailError, type Fault } from '../core/errors.js';

/** The shape of nodemailer's errors, as far as we look. */
export interface SmtpFailure extends Error {
  readonly code?: string | undefined;
  /** SMTP reply code, when the server answered. */
  readonly responseCode?: number | undefined;
  /** The reply, enhanced status code included. */
  readonly response?: string | undefined;
  readonly command?: string | undefined;
  readonly rejectedErrors?: readonly { readonly recipient?: string | undefined; readonly response?: string | undefined }[] | undefined;
}

/** A refused login does not change by itself; asking often can lock the account. */
const LOGIN_RETRY_MS = 5 * 60_000;
/** A server that says "too many" usually counts by the minute. */
const RATE_RETRY_MS = 60_000;

/** Commands whose refusal is about the mail. */
const MAIL_COMMANDS: ReadonlySet<string> = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);
/** Codes of failures of the line, whose only meaning is: not now. */
const LINE_CODES: ReadonlySet<string> = new Set(['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'EPROTOCOL', 'ESTREAM', 'EABORT', 'EMAXLIMIT']);

/**
 * @param wholeMailLeft the final dot went out: without an answer the server may have taken the mail
 */
export function toMailError(failure: SmtpFailure, wholeMailLeft: boolean): MailError {
  const refused = isRefusal(failure.responseCode);
  const certain = refused || !wholeMailLeft;
  const { fault, retryAfterMs } = meaning(failure, refused);
  return new MailError(fault, certain, describe(failure), retryAfterMs, { cause: failure });
}

function meaning(failure: SmtpFailure, refused: boolean): { readonly fault: Fault; readonly retryAfterMs?: number } {
  // Also where a server answers STARTTLS with 5xx: that refuses the encryption, not the mail.
  if (failure.code === 'ETLS') return { fault: 'unavailable' };
  const reply = failure.response ?? '';
  const enhanced = enhancedStatus(reply);
  if (refused && (failure.responseCode ?? 0) < 500) {
    return isAboutRate(reply, enhanced) ? { fault: 'rate-limited', retryAfterMs: RATE_RETRY_MS } : { fault: 'unavailable' };
  }
  if (failure.code === 'EAUTH' || failure.code === 'ENOAUTH' || failure.responseCode === 530) return { fault: 'forbidden', retryAfterMs: LOGIN_RETRY_MS };
  if (refused) {
    // 503: commands out of order. The session is to blame, not the mail.
    if (failure.responseCode === 503) return { fault: 'unavailable' };
    // Greeting and EHLO come before any mail is mentioned.
    if (failure.command === undefined || !MAIL_COMMANDS.has(failure.command)) return { fault: 'unavailable' };
    return { fault: enhanced?.subject === 1 ? 'gone' : 'invalid' };
  }
  if (failure.code !== undefined && !LINE_CODES.has(failure.code)) return { fault: 'invalid' };
  return { fault: 'unavailable' };
}

/** Only 4yz and 5yz are refusals; anything else after the final dot leaves it open what became of the mail. Source: RFC 5321 section 4.2.1. */
function isRefusal(responseCode: number | undefined): boolean {
  return responseCode !== undefined && responseCode >= 400 && responseCode < 600;
}

/** Source: RFC 3463. */
function enhancedStatus(reply: string): { readonly subject: number; readonly detail: number } | undefined {
  const [, subject, detail] = /^\d{3}[ -][245]\.(\d{1,3})\.(\d{1,3})\b/.exec(reply) ?? [];
  return subject === undefined || detail === undefined ? undefined : { subject: Number(subject), detail: Number(detail) };
}

function isAboutRate(reply: string, enhanced: ReturnType<typeof enhancedStatus>): boolean {
  // X.7.28 is "mail flood detected" (IANA, SMTP enhanced status codes); many servers only say so in words.
  return (enhanced?.subject === 7 && enhanced.detail === 28) || /\b(?:too many|too much mail|rate|throttl\w*|limit exceeded)\b/i.test(reply);
}

/** For people who look behind the fold: the server's words, where it came to, whom it refused. Never a password: nodemailer puts none into errors. */
function describe(failure: SmtpFailure): string {
  const refusals = (failure.rejectedErrors ?? []).map(({ recipient, response }) => `${recipient ?? '?'}: ${response ?? '?'}`);
  const where = failure.command === undefined || failure.command === 'CONN' || failure.command === 'API' ? '' : ` (at ${failure.command})`;
  return [`${failure.message}${where}`, ...refusals].join('; ');
}
