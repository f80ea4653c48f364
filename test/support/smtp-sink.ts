import { once } from 'node:events';
import type { Socket } from 'node:net';

import { SMTPServer, type SMTPServerSession } from 'smtp-server';

import { certificate } from './certificate.js';
import { freePort, LOOPBACK } from './free-port.js';

const WAIT_TIMEOUT_MS = 5_000;
/** A test that stops the sink does not wait for clients that keep their connection. */
const CLOSE_TIMEOUT_MS = 100;

/** A moment of the SMTP exchange at which something can go wrong. `data` is the answer to the whole mail. */
export type SmtpStage = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

export interface SunkMail {
  /** Envelope sender; empty for bounces. */
  readonly from: string;
  /** Envelope recipients. */
  readonly to: readonly string[];
  readonly raw: Buffer;
  /** With its angle brackets. */
  readonly messageId: string | undefined;
  readonly subject: string | undefined;
  /** First header of that name, unfolded, not decoded. */
  header(name: string): string | undefined;
  /** Login that sent it. */
  readonly user: string | undefined;
  readonly receivedAt: Date;
}

export interface SmtpSinkOptions {
  /** Login and password that are asked for; without them nobody has to log in. */
  readonly auth?: { readonly user: string; readonly pass: string };
  /** Offers STARTTLS with a certificate that clients trust by `tls: { ca: sink.ca }`; needs openssl. */
  readonly startTls?: boolean;
  /** Largest mail taken, in bytes (SIZE, RFC 1870). */
  readonly maxBytes?: number;
}

export interface SmtpFailure {
  readonly stage: SmtpStage;
  /** 4xx: try again later. 5xx: never. */
  readonly code: number;
  readonly message?: string;
  /** How many times it happens; once unless told. `Infinity` until `clearFaults`. */
  readonly times?: number;
}

type Fault = { stage: SmtpStage; times: number } & (
  | { kind: 'fail'; code: number; message: string }
  | { kind: 'hang' }
  | { kind: 'drop'; keepMail: boolean }
);

type Answer = (error?: Error | null) => void;

/** Takes every mail and keeps it in memory; goes wrong on request. */
export class SmtpSink {
  readonly host = LOOPBACK;
  /** What has arrived, oldest first: taken whether or not the client was told so. */
  readonly mails: SunkMail[] = [];
  private faults: Fault[] = [];
  private server: SMTPServer | undefined;
  private readonly sockets = new Map<number, Socket>();
  private readonly waiting = new Set<() => void>();

  /** Use `startSmtpSink`. */
  constructor(
    readonly port: number,
    /** PEM to trust when it offers STARTTLS, otherwise undefined. */
    readonly ca: string | undefined,
    private readonly key: string | undefined,
    private readonly options: SmtpSinkOptions,
  ) {}

  /** Connections that are open now. */
  get connections(): number {
    return this.sockets.size;
  }

  /** Refuses the next attempts at a stage with a reply code. */
  failNext(failure: SmtpFailure): void {
    const { stage, code, message = 'refused by the test', times = 1 } = failure;
    this.faults.push({ kind: 'fail', stage, code, message, times });
  }

  /** Does not answer at a stage, and keeps the line open. */
  hangAt(stage: SmtpStage, times = 1): void {
    this.faults.push({ kind: 'hang', stage, times });
  }

  /** Cuts the line at a stage without an answer; at `data` the mail is lost. */
  dropAt(stage: SmtpStage, times = 1): void {
    this.faults.push({ kind: 'drop', stage, times, keepMail: false });
  }

  /** Takes the mail, then cuts the line without an answer: the client cannot know that it arrived. */
  dropAfterData(times = 1): void {
    this.faults.push({ kind: 'drop', stage: 'data', times, keepMail: true });
  }

  clearFaults(): void {
    this.faults = [];
  }

