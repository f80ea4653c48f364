/** What a look at a mailbox's SMTP server means for people. */
import type { Mailbox, ServerLogin } from '../core/model.js';
import { CHECK_PATIENCE, type CheckPatience } from '../mail/check-imap.js';
import { checkSmtp, type SmtpReport } from '../mail/check-smtp.js';
import { bad, ok, warn, type Finding } from './finding.js';
import { checkLogin, otherSecurity } from './login.js';

/** Looks like the tag of an answer and belongs to none. */
const SAMPLE_TAG = 'goniec-doctor';

export async function checkSending(mailbox: Mailbox, patience: CheckPatience = CHECK_PATIENCE): Promise<readonly Finding[]> {
  const { id, smtp, address } = mailbox;
  if (!smtp) return [warn('doctor.smtp-missing', { mailbox: id })];
  // Mail of an smtp mailbox comes to us, tags and all; what the relay thinks of them says nothing.
  const tagged = mailbox.plusAddressing && mailbox.kind === 'imap' ? address.replace('@', `+${SAMPLE_TAG}@`) : undefined;
  const report = await checkSmtp({ login: smtp, address, tagged }, patience);
  return [...checkLogin(mailbox, smtp), ...findingsOf(mailbox, smtp, report, tagged)];
}

function findingsOf({ id, address }: Mailbox, { host, port, security }: ServerLogin, report: SmtpReport, tagged: string | undefined): readonly Finding[] {
  const server = { mailbox: id, host, port };
  if (report.works) {
    const sending = ok('doctor.smtp-ok', { mailbox: id, host });
    return report.taggedRefused === undefined ? [sending] : [sending, warn('doctor.plus-refused', { ...server, address: tagged ?? '' }, report.taggedRefused)];
  }
  const { kind, certificate, detail } = report;
  switch (kind) {
    case 'no-host':
      return [bad('doctor.smtp-no-host', server)];
    case 'unreachable':
      return [bad('doctor.smtp-down', server, detail)];
    case 'certificate':
      return [{ ...bad('doctor.smtp-certificate', { ...server, reason: detail }, detail), words: certificate && { reason: `doctor.certificate.${certificate}` } }];
    case 'no-tls':
      return [bad('doctor.smtp-security', { ...server, security, other: otherSecurity(security) }, detail)];
    case 'wrong-password':
      return [bad('doctor.smtp-auth', server, detail)];
    case 'needs-login':
      return [bad('doctor.smtp-needs-login', server, detail)];
    case 'throttled':
      return [warn('doctor.smtp-throttled', server, detail)];
    case 'sender-refused':
      return [bad('doctor.smtp-sender-refused', { ...server, address }, detail)];
    case 'own-address-refused':
      return [bad('doctor.smtp-own-address-refused', { ...server, address }, detail)];
    case 'other':
      return [bad('doctor.smtp-other', server, detail)];
  }
}
