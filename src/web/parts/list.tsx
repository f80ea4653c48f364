import type { Child, FC } from 'hono/jsx';
import { isOverdue } from '../../core/due.js';
import { placeName } from '../names.js';
import { placeParam, placePath, type Place } from '../place.js';
import type { Reader } from '../reader.js';
import type { DeskView, ListRow } from '../views/desk-view.js';
import { Card } from './card.js';
import { Icon, Mark } from './icon.js';
import { OperatorHelp, SearchBox } from './search-box.js';
import { TabBar } from './tab-bar.js';
import { Troubles } from './troubles.js';

export function placeTitle(reader: Reader, view: Pick<DeskView, 'desk' | 'place'>): string {
  const { place, desk } = view;
  if (place.kind === 'view') return reader.say(`view.${place.view}`);
  if (place.kind === 'find') return reader.say('view.search');
  if (place.kind === 'team') return reader.say('fact.team', { team: desk.teams.find(({ id }) => id === place.id)?.name ?? place.id });
  return place.kind === 'channel' ? reader.say('view.channel', { channel: placeName(desk, place.id) }) : placeName(desk, place.id);
}

function countOf(view: DeskView): number | undefined {
  const { place, counts } = view;
  if (place.kind === 'view') return counts[place.view];
  if (place.kind === 'find') return view.rows.length;
  return (place.kind === 'channel' ? counts.channels.get(place.id) : place.kind === 'team' ? counts.teams.get(place.id) : counts.folders.get(place.id)) ?? 0;
}

/** The middle column: search, title, cards. */
export const List: FC<{ reader: Reader; view: DeskView; undo: Child }> = ({ reader, view, undo }) => (
  <section class="list" id="list" aria-labelledby="list-h">
    <header class="list__head">
      <SearchBox reader={reader} words={view.place.kind === 'find' ? view.place.words : ''} action="/find" shortcut />
      {view.place.kind === 'find' && <SearchTools reader={reader} view={view} words={view.place.words} />}
      <ListTitle reader={reader} view={view} />
    </header>
    <div class="list__scroll" tabindex={0} role="region" aria-label={reader.say('list.conversations')}>
      <Cards reader={reader} view={view} />
    </div>
    {undo}
    <TabBar reader={reader} place={view.place} />
  </section>
);

/** What else can be done with a search, and those that were saved. */
const SearchTools: FC<{ reader: Reader; view: DeskView; words: string }> = ({ reader, view, words }) => {
  const query = encodeURIComponent(words);
  return (
    <div class="search-tools">
      {words.trim() !== '' && !view.problem && <a href={`/bulk?q=${query}`}>{reader.say('bulk.open-many')}</a>}
      {words.trim() !== '' && !view.problem && <a href={`/searches?q=${query}#save`}>{reader.say('saved.save-this')}</a>}
      <a href="/searches">{reader.say('saved.heading')}</a>
      {view.saved.map(({ name }) => <a class="search-tools__saved" href={placePath({ kind: 'find', words: `saved:"${name}"` })}>{name}</a>)}
      <OperatorHelp reader={reader} />
    </div>
  );
};

export const ListTitle: FC<{ reader: Reader; view: DeskView; oob?: boolean }> = ({ reader, view, oob }) => {
  const sorted = view.place.kind === 'view' && ['open', 'mine', 'unassigned'].includes(view.place.view);
  return (
    <div class="list__title" id="list-title" hx-swap-oob={oob ? 'true' : undefined}>
      <h1 id="list-h">{placeTitle(reader, view)} <span class="n">{countOf(view)}</span></h1>
      {sorted && <span class="list__sort"><Icon name="sort" />{reader.say('list.longest-wait')}</span>}
    </div>
  );
};

/** Refreshed when something changes, and each minute, since waiting times grow. */
export const Cards: FC<{ reader: Reader; view: DeskView }> = ({ reader, view }) => {
  const refresh = `/parts/list?in=${encodeURIComponent(placeParam(view.place))}${view.page > 0 ? `&page=${view.page}` : ''}`;
  const groups = grouped(view.rows, view.place, reader.now);
  return (
    <div id="cards" hx-get={refresh} hx-trigger="deskchanged from:body, every 60s" hx-swap="outerHTML">
      <Troubles reader={reader} troubles={view.troubles} />
      {view.problem && <p class="bar-say bar-say--refused search-problem" role="alert">{reader.say(view.problem.key, view.problem.params)}</p>}
      {view.rows.length === 0 && !view.problem && <Empty reader={reader} place={view.place} />}
      {groups.map(({ kind, rows }) => (
        <>
          {groups.length > 1 && <h2 class={`group group--${kind}`}>{reader.say(`web.group.${kind}`)} <span class="n">{rows.length}</span></h2>}
          <ul class="cards">
            {rows.map((row) => <Card reader={reader} desk={view.desk} agent={view.agent} row={row} place={view.place} current={row.conversation.number === view.current} />)}
          </ul>
        </>
      ))}
      {(view.more || view.page > 0) && (
        <nav class="pages" aria-label={reader.say('web.pages')}>
          {view.page > 0 && <a class="btn btn--s" href={pagePath(view.place, view.page - 1)}>{reader.say('web.pages.back')}</a>}
          {view.more && <a class="btn btn--s" href={pagePath(view.place, view.page + 1)}>{reader.say('button.show-more')}</a>}
        </nav>
      )}
    </div>
  );
};

function pagePath(place: Place, page: number): string {
  const path = placePath(place);
  return `${path}${path.includes('?') ? '&' : '?'}page=${page}`;
}

const GROUPS = ['late', 'decide', 'waiting', 'rest'] as const;
type Group = (typeof GROUPS)[number];

/** What is overdue comes first, then what Goniec could not do by itself, then who waits, then the rest. */
function grouped(rows: readonly ListRow[], place: Place, now: Date): readonly { kind: Group; rows: readonly ListRow[] }[] {
  if (place.kind === 'find' || place.kind === 'folder') return rows.length > 0 ? [{ kind: 'rest', rows }] : [];
  const kindOf = ({ trouble, conversation }: ListRow): Group => (isOverdue(conversation, now) ? 'late' : trouble ? 'decide' : conversation.waitingSince ? 'waiting' : 'rest');
  return GROUPS.map((kind) => ({ kind, rows: rows.filter((row) => kindOf(row) === kind) })).filter(({ rows: some }) => some.length > 0);
}

const Empty: FC<{ reader: Reader; place: Place }> = ({ reader, place }) => (
  <div class="empty">
    <Mark />
    <b>{emptyText(reader, place)}</b>
  </div>
);

function emptyText(reader: Reader, place: Place): string {
  if (place.kind === 'folder') return reader.say('list.empty-folder');
  if (place.kind === 'find') return place.words ? reader.say('list.empty-search', { words: place.words }) : reader.say('find.what');
  return place.kind === 'channel' || place.kind === 'team' || ['open', 'mine', 'unassigned'].includes(place.view) ? reader.say('list.empty') : reader.say('web.list.nothing');
}
