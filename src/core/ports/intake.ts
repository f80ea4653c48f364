/**
 * What the edges that receive mail ask of the desk: to keep it, and to say where reading goes on. Implemented in desk/ over the stores.
 *
 * The order of things is what makes intake lose nothing: a mail is answered for (IMAP cursor moved, SMTP 250 said) only after `keep` has resolved, and
 * `keep` resolves only when bytes, ledger row and cursor are safe on disk together.
 */
import type { MailboxId } from '../ids.js';
import type { FolderCursor, Mailbox, RawMail } from '../model.js';

/** One mail as it came, before anything has been read from it. */
export interface ArrivedMail {
  readonly source: RawMail['source'];
  /** Where it lies on the IMAP server; undefined for SMTP. */
  readonly place: RawMail['place'];
  /** The whole mail; undefined when it is over the mailbox's limit or the server would not hand it out. */
  readonly raw: Uint8Array | undefined;
  /** Only its header block, when `raw` is undefined and the server gave that much. */
  readonly headers: Uint8Array | undefined;
  /** Size of the whole mail in bytes; as the server claims it when `raw` is undefined. */
  readonly bytes: number;
  /** SMTP envelope recipients that belong to the mailbox, in lower case; [] for IMAP. */
  readonly recipients: readonly string[];
  /** IMAP INTERNALDATE (RFC 3501 section 2.3.3); our clock for SMTP. */
  readonly receivedAt: Date;
  /** It was in the mailbox before we first connected: kept for search, no card. */
  readonly historic: boolean;
  /**
   * The folder's UIDVALIDITY changed and the folder is read anew, so this may be a mail that is stored already under another UID: `keep` recognises those by
   * the SHA-256 of their bytes, adds their new place to the ledger and nothing else.
   */
  readonly reread: boolean;
}

export interface Intake {
  /** Where reading of this folder goes on; undefined at the first connection. */
  cursor(mailbox: MailboxId, folder: string): Promise<FolderCursor | undefined>;
  /**
   * From when on (by INTERNALDATE) mail of this folder is taken, asked when a folder has to be read anew: the mailbox's `since`, or else the moment of the
   * first connection (when its first cursor was saved). Older mail was left alone then and is left alone now. undefined: everything is read.
   */
  takenSince(mailbox: MailboxId, folder: string): Promise<Date | undefined>;
  /**
   * Keeps the mails and moves the cursor in one transaction; resolves when both are safe on disk. A mail whose place is in the ledger already is left out.
   * `cursor` undefined: no cursor moves (SMTP; or a folder being read anew, whose cursor moves at the end so that a crash starts that over). No arrivals: only
   * the cursor moves.
   */
  keep(mailbox: Mailbox, arrivals: readonly ArrivedMail[], cursor: FolderCursor | undefined): Promise<void>;
}
