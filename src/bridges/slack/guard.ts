/** Things that happen once, in order, and in the end. */
import { BridgeError } from '../../core/errors.js';

/** More than can be redelivered at once. */
const REMEMBERED = 5_000;

/** Slack delivers again what it has no acknowledgement of. The desk keeps a record too; this one saves it the work, and people a second answer. */
export class Once {
  readonly #seen = new Set<string>();

  /** @returns true the first time */
  isFirst(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= REMEMBERED) break;
      this.#seen.delete(oldest);
    }
    return true;
  }

  /** It was not handled after all: the next delivery counts. */
  forget(id: string): void {
    this.#seen.delete(id);
  }
}

/** Work with the same key is done one after another, in the order in which it came. */
export class InOrder {
  readonly #tails = new Map<string, Promise<unknown>>();

  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const tail = mine.catch(() => undefined);
    this.#tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  /** Resolves when all that was asked for so far is done. */
  async settle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all([...this.#tails.values()]);
  }
}

/** Waits between tries of what a person said, in milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const LOOK_MS = 200;
/** Tries of what fails for a reason of ours, such as a database that is away: some minutes. What then still fails is a defect. */
const MAX_TRIES_OF_OURS = 8;

/**
 * What people said counts, whatever is out of order meanwhile: Slack has our acknowledgement and does not say it again, so it is we who try again until it works. What is left when we stop is
 * fetched at the next start.
 */
export class Insistence {
  readonly #inHand = new Set<{ readonly saidAt: number }>();
  #stopped = false;

  /**
   * @param saidAt Unix time in seconds
   * @throws what no later try will cure; and the last failure, once we stop
   */
  async run(saidAt: number, work: () => Promise<void>, failed: (error: unknown, waitMs: number) => void): Promise<void> {
    const entry = { saidAt };
    this.#inHand.add(entry);
    for (let [wait, tries] = [FIRST_WAIT_MS, 1]; ; [wait, tries] = [Math.min(wait * 2, LONGEST_WAIT_MS), tries + 1]) {
      try {
        await work();
        this.#inHand.delete(entry);
        return;
      } catch (error) {
        const passes = error instanceof BridgeError ? error.fault !== 'invalid' && error.fault !== 'gone' : tries < MAX_TRIES_OF_OURS;
        if (!passes) this.#inHand.delete(entry);
        if (!passes || this.#stopped) throw error;
        failed(error, wait);
        const asked = error instanceof BridgeError ? (error.retryAfterMs ?? 0) : 0;
        for (let left = Math.max(wait, asked); left > 0 && !this.#stopped; left -= LOOK_MS) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }
  }

  /** Whatever was said before is done, Unix time in seconds. */
  doneUntil(now: number): number {
    return Math.min(now, ...[...this.#inHand].map(({ saidAt }) => saidAt));
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
  }
}
