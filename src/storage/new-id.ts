/** Time-ordered ids: UUID version 7 (RFC 9562 section 5.7), ascending within one process even inside one millisecond. */
import { randomBytes } from 'node:crypto';

/** Asking the system for 8 bytes costs as much as asking for thousands; a mail takes a dozen ids. */
const RANDOM_AT_ONCE = 4_096;

/** 12 bits follow the milliseconds; we count in them (RFC 9562 section 6.2, method 1). */
const COUNTER_LIMIT = 0x1000;

let lastMs = 0;
let counter = 0;
let pool = Buffer.alloc(0);

/** A new id, greater than every id this process minted before. */
export function newId(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter === COUNTER_LIMIT) {
    // More than the counter holds in one millisecond, or the clock was set back: borrow from the future.
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  if (pool.length < 8) pool = randomBytes(RANDOM_AT_ONCE);
  const random = pool.subarray(0, 8);
  pool = pool.subarray(8);
  random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
  const tail = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
