/** What hears people of Discord: whom they are for the desk, what is handed on, and how they are answered. */
import type { Locale } from '../../core/model.js';
import type { ChatEvents } from '../../core/ports/chat.js';
import type { Log } from '../../core/ports/effects.js';
import type { Api } from './api.js';
import type { CustomIds } from './custom-ids.js';
import type { GroupsOf } from './people.js';
import type { DiscordSettings } from './settings.js';

export interface DeskSide {
  readonly api: Api;
  readonly events: ChatEvents;
  readonly ids: CustomIds;
  readonly settings: Pick<DiscordSettings, 'staffRoles'>;
  readonly groupsOf: GroupsOf;
  readonly log: Log;
  /** What everybody in a channel reads. */
  readonly locale: () => Locale;
}
