import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { referencesOfAnswer, trimReferences } from '../../src/core/references.js';

const id = fc.tuple(fc.stringMatching(/^[a-zA-Z0-9.$%+_-]{1,60}$/), fc.domain()).map(([local, domain]) => `${local}@${domain}`);

describe('references of an answer', () => {
  it('appends the Message-ID answered to its references', () => {
    const answer = referencesOfAnswer({ headerId: 'c@x', inReplyTo: 'b@x', references: ['a@x', 'b@x'] });
    expect(answer).toEqual({ inReplyTo: 'c@x', references: ['a@x', 'b@x', 'c@x'] });
  });

  it('takes In-Reply-To where the mail has no References (RFC 5322 section 3.6.4)', () => {
    expect(referencesOfAnswer({ headerId: 'c@x', inReplyTo: 'b@x', references: [] }).references).toEqual(['b@x', 'c@x']);
  });

  it('goes on with what a mail without Message-ID referred to', () => {
    expect(referencesOfAnswer({ headerId: undefined, inReplyTo: 'b@x', references: [] })).toEqual({ inReplyTo: undefined, references: ['b@x'] });
  });

  it('drops ids that would break the header', () => {
    const hostile = ['a@x>\r\nBcc: everybody@x', 'b @x', 'ż@x', '<c@x>', ''];
    expect(referencesOfAnswer({ headerId: hostile[0], inReplyTo: undefined, references: [...hostile, 'ok@x'] })).toEqual({ inReplyTo: undefined, references: ['ok@x'] });
  });
});

describe('trimmed references', () => {
  it('keep the first and the last ones within the limit', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `mail-${index}@customer.test`);
    const kept = trimReferences(ids);
    expect(kept[0]).toBe(ids[0]);
    expect(kept.slice(1)).toEqual(ids.slice(200 - kept.length + 1));
    expect(kept.map((each) => `<${each}>`).join(' ').length).toBeLessThanOrEqual(1_500);
    expect(kept.length).toBeGreaterThan(50);
  });

  it('are a subsequence that trimming again leaves alone', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 80 }), fc.integer({ min: 100, max: 2_000 }), (ids, limit) => {
        const kept = trimReferences(ids, limit);
        expect(trimReferences(kept, limit)).toEqual(kept);
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept[0]).toBe(ids[0]);
        if (ids.length > 0 && kept.length > 1) expect([ids.at(-1), ids[0]]).toContain(ids.at(-1));
        expect(kept.every((each) => ids.includes(each))).toBe(true);
      }),
    );
  });
});
