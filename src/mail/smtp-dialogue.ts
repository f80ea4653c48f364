/**
 * Speaks SMTP (RFC 5321) line by line, for checks that stop where a client library would go on: after MAIL and RCPT, before any mail. Sending goes over nodemailer
 * (`send.ts`).
 */
import { once } from 'node:events';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import type { ServerLogin } from '../core/model.js';

export interface SmtpReply {
  readonly code: number;
  /** Texts of its lines, without codes. */
  readonly lines: readonly string[];
  /** As it was said, in one line. */
  readonly words: string;
}

/** RFC 5321 section 4.5.3.1.5 allows 512 bytes a line; a server that goes on and on is no mail server. */
const MAX_PENDING_CHARS = 64 * 1024;

type Server = Pick<ServerLogin, 'host' | 'port' | 'ca' | 'trustAnyCertificate'>;

export class SmtpDialogue {
  private pending = '';
  private lines: string[] = [];
  private readonly heard: SmtpReply[] = [];
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  private constructor(
    private socket: Socket | TLSSocket,
    private readonly server: Server,
    private readonly answerMs: number,
  ) {
    this.listen();
  }

  /** @throws the socket's error; an Error with the code ETIMEDOUT when nobody answers */
  static async open(server: Server, encrypted: boolean, answerMs: number): Promise<SmtpDialogue> {
    const socket = encrypted ? connectTls({ ...tlsOptions(server), port: server.port }) : connectPlain({ host: server.host, port: server.port });
    await ready(socket, encrypted ? 'secureConnect' : 'connect', answerMs);
    return new SmtpDialogue(socket, server, answerMs);
  }

  /** The next reply. @throws when the line breaks or nothing comes */
  async hear(): Promise<SmtpReply> {
    const deadline = Date.now() + this.answerMs;
    for (;;) {
      const reply = this.heard.shift();
      if (reply) return reply;
      if (this.failure) throw this.failure;
      const left = deadline - Date.now();
      if (left <= 0) throw timedOut();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async say(line: string): Promise<SmtpReply> {
    this.socket.write(`${line}\r\n`);
    return this.hear();
  }

  /** After the server's 220 to STARTTLS (RFC 3207). What it said in clear counts no more. */
  async encrypt(): Promise<void> {
    this.socket.removeAllListeners('data');
    this.pending = '';
    this.lines = [];
    this.heard.length = 0;
    const encrypted = connectTls({ ...tlsOptions(this.server), socket: this.socket });
    await ready(encrypted, 'secureConnect', this.answerMs);
    this.socket = encrypted;
    this.listen();
  }

  close(): void {
    this.socket.destroy();
  }

  private listen(): void {
    this.socket.on('data', (chunk: Buffer) => {
      this.pending += chunk.toString('utf8');
      if (this.pending.length > MAX_PENDING_CHARS) this.fail(new Error('the server says more than a mail server would'));
      for (let end = this.pending.indexOf('\n'); end >= 0; end = this.pending.indexOf('\n')) {
        this.takeLine(this.pending.slice(0, end).replace(/\r$/, ''));
        this.pending = this.pending.slice(end + 1);
      }
      this.wake?.();
    });
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(Object.assign(new Error('the server closed the line'), { code: 'ECONNRESET' })));
  }

  private takeLine(line: string): void {
    const [, code, more, text = ''] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
    if (code === undefined) {
      this.fail(new Error(`the server does not speak SMTP: ${line.slice(0, 200)}`));
      return;
    }
    this.lines.push(text);
    if (more === '-') return;
    this.heard.push({ code: Number(code), lines: this.lines, words: `${code} ${this.lines.join(' ')}` });
    this.lines = [];
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake?.();
  }
}

function tlsOptions({ host, ca, trustAnyCertificate }: Server): { host: string; servername?: string; ca?: string; rejectUnauthorized: boolean } {
  // An address is not a name to ask for (RFC 6066 section 3).
  return { host, ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }), rejectUnauthorized: !trustAnyCertificate };
}

async function ready(socket: Socket, event: 'connect' | 'secureConnect', withinMs: number): Promise<void> {
  const timer = setTimeout(() => socket.destroy(timedOut()), withinMs);
  try {
    await once(socket, event);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}
