import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

import { LOOPBACK } from './free-port.js';

const SENDER = 'sender@outside.test';

/**
 * Hands mails to an LMTP server (RFC 2033) on loopback, byte for byte but for line ends, over one connection.
 *
 * @throws when the server refuses one
 */
export async function deliverByLmtp(port: number, recipient: string, mails: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = connect({ port, host: LOOPBACK });
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  try {
    await once(socket, 'connect');
    await expectReply(replies, '220');
    await say(socket, replies, 'LHLO test', '250');
    for (const mail of mails) {
      await say(socket, replies, `MAIL FROM:<${SENDER}>`, '250');
      await say(socket, replies, `RCPT TO:<${recipient}>`, '250');
      await say(socket, replies, 'DATA', '354');
      socket.write(dotStuffed(mail));
      await expectReply(replies, '250');
    }
    await say(socket, replies, 'QUIT', '221');
  } finally {
    socket.destroy();
  }
}

async function say(socket: Socket, replies: AsyncIterator<string>, line: string, code: string): Promise<void> {
  socket.write(`${line}\r\n`);
  await expectReply(replies, code);
}

/** A reply's last line has a space after its code; those before it a dash. */
async function expectReply(replies: AsyncIterator<string>, code: string): Promise<void> {
  for (;;) {
    const next = await replies.next();
    if (next.done === true) throw new Error(`the LMTP server closed the line where ${code} was awaited`);
    if (!next.value.startsWith(code)) throw new Error(`the LMTP server said "${next.value}" where ${code} was awaited`);
    if (next.value[3] !== '-') return;
  }
}

/** The form on the wire: CRLF line ends, a dot before a leading dot, the closing dot (RFC 5321, 4.5.2). Latin-1 keeps every byte as it is. */
function dotStuffed(mail: string | Uint8Array): Buffer {
  const bytes = typeof mail === 'string' ? Buffer.from(mail, 'utf8') : Buffer.from(mail);
  const lines = bytes.toString('latin1').split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  const stuffed = lines.map((line) => (line.startsWith('.') ? `.${line}` : line));
  return Buffer.from(`${stuffed.join('\r\n')}\r\n.\r\n`, 'latin1');
}
