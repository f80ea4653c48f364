import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openVault } from '../../src/storage/vault.js';

const vault = openVault('an-app-secret-for-tests-only-0123456789');
const other = openVault('another-app-secret-for-tests-0123456789');

describe('the vault', () => {
  it('opens what it sealed', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (clear) => vault.open(vault.seal(clear)) === clear));
  });

  it('seals the same text differently each time, and says nothing of it', () => {
    const [one, two] = [vault.seal('hunter2'), vault.seal('hunter2')];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^v1\.[\w-]+$/);
    expect(Buffer.from(one.slice(3), 'base64url').toString('latin1')).not.toContain('hunter2');
  });

  it('does not open what another secret sealed, or what was changed', () => {
    expect(() => other.open(vault.seal('x'))).toThrow(/APP_SECRET/);
    const bytes = Buffer.from(vault.seal('secret').slice(3), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => vault.open(`v1.${changed.toString('base64url')}`)).toThrow(/APP_SECRET/);
    }
    for (const text of ['', 'v1.', 'v1.AAAA', `v2.${bytes.toString('base64url')}`, 'hunter2', `v1.${bytes.toString('base64url')}.x`]) expect(() => vault.open(text), text).toThrow(/not a sealed secret/);
  });

  it('signs shortly, the same each time, differently per text and secret', () => {
    expect(vault.sign('conversation-1')).toMatch(/^[a-z2-7]{16}$/);
    expect(vault.sign('conversation-1')).toBe(openVault('an-app-secret-for-tests-only-0123456789').sign('conversation-1'));
    expect(new Set([vault.sign('a'), vault.sign('b'), vault.sign(''), other.sign('a')]).size).toBe(4);
  });

  it('signs as base32 of the first 80 bits: a fixed example (computed with Python), since signatures travel in old mail', () => {
    expect(vault.sign('conversation-1')).toBe('6xgnd3p2srqtbase');
  });
});
