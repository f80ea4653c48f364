/** Finding somebody for a conversation: a team hands out what is given to it, and what belongs to a colleague who is away goes to whoever stands in. */
import { absenceOf, nextInTeam, standInFor, type Staffing } from '../core/assignment.js';
import type { AbsenceId, AgentId, NoteId } from '../core/ids.js';
import type { Absence, Conversation } from '../core/model.js';
import { maySee, sightOf } from '../core/sight.js';
import { loadByOwner } from '../core/workload.js';
import { tell } from './tell.js';
import { asGoniec, BY_GONIEC, change, type Unit } from './unit.js';

/** Conversations that are handed over are read in pages of this size. */
const PAGE = 100;

export async function staffingOf({ tx, desk, now }: Pick<Unit, 'tx' | 'desk' | 'now'>): Promise<Staffing> {
  return { desk, now, absences: await tx.absences.notOver(now) };
}

/** The customer waits: if the owner is away, or it is nobody's and its team hands out, somebody who is there gets it. */
export async function findOwner(unit: Unit, conversation: Conversation): Promise<Conversation> {
  if (conversation.assigneeId === undefined) return deal(unit, conversation);
  const staffing = await staffingOf(unit);
  const absence = absenceOf(conversation.assigneeId, staffing);
  return absence ? handOver(unit, conversation, absence, staffing) : conversation;
}

/**
 * Gives a conversation that lies with a team to whoever is next in it. It stays with the team where nobody is there, or where the team hands out by hand.
 * @param how `except`: whom it was taken from; `noteId`: a word about how things stand
 */
export async function deal(by: Unit, conversation: Conversation, { except, noteId }: { readonly except?: AgentId | undefined; readonly noteId?: NoteId | undefined } = {}): Promise<Conversation> {
  const unit = asGoniec(by);
  const team = unit.desk.teams.find(({ id }) => id === conversation.teamId);
  if (!team || team.dealing === 'by-hand') return conversation;
  const { turn, last } = await unit.tx.turns.begin(team.id);
  const loads = [...loadByOwner(await unit.tx.conversations.workload())];
  const load = new Map(loads.flatMap(([id, { open }]) => (id === undefined ? [] : [[id, open]])));
  const next = nextInTeam(team, await staffingOf(unit), { turns: last, load }, (agent) => agent.id !== except && maySee(sightOf(unit.desk, agent), conversation));
  if (next === undefined) return conversation;
  await unit.tx.turns.took(team.id, next, turn);
  const dealt = await change(unit, conversation, { assigneeId: next }, { what: 'dealt', actor: BY_GONIEC, data: { to: next, team: team.id, verdict: team.dealing } });
  await tell(unit, next, dealt, { kind: 'dealt', noteId });
  return dealt;
}

/** The absence begins: everything open goes to others. What waits for the customer, or is snoozed, follows when its time comes. */
export async function handOverAll(unit: Unit, id: AbsenceId): Promise<void> {
  const staffing = await staffingOf(unit);
  const absence = staffing.absences.find((one) => one.id === id);
  if (!absence || absence.from > unit.now) return;
  for (;;) {
    const rows = await unit.tx.conversations.list({ kind: 'mine', agentId: absence.agentId }, { limit: PAGE, offset: 0 });
    for (const { conversation } of rows) await handOver(unit, conversation, absence, staffing);
    if (rows.length < PAGE) return;
  }
}

/** To whoever stands in, else within its team, else it is anybody's to claim; never left with the one who is away. */
async function handOver(unit: Unit, conversation: Conversation, absence: Absence, staffing: Staffing): Promise<Conversation> {
  const from = absence.agentId;
  const target = standInFor(absence, conversation.teamId, staffing, (agent) => maySee(sightOf(unit.desk, agent), conversation));
  if (target?.kind === 'agent') {
    const given = await change(unit, conversation, { assigneeId: target.id }, { what: 'handed-over', actor: BY_GONIEC, data: { from, to: target.id } });
    await tell(unit, target.id, given, { kind: 'handed-over', by: from });
    return given;
  }
  const data = target ? { from, team: target.id, verdict: 'team' } : { from, verdict: 'nobody' };
  const freed = await change(unit, conversation, { assigneeId: undefined, ...(target && { teamId: target.id }) }, { what: 'handed-over', actor: BY_GONIEC, data });
  return deal(unit, freed, { except: from });
}
