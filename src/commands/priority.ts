import { setPriority } from '../desk/triage.js';
import type { CommandDefinition } from './definition.js';

export const priority: CommandDefinition = {
  name: 'priority',
  aliases: ['prio', 'priorytet'],
  title: 'verb.priority',
  summary: 'verb.priority.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'priority', kind: 'priority', required: true, label: 'option.priority' }],
  form: true,
  async run(unit, call) {
    const { conversation, already } = await setPriority(unit, call.conversationId, call.args['priority'] ?? '');
    return { kind: 'done', message: { key: already ? 'priority.already' : `priority.done.${conversation.priority}`, params: { number: conversation.number } }, conversationId: conversation.id };
  },
};
