import type { RuleId } from '../core/ids.js';
import type { MessageKey } from '../core/language/catalogue.js';
import { say } from '../core/language/say.js';
import type { Desk, Locale, Rule, Template } from '../core/model.js';

const KINDS = ['mailbox', 'channel', 'team', 'agent', 'group', 'folder', 'label', 'template', 'rule', 'blocked', 'allowed'] as const;
export type DeskKind = (typeof KINDS)[number] | 'desk';

/** Something on the desk, by kind and id. */
export interface PlanEntry {
  readonly kind: DeskKind;
  readonly id: string;
  readonly name: string;
}

/** One value that changes. Of secrets only that they change is known: `from` and `to` are undefined. */
export interface FieldChange {
  /** `imap.port`. */
  readonly field: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What `goniec apply` would do. */
export interface Plan {
  readonly added: readonly PlanEntry[];
  readonly changed: readonly (PlanEntry & { readonly fields: readonly FieldChange[] })[];
  readonly removed: readonly PlanEntry[];
}

/** Never shown, however they are nested. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['password']);
/** Longer values are cut: a plan is read line by line. */
const MAX_VALUE_CHARS = 60;

/** What has to happen to make the desk look as wanted; `current` is undefined for the first time. */
export function planDesk(current: Desk | undefined, wanted: Desk): Plan {
  const staying = new Set(current?.rules.map(({ id }) => id));
  const both = wanted.rules.filter(({ id }) => staying.has(id)).map(({ id }) => id);
  const before = thingsOf(current && { ...current, rules: ranked(current.rules, both) });
  const after = thingsOf({ ...wanted, rules: ranked(wanted.rules, both) });
  const added: PlanEntry[] = [];
  const changed: (PlanEntry & { readonly fields: readonly FieldChange[] })[] = [];
  for (const [key, { entry, value }] of after) {
    const old = before.get(key);
    if (!old) added.push(entry);
    else {
      const fields = changesBetween(old.value, value);
      if (fields.length > 0) changed.push({ ...entry, fields });
    }
  }
  const removed = [...before].filter(([key]) => !after.has(key)).map(([, { entry }]) => entry);
  return { added, changed, removed };
}

export function isEmptyPlan({ added, changed, removed }: Plan): boolean {
  return added.length + changed.length + removed.length === 0;
}

/** The plan as people read it on a terminal: + added, ~ changed, - removed. */
export function formatPlan(plan: Plan, locale: Locale): string {
  if (isEmptyPlan(plan)) return say(locale, 'plan.nothing');
  const secret = say(locale, 'plan.secret');
  const blocks = [
    block('plan.added', '+', plan.added.map((entry) => [title(entry, locale)]), locale),
    block('plan.changed', '~', plan.changed.map((entry) => [title(entry, locale), ...entry.fields.map(({ field, from, to }) => `${field}: ${from ?? secret} -> ${to ?? secret}`)]), locale),
    block('plan.removed', '-', plan.removed.map((entry) => [title(entry, locale)]), locale),
    say(locale, 'plan.summary', { added: plan.added.length, changed: plan.changed.length, removed: plan.removed.length }),
  ];
  return blocks.filter((text) => text !== '').join('\n\n');
}

function block(heading: MessageKey, sign: string, entries: readonly (readonly string[])[], locale: Locale): string {
  if (entries.length === 0) return '';
  return [say(locale, heading), ...entries.flatMap(([first = '', ...rest]) => [`  ${sign} ${first}`, ...rest.map((line) => `      ${line}`)])].join('\n');
}

function title({ kind, id, name }: PlanEntry, locale: Locale): string {
  const word = say(locale, `plan.kind.${kind}`);
  if (kind === 'desk') return word;
  return name === id ? `${word} ${id}` : `${word} ${id} (${name})`;
}

/** Positions counted among the rules that stay: putting a new rule first does not change all the others. */
function ranked(rules: readonly Rule[], staying: readonly RuleId[]): readonly Rule[] {
  const inOrder = [...rules].sort((a, b) => a.position - b.position).filter(({ id }) => staying.includes(id));
  return rules.map((rule) => ({ ...rule, position: inOrder.findIndex(({ id }) => id === rule.id) + 1 }));
}

function thingsOf(desk: Desk | undefined): ReadonlyMap<string, { readonly entry: PlanEntry; readonly value: object }> {
  if (!desk) return new Map();
  const { name, locale, sample, hours, spam } = desk;
  const senders = (patterns: readonly string[]) => patterns.map((pattern) => ({ id: pattern, name: pattern }));
  const things: { readonly entry: PlanEntry; readonly value: object }[] = [{ entry: { kind: 'desk', id: 'desk', name }, value: { name, language: locale, sample, hours, spam: { keepDays: spam.keepDays } } }];
  const lists = { mailbox: desk.mailboxes, channel: desk.channels, team: desk.teams, agent: desk.agents.filter(({ member }) => member === undefined), group: (desk.groups ?? []).map((group) => ({ ...group, name: group.id })), folder: desk.folders, label: desk.labels, template: desk.templates.map(withTextsByLanguage), rule: desk.rules, blocked: senders(spam.blocked), allowed: senders(spam.allowed) };
  for (const kind of KINDS) for (const thing of lists[kind]) things.push({ entry: { kind, id: thing.id, name: thing.name }, value: thing });
  return new Map(things.map((thing) => [`${thing.entry.kind} ${thing.entry.id}`, thing]));
}

/** So that each language is compared by itself. Files are not described in desk.yaml. */
function withTextsByLanguage({ files: _files, texts, ...template }: Template) {
  return { ...template, texts: Object.fromEntries(texts.map(({ language, body }) => [language, body])), 'first-language': texts[0]?.language };
}

/** Fields that differ, by their path; lists and conditions are compared whole. */
function changesBetween(before: object, after: object, path = ''): readonly FieldChange[] {
  const [old, now]: Readonly<Record<string, unknown>>[] = [{ ...before }, { ...after }];
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  return names.flatMap((name): readonly FieldChange[] => {
    const [from, to] = [old?.[name], now?.[name]];
    const field = path ? `${path}.${name}` : name;
    if (same(from, to)) return [];
    if (SECRET_FIELDS.has(name)) return [{ field, from: undefined, to: undefined }];
    if (isPlainObject(from) && isPlainObject(to)) return changesBetween(from, to, field);
    // A server that comes or goes as a whole takes its password along.
    return [{ field, from: shown(from), to: shown(to) }];
  });
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** Text that is equal for equal values, whatever the order of keys. Dates are ISO text. */
function canonical(value: unknown, hideSecrets = false): string {
  const ordered = (name: string, part: unknown): unknown => {
    if (hideSecrets && SECRET_FIELDS.has(name)) return undefined;
    return isPlainObject(part) ? Object.fromEntries(Object.entries(part).filter(([, inner]) => inner !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  };
  return JSON.stringify(value, ordered) ?? '';
}

function shown(value: unknown): string {
  if (value === undefined) return '-';
  const text = typeof value === 'string' ? value : canonical(value, true);
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_VALUE_CHARS ? `${line.slice(0, MAX_VALUE_CHARS - 1)}…` : line;
}
