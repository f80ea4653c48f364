import type { FC } from 'hono/jsx';
import type { EventKind } from '../../core/model.js';
import { bridgeName, agentName, eventText } from '../names.js';
import type { Reader } from '../reader.js';
import type { ThreadItem } from '../views/conversation-view.js';
import { Avatar, firstName } from './avatar.js';
import { VerbForm } from './form.js';
import { Icon, type IconName } from './icon.js';
import { Mail } from './mail.js';
import type { ThreadFacts } from './thread-facts.js';

/** Mails, notes and events of a conversation in the order they happened. */
export const Thread: FC<{ reader: Reader; facts: ThreadFacts; oob?: boolean }> = ({ reader, facts, oob }) => (
  <ol class="thread" id="thread" data-revision={facts.view.conversation.revision} hx-swap-oob={oob ? 'true' : undefined}>
    {facts.view.thread.map((item, index) => <Item reader={reader} facts={facts} item={item} last={index === facts.view.thread.length - 1} />)}
  </ol>
);

const Item: FC<{ reader: Reader; facts: ThreadFacts; item: ThreadItem; last: boolean }> = ({ reader, facts, item }) => {
  switch (item.kind) {
    case 'day':
      return <li class="day"><span>{reader.day(item.at)}</span></li>;
    case 'new':
      return <li class="new" id="new" tabindex={-1}><span>{reader.say('thread.new-since')}</span></li>;
    case 'mail':
      return <li><Mail reader={reader} facts={facts} item={item} /></li>;
    case 'note':
      return <li><NoteBox reader={reader} facts={facts} item={item} /></li>;
    case 'event':
      return (
        <li class="event">
          <Icon name={EVENT_ICONS[item.event.what]} /><span>{eventText(reader, facts.view.desk, facts.view.agent, item.event)}</span> <time datetime={item.at.toISOString()} title={reader.dateTime(item.at)}>{reader.time(item.at)}</time>
        </li>
      );
  }
};

const NoteBox: FC<{ reader: Reader; facts: ThreadFacts; item: Extract<ThreadItem, { kind: 'note' }> }> = ({ reader, facts, item: { note } }) => {
  const { desk, agent } = facts.view;
  const name = agentName(desk, note.authorId) ?? reader.say('who.somebody');
  const who = note.authorId === agent.id ? reader.say('mail.you') : firstName(name);
  return (
    <article class="note" id={`note-${note.id}`} aria-labelledby={`h-${note.id}`}>
      <header>
        <h2 id={`h-${note.id}`}><Icon name="lock" />{reader.say('mail.note')}</h2>
        <span class="note__by"><Avatar name={name} side="staff" small /><span>{who}{note.via !== 'web' && <>, {reader.say('mail.via', { place: bridgeName(reader, note.via) })}</>}{note.editedAt && !note.deletedAt && <> ({reader.say('mail.note-edited')})</>}</span></span>
        <time datetime={note.createdAt.toISOString()} title={reader.dateTime(note.createdAt)}>{reader.time(note.createdAt)}</time>
      </header>
      {note.deletedAt ? <p class="note__gone">{reader.say('mail.note-deleted')}</p> : <div class="note__text" dangerouslySetInnerHTML={{ __html: facts.toHtml(note.text) }} />}
      {!note.deletedAt && facts.mayWork && (
        <VerbForm facts={facts.forms} verb={note.pinnedAt ? 'unpin' : 'pin'} args={{ note: note.id }}><button class="lnk" type="submit">{reader.say(note.pinnedAt ? 'verb.unpin' : 'verb.pin')}</button></VerbForm>
      )}
      {!note.deletedAt && note.files.length > 0 && (
        <ul class="files" aria-label={reader.say('mail.attachments')}>
          {note.files.map((file, index) => <li><a class="file" href={`/notes/${note.id}/files/${index}`}><Icon name={file.contentType.startsWith('image/') ? 'image' : 'clip'} /><span class="file__name">{file.fileName}</span> <small>{reader.bytes(file.bytes)}</small></a></li>)}
        </ul>
      )}
    </article>
  );
};

const EVENT_ICONS: Readonly<Record<EventKind, IconName>> = {
  opened: 'in', routed: 'rule', claimed: 'user', released: 'user', assigned: 'users', 'team-assigned': 'users', closed: 'check', reopened: 'dot', pending: 'half', undone: 'undo', bounced: 'bounce',
  'joined-by-stranger': 'warn', automatic: 'moon', acknowledged: 'out', filed: 'folder', labelled: 'flag', priority: 'flag', 'send-failed': 'x', 'send-uncertain': 'question', 'send-resolved': 'check',
  'loop-stopped': 'warn', 'copy-failed': 'warn', 'old-text': 'warn', unlabelled: 'x', spam: 'shield', 'not-spam': 'inbox', moved: 'hash', snoozed: 'moon', unsnoozed: 'moon', merged: 'merge', 'merged-into': 'merge', unmerged: 'merge', split: 'merge', 'split-from': 'merge', forwarded: 'out',
  'answer-edited': 'pencil', drafted: 'pencil', 'draft-sent': 'out', 'approval-asked': 'question', approved: 'check', 'sent-back': 'undo', 'follow-up-set': 'clock', 'follow-up-off': 'clock', 'follow-up-due': 'clock', 'reminder-set': 'clock', exported: 'out',
  dealt: 'users', 'handed-over': 'users', 'note-pinned': 'lock', 'note-unpinned': 'lock',
  blocked: 'shield', 'sender-blocked': 'shield', 'sender-unblocked': 'inbox', 'sender-allowed': 'check', 'sender-disallowed': 'x', 'spam-not-moved': 'warn', 'customer-changed': 'user', 'bulk-undone': 'undo',
};
