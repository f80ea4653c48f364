import { describe, expect, it, vi } from 'vitest';
import { newId } from '../../src/storage/new-id.js';

describe('a new id', () => {
  it('is a UUID of version 7 that carries the time', () => {
    const before = Date.now();
    const id = newId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const ms = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThan(before + 60_000);
  });

  it('is greater than all before it, also within a millisecond and when the clock is set back', () => {
    const ids = Array.from({ length: 20_000 }, newId);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    ids.push(newId(), newId());
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });
});
