import type { CommandCall, CommandOutcome } from '../core/calls.js';
import { markSpam } from '../desk/triage.js';
import type { StaffUnit } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';

const run = (isSpam: boolean) => async (unit: StaffUnit, call: CommandCall): Promise<CommandOutcome> => {
  const conversation = await markSpam(unit, call.conversationId, isSpam);
  return { kind: 'done', message: { key: isSpam ? 'spam.done' : 'not-spam.done', params: { number: conversation.number } }, conversationId: conversation.id };
};

export const spam: CommandDefinition = {
  name: 'spam', aliases: ['junk'], title: 'verb.spam', summary: 'verb.spam.summary', permission: 'work', onConversation: true, options: [], form: false, run: run(true),
};

export const notSpam: CommandDefinition = {
  name: 'not-spam', aliases: ['unspam', 'nie-spam'], title: 'verb.not-spam', summary: 'verb.not-spam.summary', permission: 'work', onConversation: true, options: [], form: false, run: run(false),
};
