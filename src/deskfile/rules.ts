/** Routing rules between desk.yaml, as people write them, and the model, as decisions need them. */
import { fold } from '../core/fold.js';
import type { AgentId, ChannelId, FolderId, LabelId, MailboxId, RuleId, TeamId, TemplateId } from '../core/ids.js';
import type { Rule } from '../core/model.js';
import { problemWithPattern, type PatternEngine } from '../core/patterns.js';
import type { Action, Condition } from '../core/rules.js';
import type { Checks } from './check.js';
import type { DeskPath } from './problems.js';
import { ruleSchema, type ActionInput, type ConditionInput } from './schema.js';
import { writeSize } from './values.js';

/** Ids that rules may name. */
export interface KnownIds {
  readonly agent: ReadonlySet<string>;
  readonly channel: ReadonlySet<string>;
  readonly folder: ReadonlySet<string>;
  readonly label: ReadonlySet<string>;
  readonly mailbox: ReadonlySet<string>;
  readonly team: ReadonlySet<string>;
  readonly template: ReadonlySet<string>;
}

/** What is needed to look through a rule. */
interface Looking {
  readonly checks: Checks;
  readonly known: KnownIds;
  readonly patterns: PatternEngine;
}

/** The list under `rules`; a rule without mistakes becomes one of the desk. */
export function readRules(input: unknown, checks: Checks, known: KnownIds, patterns: PatternEngine): readonly Rule[] {
  if (input === undefined || input === null) return [];
  if (!Array.isArray(input)) {
    checks.complain(['rules'], { key: 'deskfile.expected', words: { expected: 'deskfile.type.list', found: 'deskfile.type.mapping' } });
    return [];
  }
  const rules: Rule[] = [];
  input.forEach((entry: unknown, index) => {
    const path = ['rules', index];
    const rule = checks.read(ruleSchema, entry, path);
    if (!rule) return;
    const looking = { checks, known, patterns };
    const id = (rule.id ?? ruleIdFromName(rule.name)) as RuleId;
    if (rules.some((other) => other.id === id)) checks.complain([...path, rule.id === undefined ? 'name' : 'id'], { key: 'deskfile.same-rule', params: { found: id } });
    const then = rule.then.flatMap((action, place) => toActions(action, [...path, 'then', place], looking));
    if (then.some((action) => 'channel' in action) && then.some((action) => 'folder' in action)) checks.complain([...path, 'then'], { key: 'deskfile.both-places' });
    rules.push({ id, name: rule.name, position: index + 1, when: rule.when ? toCondition(rule.when, [...path, 'when'], looking) : { always: true }, then });
  });
  return rules;
}

/** "Zwroty i reklamacje" is known as `zwroty-i-reklamacje`, unless it says otherwise. */
export function ruleIdFromName(name: string): string {
  return fold(name).replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'rule';
}

