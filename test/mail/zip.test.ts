import { describe, expect, it } from 'vitest';

import { zip } from '../../src/mail/zip.js';
import { NOON } from '../support/samples.js';
import { unzip } from '../support/unzip.js';

describe('a ZIP file', () => {
  it('gives back what went in: names in any letters, empty files, large ones', () => {
    const files = [
      { name: '001 żółć.eml', content: Buffer.from('From: a\r\n\r\nZażółć'), at: NOON },
      { name: 'team-only/empty.txt', content: new Uint8Array(), at: NOON },
      { name: 'large.bin', content: Buffer.alloc(2_000_000, 'goniec'), at: new Date('1970-01-01T00:00:00Z') },
    ];
    const back = unzip(zip(files));
    expect([...back.keys()]).toEqual(files.map(({ name }) => name));
    for (const { name, content } of files) expect(back.get(name)?.equals(content)).toBe(true);
  });

  it('of nothing is a ZIP file all the same', () => {
    expect(unzip(zip([])).size).toBe(0);
  });
});
