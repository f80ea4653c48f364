import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PATTERN_CHARS, MAX_TEXT_CHARS, matchesText, parsePattern, PatternError, problemWithPattern } from '../../src/core/patterns.js';
import { re2Patterns } from '../../src/patterns/re2.js';

const engine = re2Patterns();
const matches = (pattern: string, text: string): boolean => matchesText(pattern, text, engine);

/** Generous for a busy machine; an exponential pattern would need the age of the universe. */
const SLOW_MS = 5_000;

describe('text patterns', () => {
  it('plain text fits where it is contained, whatever case, accents and line breaks', () => {
    expect(matches('zwrot pieniędzy', 'Proszę o ZWROT\nPIENIEDZY')).toBe(true);
    expect(matches('zolc', 'Żółć')).toBe(true);
    expect(matches('.*', 'a dot and a star: .*')).toBe(true);
    expect(matches('.*', 'neither')).toBe(false);
  });

  it('/.../ is a regular expression with flags', () => {
    expect(matches('/^order \\d+$/', 'order 17')).toBe(true);
    expect(matches('/ORDER/', 'order')).toBe(false);
    expect(matches('/ORDER/i', 'order')).toBe(true);
    expect(matches('/ŻÓŁĆ/i', 'żółć')).toBe(true);
    expect(matches('/a.b/', 'a\nb')).toBe(false);
    expect(matches('/a.b/s', 'a\nb')).toBe(true);
    expect(matches('/^b$/m', 'a\nb')).toBe(true);
  });

  it('a path is no expression', () => {
    expect(parsePattern('/home/shop/File1')).toEqual({ kind: 'text', text: '/home/shop/File1' });
    expect(parsePattern('//')).toEqual({ kind: 'text', text: '//' });
  });

  it('what cannot be run safely is refused with a reason', () => {
    expect(problemWithPattern('/(/', engine)).toMatch(/missing closing/);
    expect(problemWithPattern('/(a)\\1/', engine)).toMatch(/escape/);
    expect(problemWithPattern('/(?=a)/', engine)).toBeDefined();
    expect(problemWithPattern('/(a{1,30}){1,30}/', engine)).toMatch(/too large/);
    expect(problemWithPattern('/a/g', engine)).toMatch(/unknown flag/);
    expect(problemWithPattern(' ', engine)).toMatch(/empty/);
    expect(problemWithPattern('a'.repeat(MAX_PATTERN_CHARS + 1), engine)).toMatch(/longer/);
    expect(problemWithPattern('/a+b/i', engine)).toBeUndefined();
  });

  it('the classics of catastrophe are quick', () => {
    const text = 'a'.repeat(MAX_TEXT_CHARS);
    for (const pattern of ['/(a+)+$/', '/(a|a)*b/', '/(x+x+)+y/', '/^(([a-z])+.)+[A-Z]([a-z])+$/', '/(.*)*x/', '/(a|b)*a(a|b){200}c/', '/(.{0,30}a){15}z/']) {
      const started = performance.now();
      matches(pattern, `${text}!`);
      expect(performance.now() - started, pattern).toBeLessThan(SLOW_MS);
    }
  });

  it('no pattern makes it slow, and none throws anything but PatternError', () => {
    const piece = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('a', 'b', '.', '[ab]', '\\w', '\\s', 'ą', '^', '$', '\\b'),
        fc.tuple(tie('expression'), tie('expression')).map((two) => two.join('')),
        fc.tuple(tie('expression'), tie('expression')).map((two) => `(${two.join('|')})`),
        fc.tuple(tie('expression'), fc.constantFrom('*', '+', '?', '{2,9}', '{30}', '*?')).map(([inner, times]) => `(${inner})${times}`),
      ),
    })).expression;
    const texts = fc.constantFrom('a', 'ab', 'aab ', 'ą b').map((part) => part.repeat(MAX_TEXT_CHARS / part.length));
    fc.assert(
      fc.property(piece, texts, (source, text) => {
        const started = performance.now();
        try {
          matches(`/${source}/i`, `${text}!`);
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError);
        }
        expect(performance.now() - started).toBeLessThan(SLOW_MS);
      }),
      { numRuns: 60 },
    );
  });
});
