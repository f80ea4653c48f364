/**
 * Routing: which rules fit an inbound mail, and what follows. Rules are read from the top. The first that fits decides each question: where the mail goes
 * (channel or folder), which team, which agent, which priority, which acknowledgement. Labels of all that fit add up. `stop` ends the reading.
 *
 * What no rule decides is left open; the caller puts mail without a place into the channel of its mailbox.
 */
import type { AgentId, ChannelId, FolderId, LabelId, MailboxId, TeamId, TemplateId } from './ids.js';
import type { MailKind } from './mail-kind.js';
import type { MailAddress, ParsedMail } from './mail.js';
import type { Priority, Rule } from './model.js';
import { matchesAddress, matchesText, PatternError, type PatternEngine } from './patterns.js';
import type { Action, Condition } from './rules.js';

export interface RoutingFacts {
  readonly mail: ParsedMail;
  readonly kind: MailKind;
  readonly mailboxId: MailboxId;
  /** Our addresses that the mail was delivered to, where the envelope tells (a blind copy names none in its headers). */
  readonly recipients?: readonly string[];
  readonly knownCustomer: boolean;
  readonly receivedAt: Date;
  readonly businessHours: boolean;
}

export interface RoutingOutcome {
  /** At most one of the two. */
  readonly channelId: ChannelId | undefined;
  readonly folderId: FolderId | undefined;
  readonly teamId: TeamId | undefined;
  readonly agentId: AgentId | undefined;
  readonly labels: readonly LabelId[];
  readonly priority: Priority | undefined;
  /** At most one: a customer gets one acknowledgement for one mail. */
  readonly acknowledge: readonly TemplateId[];
  /** Filed as spam. */
  readonly spam: boolean;
}

export interface Routing {
  readonly outcome: RoutingOutcome;
  /** Rules that fitted, in order. */
  readonly fired: readonly Rule[];
  /** How every rule fared, for `goniec rules test`. */
  readonly trace: readonly RuleTrace[];
}

export interface RuleTrace {
  readonly rule: Rule;
  /** 'not-reached': an earlier rule said stop. 'broken': a pattern in it cannot be run, so it does nothing. */
  readonly result: 'fired' | 'not-fired' | 'not-reached' | 'broken';
  /** Why; undefined when it was not reached or is broken. */
  readonly why: ConditionTrace | undefined;
  /** What is wrong with a broken rule, in the engine's words. */
  readonly problem: string | undefined;
  /** Its actions; `took` is false where an earlier rule had decided the question. */
  readonly actions: readonly { readonly action: Action; readonly took: boolean }[];
}

export interface ConditionTrace {
  readonly condition: Condition;
  readonly matched: boolean;
  /** What the mail has there, shortened; '' for all, any and not. */
  readonly seen: string;
  /** Of all, any and not. */
  readonly parts: readonly ConditionTrace[];
}

/** Enough to recognise a value in an explanation. */
const MAX_SEEN_CHARS = 120;

/** Runs the rules in the order of their position. A rule that cannot be run is passed over and named; no mail is held up by it. */
export function route(facts: RoutingFacts, rules: readonly Rule[], patterns: PatternEngine): Routing {
  const decided: Decided = { labels: [] };
  const fired: Rule[] = [];
  const trace: RuleTrace[] = [];
  let stopped = false;
  for (const rule of [...rules].sort((a, b) => a.position - b.position)) {
    if (stopped) {
      trace.push(untaken(rule, 'not-reached', undefined));
      continue;
    }
    const verdict = tryRule(rule, facts, patterns);
    if ('problem' in verdict) {
      trace.push({ ...untaken(rule, 'broken', undefined), problem: verdict.problem });
    } else if (!verdict.why.matched) {
      trace.push(untaken(rule, 'not-fired', verdict.why));
    } else {
      fired.push(rule);
      trace.push({ rule, result: 'fired', why: verdict.why, problem: undefined, actions: rule.then.map((action) => ({ action, took: take(action, decided) })) });
      stopped = rule.then.some((action) => 'stop' in action);
    }
  }
  return { outcome: outcomeOf(decided), fired, trace };
}

/** Whether a condition holds for a mail, and why. Every part is looked at, so that an explanation is whole. @throws PatternError */
export function check(condition: Condition, facts: RoutingFacts, patterns: PatternEngine): ConditionTrace {
  if ('all' in condition) return combined(condition, condition.all.map((part) => check(part, facts, patterns)), (parts) => parts.every(({ matched }) => matched));
  if ('any' in condition) return combined(condition, condition.any.map((part) => check(part, facts, patterns)), (parts) => parts.some(({ matched }) => matched));
  if ('not' in condition) return combined(condition, [check(condition.not, facts, patterns)], (parts) => parts.every(({ matched }) => !matched));
  const { matched, seen } = look(condition, facts, patterns);
  return { condition, matched, seen: shortened(seen), parts: [] };
}

type Simple = Exclude<Condition, { readonly all: unknown } | { readonly any: unknown } | { readonly not: unknown }>;

