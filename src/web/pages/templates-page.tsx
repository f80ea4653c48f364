import type { FC } from 'hono/jsx';
import type { Template } from '../../core/model.js';
import { Icon, Mark } from '../parts/icon.js';
import type { NavFacts } from '../parts/nav.js';
import type { Saying } from '../parts/said.js';
import type { Reader } from '../reader.js';
import type { TemplateRow, TemplatesView } from '../views/templates-view.js';
import { WidePage } from './wide-page.js';

interface TemplatesPageProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly view: TemplatesView;
  readonly said: Saying | undefined;
  readonly mayWork: boolean;
  /** The conversation that one of them is looked for. */
  readonly number: number | undefined;
}

const FIRST_WORDS_CHARS = 140;

export const templatePath = (id: string, number?: number): string => `/templates/${encodeURIComponent(id)}${number === undefined ? '' : `?c=${number}`}`;

/** All templates of the desk, by category. */
export const TemplatesPage: FC<TemplatesPageProps> = ({ reader, facts, view, said, mayWork, number }) => (
  <WidePage reader={reader} title={reader.say('nav.templates')} facts={facts} tab="more">
    {said && <p class={`bar-say bar-say--${said.tone}`} role="status">{said.text}</p>}
    <div class="tpls__top">
      <form class="tpls__find" method="get" action="/templates" role="search">
        {number !== undefined && <input type="hidden" name="c" value={String(number)} />}
        <label class="vh" for="tpl-q">{reader.say('composer.find-template')}</label>
        <input class="in" id="tpl-q" type="search" name="q" value={view.words} placeholder={reader.say('composer.find-template')} />
        <button class="btn" type="submit"><Icon name="search" />{reader.say('verb.find')}</button>
      </form>
      {mayWork && <a class="btn btn--primary" href="/templates/new"><Icon name="template" />{reader.say('verb.template-new')}</a>}
    </div>
    {view.categories.length === 0 && <div class="empty"><Mark /><b>{view.words ? reader.say('templates.none', { words: view.words }) : reader.say('templates.empty')}</b></div>}
    {view.categories.map(({ name, rows }, index) => (
      <section class="tpls" aria-labelledby={`cat-${index}`}>
        <h2 id={`cat-${index}`}>{name || reader.say('templates.no-category')}</h2>
        <ul>{rows.map((row) => <Row reader={reader} facts={facts} row={row} number={number} />)}</ul>
      </section>
    ))}
    {view.retired.length > 0 && (
      <details class="tpls tpls--retired" id="retired">
        <summary>{reader.say('templates.retired')} <span class="dim">{view.retired.length}</span></summary>
        <ul>{view.retired.map(({ id, name, texts }) => (
          <li class="tpls__row">
            <div><b>{name}</b><p class="dim">{firstWords({ texts })}</p></div>
            {mayWork && <form method="post" action={`/templates/${encodeURIComponent(id)}/restore`}><input type="hidden" name="_csrf" value={facts.csrf} /><button class="btn btn--s" type="submit">{reader.say('verb.template-restore')}</button></form>}
          </li>
        ))}</ul>
      </details>
    )}
  </WidePage>
);

const Row: FC<{ reader: Reader; facts: NavFacts; row: TemplateRow; number: number | undefined }> = ({ reader, facts, row: { template, usage }, number }) => (
  <li class="tpls__row">
    <div>
      <a href={templatePath(template.id, number)}>{template.name}</a>
      <p lang={template.texts[0]?.language}>{firstWords(template)}</p>
      <p class="dim">{[template.texts.map(({ language }) => language.toUpperCase()).join(' '), ...forWhom(facts, template), ...(template.files.length > 0 ? [reader.say('fact.files', { count: template.files.length })] : []), reader.say('template.used', { count: usage?.count ?? 0 })].join(' · ')}</p>
    </div>
  </li>
);

/** Names of the mailboxes and teams that it is for. */
export function forWhom({ desk }: Pick<NavFacts, 'desk'>, { mailboxes, teams }: Pick<Template, 'mailboxes' | 'teams'>): readonly string[] {
  const nameIn = (things: readonly { readonly id: string; readonly name: string }[]) => (id: string): string => things.find((thing) => thing.id === id)?.name ?? id;
  return [...mailboxes.map(nameIn(desk.mailboxes)), ...teams.map(nameIn(desk.teams))];
}

const firstWords = ({ texts }: Pick<Template, 'texts'>): string => (texts[0]?.body ?? '').replace(/\s+/g, ' ').slice(0, FIRST_WORDS_CHARS);
