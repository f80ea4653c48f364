import type { Desk } from '../core/model.js';

/** What agents chose for themselves (language, colours, time zone) stays theirs; desk.yaml gives only the first values. */
export function keepPreferences(present: Desk, wanted: Desk): Desk {
  const chosen = new Map(present.agents.map((agent) => [agent.id, agent]));
  const agents = wanted.agents.map((agent) => {
    const known = chosen.get(agent.id);
    return known ? { ...agent, locale: known.locale, theme: known.theme, timeZone: known.timeZone } : agent;
  });
  return { ...wanted, agents };
}
