/** Notices that a platform takes posts again after a time in which it took none. */
import { BridgeError } from '../core/errors.js';

/** One post that fails while others go out is no outage. */
const IN_A_ROW = 3;

export class Outage {
  #failed = 0;

  /** @param over called when a post went out after several that did not */
  constructor(private readonly over: () => void) {}

  async watch<Result>(post: () => Promise<Result>): Promise<Result> {
    try {
      const result = await post();
      if (this.#failed >= IN_A_ROW) this.over();
      this.#failed = 0;
      return result;
    } catch (error) {
      if (error instanceof BridgeError && (error.fault === 'unavailable' || error.fault === 'forbidden')) this.#failed += 1;
      throw error;
    }
  }
}
