import type { FC } from 'hono/jsx';
import type { CommandOutcome } from '../../core/calls.js';
import type { StoredFile, Template } from '../../core/model.js';
import { offeredTo } from '../../core/template-choice.js';
import type { ToHtml } from '../deps.js';
import { placeParam } from '../place.js';
import type { Reader } from '../reader.js';
import { ARG, DRAFT, NOTE, REPLY, THREAD_FILE, YES } from '../verbs.js';
import type { ConversationView } from '../views/conversation-view.js';
import { Hidden, type FormFacts } from './form.js';
import { Icon } from './icon.js';
import { Presence } from './presence.js';
import { StaleBar } from './stale-bar.js';
import { addressText, Receivers, SendAt, type Written } from './receivers.js';

/** What stands in the composer when a page is drawn. */
export interface Draft {
  readonly mode: 'note' | 'answer';
  readonly note: string;
  readonly answer: string;
  /** Revision that the answer was begun from. */
  readonly begunAt: number;
  /** Files that came with an answer which was stopped, and with a note. */
  readonly files: readonly StoredFile[];
  readonly noteFiles: readonly StoredFile[];
  /** Templates that the answer was begun from, by id. */
  readonly used: readonly string[];
  /** This text was put here by us (undo, a template, a stopped answer): it goes before what the browser kept. */
  readonly filled: boolean;
  /** What has just been saved or sent: the browser forgets its draft of it. */
  readonly sent: 'note' | 'answer' | undefined;
  /** Receivers and time as they were written, of an answer that was stopped. */
  readonly receivers?: Written;
  readonly at?: string;
  /** Receivers that were not part of it: a second look, then it may go. */
  readonly strangers: readonly string[];
}

export const emptyDraft = (revision: number): Draft => ({ mode: 'note', note: '', answer: '', begunAt: revision, files: [], noteFiles: [], used: [], filled: false, sent: undefined, strangers: [] });

/** Stands for the size, which only the page knows. */
const SIZE_HERE = '…';

interface ComposerProps {
  readonly reader: Reader;
  readonly view: ConversationView;
  readonly forms: FormFacts;
  readonly draft: Draft;
  readonly preview: Extract<CommandOutcome, { kind: 'preview' }> | undefined;
  readonly toHtml: ToHtml;
  readonly oob?: boolean;
}

