/** The mail side as use cases see it. */
import type { Mailbox, Message, RawMail, ServerPlace } from '../model.js';
import type { ParsedMail } from '../mail.js';

/** @throws an Error with a message for people when the mail cannot be read. */
export type ReadMail = (raw: Uint8Array) => Promise<ParsedMail>;

/** Reads subject and sender from a header block, as far as they can be read; '' where not. Never throws. */
export type PeekHeaders = (headers: Uint8Array) => Promise<{ readonly subject: string; readonly sender: string }>;

/** A composed mail, ready to be sent: the exact bytes that travel and that are copied to Sent. */
export interface ComposedMail {
  readonly raw: Uint8Array;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
}

/** Builds the mail of an outbound message; the same message always gives the same Message-ID. */
export type ComposeMail = (mailbox: Mailbox, message: Message) => Promise<ComposedMail>;

/** @throws MailError; `certain: false` when the server may have taken it. */
export type SendMail = (mailbox: Mailbox, mail: ComposedMail) => Promise<{
  readonly response: string;
  /** Recipients that the server refused while it took the mail for the others. */
  readonly refused: readonly { readonly address: string; readonly response: string }[];
}>;

/** Puts a copy into the Sent folder, unless a mail with this Message-ID is there already. @throws MailError */
export type FileCopy = (mailbox: Mailbox, mail: ComposedMail, headerId: string) => Promise<void>;

/** Looks for the Message-ID in the Sent folder. undefined: cannot be told. @throws MailError */
export type FindInSent = (mailbox: Mailbox, headerId: string) => Promise<boolean | undefined>;

/** Marks seen or moves the mail on the server, as the mailbox says. @returns where it was moved to, if it was. @throws MailError */
export type SettleOnServer = (mailbox: Mailbox, mail: RawMail) => Promise<ServerPlace | undefined>;

/**
 * Puts the mail into the mailbox's spam folder, or back where mail lies that was taken in. It may lie there already.
 * @param headerId its Message-ID, by which it is found where the server did not tell its number
 * @returns where it lies now; undefined: it is not on the server any more. @throws MailError
 */
export type SortSpamOnServer = (mailbox: Mailbox, mail: RawMail, headerId: string | undefined, spam: boolean) => Promise<ServerPlace | undefined>;
