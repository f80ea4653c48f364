/** The web desk: puts routes, checks and headers together. It reads the store and acts only by CommandCalls, like every other door. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { timeout } from 'hono/timeout';
import { Refusal } from '../core/errors.js';
import type { MessageKey, MessageParams } from '../core/language/catalogue.js';
import type { Desk } from '../core/model.js';
import { deskInSight, sightOf } from '../core/sight.js';
import { createContentReader } from '../desk/read-content.js';
import { assetRoutes } from './assets.js';
import type { WebDeps } from './deps.js';
import type { Outside, Shared, WebContext, WebEnv } from './env.js';
import { TroublePage } from './pages/trouble-page.js';
import { reader } from './reader.js';
import { checkOrigin, checkToken } from './request-checks.js';
import { bulkRoutes } from './routes/bulk.js';
import { customerRoutes } from './routes/customer.js';
import { customerCardRoutes } from './routes/customer-card.js';
import { deskRoutes } from './routes/desk.js';
import { fileRoutes } from './routes/files.js';
import { healthRoutes } from './routes/health.js';
import { helpRoutes } from './routes/help.js';
import { liveRoutes } from './routes/live.js';
import { chosenLocale, loginRoutes, logoutRoute } from './routes/login.js';
import { mailHtmlRoutes } from './routes/mail-html.js';
import { metricsRoutes } from './routes/metrics.js';
import { isHtmx } from './routes/pane.js';
import { noticeRoutes } from './routes/notices.js';
import { quarantineRoutes } from './routes/quarantine.js';
import { searchRoutes } from './routes/searches.js';
import { settingsRoutes } from './routes/settings.js';
import { templateRoutes } from './routes/templates.js';
import { verbRoutes } from './routes/verbs.js';
import { workloadRoutes } from './routes/workload.js';
import { securityHeaders } from './security-headers.js';
import { readSession, renewSession } from './sessions.js';

/** Forms are small; only the composer and templates carry files. A little over the largest answer, so that the refusal that names the limit is reached. */
const MAX_FORM_BYTES = 256 * 1024;
/** Room for the other fields, and for files a little over the limit. */
const ANSWER_MARGIN = 1.25;
/** Before the desk is described. */
const LEAST_ANSWER_BYTES = 24 * 1024 * 1024;
const REQUEST_MS = 60_000;
/** It was here, and will not be again. */
const GONE = 410;

export function createWeb(deps: WebDeps): Hono<WebEnv> {
  const shared: Outside = {
    ...deps, onChange: (listener) => deps.store.onChange(listener), inSight: (sight) => deps.store.inSight(sight),
    toHtml: (markdown) => withoutStyles(deps.toHtml(markdown)), deskNow: rememberDesk(deps), once: () => deps.newId(),
  };
  const app = new Hono<WebEnv>();

  app.use(securityHeaders);
  app.route('/', healthRoutes(shared));
  app.route('/', assetRoutes());
  app.use(async (c, next) => (c.req.path === '/events' ? next() : timeout(REQUEST_MS)(c, next)));
  app.route('/', metricsRoutes(shared));
  app.use(checkOrigin(deps));
  app.use(limitBody(shared));
  app.route('/', loginRoutes(shared));
  app.use(loggedIn(shared));
  app.use(checkToken);
  const inside = [logoutRoute(shared), deskRoutes(shared), verbRoutes(shared), fileRoutes(shared), mailHtmlRoutes(shared), noticeRoutes(shared), workloadRoutes(shared), quarantineRoutes(shared), customerCardRoutes(shared), settingsRoutes(shared), templateRoutes(shared), bulkRoutes(shared), searchRoutes(shared), helpRoutes(shared), liveRoutes(shared)];
  for (const routes of inside) app.route('/', routes);
  if (deps.demo) app.route('/', customerRoutes(deps.demo.customers));

  app.notFound((c) => trouble(c, shared, 404, 'error.not-found'));
  app.onError(async (error, c) => {
    if (error instanceof HTTPException) {
      const key: MessageKey = error.status === 413 ? 'error.too-large' : error.status === 403 ? 'error.form-expired' : 'web.went-wrong';
      return trouble(c, shared, error.status, key, { size: reader({ locale: 'en', timeZone: 'UTC', theme: 'system' }, deps.clock.now()).bytes(await limitFor(c, shared)) });
    }
    if (error instanceof Refusal) return trouble(c, shared, GONE, error.key, error.params);
    const id = deps.newId();
    deps.log.error({ error, id, path: c.req.routePath }, 'page-failed');
    return trouble(c, shared, 500, 'error.unexpected', { id });
  });
  return app;
}

