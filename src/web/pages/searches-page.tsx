import type { FC } from 'hono/jsx';
import type { SavedSearch } from '../../core/search/saved.js';
import { agentName } from '../names.js';
import type { NavFacts } from '../parts/nav.js';
import type { Saying } from '../parts/said.js';
import { SearchBox } from '../parts/search-box.js';
import { placePath } from '../place.js';
import type { Reader } from '../reader.js';
import { WidePage } from './wide-page.js';

interface SearchesProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly searches: readonly SavedSearch[];
  /** Words to be saved. */
  readonly words: string;
  readonly said: Saying | undefined;
}

/** Saved searches: run, save, rename, share, delete. */
export const SearchesPage: FC<SearchesProps> = ({ reader, facts, searches, words, said }) => (
  <WidePage reader={reader} title={reader.say('saved.heading')} facts={facts} tab="more">
    {said && <p class={`bar-say bar-say--${said.tone}`} role="status">{said.text}</p>}
    <SearchBox reader={reader} words={words} action="/find" />
    {searches.length === 0 && <p class="lead">{reader.say('saved.nothing')}</p>}
    <ul class="searches">
      {searches.map((search) => (
        <li>
          <div><a href={placePath({ kind: 'find', words: `saved:"${search.name}"` })}>{search.name}</a> <code>{search.words}</code>{search.shared && <> <span class="dim">{reader.say('saved.shared-by', { who: agentName(facts.desk, search.agentId) ?? reader.say('who.somebody') })}</span></>}</div>
          {(search.agentId === facts.agent.id || facts.agent.role === 'admin') && (
            <div class="searches__acts">
              <form method="post" action="/searches/rename"><Hidden csrf={facts.csrf} name={search.name} /><label class="vh" for={`to-${search.id}`}>{reader.say('option.new-name')}</label><input class="in" id={`to-${search.id}`} name="to" placeholder={reader.say('option.new-name')} required maxlength={60} autocomplete="off" /><button class="btn btn--s" type="submit">{reader.say('verb.rename-search')}</button></form>
              <form method="post" action="/searches/delete"><Hidden csrf={facts.csrf} name={search.name} /><button class="btn btn--s" type="submit" aria-label={reader.say('saved.delete-named', { name: search.name })}>{reader.say('verb.delete-search')}</button></form>
            </div>
          )}
        </li>
      ))}
    </ul>
    <h2 class="h-gap" id="save">{reader.say('verb.save-search')}</h2>
    <form class="form form--narrow" method="post" action="/searches/save">
      <input type="hidden" name="_csrf" value={facts.csrf} />
      <div class="field"><label for="save-name">{reader.say('option.search-name')}</label><input class="in" id="save-name" name="name" required maxlength={60} autocomplete="off" /></div>
      <div class="field"><label for="save-words">{reader.say('option.words')}</label><input class="in" id="save-words" name="words" value={words} required autocomplete="off" /></div>
      <label class="choice"><input type="checkbox" name="shared" value="yes" /><span>{reader.say('option.shared')}</span></label>
      <div class="form__end"><button class="btn btn--primary" type="submit">{reader.say('verb.save-search')}</button></div>
    </form>
  </WidePage>
);

const Hidden: FC<{ csrf: string; name: string }> = ({ csrf, name }) => <><input type="hidden" name="_csrf" value={csrf} /><input type="hidden" name="name" value={name} /></>;
