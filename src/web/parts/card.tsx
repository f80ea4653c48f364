import type { FC } from 'hono/jsx';
import { isOverdue } from '../../core/due.js';
import { formatWait } from '../../core/language/say.js';
import type { Agent, Conversation, Desk } from '../../core/model.js';
import { agentName, placeName, problemText } from '../names.js';
import { conversationPath, type Place } from '../place.js';
import type { Reader } from '../reader.js';
import type { ListRow } from '../views/desk-view.js';
import { Avatar, firstName } from './avatar.js';
import { Icon } from './icon.js';
import { isFresh, statusIcon } from './state.js';
import { LabelDots } from './labels.js';

/** One conversation in a list: who and how long, subject, first words or what is wrong, number and place and owner. */
export const Card: FC<{ reader: Reader; desk: Desk; agent: Agent; row: ListRow; place: Place; current: boolean }> = ({ reader, desk, agent, row, place, current }) => {
  const { conversation, customer } = row;
  const { number, status } = conversation;
  const fresh = isFresh(conversation);
  const path = conversationPath(number, place);
  const statusWord = reader.say(fresh ? 'status.open-new' : `status.${status}`);
  return (
    <li>
      <a
        class={`card${current ? ' is-current' : ''}`} id={`card-${number}`} href={path} data-number={number}
        aria-current={current ? 'true' : undefined} hx-get={path} hx-target="#conversation" hx-swap="outerHTML show:none" hx-push-url="true"
      >
        <span class={`card__st ${fresh ? 'st--new' : 'st--open'}`}><Icon name={statusIcon(conversation)} /><span class="vh">{statusWord}. </span></span>
        <span class="card__who">{customer.name || customer.addresses[0]}{row.messages > 1 && <> <small>{reader.say('fact.mails', { count: row.messages })}</small></>}</span>
        <HowLong reader={reader} conversation={conversation} />
        <span class="card__subj">
          {(conversation.priority === 'high' || conversation.priority === 'urgent') && <><Icon name="flag" /><span class="vh">{reader.say(`priority.${conversation.priority}`)}. </span></>}
          {conversation.subject || reader.say('mail.no-subject')}
        </span>
        <ThirdLine reader={reader} desk={desk} agent={agent} row={row} />
        <span class="card__meta">
          <span class="num">#{number}</span>
          <span class="card__ch">{placeName(desk, conversation.channelId ?? conversation.folderId)}</span>
          <LabelDots desk={desk} labels={conversation.labels} most={1} />
          {row.files > 0 && <span class="card__cnt"><Icon name="clip" /><span aria-hidden="true">{row.files}</span><span class="vh">{reader.say('fact.files', { count: row.files })}</span></span>}
          {row.notes > 0 && <span class="card__cnt"><Icon name="lock" /><span aria-hidden="true">{row.notes}</span><span class="vh">{reader.say('fact.notes', { count: row.notes })}</span></span>}
          <Owner reader={reader} desk={desk} agent={agent} row={row} />
        </span>
      </a>
    </li>
  );
};

/** From here on the time that is left matters more than the time that somebody has waited. */
const SOON_MS = 3_600_000;

/** How long the customer has been waiting; for how long the answer is overdue, or that it is due soon; where nobody waits, when something last happened. */
const HowLong: FC<{ reader: Reader; conversation: Conversation }> = ({ reader, conversation }) => {
  const { dueAt, waitingSince, updatedAt } = conversation;
  if (!waitingSince) return <span class="card__wait">{reader.dayKey(updatedAt) === reader.dayKey(reader.now) ? reader.time(updatedAt) : reader.day(updatedAt)}</span>;
  const since = reader.say('fact.since', { time: reader.dateTime(waitingSince) });
  if (!dueAt) return <span class="card__wait" title={since}><Icon name="clock" /><span class="vh">{reader.say('web.waiting')} </span>{reader.wait(waitingSince)}</span>;
  const left = dueAt.getTime() - reader.now.getTime();
  const late = isOverdue(conversation, reader.now);
  const due = reader.say(late ? 'fact.overdue-since' : 'fact.due', { time: reader.dateTime(dueAt) });
  return (
    <span class={`card__wait${late ? ' is-late' : left < SOON_MS ? ' is-soon' : ''}`} title={`${due}, ${reader.say('fact.waiting', { wait: reader.wait(waitingSince) })}`}>
      <Icon name="clock" />
      {late ? reader.say('fact.overdue-by', { wait: formatWait(-left, reader.locale) }) : left < SOON_MS ? reader.say('fact.due-in', { wait: formatWait(left, reader.locale) }) : <><span class="vh">{reader.say('web.waiting')} </span>{reader.wait(waitingSince)}</>}
    </span>
  );
};

/** What needs a person comes before the customer's first words. */
const ThirdLine: FC<{ reader: Reader; desk: Desk; agent: Agent; row: ListRow }> = ({ reader, desk, agent, row: { conversation, trouble, answering, snippet } }) => {
  if (trouble) {
    const undecided = trouble.state === 'uncertain' || trouble.state === 'awaiting';
    return (
      <span class={`card__alert ${undecided ? 'is-decide' : 'is-danger'}`}>
        <Icon name={undecided ? 'question' : trouble.state === 'bounced' ? 'bounce' : 'x'} />
        <span>{trouble.state === 'awaiting' ? reader.say('state.awaiting') : undecided ? reader.say('state.uncertain.means') : `${reader.say(`state.${trouble.state}`)}: ${trouble.problem ? problemText(reader, trouble.problem) : reader.say('state.failed.means')}`}</span>
      </span>
    );
  }
  if (answering && answering.agentId !== agent.id) {
    const who = firstName(agentName(desk, answering.agentId) ?? reader.say('who.somebody'));
    return <span class="card__alert is-accent"><Icon name="pencil" /><span>{reader.say('fact.answering', { who })}</span></span>;
  }
  if (conversation.warning) {
    return <span class="card__alert is-decide"><Icon name={conversation.warning.kind === 'maybe-same' ? 'merge' : 'warn'} /><span>{warningText(reader, conversation.warning)}</span></span>;
  }
  return <span class="card__peek">{snippet ?? conversation.excerpt}</span>;
};

export function warningText(reader: Reader, warning: NonNullable<ListRow['conversation']['warning']>): string {
  if (warning.kind === 'maybe-same') return reader.say('warning.maybe-same', { number: warning.number });
  if (warning.kind === 'too-large') return reader.say('warning.too-large', { size: reader.bytes(warning.bytes) });
  return reader.say(`warning.${warning.kind}`, { address: warning.address });
}

const Owner: FC<{ reader: Reader; desk: Desk; agent: Agent; row: ListRow }> = ({ reader, desk, agent, row: { conversation } }) => {
  const owner = conversation.assigneeId;
  if (owner) {
    const name = agentName(desk, owner) ?? reader.say('who.somebody');
    return <span class="card__own"><Avatar name={name} side="staff" small />{owner === agent.id ? reader.say('mail.you') : firstName(name)}</span>;
  }
  const team = desk.teams.find(({ id }) => id === conversation.teamId);
  if (team) return <span class="card__own"><Icon name="users" />{team.name}</span>;
  if (conversation.folderId) return null;
  return <span class="card__own card__own--none">{reader.say('fact.unassigned')}</span>;
};
