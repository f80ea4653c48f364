/** What a line to an IMAP server can do. */
import type { Fault } from './fault.js';

const CUT_EVERY_MS = 700;

export const imapDrops: Fault = {
  name: 'imap-drops',
  what: 'connections to the IMAP server are cut again and again',
  lastsMs: 8_000,
  async begin({ imapLine }) {
    const timer = setInterval(() => imapLine.cut(), CUT_EVERY_MS);
    return async () => clearInterval(timer);
  },
  told: /mailbox cannot be read/,
};

export const idleSilent: Fault = {
  name: 'idle-silent',
  what: 'IDLE goes silent: connections stand and carry nothing',
  // The watchdog waits 20 s for an answer to NOOP.
  lastsMs: 26_000,
  async begin({ imapLine }) {
    imapLine.freeze();
    return async () => undefined;
  },
  told: /no answer within/,
};
