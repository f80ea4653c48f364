import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before an IMAP server that can fall silent, cut lines, and answer or break on single commands. Plain connections only. */
export class MeddlingProxy {
  /** Connections made so far. */
  connections = 0;
  /**
   * Given each command line of the client: `undefined` lets it pass, `'cut'` cuts the line, `'cut the answer'` lets the server
   * do it and cuts the line where its answer would pass, anything else is answered in the server's place.
   */
  meddle: (command: string) => string | undefined = () => undefined;
  private silent = false;
  private readonly pairs = new Set<readonly [Socket, Socket]>();

  private constructor(
    readonly port: number,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async before(target: number): Promise<MeddlingProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new MeddlingProxy((server.address() as AddressInfo).port, server);
    server.on('connection', (client) => {
      proxy.pair(client, connect(target, '127.0.0.1'));
    });
    return proxy;
  }

  /** Forwards nothing more over the lines that are open, and says nothing about it: as a router that forgot them. New ones work. */
  freeze(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  /** New connections are accepted and never served. */
  fallSilent(silent: boolean): void {
    this.silent = silent;
  }

  /** Cuts all lines. */
  cut(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private pair(client: Socket, upstream: Socket): void {
    this.connections += 1;
    const pair = [client, upstream] as const;
    this.pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const other of pair) other.destroy();
        this.pairs.delete(pair);
      });
    }
    if (this.silent) return;
    let answerPasses = true;
    upstream.on('data', (chunk) => {
      // A server asks for a literal with "+".
      if (answerPasses || chunk.toString('latin1').startsWith('+')) client.write(chunk);
      else client.destroy();
    });
    let input = '';
    client.on('data', (chunk) => {
      input += chunk.toString('latin1');
      for (let end = input.indexOf('\r\n'); end >= 0; end = input.indexOf('\r\n')) {
        const line = input.slice(0, end);
        input = input.slice(end + 2);
        const meddled = this.meddle(line);
        if (meddled === 'cut the answer') answerPasses = false;
        if (meddled === undefined || meddled === 'cut the answer') upstream.write(`${line}\r\n`, 'latin1');
        else if (meddled === 'cut') client.destroy();
        else client.write(`${line.split(' ')[0] ?? ''} ${meddled}\r\n`);
      }
    });
  }
}
