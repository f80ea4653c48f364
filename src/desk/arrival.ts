import type { MailKind } from '../core/mail-kind.js';
import type { ParsedMail } from '../core/mail.js';
import type { Mailbox, RawMail } from '../core/model.js';

/** A mail ready to be placed. */
export interface Arrival {
  readonly raw: RawMail;
  readonly mailbox: Mailbox;
  readonly mail: ParsedMail;
  readonly kind: MailKind;
  /** Subject without Re:, Odp: and the like. */
  readonly subject: string;
}
