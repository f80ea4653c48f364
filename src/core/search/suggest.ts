/** What may come next in a search, while somebody types: operators, and the values that each takes on this desk. */
import { fold } from '../fold.js';
import type { MessageKey } from '../language/catalogue.js';
import { PRIORITIES } from '../model.js';
import { MEANINGS, operatorNamed, OPERATORS, STATES, type Operator } from './operators.js';
import type { SearchContext } from './parse.js';

export interface Suggestion {
  /** The whole search with this put at its end. */
  readonly text: string;
  /** What it means, where it is an operator; its value speaks for itself. */
  readonly meaning: MessageKey | undefined;
}

const DAYS = ['today', 'yesterday', '7d', '30d'];
/** The beginning of the last part: everything after the last blank outside quotation marks. */
const LAST_PART = /(-?)([^\s":]*)(?::("?)([^"]*))?$/u;

export function suggestSearch(typed: string, context: Pick<SearchContext, 'desk' | 'saved'>, limit: number): readonly Suggestion[] {
  const match = LAST_PART.exec(typed);
  const [part = '', minus = '', name = '', , value] = match ?? [];
  const before = typed.slice(0, typed.length - part.length);
  if (value === undefined) {
    const wanted = fold(name);
    return OPERATORS.filter((operator) => operator.startsWith(wanted)).slice(0, limit).map((operator) => ({ text: `${before}${minus}${operator}:`, meaning: MEANINGS[operator] }));
  }
  const operator = operatorNamed(fold(name));
  if (!operator) return [];
  const wanted = fold(value);
  return valuesOf(operator, context).filter((known) => fold(known).includes(wanted)).slice(0, limit).map((known) => ({ text: `${before}${minus}${name}:${/[\s"]/.test(known) ? `"${known}"` : known}`, meaning: undefined }));
}

function valuesOf(operator: Operator, { desk, saved }: Pick<SearchContext, 'desk' | 'saved'>): readonly string[] {
  const names = (things: readonly { readonly name: string }[]): readonly string[] => things.map(({ name }) => name);
  switch (operator) {
    case 'is': return STATES;
    case 'priority': return PRIORITIES;
    case 'assignee': return ['me', 'none', ...names(desk.agents)];
    case 'team': return ['none', ...names(desk.teams)];
    case 'label': return names(desk.labels);
    case 'mailbox': return desk.mailboxes.map(({ address }) => address);
    case 'in': return names([...desk.channels, ...desk.folders]);
    case 'has': return ['attachment'];
    case 'before': case 'after': case 'on': return DAYS;
    case 'saved': return names(saved);
    case 'to': return desk.mailboxes.map(({ address }) => address);
    case 'from': case 'subject': return [];
  }
}
