/** Saved searches, and what may come next while somebody types one. */
import { Hono } from 'hono';
import { suggestSearch } from '../../core/search/suggest.js';
import { searchContext } from '../../desk/search.js';
import type { Shared, WebEnv } from '../env.js';
import { leaveSaying, takeSaying } from '../flash.js';
import { readForm } from '../forms.js';
import { SearchesPage } from '../pages/searches-page.js';

const SUGGESTIONS = 12;
const VERBS: Readonly<Record<string, string>> = { save: 'save-search', rename: 'rename-search', delete: 'delete-search' };

export function searchRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/parts/suggest', async (c) => {
    const { desk, agent, reader } = c.var;
    const context = await searchContext(c.var.store, { desk, actor: agent, now: reader.now });
    const next = suggestSearch((c.req.query('q') ?? '').slice(0, 300), context, SUGGESTIONS);
    return c.html(<>{next.map(({ text, meaning }) => <option value={text}>{meaning ? reader.say(meaning) : ''}</option>)}</>);
  });

  app.get('/searches', async (c) => {
    const { desk, agent, reader, session } = c.var;
    const flash = takeSaying(c);
    const facts = { desk, agent, counts: await c.var.store.conversations.counts(agent.id), here: 'searches', csrf: session.csrf, demo: deps.demo !== undefined };
    return c.html(<SearchesPage reader={reader} facts={facts} searches={await c.var.store.savedSearches.usableBy(agent.id)} words={c.req.query('q') ?? ''} said={flash && { tone: flash.tone, text: reader.say(flash.key, flash.params) }} />);
  });

  app.post('/searches/:what', async (c) => {
    const verb = VERBS[c.req.param('what')];
    if (!verb) return c.notFound();
    const { fields } = await readForm(c);
    const { name = '', words = '', to = '', shared = '' } = fields;
    const outcome = await deps.perform({ verb, args: { name, words, to, shared }, actor: c.var.agent.id, via: 'web', conversationId: undefined, revision: undefined, eventId: undefined });
    leaveSaying(c, outcome.kind === 'done' ? 'done' : 'refused', outcome.message);
    return c.redirect(outcome.kind === 'done' || words === '' ? '/searches' : `/searches?q=${encodeURIComponent(words)}`, 303);
  });
  return app;
}
