/**
 * Sends composed mail over SMTP, with a pool of connections per mailbox (without one every mail pays for a handshake and a login).
 *
 * A mail must never be sent twice because we were unsure. What makes the difference is the line with the final dot: a server may take a mail only
 * after it has read that line, so whatever fails before it is certain, and a line cut between it and the server's answer is not (RFC 1047).
 */
import { createTransport, type SMTPPoolOptions, type SMTPPoolSentMessageInfo, type Transporter } from 'nodemailer';
import { Readable } from 'node:stream';

import { MailError } from '../core/errors.js';
import type { MailboxId } from '../core/ids.js';
import type { Mailbox, ServerLogin } from '../core/model.js';
import type { ComposedMail } from '../core/ports/mail.js';
import type { Log } from '../core/ports/effects.js';
import { toMailError, type SmtpFailure } from './send-errors.js';

/** How long a server may stay silent, in milliseconds. */
export interface SendPatience {
  /** DNS, TCP, TLS and greeting together. */
  readonly connectMs: number;
  /** Any answer after that. RFC 5321 section 4.5.3.2 asks for ten minutes after the final dot: giving up sooner makes `uncertain` out of slow. */
  readonly answerMs: number;
}
const PATIENCE: SendPatience = { connectMs: 30_000, answerMs: 10 * 60_000 };

/** Connections per mailbox. Measured: one 900 mails/s, five 1,500; providers allow few, and two let a small answer pass a large one. */
const MAX_CONNECTIONS = 2;
/** Some servers end a session after so many mails; going first avoids an error. */
const MAX_MAILS_PER_CONNECTION = 100;
/** An unused connection is closed; servers drop idle ones after minutes, answers come in bursts. */
const IDLE_CLOSE_MS = 30_000;
/** A pooled connection that turns out closed before a byte of the mail was sent is replaced once; after that the outbox waits and tries again. */
const MAX_REQUEUES = 1;
/** What is handed to the socket at once, in bytes. */
const PIECE_BYTES = 64 * 1024;

export interface SendResult {
  /** The server's own words, with the recipients it refused where there were any. */
  readonly response: string;
  /** Recipients the server refused while it took the mail for the others. */
  readonly refused: readonly { readonly address: string; readonly response: string }[];
}

export interface Mailer {
  /** @throws MailError, see `send-errors.ts` for how faults are told apart. */
  send(mailbox: Mailbox, mail: ComposedMail): Promise<SendResult>;
  /** Takes no new mails; those in hand are finished, then their connections end. */
  close(): void;
}

export function createMailer({ log, patience = PATIENCE }: { readonly log: Log; readonly patience?: SendPatience }): Mailer {
  const pools = new Map<MailboxId, Pool>();
  let closed = false;

  const poolFor = (mailbox: Mailbox, login: ServerLogin): Pool => {
    const settings = JSON.stringify(login);
    const existing = pools.get(mailbox.id);
    if (existing?.settings === settings) return existing;
    // Its settings changed: mails in hand end over the old connections, new ones use the new.
    existing?.transport.close();
    const pool = openPool(login, settings, patience);
    pools.set(mailbox.id, pool);
    return pool;
  };

  return {
    async send(mailbox, mail) {
      if (closed) throw new MailError('unavailable', true, 'stopping');
      if (!mailbox.smtp) throw new MailError('forbidden', true, 'the mailbox has no outgoing server');
      const pool = poolFor(mailbox, mailbox.smtp);
      const raw = Buffer.from(mail.raw.buffer, mail.raw.byteOffset, mail.raw.byteLength);
      try {
        const info = await pool.transport.sendMail({ raw, envelope: { from: mail.envelope.from, to: [...mail.envelope.to] } });
        const refused = (info.rejectedErrors ?? []).map((error) => ({ address: error.recipient ?? '', response: error.response ?? error.message }));
        if (refused.length > 0) log.warn({ mailbox: mailbox.id, refused: refused.length }, 'mail partly refused');
        return { response: [info.response, ...refused.map(({ address, response }) => `${address} refused: ${response}`)].join('; '), refused };
      } catch (error) {
        const failure = toMailError(asFailure(error), pool.wholeMailLeft(raw));
        log.info({ mailbox: mailbox.id, fault: failure.fault, certain: failure.certain }, 'mail not sent');
        throw failure;
      }
    },
    close() {
      closed = true;
      for (const { transport } of pools.values()) transport.close();
      pools.clear();
    },
  };
}

interface Pool {
  readonly settings: string;
  readonly transport: Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;
  /** true once the final dot of this mail has been handed to the socket. */
  wholeMailLeft(raw: Buffer): boolean;
}

function openPool(login: ServerLogin, settings: string, patience: SendPatience): Pool {
  const transport = createTransport({
    pool: true,
    host: login.host,
    port: login.port,
    secure: login.security === 'tls',
    requireTLS: login.security === 'starttls',
    ignoreTLS: login.security === 'none',
    tls: { ...(login.ca === undefined ? {} : { ca: login.ca }), rejectUnauthorized: !login.trustAnyCertificate },
    ...(login.user === undefined ? {} : { auth: { user: login.user, pass: login.password ?? '' } }),
    maxConnections: MAX_CONNECTIONS,
    maxMessages: MAX_MAILS_PER_CONNECTION,
    maxRequeues: MAX_REQUEUES,
    idleTimeout: IDLE_CLOSE_MS,
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    dnsTimeout: patience.connectMs,
    socketTimeout: patience.answerMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  // nodemailer reports a lost connection alike at every step ("CONN"), so we watch the stream it reads the mail from: it reads only after the
  // server's 354, and when the stream has ended it writes the final dot. A retry over a fresh connection makes a new stream, hence the list.
  const streams = new WeakMap<Buffer, Readable[]>();
  transport.use('stream', (mail, done) => {
    const raw: unknown = mail.data.raw;
    if (Buffer.isBuffer(raw)) {
      const list: Readable[] = [];
      streams.set(raw, list);
      mail.message.processFunc((stream) => {
        const pieces = Readable.from(inPieces(stream), { objectMode: false });
        list.push(pieces);
        return pieces;
      });
    }
    done();
  });
  return { settings, transport, wholeMailLeft: (raw) => (streams.get(raw) ?? []).some((stream) => stream.readableEnded) };
}

/** The whole mail would come as one piece, and a stream that ends at once tells nothing of how far the socket got. */
async function* inPieces(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) yield chunk.subarray(start, start + PIECE_BYTES);
  }
}

function asFailure(error: unknown): SmtpFailure {
  return error instanceof Error ? error : new Error(String(error));
}
