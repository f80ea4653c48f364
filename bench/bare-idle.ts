/** What a mail server tells a client that does nothing but IDLE: the moment that ours is compared with. */
import { ImapFlow } from 'imapflow';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Dovecot } from '../test/support/dovecot.js';

/** Until the server knows that we listen. */
const SETTLE_MS = 2_000;

export interface BareIdle {
  /** Forgets the last notification. */
  reset(): void;
  /** As performance.now() has it; 0: there was none yet. */
  notifiedAt(): number;
  stop(): Promise<void>;
}

export async function listenBare(dovecot: Dovecot, user: string): Promise<BareIdle> {
  const client = new ImapFlow({ host: '127.0.0.1', port: dovecot.imapPort, secure: false, doSTARTTLS: false, auth: { user, pass: 'secret' }, logger: false });
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  let at = 0;
  client.on('exists', () => (at = performance.now()));
  const idling = (async () => {
    while (client.usable) await client.idle().catch(() => undefined);
  })();
  await sleep(SETTLE_MS);
  return {
    reset: () => void (at = 0),
    notifiedAt: () => at,
    async stop() {
      client.close();
      await idling;
    },
  };
}
