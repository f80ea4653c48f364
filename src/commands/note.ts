import { addNote } from '../desk/note.js';
import type { CommandDefinition } from './definition.js';
import { readFiles } from './files.js';
import { notedMessage } from './noted.js';

export const note: CommandDefinition = {
  name: 'note',
  aliases: ['notatka'],
  title: 'verb.note',
  summary: 'verb.note.summary',
  permission: 'work',
  onConversation: true,
  options: [
    { name: 'files', kind: 'files', required: false, label: 'option.attach', hidden: true },
    // A file may stand for itself.
    { name: 'text', kind: 'text', required: false, label: 'option.text' },
  ],
  form: true,
  async run(unit, call) {
    const noted = await addNote(unit, call.conversationId, { text: call.args['text'] ?? '', files: readFiles(call.args['files']), words: undefined });
    return { kind: 'done', message: notedMessage(unit.desk, noted), conversationId: noted.conversation.id };
  },
};
