import type { StoredFile, Template, TemplateText } from '../core/model.js';
import { mailBytes } from '../core/answer-size.js';
import { Refusal } from '../core/errors.js';
import { fold } from '../core/fold.js';
import { say } from '../core/language/say.js';
import { LOCALES } from '../core/model.js';
import { inSight, templateIdFor, templatesMeant } from '../core/template-choice.js';
import { TEMPLATE_VARIABLES, unknownVariables } from '../core/templates.js';
import { findTemplate } from './fill-template.js';
import type { StaffUnit } from './unit.js';

/** Values as people give them; undefined: left as it is. `mailboxes` and `teams` are names or ids with commas between; '' for all. */
export interface TemplateFields {
  readonly name?: string | undefined;
  readonly category?: string | undefined;
  /** Language of `text`; undefined: the template's first, for a new one the desk's. */
  readonly language?: string | undefined;
  readonly text?: string | undefined;
  /** All its texts at once, instead of one. */
  readonly texts?: readonly TemplateText[] | undefined;
  readonly mailboxes?: string | undefined;
  readonly teams?: string | undefined;
  readonly files?: readonly StoredFile[] | undefined;
}

/** Names stand in menus of chat platforms. */
const MAX_NAME_CHARS = 80;
const MAX_TEXT_CHARS = 20_000;

/** Puts a new template on the desk. @throws Refusal */
export async function addTemplate(unit: StaffUnit, fields: TemplateFields): Promise<Template> {
  const records = await unit.tx.templates.all();
  const id = templateIdFor(fields.name ?? '', new Set(records.map(({ template }) => template.id)));
  const empty: Template = { id, name: '', category: '', texts: [], mailboxes: [], teams: [], files: [] };
  return keep(unit, withFields(unit, empty, fields));
}

/** Changes one that is on the desk. @throws Refusal */
export async function changeTemplate(unit: StaffUnit, said: string, fields: TemplateFields): Promise<Template> {
  const before = findTemplate(unit, said, undefined);
  const after = withFields(unit, before, fields);
  if (JSON.stringify(after) === JSON.stringify(before)) throw new Refusal('refused.template-already', { name: before.name });
  return keep(unit, after);
}

/** Takes it off the desk; it can come back. @throws Refusal where a rule sends it */
export async function retireTemplate(unit: StaffUnit, said: string): Promise<Template> {
  const template = findTemplate(unit, said, undefined);
  const rule = unit.desk.rules.find(({ then }) => then.some((action) => 'acknowledge' in action && action.acknowledge === template.id));
  if (rule) throw new Refusal('refused.template-in-rule', { name: template.name, rule: rule.name });
  await unit.tx.templates.retire(template.id, { at: unit.now, by: unit.actor.id });
  return template;
}

/** Brings back what was retired. @throws Refusal */
export async function restoreTemplate(unit: StaffUnit, said: string): Promise<Template> {
  const retired = inSight((await unit.tx.templates.all()).filter((record) => record.retired).map(({ template }) => template), unit.desk.mailboxes);
  const [found, another] = templatesMeant(retired, said);
  if (!found || another) throw new Refusal(found ? 'refused.ambiguous-template' : 'refused.not-retired', { said, names: (found ? templatesMeant(retired, said) : retired).map(({ name }) => name).join(', ') || '–' });
  return keep(unit, found);
}

async function keep(unit: StaffUnit, template: Template): Promise<Template> {
  check(unit, template);
  await unit.tx.templates.save(template, { at: unit.now, by: unit.actor.id });
  return template;
}

function withFields(unit: StaffUnit, template: Template, fields: TemplateFields): Template {
  return {
    ...template,
    name: fields.name?.trim() ?? template.name,
    category: fields.category?.trim() ?? template.category,
    texts: fields.texts ?? withText(unit, template.texts, fields),
    mailboxes: fields.mailboxes === undefined ? template.mailboxes : [...outOfSight(unit, template), ...idsOf(unit.desk.mailboxes, fields.mailboxes, 'refused.no-such-mailbox')],
    teams: fields.teams === undefined ? template.teams : idsOf(unit.desk.teams, fields.teams, 'refused.no-such-team'),
    files: fields.files ?? template.files,
  };
}

