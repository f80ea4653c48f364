import { Hono } from 'hono';
import type { Shared, WebEnv } from '../env.js';
import { sameText } from '../sessions.js';
import { isLoopback } from '../visitor.js';

const BEARER = /^Bearer +(\S+)$/i;

/** Numbers for a monitoring system, without a login: to this machine itself, and to whoever has METRICS_TOKEN. */
export function metricsRoutes({ metrics }: Pick<Shared, 'metrics'>): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  if (!metrics) return app;
  app.get('/metrics', async (c) => {
    const given = BEARER.exec(c.req.header('Authorization') ?? '')?.[1];
    const hasToken = metrics.token !== undefined && given !== undefined && sameText(given, metrics.token);
    if (!hasToken && !isLoopback(c)) return c.text('', 401, { 'WWW-Authenticate': 'Bearer' });
    const { body, contentType } = await metrics.read();
    return c.body(body, 200, { 'Content-Type': contentType });
  });
  return app;
}
