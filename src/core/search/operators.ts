/** The operators of search: their names in every language, what they take, and an example of each. */
import type { MessageKey } from '../language/catalogue.js';

export const OPERATORS = ['from', 'to', 'subject', 'is', 'assignee', 'team', 'label', 'priority', 'mailbox', 'in', 'has', 'before', 'after', 'on', 'saved'] as const;
export type Operator = (typeof OPERATORS)[number];

/** Polish names, without their marks; search folds what is typed. */
const ALIASES: Readonly<Record<string, Operator>> = {
  od: 'from', do: 'to', temat: 'subject', jest: 'is', kto: 'assignee', prowadzi: 'assignee', zespol: 'team', etykieta: 'label', tag: 'label', priorytet: 'priority', skrzynka: 'mailbox', w: 'in', ma: 'has', przed: 'before', po: 'after',
  since: 'after', until: 'before', dnia: 'on', zapisane: 'saved',
};

/** What it is for, in one line. */
export const MEANINGS: Readonly<Record<Operator, MessageKey>> = {
  from: 'search.op.from', to: 'search.op.to', subject: 'search.op.subject', is: 'search.op.is', assignee: 'search.op.assignee', team: 'search.op.team', label: 'search.op.label', priority: 'search.op.priority',
  mailbox: 'search.op.mailbox', in: 'search.op.in', has: 'search.op.has', before: 'search.op.before', after: 'search.op.after', on: 'search.op.on', saved: 'search.op.saved',
};

export const EXAMPLES: Readonly<Record<Operator, string>> = {
  from: 'from:anna@example.com', to: 'to:shop', subject: 'subject:"broken cup"', is: 'is:open', assignee: 'assignee:me', team: 'team:care', label: 'label:complaint', priority: 'priority:high', mailbox: 'mailbox:shop',
  in: 'in:returns', has: 'has:attachment', before: 'before:2026-11-20', after: 'after:yesterday', on: 'on:today', saved: 'saved:"old returns"',
};

/** What `is:` takes, with other words for each. */
export const STATES = ['open', 'pending', 'snoozed', 'closed', 'spam', 'unassigned', 'assigned', 'mine', 'waiting', 'overdue'] as const;
export type State = (typeof STATES)[number];
export const STATE_WORDS: Readonly<Record<string, State>> = {
  otwarta: 'open', otwarte: 'open', done: 'closed', zamknieta: 'closed', zamkniete: 'closed', odlozona: 'snoozed', odlozone: 'snoozed', niczyja: 'unassigned', niczyje: 'unassigned', przydzielona: 'assigned', moja: 'mine', moje: 'mine',
  czeka: 'waiting', oczekuje: 'pending', late: 'overdue', 'po terminie': 'overdue', 'po-terminie': 'overdue',
};

/** What `has:` takes. */
export const ATTACHMENT_WORDS: ReadonlySet<string> = new Set(['attachment', 'attachments', 'file', 'files', 'zalacznik', 'zalaczniki', 'plik', 'pliki']);

/** @param name folded */
export function operatorNamed(name: string): Operator | undefined {
  return OPERATORS.find((operator) => operator === name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined);
}