/** Mailboxes that this person does not see stay as they are. */
const outOfSight = ({ desk }: StaffUnit, { mailboxes }: Template): Template['mailboxes'] => mailboxes.filter((id) => !desk.mailboxes.some((mailbox) => mailbox.id === id));

/** A text in a language that is there replaces it; another one is added. */
function withText(unit: StaffUnit, texts: readonly TemplateText[], { language: said, text }: TemplateFields): readonly TemplateText[] {
  if (text === undefined) return texts;
  const language = said?.trim() ? languageOf(said) : (texts[0]?.language ?? unit.desk.locale);
  const fresh = { language, body: text.trim() };
  return texts.some((one) => one.language === language) ? texts.map((one) => (one.language === language ? fresh : one)) : [...texts, fresh];
}

const LANGUAGE = /^[a-z]{2,3}(?:-[A-Z]{2})?$/;

/** "pl", "PL", "polski" or "pt-BR". @throws Refusal */
function languageOf(said: string): string {
  const word = said.trim();
  const ours = LOCALES.find((locale) => LOCALES.some((reader) => fold(say(reader, `language.${locale}`)) === fold(word)));
  const [primary = '', region] = word.split('-');
  const code = ours ?? (region === undefined ? primary.toLowerCase() : `${primary.toLowerCase()}-${region.toUpperCase()}`);
  if (!LANGUAGE.test(code)) throw new Refusal('refused.bad-language', { said });
  return code;
}

function idsOf<Id extends string>(things: readonly { readonly id: Id; readonly name: string }[], said: string, refusal: 'refused.no-such-mailbox' | 'refused.no-such-team'): readonly Id[] {
  const wanted = said.split(',').map((part) => part.trim()).filter((part) => part !== '');
  return [...new Set(wanted.map((part) => {
    const found = things.find(({ id, name }) => id === part || fold(name) === fold(part));
    if (!found) throw new Refusal(refusal, { said: part, names: things.map(({ id }) => id).join(', ') });
    return found.id;
  }))];
}

function check(unit: StaffUnit, template: Template): void {
  const { id, name, texts, files } = template;
  if (name === '') throw new Refusal('refused.template-name');
  if (name.length > MAX_NAME_CHARS || /[\r\n]/.test(name)) throw new Refusal('refused.template-name-long', { limit: MAX_NAME_CHARS });
  const namesake = unit.desk.templates.find((other) => other.id !== id && fold(other.name) === fold(name));
  if (namesake) throw new Refusal('refused.template-exists', { name: namesake.name });
  if (texts.length === 0 || texts.some(({ body }) => body === '')) throw new Refusal('refused.empty-text');
  if (texts.some(({ body }) => body.length > MAX_TEXT_CHARS)) throw new Refusal('refused.template-long', { limit: MAX_TEXT_CHARS });
  const unknown = [...new Set(texts.flatMap(({ body }) => unknownVariables(body)))];
  if (unknown.length > 0) throw new Refusal('refused.template-variable', { names: unknown.map((variable) => `{{${variable}}}`).join(', '), known: TEMPLATE_VARIABLES.join(', '), count: unknown.length });
  const limit = Math.min(...unit.desk.mailboxes.filter((mailbox) => template.mailboxes.length === 0 || template.mailboxes.includes(mailbox.id)).map(({ maxAnswerBytes }) => maxAnswerBytes));
  const bytes = Math.max(...texts.map(({ body }) => mailBytes(body, files)));
  if (files.length > 0 && bytes > limit) throw new Refusal('refused.answer-too-large', { size: Math.ceil(bytes / 1e5) / 10, limit: Math.floor(limit / 1e5) / 10 });
}

