/** Logging in and out. Before there is a session, the form is bound to the browser by a cookie of its own. */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import { LOCALES, type Locale } from '../../core/model.js';
import type { Outside, WebContext, WebEnv } from '../env.js';
import { readForm } from '../forms.js';
import { loginLimit } from '../login-limit.js';
import { LoginPage } from '../pages/login-page.js';
import { verifyPassword } from '../passwords.js';
import { reader } from '../reader.js';
import { beginSession, endSession, readSession, sameText } from '../sessions.js';
import { isLoopback, remoteAddress } from '../visitor.js';

const FORM_COOKIE = 'goniec_form';
const LANGUAGE_COOKIE = 'goniec_lang';
const YEAR_SECONDS = 365 * 24 * 3600;
const MINUTE_MS = 60_000;

export function loginRoutes(deps: Outside): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const limit = loginLimit(() => deps.clock.now());

  app.get('/login', async (c) => {
    const asked = LOCALES.find((locale) => locale === c.req.query('lang'));
    if (asked) setCookie(c, LANGUAGE_COOKIE, asked, { path: '/', sameSite: 'Lax', maxAge: YEAR_SECONDS, httpOnly: true, secure: deps.secureCookies });
    if (!asked && (await readSession(c, deps))) return c.redirect('/');
    return show(c, { email: '', next: safeNext(c.req.query('next')), problem: undefined, locale: asked });
  });

  app.post('/login', async (c) => {
    const { fields } = await readForm(c);
    if (!sameText(fields['_csrf'] ?? '', getCookie(c, FORM_COOKIE) ?? randomBytes(8).toString('hex'))) throw new HTTPException(403, { message: 'csrf' });
    const email = (fields['email'] ?? '').trim().toLowerCase().slice(0, 254);
    const next = safeNext(fields['next']);
    const address = remoteAddress(c, deps.trustProxy);
    const waitMs = limit.waitMs(email, address);
    const speech = await speaker(c);
    if (waitMs > 0) {
      deps.log.warn({ waitMs }, 'login-limited');
      c.header('Retry-After', String(Math.ceil(waitMs / 1000)));
      return show(c, { email, next, problem: speech.say('login.too-many', { count: Math.ceil(waitMs / MINUTE_MS) }), status: 429 });
    }
    // Counted before the slow check, so that many tries at once do not slip through.
    const takeBack = limit.tried(email, address);
    try {
      const agent = (await deps.deskNow()).agents.find((known) => known.email === email);
      const right = await verifyPassword(fields['password'] ?? '', agent && (await deps.store.desk.passwordHash(agent.id)));
      if (!agent || !right) {
        deps.log.info({ agent: agent?.id }, 'login-refused');
        return await show(c, { email, next, problem: speech.say('login.wrong'), status: 401 });
      }
      await beginSession(c, deps, agent.id, fields['remember'] === 'yes');
      takeBack();
      limit.succeeded(email);
      deps.log.info({ agent: agent.id }, 'login');
      return c.redirect(next, 303);
    } catch (error) {
      // A full disk is no wrong password.
      takeBack();
      throw error;
    }
  });

  app.get('/demo/login', async (c) => {
    const token = c.req.query('token');
    const { demo } = deps;
    if (!demo || !isLoopback(c)) return c.notFound();
    const agent = (await deps.deskNow()).agents.find(({ id }) => id === demo.agentId);
    if (!agent || token === undefined || !sameText(token, demo.loginToken)) return show(c, { email: '', next: '/', problem: (await speaker(c)).say('login.link-used'), status: 403 });
    await beginSession(c, deps, agent.id, true);
    return c.redirect('/', 303);
  });

  const speaker = async (c: WebContext, locale?: Locale) => {
    const desk = await deps.deskNow();
    return reader({ locale: locale ?? chosenLocale(c) ?? desk.locale, timeZone: desk.hours.timeZone, theme: 'system' }, deps.clock.now());
  };

  const show = async (c: WebContext, of: { email: string; next: string; problem: string | undefined; locale?: Locale | undefined; status?: 200 | 401 | 403 | 429 }): Promise<Response> => {
    const desk = await deps.deskNow();
    const csrf = getCookie(c, FORM_COOKIE) ?? randomBytes(24).toString('base64url');
    setCookie(c, FORM_COOKIE, csrf, { path: '/login', httpOnly: true, sameSite: 'Strict', secure: deps.secureCookies });
    return c.html(<LoginPage reader={await speaker(c, of.locale)} deskName={desk.name} sample={desk.sample} csrf={csrf} email={of.email} next={of.next} problem={of.problem} />, of.status ?? 200);
  };
  return app;
}

/** Logging out is a change, so it is a post with the session's token. */
export function logoutRoute(deps: Outside): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.post('/logout', async (c) => {
    await endSession(c, deps);
    c.header('Clear-Site-Data', '"storage"');
    return c.redirect('/login', 303);
  });
  return app;
}

/** What was chosen before the login; else what the browser prefers of what we have. */
export function chosenLocale(c: WebContext): Locale | undefined {
  const cookie = LOCALES.find((locale) => locale === getCookie(c, LANGUAGE_COOKIE));
  if (cookie) return cookie;
  const preferred = (c.req.header('Accept-Language') ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return preferred.map((code) => LOCALES.find((locale) => locale === code)).find((locale) => locale !== undefined);
}

/** Only paths of this desk: "//elsewhere" and "/\elsewhere" are other sites to a browser. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(next) && !next.startsWith('/login') ? next : '/';
}
