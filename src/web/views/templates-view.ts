/** What the pages of templates show. */
import type { Agent, Desk, Template, TemplateRecord, TemplateUsage } from '../../core/model.js';
import type { Store } from '../../core/ports/store.js';
import { inSight, offeredTo, searchTemplates, sortedTemplates } from '../../core/template-choice.js';

export interface TemplateRow {
  readonly template: Template;
  readonly usage: TemplateUsage | undefined;
  readonly changed: TemplateRecord['changed'];
}

export interface TemplatesView {
  /** By category, those without one last. */
  readonly categories: readonly { readonly name: string; readonly rows: readonly TemplateRow[] }[];
  readonly retired: readonly Template[];
  readonly words: string;
}

export async function loadTemplatesView(store: Pick<Store, 'templates'>, ask: { readonly desk: Desk; readonly agent: Agent; readonly words: string }): Promise<TemplatesView> {
  const [records, usage] = await Promise.all([store.templates.all(), store.templates.usage()]);
  const changed = new Map(records.map((record) => [record.template.id, record.changed]));
  const found = sortedTemplates(searchTemplates(offeredTo(ask.desk.templates, ask.agent), ask.words));
  const rows = found.map((template): TemplateRow => ({ template, usage: usage.get(template.id), changed: changed.get(template.id) }));
  const retired = inSight(records.filter((record) => record.retired).map(({ template }) => template), ask.desk.mailboxes);
  return {
    categories: [...new Set(found.map(({ category }) => category))].map((name) => ({ name, rows: rows.filter(({ template }) => template.category === name) })),
    retired: sortedTemplates(offeredTo(searchTemplates(retired, ask.words), ask.agent)),
    words: ask.words,
  };
}

/** What stands in the form of a template. */
export interface TemplateDraft {
  readonly name: string;
  readonly category: string;
  readonly texts: readonly { readonly language: string; readonly body: string }[];
  readonly mailboxes: readonly string[];
  readonly teams: readonly string[];
  readonly files: Template['files'];
}
