/** What a desk gets that does not say otherwise. */
export const DEFAULTS = {
  bridge: 'web',
  folders: ['INBOX'],
  language: 'en',
  /** Most servers take 25 MB and count the mail as it travels. */
  maxAnswerBytes: 20e6,
  maxMailBytes: 25e6,
  pollSeconds: 60,
  sentFolder: 'Sent',
  timeZone: 'UTC',
  undoSeconds: 15,
} as const;

/** The usual port for each way of securing the line. Source: RFC 8314 section 7.3. */
export const IMAP_PORTS = { tls: 993, starttls: 143, none: 143 } as const;
export const SMTP_PORTS = { tls: 465, starttls: 587, none: 25 } as const;
