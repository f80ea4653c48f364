/** What everything that listens to people needs. */
import type { ChatEvents } from '../../core/ports/chat.js';
import type { Locale } from '../../core/model.js';
import type { Log } from '../../core/ports/effects.js';
import type { Channels } from './channels.js';
import type { Client } from './client.js';
import type { InOrder, Insistence, Once } from './guard.js';
import type { People } from './people.js';
import type { Posting } from './posting.js';
import type { SlackSettings } from './settings.js';
import type { Telling } from './telling.js';

export interface DeskSide {
  readonly settings: SlackSettings;
  readonly client: Client;
  readonly events: ChatEvents;
  readonly people: People;
  readonly posting: Posting;
  readonly channels: Channels;
  readonly telling: Telling;
  readonly once: Once;
  readonly order: InOrder;
  readonly insistence: Insistence;
  readonly locale: () => Locale;
  readonly botUserId: () => string;
  readonly log: Log;
}
