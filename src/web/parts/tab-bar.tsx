import type { FC } from 'hono/jsx';
import type { Place } from '../place.js';
import type { Reader } from '../reader.js';
import { Icon } from './icon.js';

/** Navigation on a phone. */
export const TabBar: FC<{ reader: Reader; place: Place | 'channels' | 'more' }> = ({ reader, place }) => {
  const here = (tab: string): 'page' | undefined => (tabOf(place) === tab ? 'page' : undefined);
  return (
    <nav class="tabbar" aria-label={reader.say('desk.main-navigation')}>
      <a href="/" aria-current={here('open')}><Icon name="inbox" />{reader.say('nav.open')}</a>
      <a href="/view/mine" aria-current={here('mine')}><Icon name="user" />{reader.say('nav.mine')}</a>
      <a href="/channels" aria-current={here('channels')}><Icon name="hash" />{reader.say('nav.channels')}</a>
      <a href="/find" aria-current={here('find')}><Icon name="search" />{reader.say('nav.find')}</a>
      <a href="/more" aria-current={here('more')}><Icon name="more" />{reader.say('nav.more')}</a>
    </nav>
  );
};

function tabOf(place: Place | 'channels' | 'more'): string {
  if (typeof place === 'string') return place;
  if (place.kind === 'find') return 'find';
  if (place.kind !== 'view') return 'channels';
  return place.view === 'open' || place.view === 'mine' ? place.view : 'more';
}