  /**
   * The first mail for which `matches` is true, among those that arrived or as soon as one does.
   *
   * @throws when none arrives in time
   */
  async waitFor(matches: (mail: SunkMail) => boolean = () => true, timeoutMs = WAIT_TIMEOUT_MS): Promise<SunkMail> {
    const already = this.mails.find(matches);
    if (already) return already;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const mail = this.mails.find(matches);
        if (!mail) return;
        done();
        resolve(mail);
      };
      const timer = setTimeout(() => {
        done();
        const subjects = this.mails.map((mail) => mail.subject ?? '(no subject)').join(', ');
        reject(new Error(`no such mail within ${timeoutMs} ms; arrived: ${subjects || 'none'}`));
      }, timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      this.waiting.add(look);
    });
  }

  /** Listens (again) on the same port. */
  async start(): Promise<void> {
    if (this.server) return;
    const server = this.makeServer();
    this.server = server;
    server.on('error', () => undefined);
    server.server.on('connection', (socket: Socket) => {
      const port = socket.remotePort;
      if (port === undefined) return;
      this.sockets.set(port, socket);
      socket.once('close', () => this.sockets.delete(port));
    });
    server.listen(this.port, LOOPBACK);
    await once(server.server, 'listening');
  }

  /** Cuts all lines and listens no more; what arrived stays, `start` listens again. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    for (const socket of this.sockets.values()) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  }

  private makeServer(): SMTPServer {
    const { auth, maxBytes } = this.options;
    return new SMTPServer({
      ...(this.ca !== undefined && this.key !== undefined ? { cert: this.ca, key: this.key } : {}),
      ...(maxBytes === undefined ? {} : { size: maxBytes }),
      disabledCommands: [...(auth ? [] : ['AUTH']), ...(this.ca === undefined ? ['STARTTLS'] : [])],
      authOptional: auth === undefined,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      closeTimeout: CLOSE_TIMEOUT_MS,
      onConnect: (session, answer) => {
        this.at('connect', session, answer);
      },
      onAuth: (given, session, answer) => {
        const right = given.username === auth?.user && given.password === auth?.pass;
        this.at('auth', session, (error) => {
          if (error) answer(error);
          else if (right) answer(null, { user: given.username });
          else answer(replyError(535, 'wrong user name or password'));
        });
      },
      onMailFrom: (_address, session, answer) => {
        this.at('mail', session, answer);
      },
      onRcptTo: (_address, session, answer) => {
        this.at('rcpt', session, answer);
      },
      onData: (stream, session, answer) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('end', () => {
          if (stream.sizeExceeded) answer(replyError(552, 'the mail is too large'));
          else {
            const keep = (): void => {
              this.take(Buffer.concat(chunks), session);
            };
            this.at('data', session, answer, keep);
          }
        });
      },
    });
  }

  /** Answers at a stage, unless a fault was ordered for it. `accept` is done before a positive answer. */
  private at(stage: SmtpStage, session: SMTPServerSession, answer: Answer, accept: () => void = () => undefined): void {
    const fault = this.faults.find((candidate) => candidate.stage === stage);
    if (fault) {
      fault.times -= 1;
      if (fault.times <= 0) this.faults.splice(this.faults.indexOf(fault), 1);
    }
    switch (fault?.kind) {
      case undefined:
        accept();
        answer();
        return;
      case 'fail':
        answer(replyError(fault.code, fault.message));
        return;
      case 'hang':
        return;
      case 'drop':
        if (fault.keepMail) accept();
        this.sockets.get(session.remotePort)?.destroy();
        return;
    }
  }

  private take(raw: Buffer, session: SMTPServerSession): void {
    const { mailFrom, rcptTo } = session.envelope;
    const headers = headersOf(raw);
    const header = (name: string): string | undefined => headers.get(name.toLowerCase());
    this.mails.push({
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
      raw,
      messageId: header('message-id'),
      subject: header('subject'),
      header,
      user: session.user,
      receivedAt: new Date(),
    });
    for (const look of [...this.waiting]) look();
  }
}

/** Starts a sink of its own for one test file. End it with `stop()`. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const pair = options.startTls === true ? await certificate() : undefined;
  const sink = new SmtpSink(await freePort(), pair?.cert, pair?.key, options);
  await sink.start();
  return sink;
}

function replyError(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

/** Lower-case name -> value of the first header of that name. */
function headersOf(raw: Buffer): Map<string, string> {
  const text = raw.toString('utf8');
  const end = text.search(/\r?\n\r?\n/);
  const unfolded = (end < 0 ? text : text.slice(0, end)).replaceAll(/\r?\n[ \t]+/g, ' ');
  const headers = new Map<string, string>();
  for (const line of unfolded.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}
