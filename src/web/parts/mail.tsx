import type { Child, FC } from 'hono/jsx';
import type { MailAddress } from '../../core/mail.js';
import type { MessageKey } from '../../core/language/catalogue.js';
import type { Attachment, Message } from '../../core/model.js';
import { agentName, problemText } from '../names.js';
import type { Reader } from '../reader.js';
import type { ThreadItem } from '../views/conversation-view.js';
import { APPROVE, ARG, ARRIVED, EDIT, FORWARD, SEND_AGAIN, SEND_BACK, UNDO, YES } from '../verbs.js';
import { Avatar } from './avatar.js';
import { VerbForm, type FormFacts } from './form.js';
import { Icon } from './icon.js';
import { addressText, Receivers, SendAt } from './receivers.js';
import { MailState } from './state.js';
import type { ThreadFacts } from './thread-facts.js';

type MailItem = Extract<ThreadItem, { kind: 'mail' }>;
interface MailProps { readonly reader: Reader; readonly facts: ThreadFacts; readonly item: MailItem }

/** One mail: in full, as a row that opens, or (automatic mail) as a line of small print that opens. */
export const Mail: FC<MailProps> = (props) => {
  const { item, facts } = props;
  const { message } = item;
  const onlyMail = facts.view.conversation.folderId !== undefined && facts.view.thread.filter(({ kind }) => kind === 'mail').length === 1;
  if (message.automatic && message.direction === 'in' && !onlyMail) return <AutomaticMail {...props} />;
  if (message.state === 'cancelled' || (item.folded && !needsPerson(message) && !isUnsent(message))) return <RowMail {...props} />;
  return <FullMail {...props} />;
};

/** What waits for somebody or for its hour stays in sight, with what can be done about it. */
const isUnsent = ({ state }: Message): boolean => state === 'queued' || state === 'draft' || state === 'awaiting';
const needsPerson = ({ state }: Message): boolean => state === 'failed' || state === 'uncertain' || state === 'bounced';

const FullMail: FC<MailProps> = (props) => {
  const { reader, facts, item: { message, isNew } } = props;
  const { view } = facts;
  const incoming = message.direction === 'in';
  return (
    <article class={`mail mail--${message.direction}${isNew ? ' is-new' : ''}`} id={`mail-${message.id}`} aria-labelledby={`h-${message.id}`}>
      <header class="mail__head">
        <Direction reader={reader} message={message} />
        <Avatar name={initialsOf(props)} side={incoming ? 'cust' : 'staff'} />
        <h2 id={`h-${message.id}`} class="mail__who">
          {senderName(props)} <small>{incoming ? message.from.address : reader.say('web.mail.to', { who: message.to.map(({ name, address }) => name || address).join(', ') })}</small>
        </h2>
        {!incoming && <MailState reader={reader} message={message} />}
        <When reader={reader} at={message.createdAt} />
        <MailMenu {...props} />
      </header>
      {isOtherSubject(message.subject, view.conversation.subject) && <p class="mail__subj">{message.subject}</p>}
      <MailText {...props} />
      <MailFoot {...props} />
      <WhyNot {...props} />
      <Waiting {...props} />
    </article>
  );
};

const RowMail: FC<MailProps> = (props) => {
  const { reader, item: { message } } = props;
  return (
    <details class={`mail mail--${message.direction} mail--row${message.state === 'cancelled' ? ' mail--gone' : ''}`} id={`mail-${message.id}`}>
      <summary>
        <Direction reader={reader} message={message} />
        <Avatar name={initialsOf(props)} side={message.direction === 'in' ? 'cust' : 'staff'} small />
        <b>{senderName(props)}</b>
        <span class="mail__peek">{message.text.slice(0, 160)}</span>
        {message.attachments.some(({ inline }) => !inline) && <span class="card__cnt"><Icon name="clip" /><span class="vh">{reader.say('mail.attachments')}: </span>{message.attachments.filter(({ inline }) => !inline).length}</span>}
        {message.direction === 'out' && <MailState reader={reader} message={message} />}
        <When reader={reader} at={message.createdAt} />
      </summary>
      <MailText {...props} />
      <MailFoot {...props} />
    </details>
  );
};

