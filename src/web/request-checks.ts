/** A change is only taken from our own pages: by Origin, and by the token that every form of ours carries. */
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import type { WebDeps } from './deps.js';
import type { WebEnv } from './env.js';
import { readForm } from './forms.js';
import { sameText } from './sessions.js';
import type { Context } from 'hono';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The header is what browsers send of themselves; nothing a foreign page can change. */
export function checkOrigin(deps: Pick<WebDeps, 'publicUrl'>) {
  const own = new URL(deps.publicUrl).origin;
  return createMiddleware(async (c, next) => {
    if (!SAFE_METHODS.has(c.req.method) && !fromOwnPage(c, own)) throw new HTTPException(403, { message: 'origin' });
    await next();
  });
}

function fromOwnPage(c: Context, own: string): boolean {
  const origin = c.req.header('Origin');
  if (origin === undefined) return ['same-origin', 'none', undefined].includes(c.req.header('Sec-Fetch-Site'));
  if (origin === own) return true;
  // The same machine by another of its names (localhost, 127.0.0.1), as the browser itself says it.
  return URL.canParse(origin) && new URL(origin).host === c.req.header('Host');
}

/** Every post of a logged-in agent carries the session's token, in a field or in a header. */
export const checkToken = createMiddleware<WebEnv>(async (c, next) => {
  if (!SAFE_METHODS.has(c.req.method)) {
    const token = c.req.header('X-CSRF') ?? (await readForm(c)).fields['_csrf'] ?? '';
    if (!sameText(token, c.get('session').csrf)) throw new HTTPException(403, { message: 'csrf' });
  }
  await next();
});
