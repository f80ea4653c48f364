import { absenceOf } from '../core/assignment.js';
import type { AgentId, ConversationId, NoteId } from '../core/ids.js';
import type { Assignee, Conversation, EventKind } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { maySee, sightOf } from '../core/sight.js';
import { formatDateTime } from '../core/language/say.js';
import { deal, staffingOf } from './find-owner.js';
import { tell } from './tell.js';
import { byActor, change, loadConversation, nameOf, type StaffUnit } from './unit.js';

/** What changes whose a conversation is. */
const OWNERSHIP: readonly EventKind[] = ['claimed', 'assigned', 'released', 'team-assigned', 'dealt', 'handed-over'];

export interface AssignWish {
  readonly to: Assignee;
  /** Revision that the form was drawn from: an owner who changed since is named instead of overruled. */
  readonly drawnFrom: number | undefined;
  /** Also to somebody who is away. */
  readonly anyway: boolean;
  /** A word about how things stand, for the new owner. */
  readonly noteId?: NoteId | undefined;
  /** One of many: the new owner is not told of each. */
  readonly quiet?: boolean;
}

/** Hands the conversation to an agent, or to a team, which gives it to whoever is next in it. */
export async function assign(unit: StaffUnit, conversationId: ConversationId | undefined, { to, drawnFrom, anyway, noteId, quiet }: AssignWish): Promise<Conversation> {
  const conversation = await loadConversation(unit, conversationId);
  refuseIfTheirs(unit, conversation, to);
  if (drawnFrom !== undefined && drawnFrom < conversation.revision) {
    const since = (await unit.tx.events.of(conversation.id)).filter((event) => event.revision > drawnFrom && OWNERSHIP.includes(event.what));
    const last = since.at(-1);
    if (last && !(last.actor.kind === 'agent' && last.actor.id === unit.actor.id)) {
      throw new Refusal('refused.assigned-meanwhile', { number: conversation.number, who: conversation.assigneeId ? nameOf(unit.desk, conversation.assigneeId) : (unit.desk.teams.find((team) => team.id === conversation.teamId)?.name ?? '') });
    }
  }
  if (!mayTake(unit, conversation, to)) throw new Refusal('refused.assignee-blind', { number: conversation.number, who: to.kind === 'agent' ? nameOf(unit.desk, to.id) : (unit.desk.teams.find((team) => team.id === to.id)?.name ?? to.id) });
  if (to.kind === 'team') {
    const given = await change(unit, conversation, { teamId: to.id, assigneeId: undefined }, { what: 'team-assigned', actor: byActor(unit), data: { team: to.id } });
    return deal(unit, given, { except: conversation.assigneeId, noteId });
  }
  if (!anyway) await refuseIfAway(unit, to.id, conversation.number);
  const given = await change(unit, conversation, { assigneeId: to.id }, { what: 'assigned', actor: byActor(unit), data: { to: to.id } });
  if (to.id !== unit.actor.id && !quiet) await tell(unit, to.id, given, { kind: 'assigned', by: unit.actor.id, noteId });
  return given;
}

/** Nobody is given twice what is theirs; a team that deals out by itself may give it to the next one. */
function refuseIfTheirs({ desk, actor }: StaffUnit, { number, assigneeId, teamId }: Conversation, to: Assignee): void {
  if (to.kind === 'agent' && to.id === assigneeId) throw to.id === actor.id ? new Refusal('refused.claimed-already', { number }) : new Refusal('refused.claimed-by', { number, who: nameOf(desk, to.id) });
  const team = to.kind === 'team' && to.id === teamId && assigneeId === undefined ? desk.teams.find(({ id }) => id === teamId) : undefined;
  if (team?.dealing === 'by-hand') throw new Refusal('refused.team-already', { number, team: team.name });
}

/** Nobody would look at it: the one who assigns says that it does not matter, or chooses somebody else. Taking something oneself is a sign of being there. */
async function refuseIfAway(unit: StaffUnit, agent: AgentId, number: number): Promise<void> {
  const absence = agent === unit.actor.id ? undefined : absenceOf(agent, await staffingOf(unit));
  if (!absence) return;
  throw new Refusal('refused.away', { who: nameOf(unit.desk, agent), time: formatDateTime(absence.until, unit.actor.locale, unit.actor.timeZone), number });
}

/** Whether they, or anybody of the team, see it: what nobody can open nobody does. A team that is empty yet is filled later. */
export function mayTake({ whole }: Pick<StaffUnit, 'whole'>, conversation: Conversation, to: Assignee): boolean {
  const people = whole.agents.filter((agent) => (to.kind === 'agent' ? agent.id === to.id : agent.teams.includes(to.id)));
  return people.length === 0 || people.some((agent) => maySee(sightOf(whole, agent), conversation));
}

/** Finds whom a person means by a name: id, e-mail address, name or first name of an agent, or id or name of a team. @throws Refusal */
export function findAssignee(unit: StaffUnit, said: string): Assignee {
  const word = said.replace(/^@/, '').trim().toLowerCase();
  if (word === 'me' || word === 'ja' || word === 'mnie') return { kind: 'agent', id: unit.actor.id };
  const agents = unit.desk.agents.filter((agent) => agent.role !== 'viewer');
  const exact = agents.filter((agent) => [agent.id, agent.email, agent.name.toLowerCase()].includes(word));
  const byFirstName = exact.length > 0 ? exact : agents.filter((agent) => agent.name.toLowerCase().split(/\s+/).includes(word));
  const [agent, another] = byFirstName;
  if (agent && !another) return { kind: 'agent', id: agent.id };
  if (another) throw new Refusal('refused.ambiguous-person', { said, names: byFirstName.map(({ name }) => name).join(', ') });
  const team = unit.desk.teams.find(({ id, name }) => id === word || name.toLowerCase() === word);
  if (team) return { kind: 'team', id: team.id };
  throw new Refusal('refused.no-such-person', { said, names: [...agents.map(({ name }) => name), ...unit.desk.teams.map(({ name }) => name)].join(', ') });
}