const AutomaticMail: FC<MailProps> = (props) => {
  const { reader, item: { message } } = props;
  return (
    <details class="auto" id={`mail-${message.id}`}>
      <summary class="event">
        <Icon name="moon" /><span>{reader.say('event.automatic', { reason: message.automatic?.reason ?? '' })}, {addressText(message.from)}</span> <span class="lnk">{reader.say('button.show')}</span> <When reader={reader} at={message.createdAt} />
      </summary>
      <div class="mail mail--in"><MailText {...props} /><MailFoot {...props} /></div>
    </details>
  );
};

const MailText: FC<MailProps> = ({ facts, reader, item: { message } }) => (
  <div class="mail__body" lang={message.language}>
    {message.text.trim() ? <div dangerouslySetInnerHTML={{ __html: facts.toHtml(message.text) }} /> : <p class="dim">{reader.say('mail.no-text')}</p>}
  </div>
);

const MailFoot: FC<MailProps> = ({ reader, facts, item: { message } }) => {
  const files = message.attachments.filter(({ inline, contentType }) => !inline || !contentType.startsWith('image/'));
  if (!message.hiddenText && files.length === 0 && !message.hasHtml) return null;
  return (
    <div class="mail__foot">
      {message.hiddenText && (
        <details class="fold" id={`fold-${message.id}`}>
          <summary>{reader.say('mail.hidden-lines', { count: message.hiddenLines })} <span>{reader.say('mail.quoted')}</span></summary>
          <blockquote lang={message.language} dangerouslySetInnerHTML={{ __html: facts.toHtml(message.hiddenText) }} />
        </details>
      )}
      {message.hasHtml && <SentLook reader={reader} message={message} />}
      {files.length > 0 && <Files reader={reader} files={files} />}
    </div>
  );
};

/** The mail as it was designed, in a frame that can do nothing; fetched only when it is opened. */
const SentLook: FC<{ reader: Reader; message: Message }> = ({ reader, message }) => (
  <details class="fold look" id={`look-${message.id}`}>
    <summary>{reader.say('mail.show-html')}</summary>
    <p class="look__bar"><Icon name="image" /><span>{reader.say('mail.images-blocked')}.</span> <a class="lnk" href={`/mail/${message.id}/html?images=1`} target={`frame-${message.id}`}>{reader.say('mail.load-images')}</a></p>
    <iframe name={`frame-${message.id}`} title={reader.say('web.mail.frame', { subject: message.subject })} src={`/mail/${message.id}/html`} loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" />
  </details>
);

const Files: FC<{ reader: Reader; files: readonly Attachment[] }> = ({ reader, files }) => (
  <ul class="files" aria-label={reader.say('mail.attachments')}>
    {files.map((file) => (
      <li><a class="file" href={`/files/${file.id}`}><Icon name={file.contentType.startsWith('image/') ? 'image' : 'clip'} /><span class="file__name">{file.fileName}</span> <small>{reader.bytes(file.bytes)}</small></a></li>
    ))}
  </ul>
);

/** What went wrong with an answer, in plain words, and what can be done. */
const WhyNot: FC<MailProps> = ({ reader, facts, item: { message } }) => {
  if (message.direction === 'in' || !(needsPerson(message) || message.problem)) return null;
  const undecided = message.state === 'uncertain';
  const why = message.problem ? problemText(reader, message.problem) : reader.say(undecided ? 'state.uncertain.means' : 'state.failed.means');
  return (
    <div class={`mail__why ${undecided ? 'why--decide' : needsPerson(message) ? 'why--danger' : ''}`}>
      <p>{why}</p>
      {facts.mayWork && needsPerson(message) && (
        <span class="acts">
          {undecided && <VerbForm facts={facts.forms} verb={ARRIVED} args={{ [ARG.message]: message.id }}><button class="btn btn--s btn--ask" type="submit">{reader.say('button.it-arrived')}</button></VerbForm>}
          <VerbForm facts={facts.forms} verb={SEND_AGAIN} args={{ [ARG.message]: message.id }}><button class={`btn btn--s${undecided ? ' btn--ask' : ''}`} type="submit">{reader.say('button.send-again')}</button></VerbForm>
          {!undecided && <a class="btn btn--s" href={`/c/${facts.forms.number}?draft=${message.id}`} hx-get={`/parts/c/${facts.forms.number}/composer?draft=${message.id}`} hx-swap="none">{reader.say('button.edit')}</a>}
        </span>
      )}
      {message.problem?.detail && <details class="server-words" id={`words-${message.id}`}><summary>{reader.say('mail.server-words')}</summary><code>{message.problem.detail}</code></details>}
    </div>
  );
};