function toCondition(input: ConditionInput, path: DeskPath, looking: Looking): Condition {
  const { checks, known } = looking;
  const parts: Condition[] = [];
  const many = (key: 'all' | 'any', list: readonly ConditionInput[]): readonly Condition[] => {
    if (list.length === 0) checks.complain([...path, key], { key: 'deskfile.no-condition' });
    return list.map((part, index) => toCondition(part, [...path, key, index], looking));
  };
  const each = (key: keyof ConditionInput, value: string | readonly string[], make: (text: string, at: DeskPath) => Condition): Condition =>
    typeof value === 'string' ? make(value, [...path, key]) : { any: value.map((text, index) => make(text, [...path, key, index])) };
  const pattern = (text: string, at: DeskPath): string => {
    const problem = problemWithPattern(text, looking.patterns);
    if (problem !== undefined) checks.complain(at, { key: 'deskfile.bad-pattern', params: { found: text, reason: problem } });
    return text;
  };

  if (input.all) parts.push({ all: many('all', input.all) });
  if (input.any) parts.push({ any: many('any', input.any) });
  if (input.not) parts.push({ not: toCondition(input.not, [...path, 'not'], looking) });
  if (input.from !== undefined) parts.push(each('from', input.from, (text, at) => ({ from: pattern(text, at) })));
  if (input.to !== undefined) parts.push(each('to', input.to, (text, at) => ({ to: pattern(text, at) })));
  if (input.subject !== undefined) parts.push(each('subject', input.subject, (text, at) => ({ subject: pattern(text, at) })));
  if (input.body !== undefined) parts.push(each('body', input.body, (text, at) => ({ body: pattern(text, at) })));
  if (input.header) parts.push({ header: { name: input.header.name, matches: pattern(input.header.matches, [...path, 'header', 'matches']) } });
  if (input.mailbox !== undefined) {
    parts.push(each('mailbox', input.mailbox, (text, at) => {
      checks.refer('mailbox', text, known.mailbox, at);
      return { mailbox: text as MailboxId };
    }));
  }
  if (input.attachment !== undefined) parts.push({ attachment: typeof input.attachment === 'string' ? pattern(input.attachment, [...path, 'attachment']) : input.attachment });
  if (input.larger !== undefined) parts.push({ larger: input.larger });
  if (input.smaller !== undefined) parts.push({ smaller: input.smaller });
  if (input.language !== undefined) {
    parts.push(each('language', input.language, (text, at) => {
      if (!/^[a-z]{2}$/.test(text)) checks.complain(at, { key: 'deskfile.bad-language', params: { found: text } });
      return { language: text };
    }));
  }
  if (input['known-customer'] !== undefined) parts.push({ knownCustomer: input['known-customer'] });
  if (input.hours) parts.push({ hours: input.hours });
  if (input.automatic !== undefined) parts.push({ automatic: input.automatic });
  if (input.always) parts.push({ always: true });

  const [only, second] = parts;
  if (!only) checks.complain(path, { key: 'deskfile.no-condition' });
  return only && !second ? only : { all: parts };
}

function toActions(input: ActionInput, path: DeskPath, { checks, known }: Looking): readonly Action[] {
  const actions: Action[] = [];
  const refer = (kind: keyof KnownIds, key: keyof ActionInput, found: string): void => checks.refer(kind, found, known[kind], [...path, key]);
  if (input.channel !== undefined) {
    refer('channel', 'channel', input.channel);
    actions.push({ channel: input.channel as ChannelId });
  }
  if (input.folder !== undefined) {
    refer('folder', 'folder', input.folder);
    actions.push({ folder: input.folder as FolderId });
  }
  if (input.team !== undefined) {
    refer('team', 'team', input.team);
    actions.push({ team: input.team as TeamId });
  }
  if (input.agent !== undefined) {
    refer('agent', 'agent', input.agent);
    actions.push({ agent: input.agent as AgentId });
  }
  for (const label of input.label ?? []) {
    refer('label', 'label', label);
    actions.push({ label: label as LabelId });
  }
  if (input.priority) actions.push({ priority: input.priority });
  if (input.acknowledge !== undefined) {
    refer('template', 'acknowledge', input.acknowledge);
    actions.push({ acknowledge: input.acknowledge as TemplateId });
  }
  if (input.spam) actions.push({ spam: true });
  if (input.stop) actions.push({ stop: true });
  return actions;
}

/* ---- and back ---- */

/** The rule as it is written in desk.yaml. */
export function writeRule(rule: Rule): object {
  return {
    ...(rule.id !== ruleIdFromName(rule.name) && { id: rule.id }),
    name: rule.name,
    ...(!('always' in rule.when) && { when: writeCondition(rule.when) }),
    then: rule.then.map((action) => ('stop' in action ? 'stop' : 'spam' in action ? 'spam' : action)),
  };
}

function writeCondition(condition: Condition): object {
  if ('all' in condition) return { all: condition.all.map(writeCondition) };
  if ('any' in condition) return asList(condition.any) ?? { any: condition.any.map(writeCondition) };
  if ('not' in condition) return { not: writeCondition(condition.not) };
  if ('larger' in condition) return { larger: writeSize(condition.larger) };
  if ('smaller' in condition) return { smaller: writeSize(condition.smaller) };
  if ('knownCustomer' in condition) return { 'known-customer': condition.knownCustomer };
  return condition;
}

const LISTED = ['from', 'to', 'subject', 'body', 'mailbox', 'language'] as const;

/** `subject: [zwrot, refund]` for conditions of one kind of which any may hold. */
function asList(parts: readonly Condition[]): object | undefined {
  for (const key of LISTED) {
    const values = parts.map((part) => (part as Readonly<Record<string, unknown>>)[key]);
    if (values.length > 0 && values.every((value) => typeof value === 'string')) return { [key]: values };
  }
  return undefined;
}
