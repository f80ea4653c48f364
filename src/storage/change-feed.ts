/** Tells listeners in this process what was committed. */
import type { Log } from '../core/ports/effects.js';
import type { Change } from '../core/ports/store.js';

export type Listener = (change: Change) => void;

export class ChangeFeed {
  readonly #listeners = new Set<Listener>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  listen(listener: Listener): () => void {
    // Wrapped, so that the same function can listen twice and stop once.
    const own: Listener = (change) => listener(change);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** A listener that throws is logged; the change is committed whatever it says. */
  tell(change: Change): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#log.error({ err: error }, 'change-listener-failed');
      }
    }
  }
}
