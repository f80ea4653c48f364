/**
 * What people type into a search, read: words, "several in this order", and operators such as `from:anna`, `is:open`, `-label:complaint`, `after:yesterday`. A minus turns a part round.
 * Pure: the desk, the reader and the moment are handed in.
 */
import { fold, foldedWords } from '../fold.js';
import type { AgentId } from '../ids.js';
import type { MessageKey, MessageParams } from '../language/catalogue.js';
import { PRIORITIES, STATUSES, type Desk } from '../model.js';
import type { Priority } from '../priority.js';
import { readPastDay } from './days.js';
import { ATTACHMENT_WORDS, EXAMPLES, operatorNamed, OPERATORS, STATES, STATE_WORDS, type Operator, type State } from './operators.js';
import type { Condition, SearchQuery, WordsIn } from './query.js';

/** Who searches, when, and on which desk. */
export interface SearchContext {
  readonly desk: Pick<Desk, 'agents' | 'teams' | 'labels' | 'mailboxes' | 'channels' | 'folders'>;
  readonly me: AgentId;
  readonly now: Date;
  readonly timeZone: string;
  /** Saved searches that the reader may use. */
  readonly saved: readonly { readonly name: string; readonly words: string }[];
}

export type ParsedSearch = { readonly query: SearchQuery } | { readonly problem: { readonly key: MessageKey; readonly params: MessageParams } };

/** More parts narrow nothing down, and would make a slow query. */
const MAX_PARTS = 40;
/** A saved search may name another one, but not for ever. */
const MAX_DEPTH = 5;

