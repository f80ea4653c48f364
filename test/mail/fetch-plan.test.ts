import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Caution, portions, uidSet, type Listed } from '../../src/mail/fetch-plan.js';

const MEGABYTE = 1024 * 1024;
const LIMIT = 25 * MEGABYTE;

function listed(uid: number, bytes = 1_000): Listed {
  return { uid, bytes, receivedAt: new Date(0) };
}

const mails = fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { maxLength: 600 }).chain((uids) => {
  const inOrder = uids.sort((left, right) => left - right);
  return fc.array(fc.oneof(fc.nat({ max: 50_000 }), fc.nat({ max: 60 * MEGABYTE })), { minLength: uids.length, maxLength: uids.length }).map((sizes) => inOrder.map((uid, index) => listed(uid, sizes[index])));
});

describe('portions', () => {
  it('have every mail once, in order, within what memory holds', () => {
    fc.assert(
      fc.property(mails, (all) => {
        const cut = [...portions(all, LIMIT, new Caution())];
        expect(cut.flat()).toEqual(all);
        for (const portion of cut) {
          const fetched = portion.filter(({ bytes }) => bytes <= LIMIT);
          expect(portion.length).toBeLessThanOrEqual(250);
          if (portion.length > 1) expect(fetched.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(16 * MEGABYTE);
        }
      }),
    );
  });

  it('become single mails where one failed, until past it', () => {
    const all = Array.from({ length: 600 }, (_, index) => listed(index + 1));
    const caution = new Caution();
    const [first] = [...portions(all, LIMIT, caution)];
    caution.failed(first ?? []);
    const sizes = [...portions(all, LIMIT, caution)].map(({ length }) => length);
    expect(sizes.slice(0, 250).every((length) => length === 1)).toBe(true);
    expect(sizes.slice(250)).toEqual([250, 100]);
  });
});

describe('caution', () => {
  it('grows with the failures of one mail, and of that mail only', () => {
    const caution = new Caution();
    const seen = Array.from({ length: 7 }, () => {
      caution.failed([listed(7)]);
      return caution.care(7);
    });
    expect(seen).toEqual(['whole', 'whole', 'headers', 'headers', 'nothing', 'nothing', 'nothing']);
    expect(caution.care(8)).toBe('whole');
    caution.failed([listed(8)]);
    expect(caution.care(8)).toBe('whole');
  });
});

describe('UID sets', () => {
  it('say the same as the list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 300 })), (uids) => {
        const inOrder = uids.sort((left, right) => left - right);
        const read = uidSet(inOrder)
          .split(',')
          .filter(Boolean)
          .flatMap((range) => {
            const [from = 0, to = from] = range.split(':').map(Number);
            return Array.from({ length: to - from + 1 }, (_, index) => from + index);
          });
        expect(read).toEqual(inOrder);
      }),
    );
    expect(uidSet([1, 2, 3, 7])).toBe('1:3,7');
  });
});
