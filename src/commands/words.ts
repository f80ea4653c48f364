/**
 * What people type, read as a call: `/reply template:thanks We send it today`, `!close`, `/assign 42 anna`. Options are name:value (quotes around values with spaces); the
 * option that is free text takes the rest.
 */
import type { CommandDefinition, OptionKind } from './definition.js';

export type Words =
  | { readonly kind: 'call'; readonly command: CommandDefinition; readonly args: Readonly<Record<string, string>> }
  /** Begins like a command, but there is none of that name. */
  | { readonly kind: 'unknown'; readonly said: string; readonly suggestion: string | undefined }
  /** Plain words: a note, never a mail. */
  | { readonly kind: 'plain' };

const COMMAND = /^[/!]([\p{L}?][\p{L}\p{N}-]*|\?)(?:\s+|$)/u;
const OPTION = /^([a-z][a-z-]*):(?:"([^"]*)"|(\S+))(?:\s+|$)/;
/** One word, or several in quotation marks. */
const WORD = /^(?:"([^"]*)"|(\S+))(?:\s+|$)/;
/** What is named in one word, or in several in quotation marks, with text behind it. */
const ONE_WORD: ReadonlySet<OptionKind> = new Set<OptionKind>(['word', 'assignee', 'template']);
const NUMBER = /^#?(\d{1,9})(?:\s+|$)/;

export function parseWords(text: string, catalogue: readonly CommandDefinition[]): Words {
  const [whole, said] = COMMAND.exec(text.trimStart()) ?? [];
  if (whole === undefined || said === undefined) return { kind: 'plain' };
  const name = said.toLowerCase();
  const command = catalogue.find((known) => known.name === name || known.aliases.includes(name));
  if (!command) return { kind: 'unknown', said, suggestion: nearest(name, catalogue) };
  return { kind: 'call', command, args: readArguments(text.trimStart().slice(whole.length), command) };
}

/** The rest of the line behind a verb. A conversation's number becomes the argument `conversation`. */
function readArguments(rest: string, command: CommandDefinition): Readonly<Record<string, string>> {
  const args: Record<string, string> = {};
  let left = rest.trim();
  if (command.onConversation) {
    const [whole, digits] = NUMBER.exec(left) ?? [];
    if (whole !== undefined && digits !== undefined) {
      args['conversation'] = digits;
      left = left.slice(whole.length);
    }
  }
  for (let match = OPTION.exec(left); match; match = OPTION.exec(left)) {
    const [whole, name = '', quoted, bare] = match;
    // "see http://..." is text, not an option.
    if (!command.options.some((option) => option.name === name && !option.hidden)) break;
    args[name] = quoted ?? bare ?? '';
    left = left.slice(whole.length);
  }
  const asked = command.options.filter((option) => !option.hidden && option.kind !== 'flag' && (option.kind !== 'template' || option.required) && args[option.name] === undefined);
  for (const option of asked.slice(0, -1)) {
    const [whole, quoted, bare] = option.required && ONE_WORD.has(option.kind) ? (WORD.exec(left) ?? []) : [];
    if (whole === undefined) continue;
    args[option.name] = quoted ?? bare ?? '';
    left = left.slice(whole.length);
  }
  const free = asked.findLast(({ name }) => args[name] === undefined);
  if (left && free) args[free.name] = left;
  return onlyOther(args, command);
}

/** "/merge 42" in a thread: the number is the other conversation; this one is where it was said. */
function onlyOther(args: Readonly<Record<string, string>>, { options }: CommandDefinition): Readonly<Record<string, string>> {
  const { conversation, ...rest } = args;
  const other = options.find(({ kind, required }) => kind === 'conversation' && required);
  return conversation !== undefined && other && args[other.name] === undefined ? { ...rest, [other.name]: conversation } : args;
}

/** The verb that was probably meant: at most two letters off. */
export function nearest(said: string, catalogue: readonly CommandDefinition[]): string | undefined {
  const names = catalogue.flatMap(({ name, aliases }) => [name, ...aliases].map((word) => ({ word, name })));
  const [best] = names.map(({ word, name }) => ({ name, off: editDistance(said, word) })).sort((left, right) => left.off - right.off);
  return best && best.off <= Math.min(2, Math.ceil(said.length / 3)) ? best.name : undefined;
}

/** Letters to add, drop or change (Levenshtein). */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + change));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
