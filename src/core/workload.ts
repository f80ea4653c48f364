/** What everybody has to do, added up from what the store counts by owner and team. */
import type { AgentId, TeamId } from './ids.js';
import type { Work } from './ports/store.js';

export type Load = Omit<Work, 'agentId' | 'teamId'>;

export const NO_LOAD: Load = { open: 0, pending: 0, snoozed: 0, waitingSince: undefined };

/** By owner; under `undefined` what is nobody's. @param team only what was given to this team */
export function loadByOwner(works: readonly Work[], team?: TeamId): ReadonlyMap<AgentId | undefined, Load> {
  const loads = new Map<AgentId | undefined, Load>();
  for (const work of works) {
    if (team !== undefined && work.teamId !== team) continue;
    const known = loads.get(work.agentId) ?? NO_LOAD;
    loads.set(work.agentId, { open: known.open + work.open, pending: known.pending + work.pending, snoozed: known.snoozed + work.snoozed, waitingSince: earlier(known.waitingSince, work.waitingSince) });
  }
  return loads;
}

function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}
