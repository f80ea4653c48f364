import type { FC } from 'hono/jsx';
import { MEANINGS, EXAMPLES, OPERATORS } from '../../core/search/operators.js';
import type { Reader } from '../reader.js';
import { Icon } from './icon.js';

/** The search field, with what may come next while somebody types, and the operators behind a fold. */
export const SearchBox: FC<{ reader: Reader; words: string; action: string; shortcut?: boolean }> = ({ reader, words, action, shortcut }) => (
  <>
    <form class="search" role="search" action={action}>
      <Icon name="search" />
      <label class="vh" for="q">{reader.say('list.search')}</label>
      <input
        id="q" name="q" type="search" value={words} placeholder={reader.say('list.search-hint')} autocomplete="off" maxlength={300} list="q-next" aria-keyshortcuts={shortcut ? 'Control+K' : undefined}
        hx-get="/parts/suggest" hx-trigger="input changed delay:150ms" hx-target="#q-next" hx-swap="innerHTML"
      />
      <datalist id="q-next" />
      {shortcut && <kbd aria-hidden="true">Ctrl K</kbd>}
    </form>
  </>
);

/** What search understands, one line each. */
export const OperatorHelp: FC<{ reader: Reader }> = ({ reader }) => (
  <details class="operators" id="operators">
    <summary class="lnk">{reader.say('search.operators')}</summary>
    <dl>{OPERATORS.map((operator) => <div><dt><code>{EXAMPLES[operator]}</code></dt><dd>{reader.say(MEANINGS[operator])}</dd></div>)}</dl>
    <p class="dim">{reader.say('search.minus')}</p>
  </details>
);
