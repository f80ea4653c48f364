import type { Child, FC } from 'hono/jsx';
import { BULK_ACTIONS, nextSteps, type Bulk, type BulkCounts } from '../../core/bulk.js';
import type { Conversation, Customer } from '../../core/model.js';
import { PRIORITIES } from '../../core/model.js';
import { bulkDeed, bulkProgress } from '../../commands/bulk-words.js';
import type { NavFacts } from '../parts/nav.js';
import type { Saying } from '../parts/said.js';
import { SearchBox } from '../parts/search-box.js';
import type { Reader } from '../reader.js';
import { WidePage } from './wide-page.js';

/** One row that can be ticked. */
export interface BulkRow {
  readonly conversation: Conversation;
  readonly customer: Customer;
}

interface ChooseProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly words: string;
  readonly rows: readonly BulkRow[];
  /** There are more than these rows. */
  readonly more: boolean;
  readonly said: Saying | undefined;
  readonly form: { readonly do: string; readonly value: string };
}

/** Chooses conversations by a search, and what to do with them. */
export const BulkPage: FC<ChooseProps> = ({ reader, facts, words, rows, more, said, form }) => (
  <WidePage reader={reader} title={reader.say('bulk.heading')} facts={facts} tab="more">
    <p class="lead">{reader.say('bulk.intro')}</p>
    {said && <p class={`bar-say bar-say--${said.tone}`} role="status">{said.text}</p>}
    <SearchBox reader={reader} words={words} action="/bulk" />
    {rows.length > 0 && (
      <form class="form bulk" method="post" action="/bulk">
        <input type="hidden" name="_csrf" value={facts.csrf} />
        <input type="hidden" name="words" value={words} />
        <div class="bulk__what">
          <p><label for="bulk-do">{reader.say('option.do')}</label>
          <select class="in" id="bulk-do" name="do">{BULK_ACTIONS.map((action) => <option value={action} selected={action === form.do}>{reader.say(`verb.${action}`)}</option>)}</select></p>
          <p><label for="bulk-value">{reader.say('option.value')}</label>
          <input class="in" id="bulk-value" name="value" value={form.value} list="bulk-values" autocomplete="off" /></p>
          <datalist id="bulk-values">{[...facts.desk.labels, ...facts.desk.agents, ...facts.desk.teams].map(({ name }) => <option value={name} />)}{PRIORITIES.map((priority) => <option value={priority} />)}</datalist>
          <button class="btn btn--primary" type="submit">{reader.say('button.bulk-look-first')}</button>
        </div>
        <fieldset class="bulk__which">
          <legend class="lab">{reader.say('bulk.which')}</legend>
          <label class="choice"><input type="radio" name="which" value="all" checked /><span>{more ? reader.say('bulk.all-that-fit') : reader.say('bulk.all-shown', { count: rows.length })}</span></label>
          <label class="choice"><input type="radio" name="which" value="picked" /><span>{reader.say('bulk.only-ticked')}</span></label>
        </fieldset>
        <ul class="bulk__rows">
          {rows.map(({ conversation: { number, subject, status }, customer }) => (
            <li>
              <label><input type="checkbox" name="pick" value={String(number)} checked /><span><a href={`/c/${number}`}>#{number} {subject || reader.say('mail.no-subject')}</a> <span class="dim">{customer.name || customer.addresses[0]} · {reader.say(`status.${status}`)}</span></span></label>
            </li>
          ))}
        </ul>
        {more && <p class="dim">{reader.say('bulk.more-not-shown')}</p>}
      </form>
    )}
    {words.trim() !== '' && rows.length === 0 && !said && <p class="dim">{reader.say('find.none', { words })}</p>}
    <p><a href="/searches">{reader.say('saved.heading')}</a></p>
  </WidePage>
);

interface OneProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly bulk: Bulk;
  readonly counts: BulkCounts;
  readonly first: readonly Conversation[];
  readonly said: Saying | undefined;
  readonly mayAct: boolean;
}

/** One bulk: what would be done, how far it is, what came of it. */
export const OneBulkPage: FC<OneProps> = (props) => (
  <WidePage reader={props.reader} title={props.reader.say('bulk.heading')} facts={props.facts} tab="more">
    {props.said && <p class={`bar-say bar-say--${props.said.tone}`} role="status">{props.said.text}</p>}
    <BulkState {...props} />
    <p><a href={`/bulk?q=${encodeURIComponent(props.bulk.words)}`}>{props.reader.say('bulk.back-to-search', { words: props.bulk.words })}</a></p>
  </WidePage>
);

/** The part that comes anew while it is under way. */
export const BulkState: FC<Pick<OneProps, 'reader' | 'facts' | 'bulk' | 'counts' | 'first' | 'mayAct'>> = ({ reader, facts, bulk, counts, first, mayAct }) => {
  const underWay = bulk.state === 'running' || bulk.state === 'undoing';
  const reading = { desk: facts.desk, actor: facts.agent };
  const { key, params } = bulkProgress(reading, bulk, counts);
  const undoing = bulk.state === 'undoing';
  return (
    <section id="bulk-state" class="bulk-state" {...(underWay && { 'hx-get': `/parts/bulk/${bulk.id}`, 'hx-trigger': 'every 1s', 'hx-swap': 'outerHTML' })}>
      <h2 class="bulk-state__deed">{bulkDeed(reading, bulk).deed}</h2>
      <p role="status">{reader.say(key, params)}</p>
      {underWay && <progress max={undoing ? counts.done + counts.undone + counts.kept : bulk.total} value={undoing ? counts.undone + counts.kept : bulk.total - counts.waiting} aria-label={reader.say('bulk.progress')} />}
      {bulk.state === 'asked' && (
        <>
          <p>{reader.say('bulk.first-ones')}</p>
          <ul class="bulk__rows">{first.map(({ number, subject, excerpt }) => <li><a href={`/c/${number}`}>#{number} {subject || reader.say('mail.no-subject')}</a> <span class="dim">{excerpt}</span></li>)}</ul>
        </>
      )}
      {mayAct && (
        <div class="form__end">
          {nextSteps(bulk, counts).map((step) => (
            <Step csrf={facts.csrf} action={`/bulk/${bulk.id}/${step}`} primary={step === 'go'}>{stepName(reader, step, bulk)}</Step>
          ))}
        </div>
      )}
    </section>
  );
};

function stepName(reader: Reader, step: 'go' | 'stop' | 'undo', { state, total }: Bulk): string {
  if (step === 'go') return reader.say('bulk.confirm', { count: total });
  return step === 'undo' ? reader.say('button.undo') : reader.say(state === 'asked' ? 'button.cancel' : 'button.bulk-stop');
}

const Step: FC<{ csrf: string; action: string; primary: boolean; children?: Child }> = ({ csrf, action, primary, children }) => (
  <form method="post" action={action}><input type="hidden" name="_csrf" value={csrf} /><button class={`btn${primary ? ' btn--primary' : ''}`} type="submit">{children}</button></form>
);
