/** What can be done here; and the verbs that need no conversation and have no page of their own. */
import { Hono } from 'hono';
import { COMMANDS } from '../../commands/index.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying } from '../flash.js';
import { readForm } from '../forms.js';
import { HelpPage } from '../pages/help-page.js';
import type { Saying } from '../parts/said.js';

export function helpRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  const show = async (c: WebContext, said: Saying | undefined, filled?: { readonly verb: string; readonly args: Readonly<Record<string, string>> }): Promise<Response> => {
    const { desk, agent, session, reader, store } = c.var;
    const facts = { desk, agent, counts: await store.conversations.counts(agent.id), here: 'help', csrf: session.csrf, demo: deps.demo !== undefined };
    return c.html(<HelpPage reader={reader} facts={facts} said={said} filled={filled} once={deps.once()} />, said?.tone === 'refused' ? 422 : 200);
  };

  app.get('/help', (c) => show(c, undefined));
  app.post('/help/do/:verb', async (c) => {
    const command = COMMANDS.find(({ name, onConversation }) => name === c.req.param('verb') && !onConversation);
    if (!command) return c.notFound();
    const { agent, reader, store } = c.var;
    const { fields } = await readForm(c);
    const args = Object.fromEntries(command.options.flatMap(({ name, hidden }) => (!hidden && fields[name] ? [[name, fields[name]]] : [])));
    const outcome = await deps.perform({ verb: command.name, args, actor: agent.id, via: 'web', conversationId: undefined, revision: undefined, eventId: fields['once'] ? `${agent.id}:${fields['once']}` : undefined });
    const text = reader.say(outcome.message.key, outcome.message.params);
    const numberOf = async (id: Parameters<typeof store.conversations.get>[0] | undefined): Promise<number | undefined> => id && (await store.conversations.get(id))?.number;
    if (outcome.kind === 'refused') return show(c, { tone: 'refused', text }, { verb: command.name, args });
    if (outcome.kind === 'list') return show(c, { tone: 'list', text, items: await Promise.all(outcome.items.map(async (item) => ({ ...item, number: await numberOf(item.conversationId) }))) });
    const begun = 'conversationId' in outcome ? await numberOf(outcome.conversationId) : undefined;
    if (begun === undefined) return show(c, { tone: 'done', text });
    leaveSaying(c, 'done', outcome.message);
    return c.redirect(`/c/${begun}`, 303);
  });
  return app;
}
