import type { Log } from '../../src/core/ports/effects.js';

/** Keeps what is logged, for tests that ask; prints nothing. */
export function quietLog(): Log & { readonly lines: readonly { readonly level: string; readonly verb: string; readonly facts: object }[] } {
  const lines: { level: string; verb: string; facts: object }[] = [];
  const at = (level: string) => (facts: object, verb: string): void => {
    lines.push({ level, verb, facts });
    if (process.env['GONIEC_TEST_LOG']) console.error(level, verb, facts);
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
