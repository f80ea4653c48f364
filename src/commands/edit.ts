import type { CommandOutcome } from '../core/calls.js';
import type { MessageId } from '../core/ids.js';
import { editAnswer, findEditable } from '../desk/edit-answer.js';
import { loadConversation } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';
import { readFiles } from './files.js';
import { heldOutcome } from './held.js';
import { isOn, receiversIn, written } from './reply.js';
import { sendsSoon } from './sends-soon.js';

const messageIn = (args: Readonly<Record<string, string>>): MessageId | undefined => (args['message'] ? (args['message'] as MessageId) : undefined);

/** Changes an answer that has not left. */
export const edit: CommandDefinition = {
  name: 'edit',
  aliases: ['popraw'],
  title: 'button.edit',
  summary: 'verb.edit.summary',
  permission: 'work',
  onConversation: true,
  options: [
    { name: 'message', kind: 'message', required: false, label: 'option.message', hidden: true },
    { name: 'to', kind: 'word', required: false, label: 'mail.to', typedOnly: true },
    { name: 'cc', kind: 'word', required: false, label: 'mail.cc', typedOnly: true },
    { name: 'bcc', kind: 'word', required: false, label: 'mail.bcc', typedOnly: true },
    { name: 'only', kind: 'flag', required: false, label: 'option.only' },
    { name: 'at', kind: 'word', required: false, label: 'option.until', typedOnly: true },
    { name: 'attach', kind: 'thread-files', required: false, label: 'option.thread-files', typedOnly: true },
    { name: 'files', kind: 'files', required: false, label: 'option.attach', hidden: true },
    { name: 'anyway', kind: 'flag', required: false, label: 'option.send-anyway' },
    { name: 'text', kind: 'text', required: false, label: 'option.text' },
  ],
  form: true,
  async formFacts(unit, conversationId, prefill) {
    const { to, cc } = await findEditable(unit, await loadConversation(unit, conversationId), messageIn(prefill));
    return [{ key: 'reply.goes-to', params: { to: to.map(written).join(', ') } }, ...(cc.length > 0 ? [{ key: 'reply.cc', params: { cc: cc.map(written).join(', ') } } as const] : [])];
  },
  async formValues(unit, conversationId, prefill) {
    return { text: (await findEditable(unit, await loadConversation(unit, conversationId), messageIn(prefill))).text };
  },
  async run(unit, call): Promise<CommandOutcome> {
    const { args } = call;
    const outcome = await editAnswer(unit, call.conversationId, messageIn(args), {
      text: args['text'], receivers: receiversIn(args), at: args['at']?.trim() || undefined, files: readFiles(args['files']), anyway: isOn(args['anyway']),
    });
    if ('held' in outcome) return heldOutcome(unit, outcome, 'reply.held');
    const { conversation, message } = outcome;
    if (message.state === 'draft') return { kind: 'done', message: { key: 'draft.edited', params: { number: conversation.number } }, conversationId: conversation.id };
    return sendsSoon(unit, conversation, message);
  },
};
