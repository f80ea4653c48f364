import type { PeekHeaders } from '../core/ports/mail.js';

/** Subject and sender out of a header block, for mail whose body was never taken. */
export const peekHeaders: PeekHeaders = async (headers) => {
  try {
    // Mails that are too large are rare, and the library is not small.
    const { simpleParser } = await import('mailparser');
    const mail = await simpleParser(Buffer.concat([headers, Buffer.from('\r\n\r\n')]));
    const [sender] = mail.from?.value ?? [];
    return { subject: mail.subject ?? '', sender: sender?.address?.toLowerCase() ?? '' };
  } catch {
    // A header that nobody can read is shown as nothing; the mail itself is on the server.
    return { subject: '', sender: '' };
  }
};
