import { waitForCustomer } from '../desk/triage.js';
import type { CommandDefinition } from './definition.js';

export const wait: CommandDefinition = {
  name: 'wait',
  aliases: ['pending', 'czekaj'],
  title: 'verb.wait',
  summary: 'verb.wait.summary',
  permission: 'work',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const conversation = await waitForCustomer(unit, call.conversationId);
    return { kind: 'done', message: { key: 'wait.done', params: { number: conversation.number } }, conversationId: conversation.id };
  },
};
