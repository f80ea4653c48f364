/** The port that the web desk is served on. */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';

import type { Config } from './config.js';

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

/** Ends open connections too: a browser that listens for changes would hold the stop up. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
