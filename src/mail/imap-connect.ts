/** Makes connections to IMAP servers (RFC 3501), encrypted the way the mailbox says and never less. */
import { ImapFlow } from 'imapflow';

import type { ServerLogin } from '../core/model.js';
import { MailboxProblem, toMailboxProblem } from './mailbox-problem.js';

/** How long we wait for a server, in milliseconds. */
export interface ImapPatience {
  /** DNS, TCP, TLS and greeting, each. */
  readonly connectMs: number;
  /** Silence while an answer is due, or while idling before we ask whether the server is still there. */
  readonly silenceMs: number;
}
export const IMAP_PATIENCE: ImapPatience = { connectMs: 20_000, silenceMs: 60_000 };
/** A polite goodbye may take this long, in milliseconds. */
const LOGOUT_MS = 2_000;

/**
 * @param giveUp ends an attempt that is under way
 * @returns a client that is logged in and does nothing by itself (no automatic IDLE). Once it is lost it emits 'close'; its 'error' is handled.
 * @throws MailboxProblem
 */
export async function connectImap(login: ServerLogin, patience: ImapPatience = IMAP_PATIENCE, giveUp?: AbortSignal): Promise<ImapFlow> {
  if (login.user === undefined || login.password === undefined) throw new MailboxProblem('wrong-password', 'no user name or password is configured');
  const client = new ImapFlow({
    host: login.host,
    port: login.port,
    secure: login.security === 'tls',
    // imapflow would upgrade when offered and go on in clear when not: we say which it has to be.
    ...(login.security === 'tls' ? {} : { doSTARTTLS: login.security === 'starttls' }),
    tls: { ...(login.ca === undefined ? {} : { ca: login.ca }), rejectUnauthorized: !login.trustAnyCertificate },
    auth: { user: login.user, pass: login.password },
    disableAutoIdle: true,
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    socketTimeout: patience.silenceMs,
    // It would log addresses and headers.
    logger: false,
  });
  // Emitted besides 'close' when a line breaks; without a listener it would end the process.
  client.on('error', () => undefined);
  const close = (): void => {
    client.close();
  };
  giveUp?.addEventListener('abort', close);
  try {
    if (giveUp?.aborted === true) throw new MailboxProblem('other', 'given up');
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw toMailboxProblem(error);
  } finally {
    giveUp?.removeEventListener('abort', close);
  }
}

/** Ends a connection politely if the server still listens, and for certain in any case. */
export async function disconnect(client: ImapFlow): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LOGOUT_MS);
  });
  await Promise.race([client.logout().catch(() => undefined), tooLong]);
  clearTimeout(timer);
  client.close();
}

/** imapflow answers many a command on a lost connection with "nothing" instead of an error; what was read then means nothing. */
export function assertConnected(client: ImapFlow): void {
  if (!client.usable) throw toMailboxProblem(Object.assign(new Error('the connection was lost'), { code: 'NoConnection', reason: client.byeReason }));
}
