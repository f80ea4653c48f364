import { once } from 'node:events';
import { createServer } from 'node:http';

import type { TestProject } from 'vitest/node';

import { LOOPBACK } from './free-port.js';
import { startPostgres, type Postgres } from './postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Asked with GET, it answers with the shared PostgreSQL's URL, and starts it the first time. */
    postgresStarter: string;
  }
}

/** One PostgreSQL for a whole run, started when the first test file wants it: most runs of single files never do. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<Postgres> | undefined;
  const starter = createServer((_request, response) => {
    postgres ??= startPostgres();
    postgres.then(
      ({ adminUrl }) => response.end(adminUrl),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  starter.listen(0, LOOPBACK);
  await once(starter, 'listening');
  const address = starter.address();
  if (address === null || typeof address === 'string') throw new Error('the starter has no port');
  project.provide('postgresStarter', `http://${LOOPBACK}:${address.port}/`);

  return async () => {
    starter.closeAllConnections();
    starter.close();
    const server = await postgres?.catch(() => undefined);
    await server?.close();
  };
}
