import type { FC } from 'hono/jsx';
import { bridgeName } from '../names.js';
import type { Reader } from '../reader.js';
import type { DeskView } from '../views/desk-view.js';
import { Icon } from './icon.js';

/** What keeps a chat platform from showing posts, above the list: where, since when, what to do. */
export const Troubles: FC<{ reader: Reader; troubles: DeskView['troubles'] }> = ({ reader, troubles }) => (
  <>
    {troubles.map(({ bridge, channel, what, since }) => (
      <div class="bar-say bar-say--danger" role="status">
        <Icon name="warn" />
        <p><b>{bridgeName(reader, bridge)}{channel && ` #${channel.name}`}</b> <time datetime={since.toISOString()}>{reader.dateTime(since)}</time><br />{reader.say(what.key, what.params)}</p>
      </div>
    ))}
  </>
);
