import { say } from '../core/language/say.js';
import { may } from '../core/permissions.js';
import type { CommandDefinition } from './definition.js';

/** @param catalogue all verbs, this one included: help is made from what there is */
export const helpOf = (catalogue: () => readonly CommandDefinition[]): CommandDefinition => ({
  name: 'help',
  aliases: ['pomoc', '?'],
  title: 'verb.help',
  summary: 'verb.help.summary',
  permission: 'read',
  onConversation: false,
  options: [],
  form: false,
  async run(unit) {
    const { locale, role } = unit.actor;
    const items = catalogue()
      .filter(({ permission }) => may(role, permission))
      .map((command) => {
        // Suggestions and forms show what else there is: the whole list has to fit into one message.
        const options = command.options.filter(({ hidden, required }) => required && !hidden).map(({ name }) => name);
        return { title: [`/${command.name}`, ...options].join(' '), text: say(locale, command.summary), conversationId: undefined };
      });
    return { kind: 'list', message: { key: 'help.plain-words', params: {} }, items };
  },
});
