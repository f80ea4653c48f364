import { describe, expect, it } from 'vitest';
import { firstNameOf, realName } from '../../src/core/person-name.js';

describe('the first name of a customer', () => {
  it.each([
    ['Anna Nowak', 'Anna'], ['Nowak, Anna Maria', 'Anna'], ['ANNA NOWAK', 'Anna'], ['dr Żaneta Ślęzak', 'Żaneta'], ['Mr. John Smith', 'John'], ['"Smith, John"', 'John'], ['Ed', 'Ed'], ['李 明', ''], ['Óscar', 'Óscar'],
    ['anna@poczta.example', ''], ['A. Nowak', ''], ['', ''], ['   ', ''], ['Dr.', ''],
  ])('of %j is %j', (name, first) => {
    expect(firstNameOf(name)).toBe(first);
  });

  it('an address is no name', () => {
    expect(realName('anna@poczta.example')).toBe('');
    expect(realName("'Anna Nowak'")).toBe('Anna Nowak');
  });
});
