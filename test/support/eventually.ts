import { setTimeout as sleep } from 'node:timers/promises';

const DEFAULT_TIMEOUT_MS = 5_000;
/** Short, so that a test waits little longer than the thing it waits for. */
const INTERVAL_MS = 15;

export interface EventuallyOptions {
  readonly timeoutMs?: number;
  /** Said when time runs out: "the card shows the assignee". */
  readonly what?: string;
}

/**
 * Runs `check` again and again until it stops throwing, and returns what it returned.
 *
 * @throws when it still throws after `timeoutMs`; the last error is its `cause`
 */
export async function eventually<T>(check: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`not within ${timeoutMs} ms: ${options.what ?? 'the check passes'} (last: ${reason})`, { cause: error });
      }
    }
    await sleep(INTERVAL_MS);
  }
}
