/** The Template button: a menu of prepared answers; the one that is chosen opens the form with its words filled in, to be read and changed before they are sent. */
import { ComponentType, MessageFlags } from 'discord.js';

import type { Locale } from '../../core/model.js';
import type { Answer, ChatEvents, Form, Speech } from '../../core/ports/chat.js';
import { say } from '../../core/language/say.js';
import type { CustomIds, Pressed } from './custom-ids.js';
import type { Json } from './json.js';
import { MAX_INPUT_CHARS, MAX_OPTION_CHARS, MAX_ROWS } from './limits.js';
import { inPages } from './more.js';
import { NO_MENTIONS, oneLine } from './plain-text.js';

/** The menu, or why there is none: as many templates as a message has room for; all of them are behind /reply. */
export function templateMenu(form: Form, pressed: Pressed, ids: CustomIds, locale: Locale): Json {
  const templates = form.fields.find(({ name }) => name === 'template')?.choices ?? [];
  const menus = inPages(templates, MAX_ROWS).map((page, index): Json => ({
    type: ComponentType.ActionRow,
    components: [{
      type: ComponentType.StringSelect, custom_id: ids.write({ ...pressed, kind: 'pick', args: { page: String(index) } }), placeholder: say(locale, 'chat.choose-template'), min_values: 1, max_values: 1,
      options: page.map(({ value, label }) => ({ value: value.slice(0, MAX_OPTION_CHARS), label: oneLine(label, MAX_OPTION_CHARS) || value.slice(0, MAX_OPTION_CHARS) })),
    }],
  }));
  return { content: say(locale, templates.length > 0 ? 'chat.choose-template' : 'chat.no-templates'), allowed_mentions: NO_MENTIONS, flags: MessageFlags.Ephemeral, components: menus };
}

/** The form with the chosen template filled in, and its files; an answer where it cannot be had. */
export async function templateChosen(events: ChatEvents, speech: Speech, { verb, conversationId }: Pressed, template: string): Promise<Form | Answer> {
  const formOf = (prefill: Readonly<Record<string, string>>): Promise<Form | Answer> => events.form({ ...speech, verb, conversationId, prefill });
  const filled = await formOf({ template });
  if (!('fields' in filled) || filled.fields.every(({ initial }) => initial.length <= MAX_INPUT_CHARS)) return filled;
  // A text that the form has no room for is filled in when it is sent, unseen.
  const empty = await formOf({});
  if (!('fields' in empty)) return empty;
  const { review: _review, ...hidden } = empty.hidden;
  return { ...empty, hidden, fields: empty.fields.map((field) => (field.name === 'template' ? { ...field, initial: template } : field)) };
}
