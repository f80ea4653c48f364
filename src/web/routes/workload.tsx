/** The team at a glance: who has how much, who is there; and the verbs by which one leaves and comes back. */
import { Hono } from 'hono';
import { away, back } from '../../commands/away.js';
import { may } from '../../core/permissions.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying, takeSaying } from '../flash.js';
import { readForm } from '../forms.js';
import { WorkloadPage } from '../pages/workload-page.js';
import type { Saying } from '../parts/said.js';

const VERBS = [away, back];

export function workloadRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  const show = async (c: WebContext, said: Saying | undefined): Promise<Response> => {
    const { desk, agent, session, reader, store: { conversations, absences } } = c.var;
    const [counts, works, notOver] = await Promise.all([conversations.counts(agent.id), conversations.workload(), absences.notOver(reader.now)]);
    const facts = { desk, agent, counts, here: 'workload', csrf: session.csrf, demo: deps.demo !== undefined };
    return c.html(
      <WorkloadPage reader={reader} facts={facts} works={works} staffing={{ desk, absences: notOver, now: reader.now }} said={said} mayWork={may(agent.role, 'work')} once={deps.once()} />, said?.tone === 'refused' ? 422 : 200,
    );
  };

  app.get('/workload', (c) => {
    const flash = takeSaying(c);
    return show(c, flash && { tone: flash.tone, text: c.var.reader.say(flash.key, flash.params) });
  });
  app.post('/workload/do/:verb', async (c) => {
    const command = VERBS.find(({ name }) => name === c.req.param('verb'));
    if (!command) return c.notFound();
    const { fields } = await readForm(c);
    const args = Object.fromEntries(command.options.flatMap(({ name }) => (fields[name] ? [[name, fields[name]]] : [])));
    const actor = c.var.agent.id;
    const outcome = await deps.perform({ verb: command.name, args, actor, via: 'web', conversationId: undefined, revision: undefined, eventId: fields['once'] ? `${actor}:${fields['once']}` : undefined });
    if (outcome.kind !== 'done') return show(c, { tone: 'refused', text: c.var.reader.say(outcome.message.key, outcome.message.params) });
    leaveSaying(c, 'done', outcome.message);
    return c.redirect('/workload', 303);
  });
  return app;
}
