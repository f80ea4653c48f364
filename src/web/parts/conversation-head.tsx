import type { FC } from 'hono/jsx';
import { choicesOf } from '../../commands/suggestions.js';
import { isOverdue } from '../../core/due.js';
import type { Conversation } from '../../core/model.js';
import { noteLine } from '../../core/pins.js';
import { agentName, placeName } from '../names.js';
import { placePath } from '../place.js';
import type { Reader } from '../reader.js';
import type { ConversationView } from '../views/conversation-view.js';
import { Avatar, firstName } from './avatar.js';
import { warningText } from './card.js';
import { VerbForm, type FormFacts } from './form.js';
import { Icon } from './icon.js';
import { LabelDots } from './labels.js';
import { MoreVerbs } from './more-verbs.js';
import { StatusPill } from './state.js';

interface HeadProps { readonly reader: Reader; readonly view: ConversationView; readonly forms: FormFacts; readonly mayWork: boolean; readonly oob?: boolean }

/** A pinned note is shown in about three lines; the whole of it stands in the thread. */
const PINNED_CHARS = 240;

/** Subject, status, owner, customer, what is pinned, and the buttons of the conversation. */
export const ConversationHead: FC<HeadProps> = (props) => {
  const { reader, view, forms, mayWork, oob } = props;
  const { conversation } = view;
  return (
    <header class="conv__head" id="conv-head" hx-swap-oob={oob ? 'true' : undefined}>
      <div class="conv__top">
        <a class="btn btn--quiet btn--icon conv__back" href={placePath(forms.place)} aria-label={reader.say('button.back-to-list')}><Icon name="left" /></a>
        <h1 id="subject" class="conv__subj" tabindex={-1}>{conversation.subject || reader.say('mail.no-subject')} <span class="num">#{conversation.number}</span></h1>
        <div class="conv__acts" role="group" aria-label={reader.say('thread.conversation')}>
          {mayWork && <AssignMenu {...props} />}
          {mayWork && <StatusButton {...props} />}
          <MoreMenu {...props} />
        </div>
      </div>
      <Facts {...props} />
      {view.pinned.map((note) => (
        <p class="bar-say bar-say--note"><Icon name="lock" /><span>{reader.say('fact.pinned', { who: agentName(view.desk, note.authorId) ?? reader.say('who.somebody'), text: noteLine(note, PINNED_CHARS) })}</span><a class="btn btn--s" href={`#note-${note.id}`}>{reader.say('button.show')}</a></p>
      ))}
      {conversation.warning && <p class="bar-say bar-say--decide" id="warning"><Icon name={conversation.warning.kind === 'maybe-same' ? 'merge' : 'warn'} /><span>{warningText(reader, conversation.warning)}</span>{conversation.warning.kind === 'maybe-same' && <a class="btn btn--s" href={`/c/${conversation.warning.number}`}>{reader.say('button.show')}</a>}</p>}
    </header>
  );
};

const Facts: FC<HeadProps> = ({ reader, view, forms, mayWork }) => {
  const { conversation, customer, desk } = view;
  const name = customer.name || customer.addresses[0] || reader.say('mail.unknown-sender');
  return (
    <ul class="facts" aria-label={reader.say('thread.about')}>
      <li><StatusPill reader={reader} conversation={conversation} /></li>
      <Ownership reader={reader} view={view} forms={forms} mayWork={mayWork} />
      <Due reader={reader} conversation={conversation} />
      {conversation.waitingSince && <li title={reader.say('fact.since', { time: reader.dateTime(conversation.waitingSince) })}><Icon name="clock" /><b>{reader.say('fact.waiting', { wait: reader.wait(conversation.waitingSince) })}</b></li>}
      {conversation.followUpAt && <li class="dim"><Icon name="clock" />{reader.say('fact.follow-up', { time: reader.dateTime(conversation.followUpAt) })}</li>}
      {(conversation.priority === 'high' || conversation.priority === 'urgent') && <li class="is-danger"><Icon name="flag" />{reader.say(`priority.${conversation.priority}`)}</li>}
      <li><a class="facts__cust" href={`/customers/${customer.id}`}><Avatar name={name} side="cust" small />{name}</a> <span class="dim">{[conversation.language?.toUpperCase(), view.earlier > 0 ? reader.say('fact.earlier', { count: view.earlier }) : undefined].filter(Boolean).join(', ')}</span></li>
      <li class="dim"><Icon name={conversation.folderId ? 'folder' : 'hash'} />{placeName(desk, conversation.channelId ?? conversation.folderId)}</li>
      {conversation.labels.length > 0 && <li><LabelDots desk={desk} labels={conversation.labels} /></li>}
    </ul>
  );
};

/** By the reader's clock: the head stays as it is while nothing happens. */
const Due: FC<{ reader: Reader; conversation: Conversation }> = ({ reader, conversation }) => {
  if (conversation.status !== 'open' || !conversation.dueAt) return null;
  const late = isOverdue(conversation, reader.now);
  return <li class={late ? 'is-late' : undefined}><Icon name="clock" />{reader.say(late ? 'fact.overdue-since' : 'fact.due', { time: reader.dateTime(conversation.dueAt) })}</li>;
};

