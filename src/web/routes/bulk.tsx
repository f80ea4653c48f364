/** Doing with many: choose by a search, look, confirm, watch, take back. Every step is said as a verb, as on the other platforms. */
import { Hono } from 'hono';
import { Refusal } from '../../core/errors.js';
import type { CommandOutcome } from '../../core/calls.js';
import type { BulkId } from '../../core/ids.js';
import { may } from '../../core/permissions.js';
import { search } from '../../desk/search.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying, takeSaying } from '../flash.js';
import { readForm } from '../forms.js';
import { BulkPage, BulkState, OneBulkPage } from '../pages/bulk-page.js';
import type { NavFacts } from '../parts/nav.js';
import type { Saying } from '../parts/said.js';

/** Rows that can be ticked; a search may fit more, and all of them can be meant. */
const ROWS = 100;
const SHOWN_FIRST = 10;
const STEPS: Readonly<Record<string, string>> = { go: 'bulk-go', stop: 'bulk-stop', undo: 'bulk-undo' };

export function bulkRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const factsOf = async (c: WebContext): Promise<NavFacts> => ({
    desk: c.var.desk, agent: c.var.agent, counts: await c.var.store.conversations.counts(c.var.agent.id), here: 'bulk', csrf: c.var.session.csrf, demo: deps.demo !== undefined,
  });
  const perform = (c: WebContext, verb: string, args: Readonly<Record<string, string>>): Promise<CommandOutcome> =>
    deps.perform({ verb, args, actor: c.var.agent.id, via: 'web', conversationId: undefined, revision: undefined, eventId: undefined });

  async function choose(c: WebContext, words: string, form: { readonly do: string; readonly value: string }, refused: Saying | undefined): Promise<Response> {
    const { reader, agent, desk } = c.var;
    let said = refused;
    const found = words.trim() === '' ? [] : await search(c.var.store, { desk, actor: agent, now: reader.now }, words, ROWS + 1).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      said ??= { tone: 'refused', text: reader.say(error.key, error.params) };
      return [];
    });
    return c.html(<BulkPage reader={reader} facts={await factsOf(c)} words={words} rows={found.slice(0, ROWS)} more={found.length > ROWS} said={said} form={form} />, refused ? 422 : 200);
  }

  app.get('/bulk', (c) => choose(c, c.req.query('q') ?? '', { do: 'close', value: '' }, undefined));

  app.post('/bulk', async (c) => {
    const { fields } = await readForm(c);
    const picks = (await c.req.parseBody({ all: true }))['pick'];
    const ticked = (Array.isArray(picks) ? picks : [picks]).filter((pick) => typeof pick === 'string');
    const { do: action = '', value = '', words = '' } = fields;
    const outcome = await perform(c, 'bulk', { do: action, words, ...(value.trim() !== '' && { value }), ...(fields['which'] === 'picked' && { only: ticked.join(',') }) });
    const id = 'actions' in outcome ? outcome.actions?.[0]?.args['id'] : undefined;
    if (id !== undefined) return c.redirect(`/bulk/${id}`, 303);
    return choose(c, words, { do: action, value }, { tone: 'refused', text: c.var.reader.say(outcome.message.key, outcome.message.params) });
  });

  async function stateOf(c: WebContext): Promise<Omit<Parameters<typeof OneBulkPage>[0], 'said'> | undefined> {
    const bulk = await c.var.store.bulks.get((c.req.param('id') ?? '') as BulkId);
    // What others do with conversations that one may not see is not for one's eyes.
    if (!bulk || (bulk.agentId !== c.var.agent.id && !may(c.var.agent.role, 'administer'))) return undefined;
    const items = bulk.state === 'asked' ? await c.var.store.bulks.items(bulk.id, 'waiting', SHOWN_FIRST) : [];
    const first = await Promise.all(items.map(({ conversationId }) => c.var.store.conversations.get(conversationId)));
    return {
      reader: c.var.reader, facts: await factsOf(c), bulk, counts: await c.var.store.bulks.counts(bulk.id), first: first.filter((conversation) => conversation !== undefined),
      mayAct: may(c.var.agent.role, 'work'),
    };
  }

  app.get('/bulk/:id', async (c) => {
    const state = await stateOf(c);
    const flash = takeSaying(c);
    return state ? c.html(<OneBulkPage {...state} said={flash && { tone: flash.tone, text: c.var.reader.say(flash.key, flash.params) }} />) : c.notFound();
  });

  app.get('/parts/bulk/:id', async (c) => {
    const state = await stateOf(c);
    return state ? c.html(<BulkState {...state} />) : c.notFound();
  });

  app.post('/bulk/:id/:step', async (c) => {
    const verb = STEPS[c.req.param('step')];
    if (!verb) return c.notFound();
    const outcome = await perform(c, verb, { id: c.req.param('id') });
    if (outcome.kind === 'refused') leaveSaying(c, 'refused', outcome.message);
    return c.redirect(`/bulk/${c.req.param('id')}`, 303);
  });
  return app;
}
