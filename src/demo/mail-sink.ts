/** Takes every mail that the demo's desk sends out and puts it into the sample customers' mailboxes. Nothing leaves this machine. */
import { SMTPServer } from 'smtp-server';

import type { Log } from '../core/ports/effects.js';

/** A letter is text with a few files; the demo's form takes no more. */
const MAX_MAIL_BYTES = 30 * 1024 * 1024;

export interface MailSink {
  readonly port: number;
  stop(): Promise<void>;
}

/** @param deliver resolves when the mail is kept; only then is it accepted */
export async function startMailSink({ deliver, log }: { deliver: (to: readonly string[], raw: Buffer) => Promise<void>; log: Log }): Promise<MailSink> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address.toLowerCase());
        deliver(to, Buffer.concat(chunks)).then(
          () => callback(null),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
  });
  server.on('error', (error) => log.warn({ error }, 'demo-sink'));
  const listening = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    const net = server.listen(0, '127.0.0.1', () => {
      const address = net.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return { port: listening, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
