/** Which template, and which of its texts. */
import { fold } from './fold.js';
import type { MailboxId, TemplateId } from './ids.js';
import type { Agent, Template, TemplateText } from './model.js';

/**
 * The text in the first of these languages that there is one for, else the template's first.
 * @param languages codes, the most wanted first; undefined where nothing is known
 */
export function textFor({ texts }: Pick<Template, 'texts'>, languages: readonly (string | undefined)[]): TemplateText {
  for (const wanted of languages) {
    const found = wanted && (texts.find(({ language }) => language === wanted) ?? texts.find(({ language }) => primary(language) === primary(wanted)));
    if (found) return found;
  }
  return texts[0] ?? { language: '', body: '' };
}

/** pt of pt-BR. */
const primary = (language: string): string => language.split('-')[0]?.toLowerCase() ?? '';

/** Those that are for this agent, and for this mailbox if there is one. Administrators are offered what is for any team. */
export function offeredTo(templates: readonly Template[], agent: Pick<Agent, 'role' | 'teams'>, mailbox?: MailboxId): readonly Template[] {
  return templates.filter(({ mailboxes, teams }) =>
    (mailbox === undefined || mailboxes.length === 0 || mailboxes.includes(mailbox)) && (teams.length === 0 || agent.role === 'admin' || teams.some((team) => agent.teams.includes(team))));
}

/** Those that are for all mailboxes or for one of these. */
export function inSight(templates: readonly Template[], seen: readonly { readonly id: MailboxId }[]): readonly Template[] {
  return templates.filter(({ mailboxes }) => mailboxes.length === 0 || seen.some(({ id }) => mailboxes.includes(id)));
}

/** Those that a person means by an id, a name or a part of a name, whatever its case and accents: one, none, or several when it is not clear. */
export function templatesMeant(templates: readonly Template[], said: string): readonly Template[] {
  const wanted = fold(said.trim());
  if (wanted === '') return [];
  const exact = templates.filter(({ id, name }) => id === wanted || fold(name.trim()) === wanted);
  const chosen = exact.find(({ id }) => id === wanted);
  if (chosen) return [chosen];
  return exact.length > 0 ? exact : templates.filter(({ name }) => fold(name).includes(wanted));
}

/** Templates in which every one of these words is; those that have them in the name come first. */
export function searchTemplates(templates: readonly Template[], words: string): readonly Template[] {
  const wanted = fold(words).split(/\s+/).filter((word) => word !== '');
  const hasAll = (text: string): boolean => wanted.every((word) => text.includes(word));
  const found = templates.filter(({ id, name, category, texts }) => hasAll(fold([id, name, category, ...texts.map(({ body }) => body)].join('\n'))));
  const inName = ({ name }: Template): number => Number(hasAll(fold(name)));
  return [...found].sort((left, right) => inName(right) - inName(left));
}

/** By category, then by name; those without a category last. */
export function sortedTemplates(templates: readonly Template[]): readonly Template[] {
  return [...templates].sort((left, right) => Number(left.category === '') - Number(right.category === '') || left.category.localeCompare(right.category) || left.name.localeCompare(right.name));
}

/** Room for a number behind it; ids have at most 40 characters. */
const MAX_ID_CHARS = 34;

/** An id made of a name: "Zwrot pieniędzy" is `zwrot-pieniedzy`, with a number behind it where that is taken. */
export function templateIdFor(name: string, taken: ReadonlySet<string>): TemplateId {
  const base = fold(name).replace(/[^a-z0-9]+/g, '-').slice(0, MAX_ID_CHARS).replace(/^-+|-+$/g, '') || 'template';
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`;
  return id as TemplateId;
}
