/**
 * What somebody is on the desk, here and now: what desk.yaml says of them, and what the groups give that their chat platform vouches for at this moment. It is asked anew with everything they
 * do, so whoever loses a group loses with their next step what it gave.
 */
import type { AgentId, GroupId } from './ids.js';
import { ROLES, type Agent, type Desk, type Group, type Role } from './model.js';
import type { ChatPerson } from './ports/chat.js';

/** Somebody listed in desk.yaml: groups add teams and may raise the role, on the platform where they are in them. */
export function standing(desk: Desk, agent: Agent, groups: readonly GroupId[]): Agent {
  const of = groupsOf(desk, groups);
  return of.length === 0 ? agent : { ...agent, role: highest([agent.role, ...of.map(({ role }) => role)]), teams: [...new Set([...agent.teams, ...of.flatMap(({ teams }) => teams)])] };
}

/** Somebody whom desk.yaml does not list. undefined: none of their groups is of this desk, so they are nobody here. */
export function memberOf(desk: Desk, { bridge, id, name, groups }: ChatPerson): Agent | undefined {
  const of = groupsOf(desk, groups ?? []).filter((group) => group.bridge === bridge);
  if (of.length === 0) return undefined;
  return asMember(desk, { id: memberId(bridge, id), name: name ?? id, email: `${memberId(bridge, id)}@${bridge}.invalid`, locale: desk.locale, timeZone: desk.hours.timeZone, theme: 'system', approval: false, member: { bridge, groups: of.map((group) => group.id) } });
}

/** With what their groups give by the desk of today; undefined when it has none of them any more. */
export function asMember(desk: Pick<Desk, 'groups'>, person: Omit<Agent, 'role' | 'teams'> & { readonly member: NonNullable<Agent['member']> }): Agent | undefined {
  const of = groupsOf(desk, person.member.groups);
  return of.length === 0 ? undefined : { ...person, role: highest(of.map(({ role }) => role)), teams: [...new Set(of.flatMap(({ teams }) => teams))] };
}

/** Opaque, and never one that desk.yaml can have: ids there hold no colon. */
export const memberId = (bridge: string, personId: string): AgentId => `${bridge}:${personId}` as AgentId;

const groupsOf = (desk: Pick<Desk, 'groups'>, ids: readonly GroupId[]): readonly Group[] => (desk.groups ?? []).filter(({ id }) => ids.includes(id));

/** ROLES begins with the one that may most. */
const highest = (roles: readonly Role[]): Role => ROLES.find((role) => roles.includes(role)) ?? 'viewer';
