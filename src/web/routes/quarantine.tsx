/** Mail that could not be read: seen, fetched whole, tried again by a person. */
import { Hono } from 'hono';
import type { RawMailId } from '../../core/ids.js';
import { may } from '../../core/permissions.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying, takeSaying } from '../flash.js';
import { QuarantinePage, SourcePage } from '../pages/quarantine-page.js';
import type { NavFacts } from '../parts/nav.js';
import { fileHeaders, orMissing } from './files.js';

/** The rest is in the file. */
const MAX_SHOWN_BYTES = 100_000;

export function quarantineRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const facts = async (c: WebContext): Promise<NavFacts> => ({
    desk: c.var.desk, agent: c.var.agent, counts: await deps.store.conversations.counts(c.var.agent.id), here: 'quarantine', csrf: c.var.session.csrf, demo: deps.demo !== undefined,
  });

  app.get('/quarantine', async (c) => {
    const { reader, agent } = c.var;
    const flash = takeSaying(c);
    const said = flash && { tone: flash.tone, text: reader.say(flash.key, flash.params) };
    return c.html(<QuarantinePage reader={reader} facts={await facts(c)} mails={await deps.store.rawMails.quarantined()} said={said} mayWork={may(agent.role, 'work')} />);
  });
  app.get('/quarantine/:id', async (c) => {
    const mail = await deps.store.rawMails.get(c.req.param('id') as RawMailId);
    const source = mail?.blob && (await orMissing(deps.content.source(mail.id)));
    if (!mail || !source) return c.notFound();
    // Every byte has a character, so that damage stays visible.
    const text = Buffer.from(source.subarray(0, MAX_SHOWN_BYTES)).toString('latin1');
    return c.html(<SourcePage reader={c.var.reader} facts={await facts(c)} mail={mail} source={text} cut={source.byteLength > MAX_SHOWN_BYTES} />);
  });
  app.get('/quarantine/:id/mail.eml', async (c) => {
    const mail = await deps.store.rawMails.get(c.req.param('id') as RawMailId);
    const source = mail?.blob && (await orMissing(deps.content.source(mail.id)));
    return source ? c.body(new Uint8Array(source), 200, fileHeaders('quarantine.eml', 'message/rfc822', 'attachment')) : c.notFound();
  });
  app.post('/quarantine/:id/retry', async (c) => {
    const outcome = await deps.quarantine.retry(c.req.param('id') as RawMailId, c.var.agent.id);
    leaveSaying(c, outcome.kind === 'refused' ? 'refused' : 'done', outcome.message);
    return c.redirect('/quarantine', 303);
  });
  return app;
}
