/** Whether inbound SMTP can listen, or listens already. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { createSecureContext } from 'node:tls';

import { bad, ok, type Finding } from './finding.js';

/** On this machine an answer comes at once. */
const GREETING_MS = 2_000;
/** What our own listener greets with (mail/smtp-inbound.ts). */
const OUR_GREETING = /^220 .*\bGoniec\b/;

export interface InboundSettings {
  readonly host: string;
  readonly port: number;
  /** Paths of PEM files. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
}

export async function checkInbound({ host, port, tls }: InboundSettings): Promise<readonly Finding[]> {
  const findings = tls ? await checkCertificate(tls) : [];
  const place = { host, port };
  const problem = await listenProblem(host, port);
  if (!problem) return [...findings, ok('doctor.inbound-free', place)];
  switch (problem.code) {
    case 'EADDRINUSE':
      return [...findings, (await greeting(host, port)).match(OUR_GREETING) ? ok('doctor.inbound-ok', place) : bad('doctor.inbound-taken', place)];
    case 'EACCES':
    case 'EPERM':
      return [...findings, bad('doctor.inbound-forbidden', place, problem.message)];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return [...findings, bad('doctor.inbound-no-address', place, problem.message)];
    default:
      return [...findings, bad('doctor.inbound-taken', place, problem.message)];
  }
}

async function checkCertificate({ certificate, key }: NonNullable<InboundSettings['tls']>): Promise<readonly Finding[]> {
  try {
    createSecureContext({ cert: await readFile(certificate), key: await readFile(key) });
    return [];
  } catch (error) {
    return [bad('doctor.inbound-tls', {}, error instanceof Error ? error.message : String(error))];
  }
}

/** Listens for a moment. undefined: it works. */
async function listenProblem(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  server.close();
  await once(server, 'close');
  return undefined;
}

/** First line of whoever listens; '' when nothing is said. */
async function greeting(host: string, port: number): Promise<string> {
  // Listening on all addresses means that this machine answers on its own.
  const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port });
  const timer = setTimeout(() => socket.destroy(), GREETING_MS);
  try {
    for await (const chunk of socket) return String(chunk);
    return '';
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
