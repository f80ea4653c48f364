import type { FC } from 'hono/jsx';
import type { Conversation, Customer, CustomerEvent, CustomerNote, Desk } from '../../core/model.js';
import { LabelDots } from '../parts/labels.js';
import type { NavFacts } from '../parts/nav.js';
import { agentName, customerEventText } from '../names.js';
import type { Reader } from '../reader.js';
import type { Saying } from '../parts/said.js';
import { WidePage } from './wide-page.js';

export interface CustomerCard {
  readonly customer: Customer;
  readonly notes: readonly CustomerNote[];
  readonly events: readonly CustomerEvent[];
  readonly conversations: readonly Conversation[];
  readonly merged: boolean;
}

interface CardProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly card: CustomerCard;
  readonly said: Saying | undefined;
  readonly mayWork: boolean;
  /** Makes a double press one call. */
  readonly once: string;
}

/** Who a customer is, whatever they write about; every fact with the form that changes it. */
export const CustomerCardPage: FC<CardProps> = (props) => {
  const { reader, facts, card: { customer, conversations, events }, said } = props;
  return (
    <WidePage reader={reader} title={customer.name} facts={facts} tab="more">
      {said && <p class={`bar-say bar-say--${said.tone}`} role="status">{said.text}</p>}
      <Facts {...props} />
      <Notes {...props} />
      <section aria-labelledby="card-conversations">
        <h2 id="card-conversations">{reader.say('card.conversations', { count: conversations.length })}</h2>
        <ul class="customer-card__list">
          {conversations.map(({ number, subject, status, createdAt }) => <li><a href={`/c/${number}`}>#{number} {subject || reader.say('mail.no-subject')}</a> <span class="dim">{reader.say(`status.${status}`)}, {reader.dateTime(createdAt)}</span></li>)}
        </ul>
      </section>
      {events.length > 0 && (
        <section aria-labelledby="card-history">
          <h2 id="card-history">{reader.say('card.history')}</h2>
          <ul class="customer-card__list">{events.map((event) => <li>{customerEventText(reader, facts.desk, facts.agent, event)} <span class="dim">{reader.dateTime(event.at)}</span></li>)}</ul>
        </section>
      )}
    </WidePage>
  );
};

const Facts: FC<CardProps> = (props) => {
  const { reader, facts: { desk }, card: { customer, merged }, mayWork } = props;
  const { addresses, language, labels } = customer;
  return (
    <>
      <dl class="heads">
        <dt>{reader.say('card.addresses')}</dt>
        <dd>{addresses.map((address) => <span class="customer-card__row">{address} {mayWork && addresses.length > 1 && <Act {...props} verb="unlink-address" args={{ address }} />}</span>)}</dd>
        <dt>{reader.say('card.language')}</dt><dd>{language === undefined ? '–' : (new Intl.DisplayNames([reader.locale], { type: 'language' }).of(language) ?? language)}</dd>
        <dt>{reader.say('card.labels')}</dt>
        <dd>{labels.length === 0 ? '–' : labels.map((label) => <span class="customer-card__row"><LabelDots desk={desk} labels={[label]} /> {mayWork && <Act {...props} verb="unlabel-customer" args={{ label }} />}</span>)}</dd>
      </dl>
      {mayWork && (
        <ul class="more-verbs">
          <li><Act {...props} verb="rename-customer" field="name" label="option.name" value={customer.name} /></li>
          <li><Act {...props} verb="customer-language" field="language" label="option.language" value={language ?? ''} /></li>
          <li><Act {...props} verb="link-address" field="address" label="option.address" /></li>
          {desk.labels.some(({ id }) => !labels.includes(id)) && <li><Act {...props} verb="label-customer" field="label" label="option.label" choices={desk.labels.filter(({ id }) => !labels.includes(id))} /></li>}
          <li><Act {...props} verb="merge-customers" field="into" label="option.other-customer" /></li>
          {merged && <li><Act {...props} verb="unmerge-customers" /></li>}
        </ul>
      )}
    </>
  );
};

const Notes: FC<CardProps> = (props) => {
  const { reader, facts: { desk }, card: { notes }, mayWork } = props;
  return (
    <section aria-labelledby="card-notes">
      <h2 id="card-notes">{reader.say('card.notes')}</h2>
      {notes.length === 0 && <p class="dim">{reader.say('card.no-notes')}</p>}
      {notes.map(({ id, text, authorId, createdAt }) => (
        <article class="note">
          <header><h3>{reader.say('card.note-by', { who: agentName(desk, authorId) ?? reader.say('who.somebody'), time: reader.dateTime(createdAt) })}</h3></header>
          <div class="note__text"><p>{text}</p></div>
          {mayWork && <Act {...props} verb="remove-customer-note" args={{ note: id }} />}
        </article>
      ))}
      {mayWork && <Act {...props} verb="customer-note" field="text" label="option.text" />}
    </section>
  );
};

interface ActProps extends CardProps {
  readonly verb: 'rename-customer' | 'customer-language' | 'customer-note' | 'remove-customer-note' | 'label-customer' | 'unlabel-customer' | 'link-address' | 'unlink-address' | 'merge-customers' | 'unmerge-customers';
  readonly args?: Readonly<Record<string, string>>;
  readonly field?: string;
  readonly label?: 'option.name' | 'option.language' | 'option.address' | 'option.label' | 'option.other-customer' | 'option.text';
  readonly value?: string;
  readonly choices?: Desk['labels'];
}

/** A verb as a form; works without script. */
const Act: FC<ActProps> = ({ reader, facts, card, once, verb, args = {}, field, label, value, choices }) => {
  const id = `card-${verb}`;
  return (
    <form method="post" action={`/customers/${card.customer.id}/do/${verb}`} class="verb more-verb">
      <input type="hidden" name="_csrf" value={facts.csrf} />
      <input type="hidden" name="once" value={[once, verb, ...Object.values(args)].join('-')} />
      {Object.entries(args).map(([name, fixed]) => <input type="hidden" name={name} value={fixed} />)}
      {field && label && <label class="vh" for={id}>{reader.say(label)}</label>}
      {field && (choices ? <select class="in" id={id} name={field}>{choices.map((choice) => <option value={choice.id}>{choice.name}</option>)}</select> : <input class="in" id={id} name={field} value={value} placeholder={label && reader.say(label)} autocomplete="off" required />)}
      <button class="btn btn--s" type="submit" title={reader.say(`verb.${verb}.summary`)}>{reader.say(`verb.${verb}`)}</button>
    </form>
  );
};
