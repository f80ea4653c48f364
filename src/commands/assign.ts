import { assign as assignConversation, findAssignee } from '../desk/assign.js';
import { nameOf } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';

export const assign: CommandDefinition = {
  name: 'assign',
  aliases: ['give', 'przydziel'],
  title: 'verb.assign',
  summary: 'verb.assign.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'to', kind: 'assignee', required: true, label: 'option.to' }],
  form: true,
  async run(unit, call) {
    const to = findAssignee(unit, call.args['to'] ?? '');
    const { number, id } = await assignConversation(unit, call.conversationId, to, call.revision);
    const message =
      to.kind === 'team'
        ? ({ key: 'assign.team-done', params: { number, team: unit.desk.teams.find((team) => team.id === to.id)?.name ?? to.id } } as const)
        : ({ key: 'assign.done', params: { number, who: nameOf(unit.desk, to.id) } } as const);
    return { kind: 'done', message, conversationId: id };
  },
};
