import type { FC } from 'hono/jsx';
import type { Desk, Message } from '../../core/model.js';
import type { Reader } from '../reader.js';
import { agentName } from '../names.js';
import { REPLY } from '../verbs.js';
import { Icon } from './icon.js';

/** Reading is the easy way, sending the deliberate one. The text stays where it is. */
export const StaleBar: FC<{ reader: Reader; newer: readonly Message[]; desk: Desk; number: number; oob?: boolean }> = ({ reader, newer, desk, number, oob }) => {
  const last = newer.at(-1);
  return (
    <div class="only-answer" id="stale" role="alert" hx-swap-oob={oob ? 'true' : undefined}>
      {last && (
        <div class="stale">
          <Icon name="warn" />
          <p><b>{reader.say('composer.held', { who: agentName(desk, last.authorId) ?? (last.from.name || last.from.address), time: reader.time(last.createdAt) })}</b> <span>{reader.say('composer.read-before')}</span></p>
          <a class="btn btn--s btn--decide" href="#new">{reader.say('button.read-it')}</a>
          <button class="btn btn--s" type="submit" id="send-anyway" formaction={`/c/${number}/do/${REPLY}`} name="seen" value={Math.max(...newer.map(({ revision }) => revision))}>{reader.say('button.send-anyway')}</button>
        </div>
      )}
    </div>
  );
};
