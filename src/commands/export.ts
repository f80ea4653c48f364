import type { ListItem } from '../core/calls.js';
import { say } from '../core/language/say.js';
import { loadConversation } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';
import { isOn } from './reply.js';

/** Where a conversation can be had as a file: the web desk hands it out, to whoever may read it there. */
export const exportFiles: CommandDefinition = {
  name: 'export',
  aliases: ['eksport'],
  title: 'verb.export',
  summary: 'verb.export.summary',
  permission: 'read',
  onConversation: true,
  options: [{ name: 'notes', kind: 'flag', required: false, label: 'option.notes' }],
  form: false,
  async run(unit, call) {
    const { number } = await loadConversation(unit, call.conversationId);
    const { locale } = unit.actor;
    const notes = isOn(call.args['notes']);
    const item = (format: 'html' | 'zip'): ListItem => {
      const path = `/c/${number}/export.${format}${notes ? '?notes=yes' : ''}`;
      return { title: say(locale, `export.${format}`), text: path, conversationId: undefined, path };
    };
    return { kind: 'list', message: { key: notes ? 'export.with-notes' : 'export.without-notes', params: {} }, items: [item('html'), item('zip')] };
  },
};
