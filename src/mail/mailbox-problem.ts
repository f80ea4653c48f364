/**
 * Why a mailbox cannot be read, in the few kinds that people act on differently. Everything IMAP and the network say is translated here, once.
 */

export type MailboxProblemKind =
  /** The server refused the login: only a person can help. */
  | 'wrong-password'
  /** No connection, or a connection that was lost or fell silent. */
  | 'unreachable'
  /** The server's certificate is not trusted. */
  | 'certificate'
  /** Encryption was asked for and is not to be had (or the server insists on it and it was not asked for). */
  | 'no-tls'
  | 'no-such-folder'
  /** The server asks for patience: too many connections, rate limits, maintenance. The password may well be right (C30). */
  | 'throttled'
  | 'other';

export class MailboxProblem extends Error {
  constructor(
    readonly kind: MailboxProblemKind,
    /** The server's or the system's own words. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${kind}: ${detail}`, options);
    this.name = 'MailboxProblem';
  }
}

/** The fields imapflow puts on errors, as far as we look. */
interface ImapFailure {
  readonly message: string;
  readonly code?: unknown;
  readonly responseStatus?: unknown;
  readonly responseText?: unknown;
  readonly response?: unknown;
  readonly serverResponseCode?: unknown;
  readonly authenticationFailed?: unknown;
  readonly tlsFailed?: unknown;
  readonly mailboxMissing?: unknown;
  readonly oauthError?: unknown;
  /** Words of the server's BYE. */
  readonly reason?: unknown;
}

/** Response codes by which a server says "not now" (RFC 5530 section 3, RFC 9051). */
const TEMPORARY_CODES: ReadonlySet<string> = new Set(['UNAVAILABLE', 'LIMIT', 'INUSE', 'SERVERBUG', 'THROTTLED', 'OVERQUOTA']);
/** What servers without response codes say instead. */
const TEMPORARY_WORDS = /too many|rate limit|throttl|try again|temporar|maximum number of connections|exceeded|unavailable|\b429\b/i;
/** Codes of the line itself, from Node and from imapflow. */
const LINE_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL',
  'NoConnection', 'EConnectionClosed', 'StateLogout', 'ClosedAfterConnectText', 'ClosedAfterConnectTLS', 'CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT', 'ETIMEOUT',
]);
/** Node's names for what OpenSSL found wrong with a certificate. */
const CERTIFICATE_CODE = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_OSSL_X509|CRL_|INVALID_CA|HOSTNAME_MISMATCH)/;
/** A TLS handshake with something that does not speak TLS, or not ours. */
const TLS_CODE = /^(?:ERR_SSL_|EPROTO$|STARTTLS_INJECTION$)/;

/** Never throws; a MailboxProblem stays what it is. */
export function toMailboxProblem(error: unknown): MailboxProblem {
  if (error instanceof MailboxProblem) return error;
  if (!(error instanceof Error)) return new MailboxProblem('other', String(error));
  return new MailboxProblem(kindOf(error), detailOf(error), { cause: error });
}

function kindOf(error: ImapFailure): MailboxProblemKind {
  const code = text(error.code);
  const words = detailOf(error);
  if (CERTIFICATE_CODE.test(code)) return 'certificate';
  if (code === 'ETHROTTLE' || (text(error.reason) !== '' && TEMPORARY_WORDS.test(text(error.reason)))) return 'throttled';
  if (LINE_CODES.has(code)) return 'unreachable';
  if (error.tlsFailed === true || TLS_CODE.test(code)) return 'no-tls';
  if (error.mailboxMissing === true || text(error.serverResponseCode) === 'NONEXISTENT') return 'no-such-folder';
  if (TEMPORARY_CODES.has(text(error.serverResponseCode)) || isTemporaryToken(error.oauthError)) return 'throttled';
  if (error.authenticationFailed === true) {
    if (text(error.serverResponseCode) === 'PRIVACYREQUIRED' || /login is disabled/i.test(error.message)) return 'no-tls';
    // A code says which it is; only without one do we go by the words.
    if (text(error.serverResponseCode) === '' && TEMPORARY_WORDS.test(words)) return 'throttled';
    return 'wrong-password';
  }
  return 'other';
}

/** The JSON that OAUTHBEARER and XOAUTH2 servers answer with (RFC 7628 section 3.2.2). A rate-limited token endpoint is no refusal. */
function isTemporaryToken(oauthError: unknown): boolean {
  if (typeof oauthError !== 'object' || oauthError === null || !('status' in oauthError)) return false;
  return /^(?:429|5\d\d)$|temporarily_unavailable|too_many|server_error/i.test(text(oauthError.status));
}

function detailOf(error: ImapFailure): string {
  const own = [error.responseText, error.response, error.reason].map(text).find((words) => words !== '');
  return own === undefined ? error.message : `${error.message}: ${own}`;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
