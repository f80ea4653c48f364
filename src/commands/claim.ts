import { claim as claimConversation } from '../desk/claim.js';
import type { CommandDefinition } from './definition.js';

export const claim: CommandDefinition = {
  name: 'claim',
  aliases: ['take', 'mine', 'weź', 'wez', 'moje'],
  title: 'verb.claim',
  summary: 'verb.claim.summary',
  permission: 'work',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const { conversation, already } = await claimConversation(unit, call.conversationId);
    return { kind: 'done', message: { key: already ? 'claim.already-yours' : 'claim.done', params: { number: conversation.number } }, conversationId: conversation.id };
  },
};
