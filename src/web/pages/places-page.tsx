import type { FC } from 'hono/jsx';
import { NavFoot, NavLists, type NavFacts } from '../parts/nav.js';
import type { Reader } from '../reader.js';
import { WidePage } from './wide-page.js';

/** On a phone: where the left column of the desk has gone. */
export const PlacesPage: FC<{ reader: Reader; facts: NavFacts; tab: 'channels' | 'more' }> = ({ reader, facts, tab }) => (
  <WidePage reader={reader} title={reader.say(tab === 'channels' ? 'nav.channels' : 'nav.more')} facts={facts} tab={tab}>
    <nav class="places" aria-labelledby="page-h">
      {tab === 'channels' ? <NavLists reader={reader} facts={facts} prefix="places" /> : <NavFoot reader={reader} facts={facts} />}
    </nav>
  </WidePage>
);
