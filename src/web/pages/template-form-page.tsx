import type { Child, FC } from 'hono/jsx';
import { LOCALES } from '../../core/model.js';
import { TEMPLATE_VARIABLES } from '../../core/templates.js';
import { Icon } from '../parts/icon.js';
import type { NavFacts } from '../parts/nav.js';
import type { Reader } from '../reader.js';
import type { TemplateDraft } from '../views/templates-view.js';
import { WidePage } from './wide-page.js';

interface TemplateFormPageProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly title: string;
  /** Where it is sent. */
  readonly action: string;
  readonly draft: TemplateDraft;
  readonly categories: readonly string[];
  readonly problem: string | undefined;
  readonly note?: string | undefined;
  /** What the form shows of a template that is there: it may have been changed when it is sent. */
  readonly loaded?: string | undefined;
}

/** Makes or changes a template: a text for each language, for whom, and files. */
export const TemplateFormPage: FC<TemplateFormPageProps> = ({ reader, facts, title, action, draft, categories, problem, note, loaded }) => {
  const languages = [...new Set([...draft.texts.map(({ language }) => language), ...LOCALES])];
  const bodyOf = (language: string): string => draft.texts.find((text) => text.language === language)?.body ?? '';
  return (
    <WidePage reader={reader} title={title} facts={facts} tab="more">
      {problem && <p class="bar-say bar-say--danger" role="alert" id="problem">{problem}</p>}
      {note && <p class="lead">{note}</p>}
      <form class="form tpl__form" method="post" action={action} enctype="multipart/form-data">
        <input type="hidden" name="_csrf" value={facts.csrf} />
        {loaded && <input type="hidden" name="loaded" value={loaded} />}
        <input type="hidden" name="kept" value={JSON.stringify(draft.files)} />
        <div class="row">
          <div class="field"><label for="name">{reader.say('option.template-name')}</label><input class="in" id="name" name="name" required maxlength={80} value={draft.name} aria-describedby={problem ? 'problem' : undefined} /></div>
          <div class="field">
            <label for="category">{reader.say('templates.category')}</label>
            <input class="in" id="category" name="category" list="categories" value={draft.category} />
            <datalist id="categories">{categories.map((category) => <option value={category} />)}</datalist>
          </div>
        </div>
        {languages.map((language) => (
          <div class="field">
            <label for={`text-${language}`}>{reader.say('templates.text-in', { language: language.toUpperCase() })}</label>
            <textarea class="in tpl__body" id={`text-${language}`} name={`text.${language}`} rows={7} lang={language}>{bodyOf(language)}</textarea>
          </div>
        ))}
        <details class="fold" id="other-language">
          <summary>{reader.say('templates.other-language')}</summary>
          <div class="field"><label for="language">{reader.say('option.language')}</label><input class="in" id="language" name="language" maxlength={20} /></div>
          <div class="field"><label for="text-other">{reader.say('option.text')}</label><textarea class="in tpl__body" id="text-other" name="text.other" rows={7} /></div>
        </details>
        <p class="dim tpl__vars" id="variables">{reader.say('templates.variables')} {TEMPLATE_VARIABLES.map((name) => <><code>{`{{${name}}}`}</code> </>)}</p>
        <div class="row">
          <Checks legend={reader.say('templates.only-mailboxes')}>
            {facts.desk.mailboxes.map(({ id, name }) => <Check name={`mailbox.${id}`} checked={draft.mailboxes.includes(id)} label={name} />)}
          </Checks>
          {facts.desk.teams.length > 0 && (
            <Checks legend={reader.say('templates.only-teams')}>
              {facts.desk.teams.map(({ id, name }) => <Check name={`team.${id}`} checked={draft.teams.includes(id)} label={name} />)}
            </Checks>
          )}
        </div>
        <Checks legend={reader.say('templates.files')}>
          {draft.files.map((file) => <Check name={`file.${file.blob}`} checked label={`${file.fileName} (${reader.bytes(file.bytes)})`} />)}
          <input type="file" name="attach" id="attach" multiple aria-label={reader.say('option.attach')} />
        </Checks>
        <div class="form__end"><button class="btn btn--primary" type="submit"><Icon name="check" />{reader.say('settings.save')}</button><a class="btn" href="/templates">{reader.say('button.cancel')}</a></div>
      </form>
    </WidePage>
  );
};

const Checks: FC<{ legend: string; children?: Child }> = ({ legend, children }) => <fieldset class="field"><legend class="lab">{legend}</legend>{children}</fieldset>;

const Check: FC<{ name: string; checked: boolean; label: string }> = ({ name, checked, label }) => (
  <label class="choice"><input type="checkbox" name={name} value="yes" checked={checked} /><span>{label}</span></label>
);
