/** The port that the web desk is served on. */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';

import type { Config } from './config.js';

/** Long enough for a page that is being made, in milliseconds. */
const ANSWER_GRACE_MS = 2_000;

/** @throws Error that says what to do when the port is taken */
export async function listen(fetch: Parameters<typeof getRequestListener>[0], config: Pick<Config, 'host' | 'port'>): Promise<Server> {
  const answer = getRequestListener(fetch);
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${config.port} on ${config.host} is taken by another program. Stop it or set PORT to another one.`, { cause: error }) : error);
    });
    server.listen(config.port, config.host, resolve);
  });
  return server;
}

/** Requests in hand are answered; connections that stay open without one would hold the stop up and are cut. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), ANSWER_GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