const Ownership: FC<HeadProps> = ({ reader, view: { conversation, desk, agent }, forms, mayWork }) => {
  const owner = conversation.assigneeId;
  const team = desk.teams.find(({ id }) => id === conversation.teamId);
  if (owner === undefined) {
    return (
      <li class="facts__own">
        {team ? <><Icon name="users" />{team.name}</> : <span class="own-none">{reader.say('fact.unassigned')}</span>}
        {mayWork && <VerbForm facts={forms} verb="claim"><button class="btn btn--s btn--claim" id="do-own" type="submit"><Icon name="user" />{reader.say('verb.claim')}</button></VerbForm>}
      </li>
    );
  }
  const name = agentName(desk, owner) ?? reader.say('who.somebody');
  return (
    <li class="facts__own">
      <Avatar name={name} side="staff" small />{owner === agent.id ? reader.say('fact.yours') : firstName(name)}
      {mayWork && (owner === agent.id || agent.role === 'admin') && <VerbForm facts={forms} verb="release"><button class="lnk" id="do-own" type="submit">{reader.say('verb.release')}</button></VerbForm>}
    </li>
  );
};

const StatusButton: FC<HeadProps> = ({ reader, view: { conversation }, forms }) => {
  const done = conversation.status === 'closed' || conversation.status === 'spam';
  return (
    <VerbForm facts={forms} verb={done ? 'reopen' : 'close'}>
      <button class="btn" id="do-status" type="submit"><Icon name={done ? 'undo' : 'check'} /><span>{reader.say(done ? 'verb.reopen' : 'verb.close')}</span></button>
    </VerbForm>
  );
};

const AssignMenu: FC<HeadProps> = ({ reader, view: { conversation, desk, agent }, forms }) => {
  const takers = choicesOf('assignee', desk, agent, conversation);
  return (
    <details class="menu menu--down" id="assign-menu">
      <summary class="btn"><Icon name="users" /><span>{reader.say('verb.assign')}</span></summary>
      <div class="menu__pop">
        <ul>
          {takers.filter(({ value }) => desk.agents.some(({ id }) => id === value)).map(({ value: id, label: name }) => (
            <li><VerbForm facts={forms} verb="assign" args={{ to: id }}><button type="submit" aria-current={id === conversation.assigneeId ? 'true' : undefined}><b><Avatar name={name} side="staff" small /> {name}</b>{id === agent.id && <small>{reader.say('mail.you')}</small>}</button></VerbForm></li>
          ))}
          {takers.filter(({ value }) => desk.teams.some(({ id }) => id === value)).map(({ value: id, label: name }) => (
            <li><VerbForm facts={forms} verb="assign" args={{ to: id }}><button type="submit" aria-current={id === conversation.teamId ? 'true' : undefined}><b><Icon name="users" /> {reader.say('fact.team', { team: name })}</b></button></VerbForm></li>
          ))}
        </ul>
        <VerbForm facts={forms} verb="hand-over" class="hand-over">
          <label class="vh" for="hand-over-to">{reader.say('option.to')}</label>
          <select class="in" id="hand-over-to" name="to">{takers.filter(({ value }) => value !== agent.id).map(({ value, label }) => <option value={value}>{label}</option>)}</select>
          <label class="vh" for="hand-over-text">{reader.say('option.hand-over-note')}</label>
          <textarea class="in" id="hand-over-text" name="text" rows={2} required placeholder={reader.say('option.hand-over-note')} />
          <button class="btn btn--s" type="submit">{reader.say('verb.hand-over')}</button>
        </VerbForm>
      </div>
    </details>
  );
};

const MoreMenu: FC<HeadProps> = ({ reader, view, forms, mayWork }) => {
  const { conversation, customer, desk, mailbox } = view;
  return (
    <details class="menu menu--down" id="more-menu">
      <summary class="btn btn--icon" aria-label={reader.say('web.about')}><Icon name="more" /></summary>
      <div class="menu__pop">
        <dl class="heads">
          <dt>{reader.say('web.customer')}</dt><dd>{customer.name || customer.addresses[0]}{customer.addresses.map((address) => <><br />{address}</>)}{view.earlier > 0 && <><br />{reader.say('fact.earlier', { count: view.earlier })}</>}</dd>
          {conversation.participants.length > 1 && <><dt>{reader.say('web.participants')}</dt><dd>{conversation.participants.join(', ')}</dd></>}
          <dt>{reader.say('thread.mailbox')}</dt><dd>{mailbox ? mailbox.address : conversation.mailboxId}</dd>
          <dt>{reader.say(conversation.folderId ? 'thread.folder' : 'thread.channel')}</dt><dd>{placeName(desk, conversation.channelId ?? conversation.folderId)}</dd>
          {conversation.labels.length > 0 && <><dt>{reader.say('thread.label')}</dt><dd><LabelDots desk={desk} labels={conversation.labels} /></dd></>}
          <dt>{reader.say('thread.priority')}</dt><dd>{reader.say(`priority.${conversation.priority}`)}</dd>
          <dt>{reader.say('web.since')}</dt><dd>{reader.dateTime(conversation.createdAt)}</dd>
        </dl>
        <p class="exports">
          <b>{reader.say('verb.export')}:</b> <a href={`/c/${conversation.number}/export.html`} download>{reader.say('export.html')}</a> <a href={`/c/${conversation.number}/export.zip`} download>{reader.say('export.zip')}</a>
          <br />{reader.say('option.notes')}: <a href={`/c/${conversation.number}/export.html?notes=yes`} download>HTML</a> <a href={`/c/${conversation.number}/export.zip?notes=yes`} download>ZIP</a>
        </p>
        {mayWork && <MoreVerbs reader={reader} view={view} forms={forms} />}
      </div>
    </details>
  );
};
