import type { CommandCall, CommandOutcome } from '../core/calls.js';
import { label as putLabel } from '../desk/triage.js';
import type { StaffUnit } from '../desk/unit.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';

const LABEL: OptionDefinition = { name: 'label', kind: 'label', required: true, label: 'option.label' };

const run = (off: boolean) => async (unit: StaffUnit, call: CommandCall): Promise<CommandOutcome> => {
  const { conversation, name, already } = await putLabel(unit, call.conversationId, call.args['label'] ?? '', off);
  return { kind: 'done', message: { key: off ? (already ? 'unlabel.already' : 'unlabel.done') : already ? 'label.already' : 'label.done', params: { number: conversation.number, label: name } }, conversationId: conversation.id };
};

export const label: CommandDefinition = {
  name: 'label', aliases: ['tag', 'etykieta'], title: 'verb.label', summary: 'verb.label.summary', permission: 'work', onConversation: true, options: [LABEL], form: true, run: run(false),
};

export const unlabel: CommandDefinition = {
  name: 'unlabel', aliases: ['untag', 'zdejmij-etykietę', 'zdejmij-etykiete'], title: 'verb.unlabel', summary: 'verb.unlabel.summary', permission: 'work', onConversation: true, options: [LABEL], form: true, run: run(true),
};
