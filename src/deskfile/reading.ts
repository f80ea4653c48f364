import { z } from 'zod';
import type { MessageKey } from '../core/language/catalogue.js';
import type { Complaint } from './problems.js';
import { nearest } from './suggest.js';

/** A value, or what is wrong with it. */
export type Read<Value> = { readonly value: Value } | { readonly complaint: Complaint };

/** A zod schema from a reader; a missing value is reported as missing, the rest by the reader. */
export function reading<Value>(read: (input: unknown) => Read<Value>) {
  return z.unknown().transform((input, context): Value => {
    const result: Read<Value> = input === undefined ? { complaint: { key: 'deskfile.missing' } } : read(input);
    if ('value' in result) return result.value;
    context.addIssue({ code: 'custom', params: { complaint: result.complaint } });
    return z.NEVER;
  });
}

/** The word for what was found where something else belongs; never the value, which may be a secret. */
function typeWord(input: unknown): MessageKey {
  if (input === null || input === undefined) return 'deskfile.type.nothing';
  if (Array.isArray(input)) return 'deskfile.type.list';
  if (typeof input === 'string') return 'deskfile.type.text';
  if (typeof input === 'number') return 'deskfile.type.number';
  if (typeof input === 'boolean') return 'deskfile.type.yes-no';
  return 'deskfile.type.mapping';
}

export function wrongType(input: unknown, expected: MessageKey): Complaint {
  const quotable = expected === 'deskfile.type.text' && (typeof input === 'number' || typeof input === 'boolean');
  return { key: 'deskfile.expected', words: { expected, found: typeWord(input) }, ...(quotable && { hint: { key: 'deskfile.quote-it' as const } }) };
}

/** A reader of text that has to have some form. */
export function textReader<Value>(read: (text: string) => Value | undefined, complain: (text: string) => Complaint): (input: unknown) => Read<Value> {
  return (input) => {
    if (typeof input !== 'string') return { complaint: wrongType(input, 'deskfile.type.text') };
    const value = read(input);
    return value === undefined ? { complaint: complain(input) } : { value };
  };
}

export function suggested(found: string, candidates: Iterable<string>): { readonly suggestion?: string } {
  const suggestion = nearest(found, candidates);
  return suggestion === undefined ? {} : { suggestion };
}

/** A mapping that takes these keys and no others. The message of an unknown key lists them; `problemsOf` reads it. */
export function mapping<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(KEY_SEPARATOR) : undefined) });
}

export const KEY_SEPARATOR = ', ';
