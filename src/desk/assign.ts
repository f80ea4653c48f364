import type { AgentId, ConversationId, TeamId } from '../core/ids.js';
import type { Conversation } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { maySee, sightOf } from '../core/sight.js';
import { byActor, change, loadConversation, nameOf, type StaffUnit } from './unit.js';

export type Assignee = { readonly kind: 'agent'; readonly id: AgentId } | { readonly kind: 'team'; readonly id: TeamId };

/**
 * Hands the conversation to an agent or a team.
 * @param drawnFrom revision that the form was drawn from: an owner who changed since is named instead of overruled
 */
export async function assign(unit: StaffUnit, conversationId: ConversationId | undefined, to: Assignee, drawnFrom: number | undefined): Promise<Conversation> {
  const conversation = await loadConversation(unit, conversationId);
  if (drawnFrom !== undefined && drawnFrom < conversation.revision) {
    const since = (await unit.tx.events.of(conversation.id)).filter((event) => event.revision > drawnFrom && ['claimed', 'assigned', 'released', 'team-assigned'].includes(event.what));
    const last = since.at(-1);
    if (last && !(last.actor.kind === 'agent' && last.actor.id === unit.actor.id)) {
      throw new Refusal('refused.assigned-meanwhile', { number: conversation.number, who: conversation.assigneeId ? nameOf(unit.desk, conversation.assigneeId) : (unit.desk.teams.find((team) => team.id === conversation.teamId)?.name ?? '') });
    }
  }
  if (!mayTake(unit, conversation, to)) throw new Refusal('refused.assignee-blind', { number: conversation.number, who: to.kind === 'agent' ? nameOf(unit.desk, to.id) : (unit.desk.teams.find((team) => team.id === to.id)?.name ?? to.id) });
  if (to.kind === 'team') {
    return change(unit, conversation, { teamId: to.id, assigneeId: undefined }, { what: 'team-assigned', actor: byActor(unit), data: { team: to.id } });
  }
  return change(unit, conversation, { assigneeId: to.id }, { what: 'assigned', actor: byActor(unit), data: { to: to.id } });
}

/** Whether they, or anybody of the team, see it: what nobody can open nobody does. A team that is empty yet is filled later. */
function mayTake({ whole }: StaffUnit, conversation: Conversation, to: Assignee): boolean {
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
