/** What every chat platform gets from the house. A new platform is one folder, one line in index.ts and one call of the contract suite. */
import type { Desk } from '../core/model.js';
import type { Clock, Log, NewId } from '../core/ports/effects.js';
import type { LiveHub } from './web/live-hub.js';

export interface BridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: NewId;
  /** The desk as last read: channels, the language of what everybody in a channel reads. */
  readonly desk: () => Desk;
  /** Open browsers of the web desk. */
  readonly live: LiveHub;
}
