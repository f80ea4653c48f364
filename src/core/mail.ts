/**
 * What a mail is once it has been read. `mail/parse` produces these values; everything in core decides on them, so that no decision
 * depends on a parser.
 */

/** A mail address as written in a header. `address` is lower-cased; `name` is the decoded display name or ''. */
export interface MailAddress {
  readonly address: string;
  readonly name: string;
}

/** A file that came with a mail. Its bytes stay in the raw mail until they are asked for. */
export interface ParsedAttachment {
  /** Safe to show and to save: no path, no control characters; never empty. */
  readonly fileName: string;
  /** Lower-case media type, as claimed by the sender: not to be trusted. */
  readonly contentType: string;
  /** Size of the decoded content in bytes. */
  readonly bytes: number;
  /** Shown inside the text (referenced by `cid:`), not listed as a file. */
  readonly inline: boolean;
  /** Content-ID without angle brackets, when there is one. */
  readonly contentId: string | undefined;
  readonly content: Uint8Array;
}

/** One mail, read. Everything is decoded to Unicode; nothing has been dropped that could be shown. */
export interface ParsedMail {
  /** Message-ID without angle brackets; undefined when the sender gave none. */
  readonly messageId: string | undefined;
  /** In-Reply-To, without angle brackets (some clients list several). */
  readonly inReplyTo: readonly string[];
  /** References, oldest first, without angle brackets. */
  readonly references: readonly string[];
  readonly from: MailAddress | undefined;
  /** Sender header, when it differs from From. */
  readonly sender: MailAddress | undefined;
  readonly replyTo: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** The subject as written, decoded; '' when there is none. */
  readonly subject: string;
  /** Date header; undefined when missing or unreadable. */
  readonly date: Date | undefined;
  /** Every header, name in lower case, values decoded and unfolded, in order of appearance. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** The whole text in Markdown (from text/plain, or from text/html where there is no plain part). */
  readonly text: string;
  /** The part of `text` that the sender wrote now, quoted history and signature taken off. Never empty when `text` is not. */
  readonly visibleText: string;
  /** What was folded away from `text`; '' when nothing was. `hiddenLines` counts its lines. */
  readonly hiddenText: string;
  readonly hiddenLines: number;
  /** The HTML part as sent, unsanitised; undefined when there is none. */
  readonly html: string | undefined;
  readonly attachments: readonly ParsedAttachment[];
  /** Original size of the whole mail in bytes. */
  readonly bytes: number;
  /** ISO 639-1 code of the language of `visibleText`, when it could be told with some confidence. */
  readonly language: string | undefined;
  /** The mail hands on another one (Fwd:, message/rfc822, or a forward block at its top). */
  readonly forwarded: boolean;
  /** What a multipart/report or a report-like body says about an earlier mail of ours. */
  readonly report: DeliveryReport | undefined;
  /** SHA-256 (hex) over from, subject, text and attachment contents: equal for copies of one mail that travelled by different ways. */
  readonly contentHash: string;
}

/** A delivery status notification, read. Source: RFC 3464. */
export interface DeliveryReport {
  readonly kind: 'failed' | 'delayed' | 'delivered' | 'complaint';
  /** Message-ID of the mail it speaks of, where the report quotes it. */
  readonly originalMessageId: string | undefined;
  /** Recipient that failed, where it can be told. */
  readonly recipient: string | undefined;
  /** Enhanced status code such as 5.1.1. Source: RFC 3463. */
  readonly status: string | undefined;
  /** The reporting server's own words. */
  readonly diagnostic: string | undefined;
}
