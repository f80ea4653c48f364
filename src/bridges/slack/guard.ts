/** Things that happen once, and in order. */

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
