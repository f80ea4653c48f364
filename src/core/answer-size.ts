/** How large a mail becomes on its way, told before it is sent: servers refuse what is over their limit, and most limits count the mail as it travels. */
import type { Attachment } from './model.js';

/** Base64 writes three bytes as four characters, and ends each line of 76 with two more. Source: RFC 2045 section 6.8. */
const ENCODED = (4 / 3) * (78 / 76);
/** The text goes twice, plain and as HTML, in the worst encoding for letters beyond ASCII. */
const TEXT_COPIES = 6;
/** Headers, signature and the seams between parts. */
const FRAME_BYTES = 8_000;

/** Bytes of a whole mail as it travels: an estimate that is never too small for ordinary mail. */
export function mailBytes(text: string, files: readonly Pick<Attachment, 'bytes'>[]): number {
  return Math.ceil(FRAME_BYTES + new TextEncoder().encode(text).length * TEXT_COPIES + files.reduce((sum, { bytes }) => sum + bytes * ENCODED, 0));
}
