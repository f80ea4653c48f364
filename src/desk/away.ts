import type { AbsenceId } from '../core/ids.js';
import type { Absence, Agent, Assignee } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { findAssignee } from './assign.js';
import { readWhen } from './snooze.js';
import type { StaffUnit } from './unit.js';
import { wakeAt } from './wake-at.js';

/** As it was said. */
export interface AwayWish {
  /** Who is away; undefined: the one who says it. */
  readonly who: string | undefined;
  /** undefined: from now on. */
  readonly from: string | undefined;
  readonly until: string;
  readonly standIn: string | undefined;
}

/** Out of office: from then on the agent is given nothing, and what is open goes to others by itself. What was said earlier about that time is replaced. */
export async function goAway(unit: StaffUnit, wish: AwayWish): Promise<{ absence: Absence; agent: Agent; already: boolean }> {
  const agent = agentMeant(unit, wish.who);
  const from = wish.from ? readWhen(unit, wish.from) : unit.now;
  const until = readWhen(unit, wish.until);
  if (from >= until) throw new Refusal('refused.away-backwards');
  const standIn = wish.standIn ? findAssignee(unit, wish.standIn) : undefined;
  if (isSame(standIn, agent)) throw new Refusal('refused.stand-in-self', { who: agent.name });
  const others = await absencesOf(unit, agent);
  const known = others.find((other) => (wish.from ? other.from.getTime() === from.getTime() : other.from <= from) && other.until.getTime() === until.getTime() && other.standIn?.id === standIn?.id);
  if (known) return { absence: known, agent, already: true };
  for (const other of others) {
    if (other.from < until && from < other.until) await unit.tx.absences.end(other.id, from);
  }
  const absence: Absence = { id: unit.newId() as AbsenceId, agentId: agent.id, from, until, standIn };
  await unit.tx.absences.add(absence);
  await wakeAt(unit, `away:${absence.id}`, from);
  return { absence, agent, already: false };
}

/** Back before the time, or not going at all: ends the present absence, or else the next one that is planned. */
export async function comeBack(unit: StaffUnit, who: string | undefined): Promise<{ absence: Absence; agent: Agent; planned: boolean }> {
  const agent = agentMeant(unit, who);
  const [absence] = await absencesOf(unit, agent);
  if (!absence) throw new Refusal('refused.not-away', { who: agent.name });
  await unit.tx.absences.end(absence.id, unit.now);
  return { absence, agent, planned: absence.from > unit.now };
}

async function absencesOf(unit: StaffUnit, agent: Agent): Promise<readonly Absence[]> {
  return (await unit.tx.absences.notOver(unit.now)).filter(({ agentId }) => agentId === agent.id);
}

/** Oneself; an administrator may speak for others. */
function agentMeant(unit: StaffUnit, who: string | undefined): Agent {
  const meant = who ? findAssignee(unit, who) : { kind: 'agent', id: unit.actor.id };
  const agent = meant.kind === 'agent' ? unit.desk.agents.find(({ id }) => id === meant.id) : undefined;
  if (!agent) throw new Refusal('refused.no-such-agent', { said: who ?? '', names: unit.desk.agents.map(({ name }) => name).join(', ') });
  if (agent.id !== unit.actor.id && unit.actor.role !== 'admin') throw new Refusal('refused.not-for-others', { who: agent.name });
  return agent;
}

const isSame = (standIn: Assignee | undefined, { id }: Agent): boolean => standIn?.kind === 'agent' && standIn.id === id;