function look(condition: Simple, { mail, kind, ...facts }: RoutingFacts, patterns: PatternEngine): { readonly matched: boolean; readonly seen: string } {
  if ('from' in condition) return lookAtAddresses(condition.from, [mail.from ?? mail.sender].filter((address) => address !== undefined), patterns);
  if ('to' in condition) {
    const delivered = (facts.recipients ?? []).map((address): MailAddress => ({ address, name: '' }));
    return lookAtAddresses(condition.to, [...mail.to, ...mail.cc, ...delivered], patterns);
  }
  if ('subject' in condition) return { matched: matchesText(condition.subject, mail.subject, patterns), seen: mail.subject };
  if ('body' in condition) {
    // A quoted history tells what we wrote ourselves; in a forwarded mail the quotation is the matter.
    const text = mail.forwarded ? mail.text : mail.visibleText;
    return { matched: matchesText(condition.body, text, patterns), seen: text };
  }
  if ('header' in condition) {
    const values = mail.headers.get(condition.header.name.toLowerCase()) ?? [];
    return { matched: values.some((value) => matchesText(condition.header.matches, value, patterns)), seen: values.join('; ') };
  }
  if ('mailbox' in condition) return { matched: facts.mailboxId === condition.mailbox, seen: facts.mailboxId };
  if ('attachment' in condition) return lookAtAttachments(condition.attachment, mail, patterns);
  if ('larger' in condition) return { matched: mail.bytes > condition.larger, seen: String(mail.bytes) };
  if ('smaller' in condition) return { matched: mail.bytes < condition.smaller, seen: String(mail.bytes) };
  if ('language' in condition) return { matched: mail.language === condition.language.toLowerCase(), seen: mail.language ?? '' };
  if ('knownCustomer' in condition) return { matched: facts.knownCustomer === condition.knownCustomer, seen: String(facts.knownCustomer) };
  if ('hours' in condition) return { matched: facts.businessHours === (condition.hours === 'business'), seen: facts.businessHours ? 'business' : 'outside' };
  if ('automatic' in condition) return lookAtKind(condition.automatic, kind);
  return { matched: condition.always, seen: '' };
}

function lookAtAddresses(pattern: string, addresses: readonly MailAddress[], patterns: PatternEngine): { readonly matched: boolean; readonly seen: string } {
  return { matched: matchesAddress(pattern, addresses, patterns), seen: addresses.map(({ address, name }) => (name ? `${name} <${address}>` : address)).join(', ') };
}

function lookAtAttachments(wanted: boolean | string, { attachments }: ParsedMail, patterns: PatternEngine): { readonly matched: boolean; readonly seen: string } {
  // A logo in a signature is not "has a file"; asked for by name, any file counts.
  const counted = typeof wanted === 'string' ? attachments : attachments.filter(({ inline }) => !inline);
  const matched = typeof wanted === 'string' ? counted.some(({ fileName }) => matchesText(wanted, fileName, patterns)) : counted.length > 0 === wanted;
  return { matched, seen: counted.map(({ fileName }) => fileName).join(', ') };
}

function lookAtKind(wanted: boolean | MailKind['kind'], kind: MailKind): { readonly matched: boolean; readonly seen: string } {
  const matched = typeof wanted === 'boolean' ? (kind.kind !== 'personal') === wanted : kind.kind === wanted;
  return { matched, seen: 'reason' in kind ? `${kind.kind} (${kind.reason})` : kind.kind };
}

function combined(condition: Condition, parts: readonly ConditionTrace[], verdict: (parts: readonly ConditionTrace[]) => boolean): ConditionTrace {
  return { condition, matched: verdict(parts), seen: '', parts };
}

function tryRule(rule: Rule, facts: RoutingFacts, patterns: PatternEngine): { readonly why: ConditionTrace } | { readonly problem: string } {
  try {
    return { why: check(rule.when, facts, patterns) };
  } catch (error) {
    if (error instanceof PatternError) return { problem: error.message };
    throw error;
  }
}

function untaken(rule: Rule, result: RuleTrace['result'], why: ConditionTrace | undefined): RuleTrace {
  return { rule, result, why, problem: undefined, actions: rule.then.map((action) => ({ action, took: false })) };
}

interface Decided {
  place?: { readonly channelId: ChannelId } | { readonly folderId: FolderId };
  teamId?: TeamId;
  agentId?: AgentId;
  priority?: Priority;
  acknowledge?: TemplateId;
  spam?: true;
  readonly labels: LabelId[];
}

/** @returns whether the action had an effect. */
function take(action: Action, decided: Decided): boolean {
  if ('stop' in action) return true;
  if ('label' in action) return addOnce(decided.labels, action.label);
  if ('channel' in action) return decide(decided, 'place', { channelId: action.channel });
  if ('folder' in action) return decide(decided, 'place', { folderId: action.folder });
  if ('team' in action) return decide(decided, 'teamId', action.team);
  if ('agent' in action) return decide(decided, 'agentId', action.agent);
  if ('priority' in action) return decide(decided, 'priority', action.priority);
  if ('spam' in action) return decide(decided, 'spam', action.spam);
  return decide(decided, 'acknowledge', action.acknowledge);
}

/** The first answer to a question stands. */
function decide<Question extends Exclude<keyof Decided, 'labels'>>(decided: Decided, question: Question, answer: NonNullable<Decided[Question]>): boolean {
  if (decided[question] !== undefined) return false;
  Object.assign(decided, { [question]: answer });
  return true;
}

function addOnce(labels: LabelId[], label: LabelId): boolean {
  if (labels.includes(label)) return false;
  labels.push(label);
  return true;
}

function outcomeOf({ place, teamId, agentId, priority, acknowledge, spam, labels }: Decided): RoutingOutcome {
  return {
    channelId: place && 'channelId' in place ? place.channelId : undefined,
    folderId: place && 'folderId' in place ? place.folderId : undefined,
    teamId,
    agentId,
    labels,
    priority,
    acknowledge: acknowledge === undefined ? [] : [acknowledge],
    spam: spam === true,
  };
}

function shortened(text: string): string {
  const line = text.slice(0, 4 * MAX_SEEN_CHARS).replace(/\s+/g, ' ').trim();
  return line.length > MAX_SEEN_CHARS ? `${line.slice(0, MAX_SEEN_CHARS - 1)}…` : line;
}
