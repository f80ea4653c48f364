import type { MessageId } from '../core/ids.js';
import { undo as undoAnswer } from '../desk/undo.js';
import type { CommandDefinition } from './definition.js';

export const undo: CommandDefinition = {
  name: 'undo',
  aliases: ['cofnij'],
  title: 'verb.undo',
  summary: 'verb.undo.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'message', kind: 'message', required: false, label: 'option.text', hidden: true }],
  form: false,
  async run(unit, call) {
    const { conversation } = await undoAnswer(unit, call.conversationId, call.args['message'] ? (call.args['message'] as MessageId) : undefined);
    return { kind: 'done', message: { key: 'undo.done', params: { number: conversation.number } }, conversationId: conversation.id };
  },
};
