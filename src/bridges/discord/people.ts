/** Who somebody is for the desk, and whether this server lets them work here. */
import type { GroupId } from '../../core/ids.js';
import type { Desk, Locale } from '../../core/model.js';
import type { ChatPerson } from '../../core/ports/chat.js';
import { userIn } from './gateway.js';
import { objectIn, textIn, type Json } from './json.js';
import type { DiscordSettings } from './settings.js';

export const BRIDGE = 'discord';

/** Groups of the desk that a member is in; undefined where Discord does not say which roles they hold. */
export type GroupsOf = (data: Json) => readonly GroupId[] | undefined;

/** Discord never tells addresses: members are tied to agents with /link, or are on the desk for the roles they hold. */
export function personOf(data: Json, groupsOf: GroupsOf): ChatPerson {
  const user = userIn(data);
  const name = textIn(objectIn(data, 'member'), 'nick') ?? textIn(user, 'global_name') ?? textIn(user, 'username');
  const groups = groupsOf(data);
  return { bridge: BRIDGE, id: textIn(user, 'id') ?? '', email: undefined, ...(name && { name }), ...(groups && { groups }) };
}

/** @param nameOfRole by server and id, in the server as the gateway shows it */
export function createGroupsOf(desk: () => Pick<Desk, 'groups'>, nameOfRole: (guildId: string, roleId: string) => string | undefined): GroupsOf {
  return (data) => {
    const groups = (desk().groups ?? []).filter(({ bridge }) => bridge === BRIDGE);
    if (groups.length === 0) return [];
    const roles = objectIn(data, 'member')['roles'];
    if (!Array.isArray(roles)) return undefined;
    const held = roles.filter((role) => typeof role === 'string').map((id) => ({ id, name: nameOfRole(textIn(data, 'guild_id') ?? '', id) }));
    return groups.filter(({ target }) => held.some((role) => isRole(target, role))).map(({ id }) => id);
  };
}

/** A role of desk.yaml is named by its id or its name. */
export function isRole(target: string, { id, name }: { readonly id: string; readonly name: string | undefined }): boolean {
  const wanted = target.trim().replace(/^@/, '').toLowerCase();
  return wanted === id || (name !== undefined && wanted === name.trim().replace(/^@/, '').toLowerCase());
}

/** Has one of the roles that work here, if the settings name any. */
export function isStaff(data: Json, { staffRoles }: Pick<DiscordSettings, 'staffRoles'>): boolean {
  if (!staffRoles) return true;
  const roles = objectIn(data, 'member')['roles'];
  return Array.isArray(roles) && roles.some((role) => typeof role === 'string' && staffRoles.includes(role));
}

/** The language of somebody's Discord client, for those whom the desk does not know. */
export const localeOf = (data: Json, otherwise: Locale): Locale => (textIn(data, 'locale') === 'pl' ? 'pl' : textIn(data, 'locale')?.startsWith('en') ? 'en' : otherwise);
