/** `goniec commands`: the catalogue as people and tools read it. */
import { describe, expect, it, vi } from 'vitest';

import { printCommands } from '../../src/cli/commands.js';
import { COMMANDS } from '../../src/commands/index.js';

interface Printed {
  readonly name: string;
  readonly permission: string;
  readonly options: readonly { readonly name: string; readonly kind: string; readonly required: boolean; readonly typed: boolean }[];
  readonly summary: Readonly<Record<string, string>>;
}

function printed(json: boolean): string {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => Boolean((text += String(chunk))));
  printCommands({ json });
  spy.mockRestore();
  return text;
}

describe('goniec commands', () => {
  it('--json tells of every verb its name, options, permission and what it does, in both languages', () => {
    const catalogue = JSON.parse(printed(true)) as readonly Printed[];
    expect(catalogue.map(({ name }) => name)).toEqual(COMMANDS.map(({ name }) => name));
    for (const { name, permission, options, summary } of catalogue) {
      const known = COMMANDS.find((command) => command.name === name);
      expect(['read', 'work', 'administer'], name).toContain(permission);
      expect(Object.keys(summary).sort(), name).toEqual(['en', 'pl']);
      for (const text of Object.values(summary)) expect(text, name).toMatch(/^\S.{5,}$/);
      expect(summary['en'], name).not.toBe(summary['pl']);
      expect(options.map((option) => option.name), name).toEqual(known?.options.map((option) => option.name));
      // What nobody can type is never asked of those who type.
      expect(options.filter(({ typed, required }) => !typed && required), name).toEqual([]);
    }
  });

  it('names each verb in one way only', () => {
    const words = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });

  it('without it lists them for people, one on a line', () => {
    expect(printed(false).trim().split('\n')).toHaveLength(COMMANDS.length);
  });
});
