/** The demo's other side: a sample customer reads what arrived and answers by real mail. */
import { Hono } from 'hono';
import type { WebContext, WebEnv } from '../env.js';
import { readForm } from '../forms.js';
import { CustomerPage, CustomersPage } from '../pages/customer-page.js';
import type { CustomerMailbox, SampleCustomer } from '../customer-mailbox.js';

const MAX_LETTER_CHARS = 20_000;

export function customerRoutes(customers: CustomerMailbox): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const customerOf = async (c: WebContext): Promise<SampleCustomer | undefined> => (await customers.list()).find(({ address }) => address === c.req.param('address'));
  const back = (c: WebContext, address: string): Response => c.redirect(`/customer/${encodeURIComponent(address)}?sent=1`, 303);

  app.get('/customer', async (c) => c.html(<CustomersPage reader={c.var.reader} customers={await customers.list()} />));
  app.get('/customer/:address', async (c) => {
    const customer = await customerOf(c);
    if (!customer) return c.notFound();
    const letters = await customers.letters(customer.address);
    const open = letters.find(({ id }) => id === c.req.query('letter')) ?? letters[0];
    return c.html(<CustomerPage reader={c.var.reader} csrf={c.var.session.csrf} customer={customer} letters={letters} open={open} writing={c.req.query('write') === 'new'} sent={c.req.query('sent') === '1'} />);
  });
  app.post('/customer/:address/answer', async (c) => {
    const customer = await customerOf(c);
    const { fields } = await readForm(c);
    if (!customer || !fields['letter']) return c.notFound();
    const text = (fields['text'] ?? '').trim().slice(0, MAX_LETTER_CHARS);
    if (text) await customers.answer(customer.address, fields['letter'], text);
    return back(c, customer.address);
  });
  app.post('/customer/:address/write', async (c) => {
    const customer = await customerOf(c);
    if (!customer) return c.notFound();
    const { fields } = await readForm(c);
    const [subject, text] = [(fields['subject'] ?? '').trim().slice(0, 200), (fields['text'] ?? '').trim().slice(0, MAX_LETTER_CHARS)];
    if (subject && text) await customers.write(customer.address, subject, text);
    return back(c, customer.address);
  });
  return app;
}