/** An answer that has not left: what it waits for, and what can be done with it meanwhile. */
const Waiting: FC<MailProps> = ({ reader, facts, item: { message } }) => {
  if (message.direction === 'in' || !facts.mayWork) return null;
  const forms = facts.forms;
  const args = { [ARG.message]: message.id };
  const say = (verb: string, label: MessageKey, primary = false, more: Readonly<Record<string, string>> = {}): Child => (
    <VerbForm facts={forms} verb={verb} args={{ ...args, ...more }}><button class={`btn btn--s${primary ? ' btn--primary' : ''}`} type="submit">{reader.say(label)}</button></VerbForm>
  );
  switch (message.state) {
    case 'queued':
      return (
        <div class="mail__why">
          {message.sendAt && <p>{reader.say('state.queued.until', { time: reader.dateTime(message.sendAt) })}</p>}
          <span class="acts">{say(UNDO, 'button.undo')}</span>
          <Change reader={reader} forms={forms} message={message} />
        </div>
      );
    case 'draft':
      return (
        <div class="mail__why why--decide">
          <p>{message.problem ? problemText(reader, message.problem) : reader.say('state.draft.means')}</p>
          <span class="acts">{say(APPROVE, facts.view.approval ? 'button.ask-approval' : 'button.send-draft', true)}{say(UNDO, 'button.discard-draft', false, DISCARD)}</span>
          <Change reader={reader} forms={forms} message={message} />
        </div>
      );
    case 'awaiting':
      return (
        <div class="mail__why why--decide">
          <p>{reader.say('state.awaiting.means')}</p>
          <span class="acts">{say(APPROVE, 'verb.approve', true)}{say(UNDO, 'button.discard-draft', false, DISCARD)}</span>
          <Change reader={reader} forms={forms} message={message} />
          <details class="change" id={`back-${message.id}`}>
            <summary class="btn btn--s">{reader.say('verb.send-back')}</summary>
            <VerbForm facts={forms} verb={SEND_BACK} args={args}>
              <label class="vh" for={`reason-${message.id}`}>{reader.say('option.reason')}</label>
              <textarea id={`reason-${message.id}`} name={ARG.text} rows={2} required placeholder={reader.say('option.reason')} />
              <button class="btn btn--s" type="submit">{reader.say('verb.send-back')}</button>
            </VerbForm>
          </details>
        </div>
      );
    default:
      return null;
  }
};

/** Thrown away, not taken back into the composer. */
const DISCARD = { discard: YES } as const;

/** Text, receivers and time of an answer that waits, to be changed where it stands. */
const Change: FC<{ reader: Reader; forms: FormFacts; message: Message }> = ({ reader, forms, message }) => (
  <details class="change" id={`edit-${message.id}`}>
    <summary class="btn btn--s"><Icon name="pencil" />{reader.say('button.edit')}</summary>
    <VerbForm facts={forms} verb={EDIT} args={{ [ARG.message]: message.id }}>
      <div class="options__f"><Receivers reader={reader} own={`edit-${message.id}`} recipients={message} /><SendAt reader={reader} own={`edit-${message.id}`} at="" /></div>
      <label class="vh" for={`edit-text-${message.id}`}>{reader.say('composer.answer-label')}</label>
      <textarea id={`edit-text-${message.id}`} name={ARG.text} rows={6} lang={message.language}>{message.text}</textarea>
      <button class="btn btn--s" type="submit">{reader.say('button.save-changes')}</button>
    </VerbForm>
  </details>
);

