/** Why a certificate is not trusted, in the few kinds that people act on differently. */

export type CertificateReason = 'self-signed' | 'expired' | 'not-yet' | 'wrong-name' | 'unknown-authority';

/** Node's names for what OpenSSL found (nodejs.org/api/tls.html, "X509 certificate error codes"). */
const REASONS: Readonly<Record<string, CertificateReason>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-authority',
  CERT_UNTRUSTED: 'unknown-authority',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
  HOSTNAME_MISMATCH: 'wrong-name',
};

/** undefined when it is about something else, or has no words of ours. */
export function certificateReason(error: unknown): CertificateReason | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : REASONS[code];
}

/** The code that Node and imapflow put on errors. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
