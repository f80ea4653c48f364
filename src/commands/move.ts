import { move as moveConversation } from '../desk/move.js';
import type { CommandDefinition } from './definition.js';

export const move: CommandDefinition = {
  name: 'move',
  aliases: ['przenieś', 'przenies'],
  title: 'verb.move',
  summary: 'verb.move.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'place', kind: 'place', required: true, label: 'option.place' }],
  form: true,
  async run(unit, call) {
    const { conversation, place, already } = await moveConversation(unit, call.conversationId, call.args['place'] ?? '');
    if ('address' in place) return { kind: 'done', message: { key: already ? 'move.already' : 'move.mailbox', params: { number: conversation.number, place: place.address } }, conversationId: conversation.id };
    return { kind: 'done', message: { key: already ? 'move.already' : 'move.done', params: { number: conversation.number, place: place.name } }, conversationId: conversation.id };
  },
};
