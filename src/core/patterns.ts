/**
 * Text patterns of routing rules. Three forms: `/.../` (with flags i, m, s) is a regular expression; for addresses, anything with an @ is compared whole; every
 * other text matches where it is contained, whatever its case and accents.
 */
import { fold } from './fold.js';
import type { MailAddress } from './mail.js';
import type { TextPattern } from './rules.js';

/** Runs regular expressions in time that grows with the text only, whatever the pattern (RE2: no look-around, no back-references). */
export interface PatternEngine {
  /** @throws PatternError when it is not a pattern that can be run safely. */
  compile(source: string, flags: string): CompiledPattern;
}

export interface CompiledPattern {
  test(text: string): boolean;
}

/** The pattern cannot be used; the message says why, in the engine's words. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** A pattern is a few words or one expression; a longer one is a mistake, or an attempt to be slow. */
export const MAX_PATTERN_CHARS = 500;

/** What routing looks for stands near the beginning; reading more would only cost time. In UTF-16 code units. */
export const MAX_TEXT_CHARS = 20_000;

const FLAGS = /^[ims]*$/;

export type ParsedPattern = { readonly kind: 'regex'; readonly source: string; readonly flags: string } | { readonly kind: 'text'; readonly text: string };

/** @throws PatternError when it is empty, too long or has an unknown flag. */
export function parsePattern(pattern: TextPattern): ParsedPattern {
  if (comparable(pattern) === '') throw new PatternError('it is empty');
  if (pattern.length > MAX_PATTERN_CHARS) throw new PatternError(`it is longer than ${MAX_PATTERN_CHARS} characters`);
  const end = pattern.lastIndexOf('/');
  if (!pattern.startsWith('/') || end < 2 || !/^[a-z]*$/.test(pattern.slice(end + 1))) return { kind: 'text', text: pattern };
  const flags = pattern.slice(end + 1);
  if (!FLAGS.test(flags)) throw new PatternError(`unknown flag in "${flags}": there are i, m and s`);
  return { kind: 'regex', source: pattern.slice(1, end), flags };
}

/** Whether `text` fits. @throws PatternError */
export function matchesText(pattern: TextPattern, text: string, engine: PatternEngine): boolean {
  const parsed = parsePattern(pattern);
  const read = text.slice(0, MAX_TEXT_CHARS);
  return parsed.kind === 'regex' ? engine.compile(parsed.source, parsed.flags).test(read) : comparable(read).includes(comparable(parsed.text));
}

/** Where a line breaks says nothing. */
function comparable(text: string): string {
  return fold(text).replace(/\s+/g, ' ').trim();
}

/**
 * Whether one of the addresses fits. `@shop.example` is that domain and no other, nor its subdomains; `sales@` is that name before the @; a whole address is
 * that address, whatever +tag the mail has. All three look at the address only: a display name that looks like an address proves nothing.
 * @throws PatternError
 */
export function matchesAddress(pattern: TextPattern, addresses: readonly MailAddress[], engine: PatternEngine): boolean {
  const parsed = parsePattern(pattern);
  if (parsed.kind === 'text' && parsed.text.includes('@')) {
    const wanted = parsed.text.trim().toLowerCase();
    return addresses.some(({ address }) => sameAddress(wanted, address.toLowerCase()));
  }
  return addresses.some(({ address, name }) => matchesText(pattern, address, engine) || (name !== '' && matchesText(pattern, name, engine)));
}

function sameAddress(wanted: string, address: string): boolean {
  const [wantedLocal, wantedDomain] = apart(wanted);
  const [local, domain] = apart(address);
  const untagged = local.split('+', 1)[0] ?? '';
  return (wantedDomain === '' || wantedDomain === domain) && (wantedLocal === '' || wantedLocal === local || wantedLocal === untagged) && local !== '';
}

/** At the last @: a quoted local part may hold others. */
function apart(address: string): readonly [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}

/** Says what is wrong with a pattern before any mail has come; undefined when it is all right. */
export function problemWithPattern(pattern: TextPattern, engine: PatternEngine): string | undefined {
  try {
    const parsed = parsePattern(pattern);
    if (parsed.kind === 'regex') engine.compile(parsed.source, parsed.flags);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}
