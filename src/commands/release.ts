import { release as releaseConversation } from '../desk/release.js';
import type { CommandDefinition } from './definition.js';

export const release: CommandDefinition = {
  name: 'release',
  aliases: ['unclaim', 'oddaj'],
  title: 'verb.release',
  summary: 'verb.release.summary',
  permission: 'work',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const conversation = await releaseConversation(unit, call.conversationId);
    return { kind: 'done', message: { key: 'release.done', params: { number: conversation.number } }, conversationId: conversation.id };
  },
};
