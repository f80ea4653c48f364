import { describe, expect, it } from 'vitest';

import { answerSubject, oneLine } from '../../src/mail/subject.js';

describe('the subject of an answer', () => {
  it.each(['Re: x', 'RE: x', 'Odp: x', 'AW: x', 'Antw: x', 'SV: x', 'VS: x', 'Re[2]: x', 'RE(3): x', '回复：x'])('keeps the mark of %s', (subject) => {
    expect(answerSubject(subject)).toBe(subject);
  });

  it.each(['Rebate: x', 'Fwd: x', 'WG: x', 'x', 'Reklamacja: x', 'r x'])('marks %s', (subject) => {
    expect(answerSubject(subject)).toBe(`Re: ${subject}`);
  });

  it('is one line whatever was in it', () => {
    expect(answerSubject('a\r\nBcc: b@x\u2028c')).toBe('Re: a Bcc: b@x c');
    expect(answerSubject('')).toBe('Re:');
    expect(oneLine('x'.repeat(5_000))).toHaveLength(900);
  });
});
