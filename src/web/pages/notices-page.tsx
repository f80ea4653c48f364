import type { FC } from 'hono/jsx';
import type { Conversation, Desk, Note, Notice } from '../../core/model.js';
import { noteLine } from '../../core/pins.js';
import { agentName } from '../names.js';
import { Icon, Mark, type IconName } from '../parts/icon.js';
import type { NavFacts } from '../parts/nav.js';
import type { Reader } from '../reader.js';
import { WidePage } from './wide-page.js';

/** A notice with what it speaks of. */
export interface NoticeRow {
  readonly notice: Notice;
  readonly conversation: Conversation;
  readonly note: Note | undefined;
}

const LINE_CHARS = 200;
const ICONS: Readonly<Record<Notice['kind'], IconName>> = { mentioned: 'lock', reminded: 'clock', assigned: 'user', dealt: 'users', 'handed-over': 'users' };

/** What an agent was told in person, newest first. */
export const NoticesPage: FC<{ reader: Reader; facts: NavFacts; rows: readonly NoticeRow[] }> = ({ reader, facts, rows }) => (
  <WidePage reader={reader} title={reader.say('notice.heading')} facts={facts} tab="more">
    {rows.length === 0 && <div class="empty"><Mark /><b>{reader.say('notice.none')}</b></div>}
    {rows.some(({ notice }) => !notice.readAt) && (
      <form method="post" action="/notices/read"><input type="hidden" name="_csrf" value={facts.csrf} /><button class="btn btn--s" type="submit">{reader.say('notice.read-all')}</button></form>
    )}
    <ul class="held-mails" id="notices">
      {rows.map((row) => <li class="held-mail"><Row reader={reader} desk={facts.desk} row={row} /></li>)}
    </ul>
  </WidePage>
);

const Row: FC<{ reader: Reader; desk: Desk; row: NoticeRow }> = ({ reader, desk, row: { notice, conversation, note } }) => {
  const line = note && !note.deletedAt ? noteLine(note, LINE_CHARS) : conversation.excerpt;
  return (
    <>
      <Icon name={ICONS[notice.kind]} />
      <div>
        <h2><a href={`/c/${conversation.number}${note ? `#note-${note.id}` : ''}`}>#{conversation.number} {conversation.subject || reader.say('mail.no-subject')}</a>{!notice.readAt && <> <b class="n">{reader.say('notice.new')}</b></>}</h2>
        <p class="dim">{reader.say(`notice.${notice.kind}`, { who: agentName(desk, notice.byId) ?? reader.say('who.somebody') })} · <time datetime={notice.at.toISOString()}>{reader.dateTime(notice.at)}</time></p>
        {line && <p>{line}</p>}
      </div>
    </>
  );
};
