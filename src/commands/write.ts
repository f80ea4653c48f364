import { writeFirst } from '../desk/write-first.js';
import { sendsSoon } from './sends-soon.js';
import type { CommandDefinition } from './definition.js';

export const write: CommandDefinition = {
  name: 'write',
  aliases: ['new', 'compose', 'napisz'],
  title: 'verb.write',
  summary: 'verb.write.summary',
  permission: 'work',
  onConversation: false,
  options: [
    { name: 'to', kind: 'word', required: true, label: 'mail.to' },
    { name: 'subject', kind: 'word', required: true, label: 'mail.subject' },
    { name: 'mailbox', kind: 'word', required: false, label: 'thread.mailbox', typedOnly: true },
    { name: 'text', kind: 'text', required: true, label: 'option.text' },
  ],
  form: true,
  async run(unit, call) {
    const { conversation, message } = await writeFirst(unit, { to: call.args['to'] ?? '', subject: call.args['subject'] ?? '', text: call.args['text'] ?? '', mailbox: call.args['mailbox'] });
    return sendsSoon(unit, conversation, message);
  },
};
