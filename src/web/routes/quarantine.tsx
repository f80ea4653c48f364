/** Mail that could not be read: seen, fetched whole, tried again by a person. */
import { Hono } from 'hono';
import type { CommandOutcome } from '../../core/calls.js';
import { Refusal } from '../../core/errors.js';
import type { RawMailId } from '../../core/ids.js';
import { may } from '../../core/permissions.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying, takeSaying } from '../flash.js';
import { QuarantinePage, SourcePage } from '../pages/quarantine-page.js';
import type { NavFacts } from '../parts/nav.js';
import { fileHeaders, orMissing } from './files.js';

/** The rest is in the file. */
const MAX_SHOWN_BYTES = 100_000;

/** What cannot be done is said, like everywhere. */
function refusedOnly(error: unknown): CommandOutcome {
  if (!(error instanceof Refusal)) throw error;
  return { kind: 'refused', message: { key: error.key, params: error.params } };
}

export function quarantineRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const facts = async (c: WebContext): Promise<NavFacts> => ({
    desk: c.var.desk, agent: c.var.agent, counts: await c.var.store.conversations.counts(c.var.agent.id), here: 'quarantine', csrf: c.var.session.csrf, demo: deps.demo !== undefined,
  });

  app.get('/quarantine', async (c) => {
    const { reader, agent } = c.var;
    const flash = takeSaying(c);
    const said = flash && { tone: flash.tone, text: reader.say(flash.key, flash.params) };
    return c.html(<QuarantinePage reader={reader} facts={await facts(c)} mails={await c.var.store.rawMails.quarantined()} said={said} mayWork={may(agent.role, 'work')} />);
  });
  app.get('/quarantine/:id', async (c) => {
    const mail = await c.var.store.rawMails.get(c.req.param('id') as RawMailId);
    const source = mail?.blob && (await orMissing(c.var.content.source(mail.id)));
    if (!mail || !source) return c.notFound();
    // Every byte has a character, so that damage stays visible.
    const text = Buffer.from(source.subarray(0, MAX_SHOWN_BYTES)).toString('latin1');
    return c.html(<SourcePage reader={c.var.reader} facts={await facts(c)} mail={mail} source={text} cut={source.byteLength > MAX_SHOWN_BYTES} />);
  });
  app.get('/quarantine/:id/mail.eml', async (c) => {
    const mail = await c.var.store.rawMails.get(c.req.param('id') as RawMailId);
    const source = mail?.blob && (await orMissing(c.var.content.source(mail.id)));
    return source ? c.body(new Uint8Array(source), 200, fileHeaders('quarantine.eml', 'message/rfc822', 'attachment')) : c.notFound();
  });
  app.post('/quarantine/:id/retry', async (c) => {
    const outcome = await deps.quarantine.retry(c.req.param('id') as RawMailId, c.var.agent.id).catch(refusedOnly);
    leaveSaying(c, outcome.kind === 'refused' ? 'refused' : 'done', outcome.message);
    return c.redirect('/quarantine', 303);
  });
  return app;
}
