import { reopen as reopenConversation } from '../desk/close.js';
import type { CommandDefinition } from './definition.js';

export const reopen: CommandDefinition = {
  name: 'reopen',
  aliases: ['open', 'otwórz', 'otworz'],
  title: 'verb.reopen',
  summary: 'verb.reopen.summary',
  permission: 'work',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const conversation = await reopenConversation(unit, call.conversationId);
    return { kind: 'done', message: { key: 'reopen.done', params: { number: conversation.number } }, conversationId: conversation.id };
  },
};
