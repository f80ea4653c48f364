/** Forms as Discord's modals, and what was filled in. */
import { ComponentType, TextInputStyle } from 'discord.js';

import type { Form, FormField } from '../../core/ports/chat.js';
import type { CustomIds } from './custom-ids.js';
import { listIn, objectIn, textIn, type Json } from './json.js';
import { MAX_CONTENT_CHARS, MAX_INPUT_CHARS, MAX_LABEL_CHARS, MAX_MODAL_PARTS, MAX_MODAL_TITLE_CHARS, MAX_OPTION_CHARS, MAX_SELECT_OPTIONS } from './limits.js';
import { literally, oneLine, shorten } from './plain-text.js';

export function modalOf(form: Form, ids: CustomIds): Json {
  const facts = form.facts.length > 0 ? [{ type: ComponentType.TextDisplay, content: shorten(form.facts.map(literally).join('\n'), MAX_CONTENT_CHARS) }] : [];
  const fields = form.fields.filter(({ kind, choices }) => (kind !== 'choice' && kind !== 'flags') || choices.length > 0).slice(0, MAX_MODAL_PARTS - facts.length);
  return {
    custom_id: ids.write({ kind: 'send', verb: form.verb, conversationId: form.conversationId, revision: form.revision, args: form.hidden }),
    title: oneLine(form.title, MAX_MODAL_TITLE_CHARS),
    components: [...facts, ...fields.map((field) => ({ type: ComponentType.Label, label: oneLine(field.label, MAX_LABEL_CHARS), component: inputOf(field) }))],
  };
}

function inputOf(field: FormField): Json {
  const base = { custom_id: field.name, required: field.required };
  if (field.kind === 'choice' || field.kind === 'flags') {
    const chosen = field.kind === 'flags' ? field.initial.split(',') : [field.initial];
    const choices = field.choices.slice(0, MAX_SELECT_OPTIONS);
    const options = choices.map(({ value, label }) => ({ value: value.slice(0, MAX_OPTION_CHARS), label: oneLine(label, MAX_OPTION_CHARS) || value, ...(chosen.includes(value) && { default: true }) }));
    return { ...base, type: ComponentType.StringSelect, options, min_values: field.required ? 1 : 0, max_values: field.kind === 'flags' ? options.length : 1 };
  }
  const isLong = field.kind === 'long-text';
  return { ...base, type: ComponentType.TextInput, style: isLong ? TextInputStyle.Paragraph : TextInputStyle.Short, max_length: isLong ? MAX_INPUT_CHARS : MAX_OPTION_CHARS * 2, ...(field.initial && { value: field.initial.slice(0, isLong ? MAX_INPUT_CHARS : MAX_OPTION_CHARS * 2) }) };
}

/** Values by field; what was left empty is left out. */
export function filledIn(data: Json): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const label of listIn(data, 'components')) {
    const part = objectIn(label, 'component');
    const name = textIn(part, 'custom_id');
    const value = Array.isArray(part['values']) ? part['values'].join(',') : textIn(part, 'value');
    if (name && value) values[name] = value;
  }
  return values;
}