/** Two drafts, one for the team and one for the customer. What stands in one never gets into the other. */
export const Composer: FC<ComposerProps> = (props) => {
  const { reader, view, forms, draft, oob } = props;
  const note = `/c/${forms.number}/do/${NOTE}`;
  const answer = `/c/${forms.number}/do/${REPLY}`;
  const stale = view.newer.length > 0;
  return (
    <section
      class={`composer${draft.filled ? ' is-open' : ''}`} id="composer" aria-label={reader.say('composer.heading')} hx-swap-oob={oob ? 'true' : undefined}
      data-number={forms.number} data-agent={view.agent.id} data-filled={draft.filled ? '' : undefined} data-sent={draft.sent}
    >
      <form id="composer-form" method="post" action={note} enctype="multipart/form-data" hx-post={note} hx-encoding="multipart/form-data" hx-swap="none">
        <Hidden name="_csrf" value={forms.csrf} />
        <input type="hidden" name="revision" id="begun" value={String(draft.begunAt)} />
        <Hidden name="in" value={placeParam(forms.place)} />
        <Hidden name="once" value={`${forms.once}-write`} />
        <input type="hidden" name="kept" id="kept" value={draft.files.length > 0 ? JSON.stringify(draft.files) : ''} />
        <input type="hidden" name="used" id="used" value={draft.used.join(',')} />
        {draft.noteFiles.length > 0 && <Hidden name="kept-note" value={JSON.stringify(draft.noteFiles)} />}
        <div class="composer__top">
          <fieldset class="modes">
            <legend class="vh">{reader.say('composer.what')}</legend>
            <input class="vh" type="radio" name="mode" value="note" id="mode-note" checked={draft.mode === 'note'} />
            <label class="mode mode--note" for="mode-note"><Icon name="lock" /><b>{reader.say('composer.note')}</b><span>{reader.say('composer.note-hint')}</span></label>
            <input class="vh" type="radio" name="mode" value="answer" id="mode-answer" checked={draft.mode === 'answer'} />
            <label class="mode mode--answer" for="mode-answer"><Icon name="out" /><b>{reader.say('composer.answer')}</b><span>{reader.say('composer.answer-hint')}</span></label>
          </fieldset>
          <Presence reader={reader} view={view} />
        </div>
        <div class="composer__box">
          <Recipients {...props} />
          <p class="only-note to to--note"><Icon name="lock" />{reader.say('composer.no-mail')}</p>
          <StaleBar reader={reader} desk={view.desk} newer={view.newer} number={forms.number} />
          <Strangers {...props} />
          {props.preview && <Preview {...props} />}
          <label class="vh" for="note-text">{reader.say('composer.note-label')}</label>
          <textarea class="only-note" id="note-text" name="note" rows={3} aria-describedby="hint" placeholder={reader.say('composer.note-placeholder')}>{draft.note}</textarea>
          <label class="vh" for="text">{reader.say('composer.answer-label')}</label>
          <textarea class="only-answer" id="text" name="answer" rows={3} lang={view.conversation.language} aria-describedby="hint" placeholder={reader.say('web.composer.placeholder')}>{draft.answer}</textarea>
          <Chosen reader={reader} files={draft.files} id="chosen" box="only-answer" />
          <Chosen reader={reader} files={draft.noteFiles} id="note-chosen" box="only-note" />
          <AnswerOptions {...props} />
          <div class="composer__bar">
            <TemplateMenu reader={reader} templates={offeredTo(view.desk.templates, view.agent, view.conversation.mailboxId)} language={view.conversation.language} number={forms.number} />
            <span class="only-answer-inline attach"><input class="vh" type="file" name="attach" id="attach" multiple data-max={view.mailbox && view.mailbox.maxAnswerBytes} data-too-large={view.mailbox && reader.say('composer.too-large', { size: SIZE_HERE, limit: reader.bytes(view.mailbox.maxAnswerBytes) })} /><label class="btn btn--s btn--quiet" for="attach"><Icon name="clip" /><span>{reader.say('button.attach')}</span></label></span>
            <span class="only-note-inline attach"><input class="vh" type="file" name="note-attach" id="note-attach" multiple /><label class="btn btn--s btn--quiet" for="note-attach"><Icon name="clip" /><span>{reader.say('button.attach')}</span></label></span>
            <span class="hint" id="hint"><kbd>/</kbd> {reader.say('composer.command-hint')}: <code>/assign anna</code> <code>/help</code></span>
            <span class="only-answer-inline send">
              {view.approval ? <small>{reader.say('composer.needs-approval')}</small> : view.mailbox && <small>{reader.say('composer.undo-time', { count: view.mailbox.undoSeconds })}</small>}
              <button class="btn btn--quiet preview-btn" type="submit" formaction={answer} name={ARG.preview} value={YES}><Icon name="eye" /><span>{reader.say('button.preview')}</span></button>
              <button class="btn btn--primary" id="send-answer" type="submit" formaction={answer} aria-disabled={stale ? 'true' : undefined} aria-describedby={stale ? 'stale' : undefined} aria-keyshortcuts="Control+Enter"><Icon name="out" />{reader.say(view.approval ? 'button.ask-approval' : 'button.send-answer')}</button>
            </span>
            <span class="only-note-inline send"><button class="btn btn--note" id="save-note" type="submit" formaction={note} aria-keyshortcuts="Control+Enter"><Icon name="lock" />{reader.say('button.save-note')}</button></span>
          </div>
        </div>
      </form>
    </section>
  );
};

/** Files that go along: those that are kept already; what is chosen now, the page's script adds. */
const Chosen: FC<{ reader: Reader; files: readonly StoredFile[]; id: string; box: 'only-answer' | 'only-note' }> = ({ reader, files, id, box }) => (
  <ul class={`${box} files files--new`} id={id} aria-label={reader.say('mail.attachments')}>
    {files.map((file) => <li class="file"><Icon name="clip" /><span class="file__name">{file.fileName}</span> <small>{reader.bytes(file.bytes)}</small></li>)}
  </ul>
);

/** Always in sight while an answer is written: who will get it. */
const Recipients: FC<ComposerProps> = ({ reader, view: { recipients, mailbox } }) => (
  <div class="only-answer to">
    <span class="to__l">{reader.say('mail.to')}</span>
    {recipients ? recipients.to.map(({ name, address }) => <span class="rcpt">{name || address} {name && <small>{address}</small>}</span>) : <span class="dim">{reader.say('web.composer.nobody')}</span>}
    {recipients && recipients.cc.length > 0 && <><span class="to__l">{reader.say('mail.cc')}</span>{recipients.cc.map((address) => <span class="rcpt">{addressText(address)}</span>)}</>}
    {mailbox && <span class="to__from">{reader.say('composer.from', { address: mailbox.address })}</span>}
  </div>
);

