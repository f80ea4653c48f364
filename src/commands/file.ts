import type { CommandCall, CommandOutcome } from '../core/calls.js';
import { fileUnder, takeOut } from '../desk/move.js';
import type { StaffUnit } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';

/** Puts a conversation that needs no answer out of the way, without losing it. */
export const file: CommandDefinition = {
  name: 'file',
  aliases: ['odłóż-do-folderu', 'odloz-do-folderu', 'folder'],
  title: 'verb.file',
  summary: 'verb.file.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'folder', kind: 'folder', required: true, label: 'option.folder' }],
  form: true,
  async run(unit: StaffUnit, call: CommandCall): Promise<CommandOutcome> {
    const { conversation, place, already } = await fileUnder(unit, call.conversationId, call.args['folder'] ?? '');
    return { kind: 'done', message: { key: already ? 'move.already' : 'file.done', params: { number: conversation.number, place: place.name } }, conversationId: conversation.id };
  },
};

export const unfile: CommandDefinition = {
  name: 'unfile',
  aliases: ['wyjmij-z-folderu'],
  title: 'verb.unfile',
  summary: 'verb.unfile.summary',
  permission: 'work',
  onConversation: true,
  options: [],
  form: false,
  async run(unit: StaffUnit, call: CommandCall): Promise<CommandOutcome> {
    const { conversation, place } = await takeOut(unit, call.conversationId);
    return { kind: 'done', message: { key: 'move.done', params: { number: conversation.number, place: place.name } }, conversationId: conversation.id };
  },
};
