/** Who is meant by `@Anna` in a note: a colleague by id, name, part of the name or what stands before the @ of their address; a team means all who are in it. */
import { fold } from './fold.js';
import type { AgentId } from './ids.js';
import type { Desk } from './model.js';

export interface Mentions {
  /** In the order in which they are mentioned, each once. */
  readonly agents: readonly AgentId[];
  /** Names that several have, as `anna`, with those who may be meant. */
  readonly unclear: readonly { readonly said: string; readonly agents: readonly AgentId[] }[];
}

/** Not inside a word or an address. */
const SIGN = /(?<![\p{L}\p{N}._@/-])@(?=[\p{L}\p{N}])/gu;
/** What follows a whole name. */
const END = /^(?![\p{L}\p{N}]|[-_.]?[\p{L}\p{N}])/u;

export function mentionsIn(text: string, desk: Pick<Desk, 'agents' | 'teams'>): Mentions {
  const folded = fold(text);
  const handles = handlesOf(desk);
  // The longest first: "@Anna Nowak" is not "@Anna".
  const byLength = [...handles.keys()].sort((one, other) => other.length - one.length);
  const agents = new Set<AgentId>();
  const unclear = new Map<string, readonly AgentId[]>();
  for (const { index } of folded.matchAll(SIGN)) {
    const rest = folded.slice(index + 1);
    const said = byLength.find((handle) => rest.startsWith(handle) && END.test(rest.slice(handle.length)));
    const meant = said === undefined ? undefined : handles.get(said);
    if (said === undefined || !meant) continue;
    if (meant.all || meant.agents.size === 1) for (const id of meant.agents) agents.add(id);
    else unclear.set(said, [...meant.agents]);
  }
  return { agents: [...agents], unclear: [...unclear].map(([said, whom]) => ({ said, agents: whom })) };
}

interface Meant {
  readonly agents: Set<AgentId>;
  /** A team, or a name that is one person's own: nothing to choose. */
  all: boolean;
}

/** What stands for whom. An id or a whole name outweighs a part of a name that others share. */
function handlesOf({ agents, teams }: Pick<Desk, 'agents' | 'teams'>): ReadonlyMap<string, Meant> {
  const handles = new Map<string, Meant>();
  const add = (handle: string, ids: readonly AgentId[], all: boolean): void => {
    const key = fold(handle);
    const known = handles.get(key);
    if (key === '' || known?.all) return;
    handles.set(key, all ? { agents: new Set(ids), all } : { agents: new Set([...(known?.agents ?? []), ...ids]), all });
  };
  for (const { id } of agents) add(id, [id], true);
  for (const team of teams) for (const handle of [team.id, team.name]) add(handle, agents.filter((agent) => agent.teams.includes(team.id)).map(({ id }) => id), true);
  for (const { id, name } of agents) if (agents.filter((other) => fold(other.name) === fold(name)).length === 1) add(name, [id], true);
  for (const { id, name, email } of agents) for (const part of new Set([name, ...name.split(/\s+/), email.split('@')[0] ?? '', email])) add(part, [id], false);
  return handles;
}