const Direction: FC<{ reader: Reader; message: Message }> = ({ reader, message: { direction } }) => {
  const word = reader.say(direction === 'in' ? 'mail.from-customer' : 'mail.to-customer');
  return <span class="dir" title={word}><Icon name={direction} /><span class="vh">{word}: </span></span>;
};

const When: FC<{ reader: Reader; at: Date }> = ({ reader, at }) => <time datetime={at.toISOString()} title={reader.dateTime(at)}>{reader.time(at)}</time>;

const MailMenu: FC<MailProps> = ({ reader, item: { message }, facts }) => (
  <details class="menu menu--down" id={`menu-${message.id}`}>
    <summary class="btn btn--quiet btn--icon btn--s" aria-label={reader.say('mail.more')}><Icon name="more" /></summary>
    <div class="menu__pop">
      <dl class="heads">
        <AddressLine label={reader.say('mail.from')} addresses={[message.from]} />
        <AddressLine label={reader.say('mail.to')} addresses={message.to} />
        <AddressLine label={reader.say('mail.cc')} addresses={message.cc} />
        <AddressLine label={reader.say('mail.reply-to')} addresses={message.replyTo} />
        <dt>{reader.say('mail.subject')}</dt><dd>{message.subject || reader.say('mail.no-subject')}</dd>
      </dl>
      {message.direction === 'in' && facts.mayWork && <Forward reader={reader} facts={facts} message={message} />}
      {message.direction === 'in' && facts.mayWork && <VerbForm facts={facts.forms} verb="split" args={{ [ARG.message]: message.id }}><button class="btn btn--s" type="submit">{reader.say('verb.split')}</button></VerbForm>}
      {message.direction === 'out' && message.authorId && facts.mayWork && message.state !== 'cancelled' && <a class="btn btn--s" href={`/templates/new?from=${encodeURIComponent(message.id)}`}>{reader.say('verb.template-save')}</a>}
      {message.rawMailId && <a class="btn btn--s" href={`/mail/${message.id}/source`}>{reader.say('web.mail.download-source')}</a>}
    </div>
  </details>
);

const Forward: FC<{ reader: Reader; facts: ThreadFacts; message: Message }> = ({ reader, facts, message }) => (
  <VerbForm facts={facts.forms} verb={FORWARD} args={{ [ARG.message]: message.id }} class="hand-over">
    <label class="vh" for={`forward-to-${message.id}`}>{reader.say('mail.to')}</label>
    <input class="in" id={`forward-to-${message.id}`} name={ARG.to} type="email" required autocomplete="off" placeholder={reader.say('mail.to')} />
    <label class="vh" for={`forward-text-${message.id}`}>{reader.say('option.text')}</label>
    <textarea class="in" id={`forward-text-${message.id}`} name={ARG.text} rows={2} placeholder={reader.say('option.text')} />
    <button class="btn btn--s" type="submit">{reader.say('verb.forward')}</button>
  </VerbForm>
);

const AddressLine: FC<{ label: string; addresses: readonly MailAddress[] }> = ({ label, addresses }) =>
  addresses.length > 0 ? <><dt>{label}</dt><dd>{addresses.map(addressText).join(', ')}</dd></> : null;

/** Said only when the customer changed it: "Re:" and our own mark are no change. */
function isOtherSubject(subject: string, known: string): boolean {
  const bare = (text: string): string => text.replace(/\s*\[#\d+\]/g, '').replace(/^(\s*\p{L}{2,4}\s*:)+\s*/u, '').trim().toLowerCase();
  return subject.trim() !== '' && bare(subject) !== bare(known);
}

const initialsOf = (props: MailProps): string => (props.item.message.authorId === props.facts.view.agent.id ? props.facts.view.agent.name : senderName(props));

function senderName({ reader, facts: { view }, item: { message } }: MailProps): string {
  if (message.direction === 'in') return message.from.name || message.from.address || reader.say('mail.unknown-sender');
  if (message.authorId === view.agent.id) return reader.say('mail.you');
  return agentName(view.desk, message.authorId) ?? (message.automatic ? reader.say('who.goniec') : message.from.name || message.from.address);
}
