/**
 * When a job whose handler rejected runs again. A job guards work that must not be lost (stored mail, a lane of deliveries), so it never ends in failure: it
 * is tried again for ever, at last once an hour, and from TRIES_UNTIL_FAILED on it counts as failed in `JobEngine.depth`, which doctor and metrics show.
 */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000;

/** With the waits above, ten tries take a quarter of an hour: longer than a restart of anything we depend on. */
export const TRIES_UNTIL_FAILED = 10;

/**
 * @param tries how often it was tried, at least 1
 * @param jitter in [0, 1): spreads jobs that failed together
 */
export function retryAt(tries: number, now: Date, jitter: number): Date {
  const backOff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 30));
  return new Date(now.getTime() + backOff * (0.75 + jitter / 2));
}
