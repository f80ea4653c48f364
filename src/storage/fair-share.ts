/**
 * SQLite answers at once, and so do files that are still in memory: a long row of such steps never lets go of the event loop, and whoever presses a button meanwhile waits for all of it.
 * Awaiting this between steps gives everybody else their turn.
 */
import { setImmediate } from 'node:timers/promises';

/** The longest that others wait for one of us, in milliseconds, while a single step is short. */
const SHARE_MS = 10;

let since = performance.now();

/** @returns nothing to wait for while our share lasts */
export function fairShare(): Promise<void> | undefined {
  if (performance.now() - since < SHARE_MS) return undefined;
  return setImmediate().then(() => {
    since = performance.now();
  });
}
