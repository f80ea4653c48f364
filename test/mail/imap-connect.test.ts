import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { connectImap } from '../../src/mail/imap-connect.js';
import { MailboxProblem, toMailboxProblem } from '../../src/mail/mailbox-problem.js';
import { freePort } from '../support/free-port.js';
import { aLogin } from './samples.js';

const PATIENCE = { connectMs: 300, silenceMs: 500 };
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** An IMAP server of few words. `answers` maps a command to what is said to it after the tag. */
async function imapServer(greeting: string | undefined, answers: Readonly<Record<string, string>> = {}): Promise<{ port: number; commands: string[] }> {
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (greeting !== undefined) socket.write(`${greeting}\r\n`);
    if (greeting?.startsWith('* BYE') === true) socket.end();
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        const [tag = '', command = ''] = line.split(' ');
        commands.push(line);
        socket.write(`${tag} ${answers[command.toUpperCase()] ?? 'OK done'}\r\n`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, commands };
}

async function problemOf(login: Parameters<typeof aLogin>[0]): Promise<MailboxProblem> {
  const error: unknown = await connectImap(aLogin({ user: 'desk', password: 's3cret', ...login }), PATIENCE).then(
    () => new Error('it connected'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof MailboxProblem)) throw error;
  return error;
}

const PLAIN = '* OK [CAPABILITY IMAP4rev1] ready';

describe('connecting to an IMAP server', () => {
  it('does not go on in clear where STARTTLS is required and not offered, and keeps the password to itself', async () => {
    const { port, commands } = await imapServer(PLAIN);
    expect(await problemOf({ port, security: 'starttls' })).toMatchObject({ kind: 'no-tls', detail: expect.stringContaining('STARTTLS') as string });
    expect(commands.join()).not.toMatch(/LOGIN|AUTHENTICATE|s3cret/);
  });

  it('does not take a server without TLS for one with it', async () => {
    const { port } = await imapServer(PLAIN);
    expect(await problemOf({ port, security: 'tls' })).toMatchObject({ kind: 'no-tls' });
  });

  it('says when the server wants encryption that was not asked for', async () => {
    const { port, commands } = await imapServer('* OK [CAPABILITY IMAP4rev1 LOGINDISABLED STARTTLS] ready');
    expect(await problemOf({ port })).toMatchObject({ kind: 'no-tls' });
    expect(commands.join()).not.toContain('s3cret');
  });

  it.each([
    ['NO [AUTHENTICATIONFAILED] Invalid credentials', 'wrong-password'],
    ['NO [AUTHENTICATIONFAILED] Too many failed attempts with this password', 'wrong-password'],
    ['NO Login failed', 'wrong-password'],
    ['NO [EXPIRED] Password expired', 'wrong-password'],
    ['NO [UNAVAILABLE] Temporary authentication failure', 'throttled'],
    ['NO [LIMIT] Too many simultaneous connections', 'throttled'],
    ['NO [INUSE] locked', 'throttled'],
    ['NO Too many login attempts, try again later', 'throttled'],
    ['NO [PRIVACYREQUIRED] use TLS', 'no-tls'],
  ])('C30: takes %j for %s', async (answer, kind) => {
    const { port } = await imapServer(PLAIN, { LOGIN: answer });
    const problem = await problemOf({ port });
    expect(problem.kind).toBe(kind);
    expect(problem.detail).toContain(answer.replace(/^NO (?:\[\w+\] )?/, ''));
    expect(JSON.stringify([problem.message, String(problem.cause)])).not.toContain('s3cret');
  });

  it('C30: takes a goodbye because of too many connections for what it is', async () => {
    const { port } = await imapServer('* BYE Too many connections from your address');
    expect(await problemOf({ port })).toMatchObject({ kind: 'throttled' });
  });

  it('gives up on a server that is not there or says nothing', async () => {
    expect(await problemOf({ port: await freePort() })).toMatchObject({ kind: 'unreachable' });
    expect(await problemOf({ port: (await imapServer(undefined)).port })).toMatchObject({ kind: 'unreachable' });
    expect(await problemOf({ host: 'no-such-host.invalid' })).toMatchObject({ kind: 'unreachable' });
  });

  it('gives up when it is no longer wanted', async () => {
    const { port } = await imapServer(undefined);
    const stop = new AbortController();
    const connecting = connectImap(aLogin({ port, user: 'desk', password: 'x' }), { connectMs: 60_000, silenceMs: 60_000 }, stop.signal);
    stop.abort();
    await expect(connecting).rejects.toBeInstanceOf(MailboxProblem);
  });

  it('asks for a login that is missing', async () => {
    expect(await problemOf({ password: undefined })).toMatchObject({ kind: 'wrong-password' });
  });
});

describe('problems of a mailbox', () => {
  it.each([
    [{ authenticationFailed: true, oauthError: { status: 'invalid_token' } }, 'wrong-password'],
    [{ authenticationFailed: true, oauthError: { status: '401' } }, 'wrong-password'],
    [{ authenticationFailed: true, oauthError: { status: '429' } }, 'throttled'],
    [{ authenticationFailed: true, oauthError: { status: 'temporarily_unavailable' } }, 'throttled'],
    [{ authenticationFailed: true, code: 'NoConnection' }, 'unreachable'],
    [{ authenticationFailed: true, code: 'ETIMEOUT' }, 'unreachable'],
    [{ code: 'ETHROTTLE', responseStatus: 'BAD' }, 'throttled'],
    [{ code: 'CERT_HAS_EXPIRED' }, 'certificate'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'certificate'],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'certificate'],
    [{ mailboxMissing: true }, 'no-such-folder'],
    [{}, 'other'],
  ])('C30: %j is %s', (fields, kind) => {
    expect(toMailboxProblem(Object.assign(new Error('x'), fields)).kind).toBe(kind);
  });

  it('stay what they are', () => {
    const problem = new MailboxProblem('throttled', 'later');
    expect(toMailboxProblem(problem)).toBe(problem);
    expect(toMailboxProblem('text')).toMatchObject({ kind: 'other', detail: 'text' });
  });
});
