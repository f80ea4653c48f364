import type { MessageId } from '../core/ids.js';
import { forward as forwardMail } from '../desk/forward.js';
import { sendsSoon } from './sends-soon.js';
import type { CommandDefinition } from './definition.js';

export const forward: CommandDefinition = {
  name: 'forward',
  aliases: ['fwd', 'prześlij', 'przeslij'],
  title: 'verb.forward',
  summary: 'verb.forward.summary',
  permission: 'work',
  onConversation: true,
  options: [
    { name: 'message', kind: 'message', required: false, label: 'option.message', hidden: true },
    { name: 'to', kind: 'word', required: true, label: 'mail.to' },
    { name: 'text', kind: 'text', required: false, label: 'option.text' },
  ],
  form: true,
  async run(unit, call) {
    const { conversation, message } = await forwardMail(unit, call.conversationId, {
      messageId: call.args['message'] ? (call.args['message'] as MessageId) : undefined, drawnFrom: call.revision, to: call.args['to'] ?? '', text: call.args['text'] ?? '',
    });
    return sendsSoon(unit, conversation, message);
  },
};
