import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/commands/index.js';
import { parseWords } from '../../src/commands/words.js';

const read = (text: string): unknown => {
  const words = parseWords(text, COMMANDS);
  return words.kind === 'call' ? { verb: words.command.name, args: words.args } : words;
};

describe('parseWords', () => {
  it('plain words are a note, never a command', () => {
    for (const text of ['call him at 3', 'see /etc/passwd', 'He said "!close" today', '', '  ', '3/4 done']) expect(read(text)).toEqual({ kind: 'plain' });
  });

  it('reads verb, options and free text behind / and !', () => {
    expect(read('/claim')).toEqual({ verb: 'claim', args: {} });
    expect(read('!close')).toEqual({ verb: 'close', args: {} });
    expect(read('/reply template:hello We send it today.\nMarek')).toEqual({ verb: 'reply', args: { template: 'hello', text: 'We send it today.\nMarek' } });
    expect(read('/assign 42 Anna Zielińska')).toEqual({ verb: 'assign', args: { conversation: '42', to: 'Anna Zielińska' } });
    expect(read('/assign to:"Anna Zielińska"')).toEqual({ verb: 'assign', args: { to: 'Anna Zielińska' } });
    expect(read('/find pęknięty kubek')).toEqual({ verb: 'find', args: { words: 'pęknięty kubek' } });
  });

  it('keeps text that looks like an option', () => {
    expect(read('/reply see https://shop.example and note: soon')).toEqual({ verb: 'reply', args: { text: 'see https://shop.example and note: soon' } });
  });

  it('hidden options cannot be typed', () => {
    expect(read('/reply warned:b@x.example send it')).toEqual({ verb: 'reply', args: { text: 'warned:b@x.example send it' } });
  });

  it('knows the verbs by their Polish names', () => {
    expect(read('/odpowiedz Już wysyłamy')).toEqual({ verb: 'reply', args: { text: 'Już wysyłamy' } });
    expect(read('/weź')).toEqual({ verb: 'claim', args: {} });
  });

  it('suggests what was probably meant', () => {
    expect(read('/calim')).toEqual({ kind: 'unknown', said: 'calim', suggestion: 'claim' });
    expect(read('/zzzzzz')).toEqual({ kind: 'unknown', said: 'zzzzzz', suggestion: undefined });
  });
});
