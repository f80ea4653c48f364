import { addNote } from '../desk/note.js';
import type { CommandDefinition } from './definition.js';

export const note: CommandDefinition = {
  name: 'note',
  aliases: ['notatka'],
  title: 'verb.note',
  summary: 'verb.note.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'text', kind: 'text', required: true, label: 'option.text' }],
  form: true,
  async run(unit, call) {
    const { conversation } = await addNote(unit, call.conversationId, { text: call.args['text'] ?? '', files: [], words: undefined });
    return { kind: 'done', message: { key: 'note.done', params: { number: conversation.number } }, conversationId: conversation.id };
  },
};
