/** Who somebody is for the desk, and whether this server lets them work here. */
import type { Locale } from '../../core/model.js';
import type { ChatPerson } from '../../core/ports/chat.js';
import { userIn } from './gateway.js';
import { objectIn, textIn, type Json } from './json.js';
import type { DiscordSettings } from './settings.js';

export const BRIDGE = 'discord';

/** Discord never tells addresses: members are tied to agents with /link. */
export function personOf(data: Json): ChatPerson {
  return { bridge: BRIDGE, id: textIn(userIn(data), 'id') ?? '', email: undefined };
}

/** Has one of the roles that work here, if the settings name any. */
export function isStaff(data: Json, { staffRoles }: Pick<DiscordSettings, 'staffRoles'>): boolean {
  if (!staffRoles) return true;
  const roles = objectIn(data, 'member')['roles'];
  return Array.isArray(roles) && roles.some((role) => typeof role === 'string' && staffRoles.includes(role));
}

/** The language of somebody's Discord client, for those whom the desk does not know. */
export const localeOf = (data: Json, otherwise: Locale): Locale => (textIn(data, 'locale') === 'pl' ? 'pl' : textIn(data, 'locale')?.startsWith('en') ? 'en' : otherwise);
