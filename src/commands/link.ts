import { Refusal } from '../core/errors.js';
import type { CommandDefinition } from './definition.js';

/** Says who one is on a chat platform. Whoever says it is nobody yet, so the door does it before it asks who somebody is; here it only comes where everybody is known. */
export const link: CommandDefinition = {
  name: 'link',
  aliases: ['połącz', 'polacz'],
  title: 'verb.link',
  summary: 'verb.link.summary',
  permission: 'read',
  onConversation: false,
  options: [{ name: 'code', kind: 'text', required: true, label: 'option.code' }],
  form: false,
  run: () => Promise.reject(new Refusal('link.in-chat')),
};
