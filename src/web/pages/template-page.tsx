import type { FC } from 'hono/jsx';
import type { Conversation, StoredFile } from '../../core/model.js';
import type { ToHtml } from '../deps.js';
import { agentName } from '../names.js';
import { Icon } from '../parts/icon.js';
import type { NavFacts } from '../parts/nav.js';
import type { Saying } from '../parts/said.js';
import type { Reader } from '../reader.js';
import type { TemplateRow } from '../views/templates-view.js';
import { forWhom, templatePath } from './templates-page.js';
import { WidePage } from './wide-page.js';

/** A template as the customer of a conversation would get it. */
export interface FilledFor {
  readonly conversation: Conversation;
  readonly text: string;
  readonly language: string;
  readonly unknown: readonly string[];
}

interface TemplatePageProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly row: TemplateRow;
  readonly toHtml: ToHtml;
  readonly filled: FilledFor | undefined;
  /** A number was asked for that nobody has. */
  readonly noSuch: string | undefined;
  readonly said: Saying | undefined;
  readonly mayWork: boolean;
}

/** One template: its texts, or filled in for a conversation; for whom it is, and how often it is used. */
export const TemplatePage: FC<TemplatePageProps> = (props) => {
  const { reader, facts, row: { template, usage, changed }, filled, said, mayWork, noSuch } = props;
  const who = changed && (agentName(facts.desk, changed.by) ?? reader.say('who.somebody'));
  return (
    <WidePage reader={reader} title={template.name} facts={facts} tab="more">
      {said && <p class={`bar-say bar-say--${said.tone}`} role="status">{said.text}</p>}
      <p><a href="/templates"><Icon name="left" />{reader.say('templates.all')}</a></p>
      <dl class="heads tpl__heads">
        <dt>{reader.say('templates.id')}</dt><dd><code>{template.id}</code></dd>
        {template.category && <><dt>{reader.say('templates.category')}</dt><dd>{template.category}</dd></>}
        <dt>{reader.say('templates.for')}</dt><dd>{forWhom(facts, template).join(', ') || reader.say('templates.for-all')}</dd>
        <dt>{reader.say('templates.use')}</dt><dd>{reader.say('template.used', { count: usage?.count ?? 0 })}{usage && <>, {reader.say('templates.last', { time: reader.dateTime(usage.lastAt) })}</>}</dd>
        {changed && <><dt>{reader.say('templates.changed')}</dt><dd>{who}, {reader.dateTime(changed.at)}</dd></>}
      </dl>
      {template.files.length > 0 && <Files reader={reader} id={template.id} files={template.files} />}
      <form class="tpls__find" method="get" action={templatePath(template.id)}>
        <label for="tpl-c">{reader.say('templates.preview-for')}</label>
        <input class="in" id="tpl-c" name="c" inputmode="numeric" required value={filled ? String(filled.conversation.number) : (noSuch ?? '')} placeholder="42" aria-describedby={noSuch ? 'no-such' : undefined} />
        <button class="btn" type="submit"><Icon name="eye" />{reader.say('button.preview')}</button>
      </form>
      {noSuch && <p class="bar-say bar-say--danger" role="alert" id="no-such">{reader.say('refused.no-such-conversation', { number: noSuch })}</p>}
      {filled ? <Filled {...props} filled={filled} /> : <Texts {...props} />}
      {mayWork && (
        <div class="form__end">
          <a class="btn" href={`${templatePath(template.id)}/edit`}><Icon name="pencil" />{reader.say('button.edit')}</a>
          <form method="post" action={`${templatePath(template.id)}/retire`}><input type="hidden" name="_csrf" value={facts.csrf} /><button class="btn" type="submit"><Icon name="trash" />{reader.say('verb.template-retire')}</button></form>
        </div>
      )}
    </WidePage>
  );
};

const Texts: FC<TemplatePageProps> = ({ row: { template }, toHtml }) => (
  <>
    {template.texts.map(({ language, body }) => (
      <section class="sheet tpl__text" aria-labelledby={`text-${language}`}>
        <h2 id={`text-${language}`}>{language.toUpperCase()}</h2>
        <div class="sheet__text" lang={language} dangerouslySetInnerHTML={{ __html: toHtml(body) }} />
      </section>
    ))}
  </>
);

const Filled: FC<TemplatePageProps & { filled: FilledFor }> = ({ reader, row: { template }, toHtml, filled, mayWork }) => (
  <section class="sheet tpl__text" aria-labelledby="filled-h">
    <h2 id="filled-h">#{filled.conversation.number} {filled.conversation.subject} · {filled.language.toUpperCase()}</h2>
    {filled.unknown.length > 0 && <p class="bar-say bar-say--danger" role="alert">{reader.say('reply.fill-in', { names: filled.unknown.map((name) => `{{${name}}}`).join(', ') })}</p>}
    <div class="sheet__text" lang={filled.language} dangerouslySetInnerHTML={{ __html: toHtml(filled.text) }} />
    {mayWork && <a class="btn btn--primary" href={`/c/${filled.conversation.number}?template=${encodeURIComponent(template.id)}`}><Icon name="out" />{reader.say('button.answer')}</a>}
  </section>
);

const Files: FC<{ reader: Reader; id: string; files: readonly StoredFile[] }> = ({ reader, id, files }) => (
  <ul class="files" aria-label={reader.say('mail.attachments')}>
    {files.map((file, index) => <li><a class="file" href={`${templatePath(id)}/files/${index}`}><Icon name="clip" /><span class="file__name">{file.fileName}</span> <small>{reader.bytes(file.bytes)}</small></a></li>)}
  </ul>
);
