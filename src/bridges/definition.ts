/** What every chat platform gets from the house. A new platform is one folder, one line in index.ts and one call of the contract suite. */
import type { Clock, Log } from '../core/ports/effects.js';
import type { LiveHub } from './web/live-hub.js';

export interface BridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** Open browsers of the web desk. */
  readonly live: LiveHub;
}
