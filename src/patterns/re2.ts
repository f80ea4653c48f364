import { RE2JS, RE2JSException } from 're2js';
import { MAX_PATTERN_CHARS, PatternError, type CompiledPattern, type PatternEngine } from '../core/patterns.js';

/** Matching takes steps in proportion to text x program; (a{1,30}){1,30} alone makes 1,800. Lists of some hundred words stay below. */
const MAX_PROGRAM_SIZE = 1000;

/** Rules are run on every mail, and there are few of them: compiled patterns are kept, the oldest go first. */
const MAX_KEPT = 500;

const FLAGS: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };

/** Regular expressions by RE2: time linear in the text, never exponential. Syntax: https://github.com/google/re2/wiki/Syntax */
export function re2Patterns(): PatternEngine {
  const kept = new Map<string, CompiledPattern>();
  return {
    compile(source, flags) {
      const key = `${flags}/${source}`;
      const known = kept.get(key);
      if (known) return known;
      const compiled = compile(source, flags);
      const [oldest] = kept.keys();
      if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, compiled);
      return compiled;
    },
  };
}

function compile(source: string, flags: string): CompiledPattern {
  if (source.length > MAX_PATTERN_CHARS) throw new PatternError(`it is longer than ${MAX_PATTERN_CHARS} characters`);
  const pattern = translated(() => RE2JS.compile(source, [...flags].reduce((bits, flag) => bits | (FLAGS[flag] ?? 0), 0)));
  if (pattern.programSize() > MAX_PROGRAM_SIZE) throw new PatternError('its repetitions make it too large; repeat less often');
  return { test: (text) => pattern.test(text) };
}

function translated<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(error.message.replace(/^error parsing regexp: /, ''), { cause: error });
    throw error;
  }
}
