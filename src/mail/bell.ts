/** Something that may happen, to be waited for together with others and with a time limit; a promise that nothing is left hanging on. */
export class Bell {
  private isRung = false;
  private readonly listeners = new Set<() => void>();

  get rung(): boolean {
    return this.isRung;
  }

  ring(): void {
    this.isRung = true;
    for (const listener of [...this.listeners]) listener();
  }

  /** From now on it has not happened. */
  reset(): void {
    this.isRung = false;
  }

  /** Resolves when one of them has rung, or after `ms`. */
  static async first(bells: readonly Bell[], ms: number): Promise<void> {
    if (bells.some(({ rung }) => rung)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        for (const bell of bells) bell.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      for (const bell of bells) bell.listeners.add(done);
    });
  }
}
