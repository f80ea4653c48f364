/**
 * Refusals that people read. Thrown by use cases and by the edges; the commands room turns them into an answer for the person who asked. Anything
 * else that is thrown is a defect and is logged with its stack.
 */
import type { MessageKey, MessageParams } from './language/catalogue.js';

/** Something was asked that cannot be done; `key` and `params` say what and what to do instead. Nothing was changed. */
export class Refusal extends Error {
  constructor(
    readonly key: MessageKey,
    readonly params: MessageParams = {},
  ) {
    super(key);
    this.name = 'Refusal';
  }
}

/** A conversation changed between loading and saving. The whole use case is run again. */
export class StaleRevision extends Error {
  constructor(readonly conversation: string) {
    super(`conversation ${conversation} changed meanwhile`);
    this.name = 'StaleRevision';
  }
}

/** Why an effect on the outside world failed, told by the edge that tried it. */
export type Fault = 'rate-limited' | 'unavailable' | 'forbidden' | 'gone' | 'invalid';

export class EffectError extends Error {
  /**
   * @param certain false: it may have arrived all the same. Only what is certain, or is safe to repeat, is tried again.
   * @param retryAfterMs what the other side asked for, in milliseconds
   */
  constructor(
    readonly fault: Fault,
    readonly certain: boolean,
    message: string,
    readonly retryAfterMs: number | undefined = undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EffectError';
  }
}

/** What a bridge throws. */
export class BridgeError extends EffectError {
  override readonly name = 'BridgeError';
}

/** What sending or filing mail throws. */
export class MailError extends EffectError {
  override readonly name = 'MailError';
}
