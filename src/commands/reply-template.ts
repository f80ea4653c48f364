import type { CommandCall, CommandOutcome, Said } from '../core/calls.js';
import type { ConversationId, TemplateId } from '../core/ids.js';
import { fillIn, findTemplate, withTemplateFiles } from '../desk/fill-template.js';
import { loadConversation, type StaffUnit } from '../desk/unit.js';
import type { OptionDefinition } from './definition.js';
import { readFiles } from './files.js';

type Values = Readonly<Record<string, string>>;

/** What an answer that is begun from templates carries along. */
export const TEMPLATE_OPTIONS: readonly OptionDefinition[] = [
  { name: 'language', kind: 'word', required: false, label: 'option.language', typedOnly: true },
  /** Templates that were filled in before, by id, with commas between. */
  { name: 'used', kind: 'text', required: false, label: 'option.template', hidden: true },
  /** A template chosen in a form comes back filled in, to be read and changed before it goes. */
  { name: 'review', kind: 'flag', required: false, label: 'option.template', hidden: true },
];

/** A template that was chosen becomes its text in the form; one that was filled in before and not touched since makes room for it. */
export async function withTemplateText(unit: StaffUnit, conversationId: ConversationId | undefined, prefill: Values): Promise<Values> {
  const said = prefill['template'];
  if (!said) return prefill;
  const conversation = await loadConversation(unit, conversationId);
  const template = findTemplate(unit, said, conversation);
  const before = usedIn(prefill);
  const last = unit.desk.templates.find(({ id }) => id === before.at(-1));
  const isUntouched = last !== undefined && (await fillIn(unit, conversation, { template: last, text: '' })).text.trim() === prefill['text']?.trim();
  const files = readFiles(prefill['files']).filter(({ blob }) => !isUntouched || !last.files.some((file) => file.blob === blob));
  const { text } = await fillIn(unit, conversation, { template, text: isUntouched ? '' : (prefill['text'] ?? ''), language: prefill['language'] });
  const all = withTemplateFiles(files, template);
  return { ...prefill, template: '', language: '', text, used: [...(isUntouched ? before.slice(0, -1) : before), template.id].join(','), files: all.length > 0 ? JSON.stringify(all) : '' };
}

/** What a person should know of the text in the form: variables that have no value, files that go along. */
export async function textFacts(unit: StaffUnit, conversationId: ConversationId | undefined, prefill: Values): Promise<readonly Said[]> {
  const files = readFiles(prefill['files']);
  const unknown = prefill['text'] ? (await fillIn(unit, await loadConversation(unit, conversationId), { template: undefined, text: prefill['text'] })).unknown : [];
  return [
    ...(unknown.length > 0 ? [{ key: 'reply.fill-in', params: { names: unknown.map((name) => `{{${name}}}`).join(', ') } } as const] : []),
    ...(files.length > 0 ? [{ key: 'reply.files', params: { names: files.map(({ fileName }) => fileName).join(', ') } } as const] : []),
  ];
}

/** The form of the verb again, filled in. */
export async function reviewTemplate(unit: StaffUnit, { verb, conversationId, args, revision }: CommandCall): Promise<CommandOutcome> {
  const conversation = await loadConversation(unit, conversationId);
  const template = findTemplate(unit, args['template'] ?? '', conversation);
  const { text, language } = await fillIn(unit, conversation, { template, text: args['text'] ?? '', language: args['language'] });
  const { conversation: _number, review: _review, ...rest } = args;
  return {
    kind: 'form', message: { key: 'template.filled', params: { number: conversation.number, name: template.name, language } }, items: [{ title: template.name, text, conversationId: undefined }],
    verb, args: rest, conversationId: conversation.id, revision,
  };
}

export const usedIn = (args: Values): readonly TemplateId[] => (args['used'] ?? '').split(',').filter(Boolean).map((id) => id as TemplateId);
