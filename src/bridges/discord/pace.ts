import { RENAME_WINDOW_MS, REQUESTS_PER_SECOND } from './limits.js';

/** How long is waited for what, in milliseconds, and how much is done at once. A test does not wait so long. */
export interface Pace {
  /** Between tries to connect while Discord cannot be reached: more and more seldom. */
  readonly first: number;
  readonly longest: number;
  /** While token or intents are refused: somebody has to put that right, and Discord allows a thousand sessions a day. */
  readonly refused: number;
  /** Between looks whether we may read what people write, while we may not. */
  readonly intent: number;
  /** In which a thread is renamed twice at most. */
  readonly renames: number;
  /** Requests in a second, in all but those that answer interactions; no length of time. */
  readonly perSecond: number;
}

export const PACE: Pace = { first: 2_000, longest: 60_000, refused: 5 * 60_000, intent: 60_000, renames: RENAME_WINDOW_MS, perSecond: REQUESTS_PER_SECOND };
