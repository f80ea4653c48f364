/** A routing, told line by line: what `goniec rules test` prints. Ids are those of desk.yaml, where people will look them up. */
import { say } from './language/say.js';
import type { Locale } from './model.js';
import type { ConditionTrace, Routing, RuleTrace } from './routing.js';
import type { Action, Condition } from './rules.js';

const INDENT = '  ';

/** @param defaultChannel the channel of the mailbox, where mail goes that no rule gave a place */
export function explainRouting(routing: Routing, defaultChannel: string, locale: Locale): string {
  const { channelId, folderId } = routing.outcome;
  const place = routing.outcome.spam
    ? say(locale, 'trace.place.spam')
    : folderId !== undefined ? say(locale, 'trace.place.folder', { value: folderId })
    : channelId !== undefined ? say(locale, 'trace.place.channel', { value: channelId }) : say(locale, 'trace.default-channel', { channel: defaultChannel });
  return [...routing.trace.flatMap((trace) => explainRule(trace, locale)), place].join('\n');
}

function explainRule({ rule, result, why, problem, actions }: RuleTrace, locale: Locale): readonly string[] {
  const verdict = {
    fired: () => say(locale, 'trace.fired'),
    'not-fired': () => say(locale, 'trace.not-fired'),
    'not-reached': () => say(locale, 'trace.not-reached'),
    broken: () => say(locale, 'trace.broken', { problem: problem ?? '' }),
  }[result]();
  const heading = say(locale, 'trace.rule', { position: rule.position, rule: rule.name, result: verdict });
  const conditions = why ? explainCondition(why, locale, 1) : [];
  const effects = result === 'fired' ? actions.map(({ action, took }) => `${INDENT}-> ${took ? actionText(action, locale) : say(locale, 'trace.decided', { action: actionText(action, locale) })}`) : [];
  return [heading, ...conditions, ...effects];
}

function explainCondition({ condition, matched, seen, parts }: ConditionTrace, locale: Locale, depth: number): readonly string[] {
  const sign = matched ? '+' : '-';
  const [name, wanted] = conditionText(condition);
  const text = parts.length > 0 || name === 'always' ? name : say(locale, 'trace.condition', { condition: name, wanted, seen: seen || say(locale, 'trace.nothing') });
  return [`${INDENT.repeat(depth)}${sign} ${text}`, ...parts.flatMap((part) => explainCondition(part, locale, depth + 1))];
}

/** As it is written in desk.yaml. */
function conditionText(condition: Condition): readonly [name: string, wanted: string] {
  if ('all' in condition) return ['all', ''];
  if ('any' in condition) return ['any', ''];
  if ('not' in condition) return ['not', ''];
  if ('header' in condition) return [`header ${condition.header.name}`, `“${condition.header.matches}”`];
  if ('knownCustomer' in condition) return ['known-customer', String(condition.knownCustomer)];
  const [[name, wanted] = ['', '']] = Object.entries(condition);
  return [name, typeof wanted === 'string' ? `“${wanted}”` : String(wanted)];
}

function actionText(action: Action, locale: Locale): string {
  if ('channel' in action) return say(locale, 'trace.action.channel', { value: action.channel });
  if ('folder' in action) return say(locale, 'trace.action.folder', { value: action.folder });
  if ('team' in action) return say(locale, 'trace.action.team', { value: action.team });
  if ('agent' in action) return say(locale, 'trace.action.agent', { value: action.agent });
  if ('label' in action) return say(locale, 'trace.action.label', { value: action.label });
  if ('priority' in action) return say(locale, 'trace.action.priority', { value: action.priority });
  if ('acknowledge' in action) return say(locale, 'trace.action.acknowledge', { value: action.acknowledge });
  if ('spam' in action) return say(locale, 'trace.action.spam');
  return say(locale, 'trace.action.stop');
}
