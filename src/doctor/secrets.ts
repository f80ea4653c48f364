/** Whether the passwords in the database can be read with the APP_SECRET that is set. */
import type { Desk, Mailbox } from '../core/model.js';
import type { Vault } from '../core/ports/effects.js';
import { bad, type Finding } from './finding.js';

/** Stands for a password that cannot be read; no password of anybody's. */
const UNREADABLE = '\0unreadable';

/** A vault that goes on where a secret cannot be read, so that the rest of the desk can be looked at. */
export function forgivingVault(vault: Vault): Vault {
  return {
    ...vault,
    open(sealed) {
      try {
        return vault.open(sealed);
      } catch {
        return UNREADABLE;
      }
    },
  };
}

export function checkSecrets(desk: Desk | undefined): readonly Finding[] {
  return desk?.mailboxes.some((mailbox) => !hasReadableSecrets(mailbox)) ? [bad('doctor.secret-changed')] : [];
}

/** A mailbox whose password cannot be read must not be tried: too many wrong logins lock an account. */
export function hasReadableSecrets({ imap, smtp }: Mailbox): boolean {
  return imap?.password !== UNREADABLE && smtp?.password !== UNREADABLE;
}
