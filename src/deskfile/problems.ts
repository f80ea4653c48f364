import type { MessageKey, MessageParams } from '../core/language/catalogue.js';
import { say } from '../core/language/say.js';
import type { Locale } from '../core/model.js';

/** What is wrong with one value; said in the reader's language by `formatProblems`. Values of secrets are never in it. */
export interface Complaint {
  readonly key: MessageKey;
  readonly params?: MessageParams;
  /** Parameters that are texts of the catalogue themselves: "a list". */
  readonly words?: Readonly<Record<string, MessageKey>>;
  /** What was probably meant. */
  readonly suggestion?: string;
  /** A second sentence that helps. */
  readonly hint?: { readonly key: MessageKey; readonly params?: MessageParams };
}

/** Steps from the root of desk.yaml: keys and places in lists (from 0). */
export type DeskPath = readonly (string | number)[];

/** A mistake in desk.yaml and where it is: line and column count from 1. */
export interface DeskProblem extends Complaint {
  readonly line: number;
  readonly column: number;
  /** `mailboxes.shop.imap.port`; places in lists count from 1: `rules[2].when`. */
  readonly path: string;
}

export function pathText(path: DeskPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step + 1}]` : index === 0 ? step : `.${step}`)).join('');
}

/** All mistakes, one a line, as editors and terminals link them: `desk.yaml:12:5 mailboxes.shop.port: ...`. */
export function formatProblems(problems: readonly DeskProblem[], file: string, locale: Locale): string {
  const lines = problems.map((problem) => `${file}:${problem.line}:${problem.column} ${problem.path ? `${problem.path}: ` : ''}${complaintText(problem, locale)}`);
  return [say(locale, 'deskfile.heading', { file, count: problems.length }), ...lines].join('\n');
}

/** What is wrong, with the suggestion and the hint. */
function complaintText({ key, params, words, suggestion, hint }: Complaint, locale: Locale): string {
  const translated = Object.fromEntries(Object.entries(words ?? {}).map(([name, word]) => [name, say(locale, word)]));
  const sentences = [say(locale, key, { ...params, ...translated })];
  if (suggestion !== undefined) sentences.push(say(locale, 'deskfile.did-you-mean', { suggestion }));
  if (hint) sentences.push(say(locale, hint.key, hint.params));
  return sentences.map((sentence) => (/[.?]$/.test(sentence) ? sentence : `${sentence}.`)).join(' ');
}
