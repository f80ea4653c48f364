/**
 * Templates described in desk.yaml and templates changed on the desk live together. The database is the truth; `goniec apply` changes only what the file says otherwise than when it was last
 * applied. So somebody who changes a rule in an old desk.yaml does not take back what the team wrote meanwhile.
 */
import { say } from '../core/language/say.js';
import type { DescribedTemplate, Desk, Locale, Template, TemplateRecord } from '../core/model.js';

/** A template that stays as the desk has it, although the file says otherwise or nothing. */
export interface KeptTemplate {
  readonly template: Template;
  readonly why: 'made' | 'changed' | 'retired';
}

/**
 * @param wanted the desk as the file describes it
 * @param records all templates of the database, retired ones too
 * @returns the desk as it should be saved, and what stays as it is
 */
export function keepTemplates(wanted: Desk, records: readonly TemplateRecord[]): { readonly desk: Desk; readonly kept: readonly KeptTemplate[] } {
  const known = new Map(records.map((record) => [record.template.id, record]));
  const inRules = new Set(wanted.rules.flatMap(({ then }) => then.flatMap((action) => ('acknowledge' in action ? [action.acknowledge] : []))));
  const kept: KeptTemplate[] = [];
  const templates: Template[] = [];
  for (const template of wanted.templates) {
    const record = known.get(template.id);
    const says = { ...template, files: record?.template.files ?? [] };
    const unchangedInFile = record?.described !== undefined && sameTemplate(record.described, describedPart(template));
    if (!record || !unchangedInFile) templates.push(says);
    else if (record.retired && !inRules.has(template.id)) kept.push({ template: record.template, why: 'retired' });
    else {
      templates.push(record.template);
      if (!sameTemplate(describedPart(record.template), describedPart(template))) kept.push({ template: record.template, why: 'changed' });
    }
  }
  const named = new Set(wanted.templates.map(({ id }) => id));
  for (const { template, retired, described, changed } of records) {
    if (named.has(template.id) || retired || described !== undefined || changed === undefined) continue;
    templates.push(template);
    kept.push({ template, why: 'made' });
  }
  return { desk: { ...wanted, templates }, kept };
}

/** What stays, below the plan. */
export function formatKept(kept: readonly KeptTemplate[], locale: Locale): string {
  const word = say(locale, 'plan.kind.template');
  return ['', say(locale, 'plan.kept'), ...kept.map(({ template: { id, name }, why }) => `  = ${word} ${id}${name === id ? '' : ` (${name})`}: ${say(locale, `plan.kept.${why}`)}`)].join('\n');
}

/** What desk.yaml can say of a template. */
function describedPart({ name, category, texts, mailboxes, teams }: DescribedTemplate): DescribedTemplate {
  return { name, category, texts, mailboxes, teams };
}

/** In whatever order texts, mailboxes and teams stand; only which text is first counts, since it stands in for languages that are not there. */
function sameTemplate(one: DescribedTemplate, other: DescribedTemplate): boolean {
  const comparable = ({ texts, mailboxes, teams, ...rest }: DescribedTemplate): string =>
    JSON.stringify([rest.name, rest.category, texts[0]?.language, [...texts].sort((left, right) => (left.language < right.language ? -1 : 1)).map(({ language, body }) => [language, body]), [...mailboxes].sort(), [...teams].sort()]);
  return comparable(one) === comparable(other);
}
