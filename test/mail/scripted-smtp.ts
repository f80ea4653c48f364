import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where the script goes wrong, in the order of the exchange. */
export const STAGES = ['connect', 'greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'middle of the mail', 'after the final dot'] as const;
export type Stage = (typeof STAGES)[number];

/** `cut` closes the line, `reset` breaks it, `hang` says nothing more; anything else is said instead of the usual answer. */
export type Trouble = 'cut' | 'reset' | 'hang' | (string & {});

const BUSINESS_AS_USUAL = { greeting: '220 test', EHLO: '250 ok', AUTH: '235 welcome', MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on', 'after the final dot': '250 2.0.0 queued' };

export interface ScriptedSmtp {
  readonly port: number;
  /** Mails whose final dot was read. */
  readonly taken: string[];
  /** Connections made so far. */
  connections: number;
  close(): Promise<void>;
}

/** An SMTP server that does exactly what it is told, where a well-made one would not. */
export async function startScriptedSmtp(script: Partial<Record<Stage, Trouble>>, extensions: readonly string[] = []): Promise<ScriptedSmtp> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    result.connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    speak(socket, script, extensions, result.taken);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const result: ScriptedSmtp = {
    port: (server.address() as AddressInfo).port,
    taken: [],
    connections: 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return result;
}

function speak(socket: Socket, script: Partial<Record<Stage, Trouble>>, extensions: readonly string[], taken: string[]): void {
  let over = false;
  /** @returns false when the exchange has ended here. */
  const at = (stage: Stage, usual: string | undefined): boolean => {
    const trouble = script[stage];
    if (over) return false;
    if (trouble === 'cut') socket.destroy();
    else if (trouble === 'reset') socket.resetAndDestroy();
    if (trouble === 'cut' || trouble === 'reset' || trouble === 'hang') {
      over = true;
      // Silence in the middle of a mail also means reading no further.
      if (stage === 'middle of the mail') socket.pause();
      return false;
    }
    const answer = trouble ?? usual;
    if (answer !== undefined) socket.write(`${answer}\r\n`);
    return true;
  };

  if (!at('connect', undefined)) return;
  at('greeting', BUSINESS_AS_USUAL.greeting);
  let input = '';
  let mail: string | undefined;
  socket.on('data', (chunk) => {
    input += chunk.toString('latin1');
    for (;;) {
      if (over) return;
      if (mail !== undefined) {
        const end = input.indexOf('\r\n.\r\n');
        if (script['middle of the mail'] !== undefined && input.length > 1_000) {
          at('middle of the mail', undefined);
          return;
        }
        if (end < 0) return;
        taken.push(input.slice(0, end));
        input = input.slice(end + 5);
        mail = undefined;
        at('after the final dot', BUSINESS_AS_USUAL['after the final dot']);
        continue;
      }
      const end = input.indexOf('\r\n');
      if (end < 0) return;
      const command = input.slice(0, end).split(' ')[0]?.toUpperCase() ?? '';
      input = input.slice(end + 2);
      if (command === 'EHLO') at('EHLO', ['250-test', ...extensions.map((each) => `250-${each}`), BUSINESS_AS_USUAL.EHLO].join('\r\n'));
      else if (command === 'DATA') {
        if (at('DATA', BUSINESS_AS_USUAL.DATA) && (script.DATA ?? '354').startsWith('354')) mail = '';
      } else if (command === 'AUTH' || command === 'MAIL' || command === 'RCPT') at(command, BUSINESS_AS_USUAL[command]);
      else if (command === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    }
  });
}
