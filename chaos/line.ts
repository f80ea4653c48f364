/** A TCP line to a server on this machine, that can be made slow, cut, frozen, or cut in the middle of an SMTP mail. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The mail itself comes next (RFC 5321 section 4.3.2). With PIPELINING the answers to MAIL and RCPT may come before it in one piece. */
const GO_AHEAD = /^354[ -]/m;

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

export class Line {
  /** How long the server's answers take on their way, in milliseconds: asked for each piece. */
  delayMs: () => number = () => 0;
  /** Asked when a client begins to send a mail: after how many bytes of it the line is cut; undefined: it is not. */
  cutMailAfter: () => number | undefined = () => undefined;
  private readonly pairs = new Set<Pair>();

  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  static async to(target: number): Promise<Line> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new Line((server.address() as AddressInfo).port, server);
    server.on('connection', (client) => line.pair({ client, upstream: connect(target, '127.0.0.1') }));
    return line;
  }

  /** Cuts what is open. New connections work. */
  cut(): void {
    for (const { client, upstream } of this.pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  /** What is open carries nothing more, and nobody is told. New connections work. */
  freeze(): void {
    for (const { client, upstream } of this.pairs) {
      client.pause();
      upstream.pause();
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private pair(pair: Pair): void {
    const { client, upstream } = pair;
    this.pairs.add(pair);
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        other.destroy();
        this.pairs.delete(pair);
      });
    }
    let left: number | undefined;
    client.on('data', (chunk) => {
      if (left !== undefined && chunk.length >= left) {
        // The server got a part of the mail, then the line was gone for both.
        upstream.write(chunk.subarray(0, left));
        client.destroy();
        return;
      }
      if (left !== undefined) left -= chunk.length;
      upstream.write(chunk);
    });
    // Pieces keep their order: each waits for the one before.
    let before = Promise.resolve();
    upstream.on('data', (chunk) => {
      if (GO_AHEAD.test(chunk.toString('latin1'))) left = this.cutMailAfter();
      const waitMs = this.delayMs();
      before = before.then(() => (waitMs > 0 ? new Promise((done) => setTimeout(done, waitMs)) : undefined)).then(() => void client.write(chunk));
    });
  }
}
