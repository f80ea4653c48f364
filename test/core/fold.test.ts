import { describe, expect, it } from 'vitest';
import { fold, foldedWords, snippet } from '../../src/core/fold.js';

describe('fold', () => {
  it('takes off case and accents', () => {
    expect(fold('Zażółć GĘŚLĄ jaźń')).toBe('zazolc gesla jazn');
    expect(fold('Łódź, Øre, Straße, Æon, İstanbul, ﬁn, Ｆｕｌｌ')).toBe('lodz, ore, strasse, aeon, istanbul, fin, full');
    expect(fold('z\u0307o\u0301łty')).toBe(fold('żółty'));
  });

  it('gives words of letters and digits', () => {
    expect(foldedWords('Faktura nr 2026/114: anna@Łódź.example — „OK”')).toEqual(['faktura', 'nr', '2026', '114', 'anna', 'lodz', 'example', 'ok']);
    expect(foldedWords(' \n!? ')).toEqual([]);
    expect(foldedWords('你好 Привет')).toEqual(['你好', 'привет']);
  });
});

describe('a snippet', () => {
  const text = `${'Dzień dobry. '.repeat(20)}Żółty kubek się stłukł.${' Pozdrawiam.'.repeat(20)}`;

  it('shows what was written around the first hit, whole words only', () => {
    expect(snippet(text, ['zolty'])).toMatch(/^… (dobry|Dzień).* Żółty kubek się stłukł\. Pozdrawiam\..* …$/);
    expect(snippet(text, ['kubek', 'stluk'])).toContain('Żółty kubek');
  });

  it('is the beginning where nothing is hit, and the whole of a short text, in one line', () => {
    expect(snippet(text, ['x'])).toMatch(/^Dzień dobry\..* …$/);
    expect(snippet('Short\n\n text', ['text'])).toBe('Short text');
    expect(snippet('', ['text'])).toBe('');
  });

  it('of a text without spaces stays short', () => {
    expect(snippet('x'.repeat(5_000), ['y']).length).toBeLessThan(200);
  });
});
