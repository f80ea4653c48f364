/** A customer's page: read from the store, changed by CommandCalls like everything else. */
import { Hono } from 'hono';
import { COMMANDS } from '../../commands/index.js';
import type { CustomerId } from '../../core/ids.js';
import { may } from '../../core/permissions.js';
import { currentCustomer } from '../../desk/customers.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying, takeSaying } from '../flash.js';
import { readForm } from '../forms.js';
import { CustomerCardPage } from '../pages/customer-card-page.js';
import type { NavFacts } from '../parts/nav.js';

/** As many as fit on a page; the rest is found by the search. */
const SHOWN_CONVERSATIONS = 100;

export function customerCardRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const facts = async (c: WebContext): Promise<NavFacts> => ({
    desk: c.var.desk, agent: c.var.agent, counts: await c.var.store.conversations.counts(c.var.agent.id), here: 'customer', csrf: c.var.session.csrf, demo: deps.demo !== undefined,
  });

  app.get('/customers/:id', async (c) => {
    const { store } = c.var;
    const asked = c.req.param('id') as CustomerId;
    const customer = await currentCustomer({ tx: store }, asked);
    if (!customer) return c.notFound();
    // Somebody who was merged into another has their page.
    if (customer.id !== asked) return c.redirect(`/customers/${customer.id}`, 303);
    const flash = takeSaying(c);
    const card = {
      customer, notes: await store.customers.notes(customer.id), events: await store.customers.events(customer.id),
      conversations: await store.conversations.ofCustomer(customer.id, SHOWN_CONVERSATIONS), merged: (await store.customers.lastMerge(customer.id)) !== undefined,
    };
    const said = flash && { tone: flash.tone, text: c.var.reader.say(flash.key, flash.params) };
    return c.html(<CustomerCardPage reader={c.var.reader} facts={await facts(c)} card={card} said={said} mayWork={may(c.var.agent.role, 'work')} once={deps.once()} />);
  });

  app.post('/customers/:id/do/:verb', async (c) => {
    const { fields } = await readForm(c);
    const id = c.req.param('id');
    const command = COMMANDS.find(({ name, instead }) => name === c.req.param('verb') && instead === 'customer');
    if (!command) return c.notFound();
    const args = Object.fromEntries(command.options.flatMap(({ name }) => (fields[name] === undefined ? [] : [[name, fields[name]]])));
    const outcome = await deps.perform({
      verb: command.name, args: { ...args, customer: id }, actor: c.var.agent.id, via: 'web', conversationId: undefined, revision: undefined, eventId: fields['once'] ? `${c.var.agent.id}:${fields['once']}` : undefined,
    });
    leaveSaying(c, outcome.kind === 'refused' ? 'refused' : 'done', outcome.message);
    return c.redirect(`/customers/${id}`, 303);
  });
  return app;
}
