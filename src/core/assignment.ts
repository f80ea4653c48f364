/**
 * Who gets what is given to a team, and who takes over from a colleague who is away. A team hands out by turns (`round-robin`) or to whoever has least to do (`least-busy`), among
 * its members who are on duty; where nobody is, the conversation stays with the team.
 */
import { inBusinessHours, nextOpening } from './hours.js';
import type { AgentId, TeamId } from './ids.js';
import type { Absence, Agent, Assignee, Desk, Team } from './model.js';

/** What decides who can be given work. */
export interface Staffing {
  readonly desk: Pick<Desk, 'agents' | 'teams' | 'hours'>;
  /** Those that are not over; planned ones count from their beginning. */
  readonly absences: readonly Absence[];
  readonly now: Date;
}

/** What a team remembers of those it gave work to. */
export interface Standing {
  /** The turn in which each was last given something; whoever is missing never was. */
  readonly turns: ReadonlyMap<AgentId, number>;
  /** Open conversations of each; whoever is missing has none. */
  readonly load: ReadonlyMap<AgentId, number>;
}

/** The absence that an agent is in now. */
export function absenceOf(agent: AgentId, { absences, now }: Pick<Staffing, 'absences' | 'now'>): Absence | undefined {
  return absences.find(({ agentId, from, until }) => agentId === agent && from <= now && now < until);
}

/** Who of a team may be given work, in the order of the desk. */
export function membersOf(team: Team, desk: Pick<Desk, 'agents'>): readonly Agent[] {
  return desk.agents.filter(({ role, teams }) => role !== 'viewer' && teams.includes(team.id));
}

/** Members who are there now: not away and, where the team has a duty list, in their hours. */
export function onDuty(team: Team, staffing: Staffing): readonly Agent[] {
  const { desk, now } = staffing;
  const present = membersOf(team, desk).filter(({ id }) => !absenceOf(id, staffing));
  if (team.duty.length === 0) return present;
  return present.filter(({ id }) => team.duty.some(({ agentId, week }) => agentId === id && inBusinessHours({ timeZone: desk.hours.timeZone, week }, now)));
}

/** When the next one comes on duty, and who; undefined without a duty list, or when nobody ever does. Absences that are known count. */
export function nextOnDuty(team: Team, { desk, absences, now }: Staffing): { readonly agent: Agent; readonly at: Date } | undefined {
  const members = membersOf(team, desk);
  const comings = team.duty.flatMap(({ agentId, week }) => {
    const agent = members.find(({ id }) => id === agentId);
    const at = agent && nextThere(agent.id, (after) => nextOpening({ timeZone: desk.hours.timeZone, week }, after), absences, now);
    return agent && at ? [{ agent, at }] : [];
  });
  return comings.sort((one, other) => one.at.getTime() - other.at.getTime())[0];
}

/** The first opening at which the agent is not away: after each absence it is looked for anew. */
function nextThere(agent: AgentId, opening: (after: Date) => Date | undefined, absences: readonly Absence[], now: Date): Date | undefined {
  let at = opening(now);
  for (const { from, until } of [...absences].filter(({ agentId }) => agentId === agent).sort((one, other) => one.from.getTime() - other.from.getTime())) {
    if (at && at >= from && at < until) at = opening(until);
  }
  return at;
}

/**
 * Who is next in a team that hands out by itself; undefined: it stays with the team. With equal load, whoever was given nothing for longest; who never was goes first, in the
 * order of the desk.
 * @param mayGet who can be given this very thing: not the one whom it is taken from, nor who may not see it
 */
export function nextInTeam(team: Team, staffing: Staffing, { turns, load }: Standing, mayGet: (agent: Agent) => boolean): AgentId | undefined {
  if (team.dealing === 'by-hand') return undefined;
  const busy = (id: AgentId): number => (team.dealing === 'least-busy' ? (load.get(id) ?? 0) : 0);
  const candidates = onDuty(team, staffing).filter(mayGet);
  return [...candidates].sort((one, other) => busy(one.id) - busy(other.id) || (turns.get(one.id) ?? 0) - (turns.get(other.id) ?? 0))[0]?.id;
}

/**
 * Who takes over from a colleague who is away: whom they named, or whom that one named, being away too; else the team of the conversation. undefined: nobody in particular.
 * @param mayGet who can be given this very thing
 */
export function standInFor(absence: Absence, teamId: TeamId | undefined, staffing: Staffing, mayGet: (agent: Agent) => boolean): Assignee | undefined {
  const { desk } = staffing;
  const team: Assignee | undefined = desk.teams.some(({ id }) => id === teamId) && teamId ? { kind: 'team', id: teamId } : undefined;
  const asked = new Set<AgentId>([absence.agentId]);
  for (let standIn = absence.standIn; standIn; ) {
    if (standIn.kind === 'team') return desk.teams.some(({ id }) => id === standIn?.id) ? standIn : team;
    const { id } = standIn;
    // Two who stand in for each other and are both away; or one who has left the desk, or may not see it.
    if (asked.has(id) || !desk.agents.some((agent) => agent.id === id && agent.role !== 'viewer' && mayGet(agent))) return team;
    asked.add(id);
    const theirs = absenceOf(id, staffing);
    if (!theirs) return standIn;
    standIn = theirs.standIn;
  }
  return team;
}
