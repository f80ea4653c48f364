import { Hono } from 'hono';
import type { Shared, WebEnv } from '../env.js';

/** healthz: the process answers. readyz: it can do its work. */
export function healthRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const { ready, ...facts } = await deps.readiness();
    return c.json({ status: ready ? 'ready' : 'not ready', ...facts }, ready ? 200 : 503);
  });
  return app;
}
