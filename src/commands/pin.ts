import type { NoteId } from '../core/ids.js';
import { pin as pinNote, pinNew, unpin as unpinNote } from '../desk/pin.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';

/** Set by the button on a note. */
const NOTE: OptionDefinition = { name: 'note', kind: 'message', required: false, label: 'option.text', hidden: true };
const idIn = (note: string | undefined): NoteId | undefined => (note ? (note as NoteId) : undefined);

export const pin: CommandDefinition = {
  name: 'pin',
  aliases: ['przypnij'],
  title: 'verb.pin',
  summary: 'verb.pin.summary',
  permission: 'work',
  onConversation: true,
  options: [NOTE, { name: 'text', kind: 'text', required: false, label: 'option.pin-text' }],
  form: false,
  async run(unit, { conversationId, args }) {
    const text = args['text']?.trim();
    const { conversation: { number, id }, already } = text ? { conversation: await pinNew(unit, conversationId, text), already: false } : await pinNote(unit, conversationId, idIn(args['note']));
    return { kind: 'done', message: { key: already ? 'pin.already' : 'pin.done', params: { number } }, conversationId: id };
  },
};

export const unpin: CommandDefinition = {
  name: 'unpin',
  aliases: ['odepnij'],
  title: 'verb.unpin',
  summary: 'verb.unpin.summary',
  permission: 'work',
  onConversation: true,
  options: [NOTE],
  form: false,
  async run(unit, { conversationId, args }) {
    const { number, id } = await unpinNote(unit, conversationId, idIn(args['note']));
    return { kind: 'done', message: { key: 'unpin.done', params: { number } }, conversationId: id };
  },
};
