/**
 * Receives mail over SMTP (RFC 5321), for mailboxes that mail is forwarded to and for the demo. It is the last stop, never a relay: it takes mail for our own
 * addresses and nothing else, and says 250 only when the mail is safe on disk.
 */
import { hostname } from 'node:os';

import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import type { Mailbox } from '../core/model.js';
import type { Clock, Log } from '../core/ports/effects.js';
import type { Intake } from '../core/ports/intake.js';

/** Connections at once; more wait at their own side. A desk's mail comes from a handful of servers. */
const MAX_CLIENTS = 50;
/** RFC 5321 section 4.5.3.1.8 asks to take at least 100. */
const MAX_RECIPIENTS = 100;
/** Silence after which a client is let go, in milliseconds. RFC 5321 section 4.5.3.2.7 asks for five minutes. */
const SOCKET_TIMEOUT_MS = 5 * 60_000;
/** At stop: how long mails in hand may take, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;
/** Mails being received are in memory; beyond this many bytes together new ones are asked to come later. */
const MAX_BYTES_IN_HAND = 256 * 1024 * 1024;

export interface InboundSmtpOptions {
  readonly host: string;
  /** 0: any free one; see `port` of the result. */
  readonly port: number;
  /** Asked for every recipient, so that changes to the desk count at once. Only those of kind 'smtp' receive here. */
  readonly mailboxes: () => readonly Mailbox[];
  readonly intake: Pick<Intake, 'keep'>;
  /** Largest mail in bytes; a mailbox's own `maxMailBytes` counts where it is smaller. Announced as SIZE (RFC 1870). */
  readonly maxBytes: number;
  /** PEM; offers STARTTLS (RFC 3207) when given. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface InboundSmtp {
  readonly port: number;
  /** Takes no new mail; resolves when those in hand are answered for. */
  stop(): Promise<void>;
}

/** @throws the socket's error when it cannot listen. */
export async function startInboundSmtp(options: InboundSmtpOptions): Promise<InboundSmtp> {
  const { mailboxes, log } = options;
  const reception = { bytesInHand: 0 };
  const server = new SMTPServer({
    name: hostname(),
    banner: 'Goniec',
    size: options.maxBytes,
    ...(options.tls ?? {}),
    // Nobody logs in here: there is nothing that a login would allow.
    disabledCommands: options.tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    authOptional: true,
    hideSMTPUTF8: false,
    disableReverseLookup: true,
    maxClients: MAX_CLIENTS,
    maxRecipients: MAX_RECIPIENTS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    logger: false,
    onRcptTo(address, _session, done) {
      done(mailboxOf(address.address, mailboxes()) ? null : refusal(550, `<${address.address}> is not an address of this desk, and we do not relay mail`));
    },
    onData(stream, session, done) {
      receive(stream, session, options, reception).then(
        (kept) => {
          done(null, kept);
        },
        (error: unknown) => {
          const answer = error instanceof SmtpRefusal ? error : refusal(451, 'Not kept, please try again later');
          log.warn({ session: session.id, code: answer.responseCode, ...(error instanceof SmtpRefusal ? {} : { err: error }) }, 'mail not taken over SMTP');
          done(answer);
        },
      );
    },
  });
  // Errors of single connections (resets, failed TLS); the server itself goes on.
  server.on('error', (err) => {
    log.debug({ err }, 'inbound SMTP connection failed');
  });
  const port = await listen(server, options);
  log.info({ port }, 'receiving mail over SMTP');
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Reads the mail and keeps it once for each of our mailboxes that it is for. @returns what is said after 250. */
async function receive(stream: SMTPServerDataStream, session: SMTPServerSession, options: InboundSmtpOptions, reception: { bytesInHand: number }): Promise<string> {
  // A client that goes away in the middle makes this throw: half a mail is never kept.
  const deliveries = recipientsByMailbox(session, options.mailboxes());
  if (deliveries.size === 0) throw refusal(451, 'The desk has just changed, please try again');
  const limit = Math.min(options.maxBytes, ...[...deliveries.keys()].map(({ maxMailBytes }) => maxMailBytes));
  const body = await read(stream, limit, reception);
  const receivedAt = options.clock.now();
  try {
    for (const [mailbox, recipients] of deliveries) {
      const raw = Buffer.concat([Buffer.from(traceHeaders(session, recipients, receivedAt)), body]);
      const arrival = { source: 'smtp', place: undefined, raw, headers: undefined, bytes: raw.length, recipients, receivedAt, historic: false, reread: false } as const;
      // If a later mailbox fails, the sender comes again with the whole mail; the earlier one recognises the copy by its content.
      await options.intake.keep(mailbox, [arrival], undefined);
      options.log.info({ mailbox: mailbox.id, bytes: raw.length }, 'mail kept from SMTP');
    }
  } finally {
    reception.bytesInHand -= body.length;
  }
  return `OK: kept as ${session.id}`;
}

/** The bytes stay counted in `reception` until the caller takes them off. */
async function read(stream: SMTPServerDataStream, limit: number, reception: { bytesInHand: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let problem: SmtpRefusal | undefined;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // What is refused is still read to its end, so that the client hears the answer instead of a broken line.
      if (problem) continue;
      if (bytes + chunk.length > limit) problem = refusal(552, `The mail is larger than the ${limit} bytes that we take`);
      else if (reception.bytesInHand + chunk.length > MAX_BYTES_IN_HAND) problem = refusal(452, 'Receiving too much at once, please try again later');
      if (problem) {
        chunks.length = 0;
        continue;
      }
      chunks.push(chunk);
      bytes += chunk.length;
      reception.bytesInHand += chunk.length;
    }
    if (problem) throw problem;
    return Buffer.concat(chunks);
  } catch (error) {
    reception.bytesInHand -= bytes;
    throw error;
  }
}

