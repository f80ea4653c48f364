/** Templates between desk.yaml and the model. */
import type { MailboxId, TeamId, TemplateId } from '../core/ids.js';
import type { Template, TemplateText } from '../core/model.js';
import { TEMPLATE_VARIABLES, unknownVariables } from '../core/templates.js';
import type { Common } from './entries.js';
import { readEntries } from './entries.js';
import type { DeskPath } from './problems.js';
import { suggested } from './reading.js';
import { templateBody, templateLanguage, templateSchema } from './schema.js';

/** Their files are not described here: they stay with the template in the database. */
export function readTemplates(input: unknown, common: Common): readonly Template[] {
  const { checks, known, locale } = common;
  return readEntries(input, 'templates', templateSchema, checks).map(({ id, path, value }): Template => {
    value.mailboxes?.forEach((mailbox, index) => checks.refer('mailbox', mailbox, known.mailbox, [...path, 'mailboxes', index]));
    value.teams?.forEach((team, index) => checks.refer('team', team, known.team, [...path, 'teams', index]));
    if (value.text !== undefined && value.texts !== undefined) checks.complain([...path, 'texts'], { key: 'deskfile.both-texts' });
    if (value.text === undefined && value.texts === undefined) checks.complain([...path, 'text'], { key: 'deskfile.missing', params: { name: 'text' } });
    const texts = value.text === undefined ? readTexts(value.texts, [...path, 'texts'], common) : [{ language: value.language ?? locale, body: value.text }];
    if (value.text !== undefined) checkVariables(value.text, [...path, 'text'], common);
    return {
      id: id as TemplateId, name: value.name, category: value.category ?? '', texts,
      mailboxes: (value.mailboxes ?? []).map((mailbox) => mailbox as MailboxId), teams: (value.teams ?? []).map((team) => team as TeamId), files: [],
    };
  });
}

function readTexts(input: unknown, path: DeskPath, common: Common): readonly TemplateText[] {
  const { checks } = common;
  const entries = checks.entriesOf(input, path);
  if (entries.length === 0 && input !== undefined) checks.complain(path, { key: 'deskfile.empty' });
  return entries.flatMap(([language, entry]) => {
    checks.read(templateLanguage, language, [...path, language]);
    const body = checks.read(templateBody, entry, [...path, language]);
    if (body === undefined) return [];
    checkVariables(body, [...path, language], common);
    return [{ language, body }];
  });
}

function checkVariables(body: string, path: DeskPath, { checks }: Common): void {
  for (const found of unknownVariables(body)) {
    checks.complain(path, { key: 'deskfile.template-variable', params: { found: `{{${found}}}`, expected: TEMPLATE_VARIABLES.join(', ') }, ...suggested(found, TEMPLATE_VARIABLES) });
  }
}

/** One text is written in the short form. */
export function writeTemplate({ name, category, texts, mailboxes, teams }: Template): object {
  const [first] = texts;
  return {
    name,
    ...(category !== '' && { category }),
    ...(texts.length === 1 && first ? { language: first.language, text: first.body } : { texts: Object.fromEntries(texts.map(({ language, body }) => [language, body])) }),
    ...(mailboxes.length > 0 && { mailboxes }),
    ...(teams.length > 0 && { teams }),
  };
}
