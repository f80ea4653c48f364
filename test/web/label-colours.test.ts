import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** WCAG 2.2, 1.4.11: what has to be made out by its colour differs from what lies beside it at least so much. */
const ENOUGH = 3;
const css = readFileSync('src/web/public/tokens.css', 'utf8');
/** The light theme stands first, the dark one last. */
const valuesOf = (name: string): readonly string[] => [...css.matchAll(new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`, 'gi'))].map(([, value = '']) => value);

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
}

describe('label colours', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('number %i can be made out on paper and in the dark', (number) => {
    const [light = '', ...dark] = valuesOf(`label-${number}`);
    const surfaces = ['bg', 'surface', 'sunken', 'raised', 'hover', 'accent-soft'].map((name) => valuesOf(name)).filter((values) => values.length >= 2);
    expect(surfaces).toHaveLength(6);
    expect(new Set(dark).size).toBe(1);
    for (const [onLight = '', ...onDark] of surfaces) {
      expect(contrast(light, onLight)).toBeGreaterThanOrEqual(ENOUGH);
      for (const surface of onDark) expect(contrast(dark[0] ?? '', surface)).toBeGreaterThanOrEqual(ENOUGH);
    }
  });
});