/** Whom it goes to, when, and what the conversation has that may go along: folded away, since most answers need none of it. */
const AnswerOptions: FC<ComposerProps> = ({ reader, view, draft, forms }) => {
  const files = filesOf(view);
  const isUsed = draft.at || draft.strangers.length > 0;
  return (
    <details class="only-answer options" id="answer-options" open={Boolean(isUsed)}>
      <summary><Icon name="sliders" />{reader.say('composer.options')}<Icon name="down" /></summary>
      <div class="options__f">
        {view.recipients && <Receivers reader={reader} own="answer" recipients={view.recipients} written={draft.receivers} />}
        <SendAt reader={reader} own="answer" at={draft.at ?? ''} />
        <fieldset>
          {view.recipients && view.recipients.cc.length > 0 && <label><input type="checkbox" name={ARG.only} value={YES} /> {reader.say('option.only')}</label>}
          <button class="btn btn--s" type="submit" formaction={`/c/${forms.number}/do/${DRAFT}`}><Icon name="pencil" />{reader.say('button.save-draft')}</button>
        </fieldset>
        {files.length > 0 && (
          <fieldset>
            <legend class="dim">{reader.say('composer.thread-files')}</legend>
            {files.map(({ id, fileName, bytes }) => <label><input type="checkbox" name={`${THREAD_FILE}${id}`} value={YES} /> {fileName} <small>{reader.bytes(bytes)}</small></label>)}
          </fieldset>
        )}
      </div>
    </details>
  );
};

/** More would be a wall of boxes; older ones go along by name: /reply attach:... */
const MAX_THREAD_FILES = 12;

interface ThreadFile {
  readonly id: string;
  readonly fileName: string;
  readonly bytes: number;
}

function filesOf({ thread }: ConversationView): readonly ThreadFile[] {
  const all = thread.flatMap((item): readonly ThreadFile[] => {
    if (item.kind === 'mail') return item.message.attachments.filter(({ inline }) => !inline);
    return item.kind === 'note' && !item.note.deletedAt ? item.note.files.map((file, index) => ({ ...file, id: `${item.note.id}/${index}` })) : [];
  });
  return all.slice(-MAX_THREAD_FILES).reverse();
}

/** What they get cannot be called back: sent only on purpose. */
const Strangers: FC<ComposerProps> = ({ reader, draft: { strangers }, forms }) => {
  const addresses = strangers.join(', ');
  if (strangers.length === 0) return null;
  return (
    <div class="only-answer stale" role="alert" id="strangers">
      <Icon name="warn" />
      <p><b>{reader.say('composer.strangers', { addresses, count: strangers.length })}</b> <span>{reader.say('composer.strangers-check')}</span></p>
      <button class="btn btn--s" type="submit" id="send-to-strangers" formaction={`/c/${forms.number}/do/${REPLY}`} name={ARG.warned} value={addresses}>{reader.say('button.send-anyway')}</button>
    </div>
  );
};

const Preview: FC<ComposerProps> = ({ reader, preview, toHtml, view }) =>
  preview ? (
    <section class="only-answer sheet" aria-labelledby="preview-h" id="preview" tabindex={-1}>
      <h2 id="preview-h">{reader.say('composer.preview')}</h2>
      <dl class="heads">
        <dt>{reader.say('mail.to')}</dt><dd>{preview.to.join(', ')}</dd>
        {preview.cc.length > 0 && <><dt>{reader.say('mail.cc')}</dt><dd>{preview.cc.join(', ')}</dd></>}
        <dt>{reader.say('mail.subject')}</dt><dd>{preview.subject}</dd>
      </dl>
      <div class="sheet__text" lang={view.conversation.language} dangerouslySetInnerHTML={{ __html: toHtml([preview.text, view.mailbox?.signature].filter(Boolean).join('\n\n')) }} />
    </section>
  ) : null;

/** A template is filled into the box, where it can be changed before it is sent. Those in the customer's language come first. */
const TemplateMenu: FC<{ reader: Reader; templates: readonly Template[]; language: string | undefined; number: number }> = ({ reader, templates, language, number }) => {
  const ordered = [...templates].sort((one, other) => Number(speaks(other, language)) - Number(speaks(one, language)) || one.name.localeCompare(other.name));
  if (ordered.length === 0) return null;
  return (
    <details class="menu only-answer-inline" id="template-menu">
      <summary class="btn btn--s"><Icon name="template" />{reader.say('button.template')}<Icon name="down" /></summary>
      <div class="menu__pop">
        <div class="menu__find" hidden><label class="vh" for="tq">{reader.say('composer.find-template')}</label><input id="tq" type="search" autocomplete="off" placeholder={reader.say('composer.find-template')} /></div>
        <ul>
          {ordered.map(({ id, name, category, texts }) => (
            <li><a class="tpl" href={`/c/${number}?template=${encodeURIComponent(id)}`} data-template={`/c/${number}/template/${encodeURIComponent(id)}`}><b>{category ? `${category}: ${name}` : name}</b><small>{texts.map((text) => text.language.toUpperCase()).join(' ')}</small></a></li>
          ))}
        </ul>
        <p class="menu__none dim" hidden>{reader.say('composer.no-template')}</p>
        <a class="btn btn--s" href={`/templates?c=${number}`}>{reader.say('templates.all')}</a>
      </div>
    </details>
  );
};

const speaks = ({ texts }: Template, wanted: string | undefined): boolean => texts.some(({ language }) => language === wanted);