async function limitFor(c: WebContext, deps: Shared): Promise<number> {
  if (!/^\/c\/\d+\/do\/|^\/templates(?:\/[^/]+)?$/.test(c.req.path)) return MAX_FORM_BYTES;
  const { mailboxes } = await deps.deskNow();
  return Math.max(LEAST_ANSWER_BYTES, ...mailboxes.map(({ maxAnswerBytes }) => maxAnswerBytes * ANSWER_MARGIN));
}
const limitBody = (deps: Shared) =>
  createMiddleware<WebEnv>(async (c, next) => bodyLimit({ maxSize: await limitFor(c, deps), onError: () => { throw new HTTPException(413); } })(c, next));

/** Who asks; whoever is not logged in is led to the login, and back afterwards. */
function loggedIn(deps: Outside) {
  const content = createContentReader(deps);
  return createMiddleware<WebEnv>(async (c, next) => {
    const session = await readSession(c, deps);
    const desk = await deps.deskNow();
    const agent = session && desk.agents.find(({ id }) => id === session.agentId);
    if (!session || !agent) {
      if (isHtmx(c) || c.req.path === '/events' || c.req.header('X-CSRF') !== undefined) return c.text('', 401);
      const path = c.req.method === 'GET' && c.req.path !== '/' ? `?next=${encodeURIComponent(c.req.path)}` : '';
      return c.redirect(`/login${path}`, 303);
    }
    if (c.req.method === 'GET' && c.req.header('Sec-Fetch-Mode') === 'navigate' && c.req.header('Sec-Fetch-Dest') === 'document') await renewSession(c, deps, session);
    c.set('session', session);
    const sight = sightOf(desk, agent);
    const store = deps.inSight(sight);
    c.set('desk', deskInSight(desk, sight));
    c.set('store', store);
    c.set('content', content.through(store));
    c.set('agent', agent);
    c.set('reader', reader(agent, deps.clock.now()));
    await next();
    return undefined;
  });
}

async function trouble(c: WebContext, deps: Shared, status: number, key: MessageKey, params: MessageParams = {}): Promise<Response> {
  const known = c.get('reader') as ReturnType<typeof reader> | undefined;
  const desk = known ? undefined : await deps.deskNow().catch(() => undefined);
  const speaker = known ?? reader({ locale: chosenLocale(c) ?? desk?.locale ?? 'en', timeZone: 'UTC', theme: 'system' }, deps.clock.now());
  const page = await (<TroublePage reader={speaker} status={status} text={speaker.say(key, params)} />);
  return new Response(String(page), { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

/** Mails are styled inline for mail programs; our pages forbid inline styles. Quotation marks in text are escaped, so only attributes are met. */
const withoutStyles = (html: string): string => html.replace(/ style="[^"]*"/g, '');

/** Reading the whole desk for each request would be waste; it is read again when it changed. */
function rememberDesk({ store }: Pick<WebDeps, 'store'>): () => Promise<Desk> {
  let reading: Promise<Desk> | undefined;
  store.onChange(({ desk }) => {
    if (desk) reading = undefined;
  });
  return () => {
    reading ??= store.desk.load().catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}