/** Which of our mailboxes receives mail for this address: by its address or an alias, with or without a plus tag (RFC 5233). */
function mailboxOf(address: string, mailboxes: readonly Mailbox[]): Mailbox | undefined {
  const wanted = addressesMeant(address);
  return mailboxes.find((mailbox) => mailbox.kind === 'smtp' && [mailbox.address, ...mailbox.aliases].some((own) => wanted.includes(own.toLowerCase())));
}

/** `a+b+c@x` -> itself, `a+b@x`, `a@x`. */
function addressesMeant(address: string): readonly string[] {
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf('@');
  const parts = lower.slice(0, Math.max(0, at)).split('+');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('+') + lower.slice(at));
}

function recipientsByMailbox(session: SMTPServerSession, mailboxes: readonly Mailbox[]): ReadonlyMap<Mailbox, readonly string[]> {
  const byMailbox = new Map<Mailbox, string[]>();
  for (const { address } of session.envelope.rcptTo) {
    const mailbox = mailboxOf(address, mailboxes);
    const recipient = address.toLowerCase();
    if (!mailbox) continue;
    const recipients = byMailbox.get(mailbox) ?? [];
    if (!recipients.includes(recipient)) recipients.push(recipient);
    byMailbox.set(mailbox, recipients);
  }
  return byMailbox;
}

/**
 * What the last stop adds in front (RFC 5321 section 4.4): Return-Path, which is `<>` for bounces and tells them from people, and Received. In front, so that
 * ours are the first of their name, whatever the sender wrote further down.
 */
function traceHeaders(session: SMTPServerSession, recipients: readonly string[], at: Date): string {
  const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
  const only = recipients.length === 1 ? ` for <${inHeader(recipients[0] ?? '')}>` : '';
  const client = `${inHeader(session.hostNameAppearsAs || 'unknown')} ([${inHeader(session.remoteAddress)}])`;
  return (
    `Return-Path: <${inHeader(from)}>\r\n` +
    `Received: from ${client}\r\n by ${hostname()} with ${inHeader(session.transmissionType)} id ${session.id}${only};\r\n ${mailDate(at)}\r\n`
  );
}

/** What comes from the other side and goes into a header must not end it. */
function inHeader(text: string): string {
  return text.replace(/[\p{Cc}<>]/gu, '');
}

/** RFC 5322 section 3.3. */
function mailDate(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}

class SmtpRefusal extends Error {
  constructor(
    /** smtp-server answers with this code. */
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
    this.name = 'SmtpRefusal';
  }
}

function refusal(code: number, words: string): SmtpRefusal {
  return new SmtpRefusal(code, words);
}

async function listen(server: SMTPServer, { host, port }: Pick<InboundSmtpOptions, 'host' | 'port'>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => {
      server.server.off('error', reject);
      const address = server.server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
