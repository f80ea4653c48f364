import type { CommandCall, CommandOutcome } from '../core/calls.js';
import type { Assignee, Conversation } from '../core/model.js';
import { assign as assignConversation, findAssignee } from '../desk/assign.js';
import { handOver as handOverConversation } from '../desk/hand-over.js';
import { nameOf, type StaffUnit } from '../desk/unit.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { isOn } from './reply.js';

/** Also to somebody who is away. */
const ANYWAY: OptionDefinition = { name: 'anyway', kind: 'flag', required: false, label: 'option.away-anyway', typedOnly: true };

export const assign: CommandDefinition = {
  name: 'assign',
  aliases: ['give', 'przydziel'],
  title: 'verb.assign',
  summary: 'verb.assign.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'to', kind: 'assignee', required: true, label: 'option.to' }, ANYWAY],
  form: true,
  async run(unit, call) {
    const to = findAssignee(unit, call.args['to'] ?? '');
    return assigned(unit, to, await assignConversation(unit, call.conversationId, wishOf(to, call)));
  },
};

export const handOver: CommandDefinition = {
  name: 'hand-over',
  aliases: ['handover', 'przekaż', 'przekaz'],
  title: 'verb.hand-over',
  summary: 'verb.hand-over.summary',
  permission: 'work',
  onConversation: true,
  options: [
    { name: 'to', kind: 'assignee', required: true, label: 'option.to' },
    { name: 'text', kind: 'text', required: true, label: 'option.hand-over-note' },
    ANYWAY,
  ],
  form: true,
  async run(unit, call) {
    const to = findAssignee(unit, call.args['to'] ?? '');
    return assigned(unit, to, await handOverConversation(unit, call.conversationId, wishOf(to, call), call.args['text'] ?? ''));
  },
};

const wishOf = (to: Assignee, { revision, args }: CommandCall) => ({ to, drawnFrom: revision, anyway: isOn(args['anyway']) });

function assigned({ desk }: StaffUnit, to: Assignee, { number, id, assigneeId }: Conversation): CommandOutcome {
  if (to.kind === 'agent') return { kind: 'done', message: { key: 'assign.done', params: { number, who: nameOf(desk, to.id) } }, conversationId: id };
  const team = desk.teams.find((known) => known.id === to.id)?.name ?? to.id;
  return { kind: 'done', message: assigneeId ? { key: 'assign.team-dealt', params: { number, team, who: nameOf(desk, assigneeId) } } : { key: 'assign.team-done', params: { number, team } }, conversationId: id };
}
