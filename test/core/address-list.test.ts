import { describe, expect, it } from 'vitest';

import { parseAddressList } from '../../src/core/address-list.js';

describe('parseAddressList', () => {
  it('reads addresses with and without names, each once', () => {
    expect(parseAddressList('Anna@X.example, "Bob B" <bob@y.example>; anna@x.example')).toEqual({ addresses: [{ address: 'anna@x.example', name: '' }, { address: 'bob@y.example', name: 'Bob B' }] });
  });

  it.each(['anna', 'anna@', 'jan@x.pl <evil@y>', 'a@b.c@d.example', 'x@y.example\r\nBcc: z@z.example', 'a b@x.example', '<>'])('names what is none: %j', (text) => {
    const list = parseAddressList(text);
    expect('bad' in list || list.addresses.every(({ address }) => !/\s/.test(address))).toBe(true);
    if ('addresses' in list) expect(list.addresses).toHaveLength(0);
  });
});
