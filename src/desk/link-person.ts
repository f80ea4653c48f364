/** Ties somebody of a chat platform to an agent: a code from the agent's own settings on the web desk, said in chat, proves that both are one person. */
import type { AgentId } from '../core/ids.js';
import type { Agent } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import type { Unit } from './unit.js';

/** Long enough to change windows, short enough that a code in a screenshot is worth nothing; in milliseconds. */
const LASTS_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
const RADIX = 36;
/** Under this name used codes stand among the handled events, which are kept for a day. */
const USED = 'link-code';

const signed = (agent: string, until: string): string => `link ${agent} ${until}`;

/** To be shown to this agent alone. */
export function linkCode(sign: Unit['sign'], agent: AgentId, now: Date): string {
  const until = Math.ceil((now.getTime() + LASTS_MS) / MINUTE_MS).toString(RADIX);
  return `${agent}.${until}.${sign(signed(agent, until))}`;
}

/** @throws Refusal when the code is not ours, too old or used */
export async function linkPerson({ tx, desk, now, sign }: Pick<Unit, 'tx' | 'desk' | 'now' | 'sign'>, person: { readonly bridge: string; readonly id: string }, code: string): Promise<Agent> {
  const [key = '', until = '', signature = ''] = code.trim().toLowerCase().split('.');
  const agent = desk.agents.find(({ id }) => id === key);
  const isFresh = /^[0-9a-z]{1,9}$/.test(until) && Number.parseInt(until, RADIX) * MINUTE_MS > now.getTime();
  if (!agent || !isFresh || signature !== sign(signed(key, until))) throw new Refusal('link.bad-code');
  if (!(await tx.calls.firstSeen(USED, `${key}.${until}.${signature}`, now))) throw new Refusal('link.bad-code');
  await tx.people.link(person.bridge, person.id, agent.id);
  return agent;
}
