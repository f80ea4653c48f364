/** What a look at a mailbox's IMAP server means for people. */
import type { Mailbox } from '../core/model.js';
import { CHECK_PATIENCE, checkImap, type CheckPatience, type ImapReport } from '../mail/check-imap.js';
import { bad, ok, warn, type Finding } from './finding.js';
import { checkLogin, otherSecurity } from './login.js';

/** Folder names that a text shows; a grown mailbox has hundreds. */
const SHOWN_FOLDERS = 20;

export async function checkReading(mailbox: Mailbox, patience: CheckPatience = CHECK_PATIENCE): Promise<readonly Finding[]> {
  const { imap } = mailbox;
  if (!imap) return [];
  return [...checkLogin(mailbox, imap), ...findingsOf(mailbox, imap, await checkImap(imap, patience))];
}

function findingsOf({ id }: Mailbox, imap: NonNullable<Mailbox['imap']>, report: ImapReport): readonly Finding[] {
  const server = { mailbox: id, host: imap.host, port: imap.port };
  if (!report.works) return [problemOf(report, server, imap)];
  const folders = `${report.folders.slice(0, SHOWN_FOLDERS).join(', ')}${report.folders.length > SHOWN_FOLDERS ? ', …' : ''}`;
  const findings: Finding[] = [
    ...report.missing.map((folder) => bad('doctor.imap-folder-missing', { mailbox: id, folder, folders })),
    ...report.closed.map(({ folder, detail }) => bad('doctor.imap-folder-closed', { mailbox: id, folder }, detail)),
  ];
  // The folder is made by the first mail that is moved; one that was meant to be there has another name.
  if (report.moveFolderMissing && imap.after.do === 'move') findings.push(warn('doctor.imap-after-folder-missing', { mailbox: id, folder: imap.after.folder, folders }));
  if (report.spamFolderMissing && imap.spamFolder !== undefined) findings.push(warn('doctor.imap-spam-folder-missing', { mailbox: id, folder: imap.spamFolder, folders }));
  if (report.sentFolderMissing && imap.sentFolder !== undefined) findings.push(bad('doctor.imap-sent-folder-missing', { mailbox: id, folder: imap.sentFolder, folders }));
  if (!report.announces) findings.push(warn('doctor.imap-no-idle', { mailbox: id, count: imap.pollSeconds }));
  return findings.some(({ level }) => level === 'bad') ? findings : [ok('doctor.imap-ok', { mailbox: id, host: imap.host }), ...findings];
}

function problemOf({ kind, certificate, detail }: Extract<ImapReport, { works: false }>, server: { mailbox: string; host: string; port: number }, { security }: NonNullable<Mailbox['imap']>): Finding {
  switch (kind) {
    case 'no-host':
      return bad('doctor.imap-no-host', server);
    case 'unreachable':
      return bad('doctor.imap-down', server, detail);
    case 'certificate':
      return { ...bad('doctor.imap-certificate', { ...server, reason: detail }, detail), words: certificate && { reason: `doctor.certificate.${certificate}` } };
    case 'no-tls':
      return bad('doctor.imap-security', { ...server, security, other: otherSecurity(security) }, detail);
    case 'wrong-password':
      return bad('doctor.imap-auth', server, detail);
    case 'throttled':
      return warn('doctor.imap-throttled', server, detail);
    case 'no-such-folder':
    case 'other':
      return bad('doctor.imap-other', server, detail);
  }
}
