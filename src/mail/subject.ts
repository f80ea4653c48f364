/** Subjects of answers. */

/**
 * How mail programs mark an answer, in the languages customers write from; a counter such as `Re[2]:` or `RE(3):` included. An answer keeps the mark that is
 * there: threads whose subject changes fall apart in some mail programs.
 */
const REPLY_MARK = /^\s*(?:re|odp|aw|antw|antwort|sv|vs|rv|res|rif|r|ref|回复|答复|回覆|ynt|yan|atb|vá|απ|σχετ|ang|bls|hs|ats|на)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]/iu;
/** RFC 5322 section 2.1.1 allows 998 characters a line; headers are folded, but an absurd subject helps nobody. */
const MAX_SUBJECT_CHARS = 900;

/** `Invoice` -> `Re: Invoice`; what is an answer already stays as it is. */
export function answerSubject(subject: string): string {
  const line = oneLine(subject);
  return REPLY_MARK.test(line) ? line : `Re: ${line}`.trim();
}

/** Text that may stand in a header: one line, no control characters. A line break in it would begin a header of the sender's choice. */
export function oneLine(text: string): string {
  // Controls of both blocks, and the line and paragraph separators of Unicode.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim().slice(0, MAX_SUBJECT_CHARS);
}
