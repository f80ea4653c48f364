/** Who is logged in. The cookie carries a random token; the store knows only its SHA-256, so a stolen database opens no session. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AgentId } from '../core/ids.js';
import type { Session, Stores } from '../core/ports/store.js';
import type { WebDeps } from './deps.js';

const TOKEN_BYTES = 32;
/** A working day, when the browser is not to be remembered. */
const DAY_MS = 12 * 3_600_000;
const REMEMBERED_MS = 30 * 24 * 3_600_000;
/** A session in use gets a new token and a new end once less than this part of its life is left. */
const RENEW_BELOW = 0.5;

type SessionDeps = Pick<WebDeps, 'clock' | 'secureCookies'> & { readonly store: Pick<Stores, 'sessions'> };

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Browsers accept the `__Host-` prefix only over HTTPS; it keeps other hosts of the domain from setting this cookie. */
const cookieName = (deps: SessionDeps): string => (deps.secureCookies ? '__Host-goniec' : 'goniec');

/** Always a new token: one that somebody planted before the login is worth nothing afterwards. */
export async function beginSession(c: Context, deps: SessionDeps, agentId: AgentId, remember: boolean): Promise<Session> {
  await endSession(c, deps);
  return issue(c, deps, agentId, remember ? REMEMBERED_MS : DAY_MS, randomBytes(TOKEN_BYTES).toString('base64url'));
}

export async function endSession(c: Context, deps: SessionDeps): Promise<void> {
  const token = getCookie(c, cookieName(deps));
  if (token) await deps.store.sessions.remove(hashToken(token));
  deleteCookie(c, cookieName(deps), { path: '/', secure: deps.secureCookies });
}

export async function readSession(c: Context, deps: SessionDeps): Promise<Session | undefined> {
  const token = getCookie(c, cookieName(deps));
  if (!token) return undefined;
  const session = await deps.store.sessions.get(hashToken(token));
  return session && session.expiresAt > deps.clock.now() ? session : undefined;
}

/** Gives an old session a new token. The token of its forms stays, so that what is open in other tabs can still be sent. */
export async function renewSession(c: Context, deps: SessionDeps, session: Session): Promise<void> {
  const left = session.expiresAt.getTime() - deps.clock.now().getTime();
  const life = left > DAY_MS ? REMEMBERED_MS : DAY_MS;
  if (left > life * RENEW_BELOW) return;
  await deps.store.sessions.remove(session.tokenHash);
  await issue(c, deps, session.agentId, life, session.csrf);
}

async function issue(c: Context, deps: SessionDeps, agentId: AgentId, lifeMs: number, csrf: string): Promise<Session> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const now = deps.clock.now();
  const session: Session = { tokenHash: hashToken(token), agentId, csrf, expiresAt: new Date(now.getTime() + lifeMs) };
  await deps.store.sessions.removeExpired(now);
  await deps.store.sessions.add(session);
  setCookie(c, cookieName(deps), token, {
    path: '/', httpOnly: true, sameSite: 'Lax', secure: deps.secureCookies,
    ...(lifeMs > DAY_MS ? { maxAge: Math.floor(lifeMs / 1000) } : {}),
  });
  return session;
}

export function sameText(left: string, right: string): boolean {
  const a = createHash('sha256').update(left).digest();
  const b = createHash('sha256').update(right).digest();
  return timingSafeEqual(a, b);
}
