/** What every chat platform gets from the house. A new platform is one folder, one line in index.ts and one call of the contract suite. */
import type { Desk } from '../core/model.js';
import type { Clock, Log, NewId } from '../core/ports/effects.js';
import type { MemoryStore } from '../core/ports/store.js';
import type { SlackSettings } from './slack/settings.js';
import type { DiscordSettings } from './discord/settings.js';
import type { LiveHub } from './web/live-hub.js';

export type { MemoryStore as BridgeMemory } from '../core/ports/store.js';

export interface BridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: NewId;
  /** The desk as last read: channels, the language of what everybody in a channel reads. */
  readonly desk: () => Desk;
  /** Open browsers of the web desk. */
  readonly live: LiveHub;
  /** undefined: there is no Discord. */
  readonly discord?: DiscordSettings | undefined;
  /** Without it, what was said while Goniec was not running is only fetched for the last hours. */
  readonly memory?: MemoryStore;
  /** Workspaces of Slack, as configured. */
  readonly slack?: readonly SlackSettings[] | undefined;
}
