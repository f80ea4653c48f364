import type { FC } from 'hono/jsx';
import { agentName, bridgeName } from '../names.js';
import type { Reader } from '../reader.js';
import type { ConversationView } from '../views/conversation-view.js';
import { Avatar, firstName } from './avatar.js';

/** Who else is writing an answer, or reads it just now, and where. It never blocks anybody. */
export const Presence: FC<{ reader: Reader; view: Pick<ConversationView, 'present' | 'desk'>; oob?: boolean }> = ({ reader, view, oob }) => (
  <div class="presences" id="presence" role="status" hx-swap-oob={oob ? 'true' : undefined}>
    {view.present.map(({ agentId, via, doing }) => {
      const name = agentName(view.desk, agentId) ?? reader.say('who.somebody');
      return (
        <p class={`presence presence--${doing}`}>
          <Avatar name={name} side="staff" small />
          <span><b>{reader.say(doing === 'writing' ? 'fact.answering' : 'fact.reading', { who: firstName(name) })}</b> <span class="presence__w">{reader.say('web.answering-place', { place: bridgeName(reader, via) })}</span></span>
          {doing === 'writing' && <span class="typing" aria-hidden="true"><i /><i /><i /></span>}
        </p>
      );
    })}
  </div>
);