/** `-`, an operator with its colon, and a value that may stand in quotation marks; or plain words. */
const PART = /(-?)(?:([\p{L}][\p{L}-]*):)?(?:"([^"]*)(?:"|$)|(\S*))(?:\s+|$)/uy;
/** What mails hold that looks like an operator: addresses of pages, times, "Re:". */
const NO_OPERATOR = /^(?:\/\/|$)/;

export function parseSearch(text: string, context: SearchContext): ParsedSearch {
  try {
    const conditions = readParts(text, context, 0);
    return { query: { conditions: withOpenEnd(conditions), number: wholeNumber(text) } };
  } catch (error) {
    if (error instanceof Problem) return { problem: { key: error.key, params: error.params } };
    throw error;
  }
}

/** Words without any operator, the last one as a beginning. */
export function plainSearch(text: string): SearchQuery {
  return { conditions: withOpenEnd(foldedWords(text).map((word) => words(undefined, [word], false, false))), number: undefined };
}

/** Carries what is wrong out of the reading. */
class Problem extends Error {
  constructor(
    readonly key: MessageKey,
    readonly params: MessageParams,
  ) {
    super(key);
  }
}

function wholeNumber(text: string): number | undefined {
  const digits = /^\s*#?(\d{1,9})\s*$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function readParts(text: string, context: SearchContext, depth: number): Condition[] {
  const conditions: Condition[] = [];
  const left = text.trim();
  PART.lastIndex = 0;
  while (PART.lastIndex < left.length) {
    const at = PART.lastIndex;
    const [whole, minus, name, quoted, bare] = PART.exec(left) ?? [];
    // Cannot be: the pattern takes any text. Without progress it would read for ever.
    if (whole === undefined || whole === '') break;
    const end = at + whole.length;
    conditions.push(...readPart({ whole: whole.trim(), not: minus === '-', name, quoted, bare: bare ?? '' }, context, depth));
    if (conditions.length > MAX_PARTS) throw new Problem('search.too-many', { count: MAX_PARTS });
    PART.lastIndex = end;
  }
  return conditions;
}

interface Part {
  readonly whole: string;
  readonly not: boolean;
  readonly name: string | undefined;
  readonly quoted: string | undefined;
  readonly bare: string;
}

function readPart(part: Part, context: SearchContext, depth: number): readonly Condition[] {
  const { name, not, quoted, bare } = part;
  const operator = name === undefined ? undefined : operatorNamed(fold(name));
  if (operator) {
    const value = (quoted ?? bare).trim();
    if (value === '') throw new Problem('search.no-value', { operator: `${name ?? operator}:`, example: EXAMPLES[operator] });
    return OPERATOR_READERS[operator](value, { ...part, operator }, context, depth);
  }
  if (name !== undefined && !(quoted === undefined && NO_OPERATOR.test(bare))) {
    throw new Problem('search.unknown-operator', { operator: `${name}:`, list: OPERATORS.map((known) => `${known}:`).join(', '), quoted: `"${part.whole.replace(/^-|"/g, '')}"` });
  }
  const number = quoted === undefined && name === undefined ? /^#(\d{1,9})$/.exec(bare)?.[1] : undefined;
  if (number !== undefined) return [{ kind: 'number', number: Number(number), not }];
  const found = foldedWords(`${name ?? ''} ${quoted ?? bare}`);
  // A lone minus between words is a dash.
  if (found.length === 0) return [];
  if (quoted !== undefined || not) return [words(undefined, found, true, not)];
  return found.map((word) => words(undefined, [word], false, false));
}

type ReadOperator = (value: string, part: Part & { readonly operator: Operator }, context: SearchContext, depth: number) => readonly Condition[];

const inMails = (place: WordsIn): ReadOperator => (value, { not, quoted }) => {
  const found = foldedWords(value);
  return found.length === 0 ? [] : [{ kind: 'words', in: place, words: found, phrase: true, open: quoted === undefined, not }];
};

const OPERATOR_READERS: Readonly<Record<Operator, ReadOperator>> = {
  from: inMails('from'),
  to: inMails('to'),
  subject: inMails('subject'),

  is(value, { not, operator }, context) {
    const word = fold(value);
    const state = STATES.find((known) => known === word) ?? (Object.hasOwn(STATE_WORDS, word) ? STATE_WORDS[word] : undefined);
    const priority = PRIORITIES.find((known) => known === word);
    if (state) return conditionsOf(state, not, context);
    if (priority) return [{ kind: 'priority', priority, not }];
    throw unknownValue(operator, value, [...STATES, ...PRIORITIES]);
  },

  assignee(value, { not, operator }, { desk, me }) {
    const word = fold(value.replace(/^@/, ''));
    if (['me', 'ja', 'mnie'].includes(word)) return [{ kind: 'assignee', agentId: me, not }];
    if (['none', 'nobody', 'nikt'].includes(word)) return [{ kind: 'assignee', agentId: undefined, not }];
    const agents = desk.agents.filter(({ id, name, email }) => [id, name, email].some((known) => fold(known) === word));
    const named = agents.length > 0 ? agents : desk.agents.filter(({ name }) => fold(name).split(/\s+/).includes(word));
    const [agent, another] = named;
    if (another) throw new Problem('refused.ambiguous-person', { said: value, names: named.map(({ name }) => name).join(', ') });
    if (!agent) throw unknownValue(operator, value, ['me', 'none', ...desk.agents.map(({ name }) => name)]);
    return [{ kind: 'assignee', agentId: agent.id, not }];
  },

  team(value, { not, operator }, { desk }) {
    if (['none', 'brak'].includes(fold(value))) return [{ kind: 'team', teamId: undefined, not }];
    return [{ kind: 'team', teamId: named(desk.teams, value, operator).id, not }];
  },
  label: (value, { not, operator }, { desk }) => [{ kind: 'label', labelId: named(desk.labels, value, operator).id, not }],
  mailbox(value, { not, operator }, { desk }) {
    const mailbox = desk.mailboxes.find(({ address, aliases }) => [address, ...aliases].includes(value.toLowerCase())) ?? named(desk.mailboxes, value, operator);
    return [{ kind: 'mailbox', mailboxId: mailbox.id, not }];
  },
  in(value, { not, operator }, { desk }) {
    const channel = byName(desk.channels, value);
    if (channel) return [{ kind: 'channel', channelId: channel.id, not }];
    const folder = byName(desk.folders, value);
    if (folder) return [{ kind: 'folder', folderId: folder.id, not }];
    throw unknownValue(operator, value, [...desk.channels, ...desk.folders].map(({ name }) => name));
  },

  priority(value, { not, operator }) {
    const word = fold(value);
    const priority = PRIORITIES.find((known) => known === word) ?? (Object.hasOwn(PRIORITY_WORDS, word) ? PRIORITY_WORDS[word] : undefined);
    if (!priority) throw unknownValue(operator, value, PRIORITIES);
    return [{ kind: 'priority', priority, not }];
  },

  has(value, { not, operator }) {
    if (!ATTACHMENT_WORDS.has(fold(value))) throw unknownValue(operator, value, ['attachment']);
    return [{ kind: 'files', not }];
  },

  before: (value, { not, operator }, context) => [{ kind: 'at', from: undefined, until: dayOf(value, operator, context).from, not }],
  after: (value, { not, operator }, context) => [{ kind: 'at', from: dayOf(value, operator, context).from, until: undefined, not }],
  on: (value, { not, operator }, context) => [{ kind: 'at', ...dayOf(value, operator, context), not }],

  saved(value, { not, operator }, context, depth) {
    const search = context.saved.find(({ name }) => fold(name) === fold(value));
    if (!search) throw context.saved.length === 0 ? new Problem('search.nothing-saved', { said: value }) : unknownValue(operator, value, context.saved.map(({ name }) => name));
    if (not) throw new Problem('search.not-saved', { said: value });
    if (depth >= MAX_DEPTH) throw new Problem('search.saved-in-circles', { said: value });
    return readParts(search.words, context, depth + 1);
  },
};

const PRIORITY_WORDS: Readonly<Record<string, Priority>> = { niski: 'low', zwykly: 'normal', wysoki: 'high', pilny: 'urgent' };

function conditionsOf(state: State, not: boolean, { me, now }: SearchContext): readonly Condition[] {
  const status = STATUSES.find((known) => known === state);
  if (status) return [{ kind: 'status', status, not }];
  switch (state) {
    case 'unassigned': return [{ kind: 'assignee', agentId: undefined, not }];
    case 'assigned': return [{ kind: 'assignee', agentId: undefined, not: !not }];
    case 'mine': return [{ kind: 'assignee', agentId: me, not }];
    // Only what is open can be: among these few it is found at once.
    case 'overdue': return [...(not ? [] : [{ kind: 'status', status: 'open', not } as const]), { kind: 'due', by: now, not }];
    default: return [{ kind: 'waiting', not }];
  }
}

function dayOf(value: string, operator: Operator, { now, timeZone }: SearchContext): { readonly from: Date; readonly until: Date } {
  const span = readPastDay(value, now, timeZone);
  if (!span) throw new Problem('search.bad-date', { operator: `${operator}:`, said: value, example: EXAMPLES[operator] });
  return span;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function byName<Thing extends Named>(things: readonly Thing[], said: string): Thing | undefined {
  const word = fold(said.replace(/^#/, ''));
  return things.find(({ id, name }) => fold(id) === word || fold(name) === word);
}

function named<Thing extends Named>(things: readonly Thing[], said: string, operator: Operator): Thing {
  const found = byName(things, said);
  if (!found) throw unknownValue(operator, said, things.map(({ name }) => name));
  return found;
}

const unknownValue = (operator: Operator, said: string, known: readonly string[]): Problem => new Problem('search.unknown-value', { operator: `${operator}:`, said, list: known.join(', ') || '-' });

const words = (place: WordsIn, found: readonly string[], phrase: boolean, not: boolean): Condition => ({ kind: 'words', in: place, words: found, phrase, open: false, not });

/** The last plain word is still being typed: it may be the beginning of a longer one. */
function withOpenEnd(conditions: readonly Condition[]): readonly Condition[] {
  const last = conditions.findLastIndex((condition) => condition.kind === 'words' && condition.in === undefined && !condition.phrase);
  return conditions.map((condition, index) => (index === last && condition.kind === 'words' ? { ...condition, open: true } : condition));
}
