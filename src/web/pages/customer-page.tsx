import type { Child, FC } from 'hono/jsx';
import type { Letter, SampleCustomer } from '../customer-mailbox.js';
import { Avatar, firstName } from '../parts/avatar.js';
import { Icon } from '../parts/icon.js';
import { Layout } from '../parts/layout.js';
import type { Reader } from '../reader.js';

const letterPath = (address: string, letter: string): string => `/customer/${encodeURIComponent(address)}?letter=${encodeURIComponent(letter)}`;

const Sheet: FC<{ reader: Reader; title: string; children?: Child }> = ({ reader, title, children }) => (
  <Layout reader={reader} title={title} bodyClass="cust">
    <header class="cust__band">
      <p><b>{reader.say('demo.you-are-customer')}</b> {reader.say('demo.explain')}</p>
      <a class="btn" href="/"><Icon name="left" />{reader.say('demo.back-to-desk')}</a>
    </header>
    {children}
  </Layout>
);

/** Which sample customer to be. */
export const CustomersPage: FC<{ reader: Reader; customers: readonly SampleCustomer[] }> = ({ reader, customers }) => (
  <Sheet reader={reader} title={reader.say('demo.customer-mailbox')}>
    <main class="cust__pick" aria-labelledby="h">
      <h1 id="h">{reader.say('web.demo.pick')}</h1>
      <ul>
        {customers.map(({ name, address }) => (
          <li><a class="cmail cmail--who" href={`/customer/${encodeURIComponent(address)}`}><Avatar name={name} side="cust" /><span><b>{name}</b><small>{address}</small></span></a></li>
        ))}
      </ul>
    </main>
  </Sheet>
);

interface CustomerPageProps {
  readonly reader: Reader;
  readonly csrf: string;
  readonly customer: SampleCustomer;
  readonly letters: readonly Letter[];
  readonly open: Letter | undefined;
  readonly writing: boolean;
  readonly sent: boolean;
}

/** The customer's own mail program: letters, one of them open, and an answer below it. */
export const CustomerPage: FC<CustomerPageProps> = (props) => {
  const { reader, customer, letters, open, sent } = props;
  return (
    <Sheet reader={reader} title={`${reader.say('demo.customer-mailbox')}: ${customer.name}`}>
      <div class="cust__grid">
        <nav aria-labelledby="who">
          <div class="cust__who"><Avatar name={customer.name} side="cust" /><div><h1 id="who">{customer.name}</h1><small>{customer.address} · {reader.say('desk.sample-data')}</small></div></div>
          {letters.length === 0 && <p>{reader.say('demo.empty')}</p>}
          <ul>
            {letters.map((letter) => (
              <li><a class={`cmail${letter.threadId === open?.threadId ? ' cmail--thread' : ''}`} href={letterPath(customer.address, letter.id)} aria-current={letter.id === open?.id ? 'true' : undefined}>
                <b><span class="cmail__from">{letter.direction === 'out' ? reader.say('mail.you') : letter.from.name || letter.from.address}</span> <time datetime={letter.at.toISOString()}>{reader.time(letter.at)}</time></b>
                <span lang={customer.language}>{letter.subject}</span><span lang={customer.language}>{letter.text.slice(0, 90)}</span>
              </a></li>
            ))}
          </ul>
          <p class="cust__tip"><Icon name="lock" /><span>{reader.say('demo.no-notes')}</span></p>
          <p class="cust__other"><a href="/customer">{reader.say('web.demo.other')}</a></p>
        </nav>
        <main aria-labelledby="subj">
          {sent && <p class="cust__tip" role="status"><Icon name="check" /><span>{reader.say('web.demo.sent')}</span></p>}
          {props.writing || !open ? <NewLetter {...props} /> : <OpenLetter {...props} letter={open} />}
        </main>
      </div>
    </Sheet>
  );
};

const OpenLetter: FC<CustomerPageProps & { letter: Letter }> = ({ reader, csrf, customer, letters, letter }) => {
  const thread = letters.filter(({ threadId, id }) => threadId === letter.threadId && id !== letter.id);
  return (
    <>
      <article class="letter-wrap">
        <header>
          <h2 id="subj" lang={customer.language}>{letter.subject}</h2>
          <p>{reader.say('mail.from')}: {letter.from.name}, {letter.from.address}<br />{reader.say('mail.to')}: {letter.to.name || letter.to.address}, {reader.dateTime(letter.at)}</p>
        </header>
        <div class="letter" lang={customer.language}>
          {letter.text.split(/\n{2,}/).map((paragraph) => <p class="lines">{paragraph}</p>)}
          {letter.files.length > 0 && <p>{letter.files.join(', ')}</p>}
          {letter.quoted && <blockquote><p class="lines">{letter.quoted}</p></blockquote>}
        </div>
      </article>
      {thread.length > 0 && (
        <section class="cust__thread" aria-labelledby="same-thread">
          <h2 id="same-thread">{reader.say('web.demo.same-thread')}</h2>
          <ul>{thread.map((other) => <li><a href={letterPath(customer.address, other.id)}>{reader.dateTime(other.at)}, {other.direction === 'out' ? reader.say('mail.you') : other.from.name}: <span lang={customer.language}>{other.text.slice(0, 60)}</span></a></li>)}</ul>
        </section>
      )}
      <form class="cust__reply" method="post" action={`/customer/${encodeURIComponent(customer.address)}/answer`}>
        <input type="hidden" name="_csrf" value={csrf} /><input type="hidden" name="letter" value={letter.id} />
        <label for="r">{reader.say('demo.answer-as', { customer: firstName(customer.name) })}</label>
        <textarea id="r" name="text" rows={4} required lang={customer.language} placeholder={reader.say('demo.placeholder')} />
        <div><button class="btn btn--ink" type="submit"><Icon name="out" />{reader.say('demo.send-as-customer')}</button><a href={`/customer/${encodeURIComponent(customer.address)}?write=new`}>{reader.say('demo.new-matter')}</a></div>
      </form>
    </>
  );
};

const NewLetter: FC<CustomerPageProps> = ({ reader, csrf, customer }) => (
  <form class="cust__reply" method="post" action={`/customer/${encodeURIComponent(customer.address)}/write`}>
    <input type="hidden" name="_csrf" value={csrf} />
    <h2 id="subj">{reader.say('demo.new-matter')}</h2>
    <label for="s">{reader.say('mail.subject')}</label><input class="in" id="s" name="subject" required maxlength={200} lang={customer.language} />
    <label for="r">{reader.say('demo.answer-as', { customer: firstName(customer.name) })}</label>
    <textarea id="r" name="text" rows={6} required lang={customer.language} placeholder={reader.say('demo.placeholder')} />
    <div><button class="btn btn--ink" type="submit"><Icon name="out" />{reader.say('demo.send-as-customer')}</button></div>
  </form>
);
