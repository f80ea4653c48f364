import type { CommandCall, CommandOutcome } from '../core/calls.js';
import type { MessageId } from '../core/ids.js';
import type { StoredFile, Template, TemplateText } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { fingerprint } from '../core/fingerprint.js';
import { textFor } from '../core/template-choice.js';
import { TEMPLATE_VARIABLES } from '../core/templates.js';
import { answerAsTemplate } from '../desk/answer-as-template.js';
import { findTemplate } from '../desk/fill-template.js';
import { addTemplate, changeTemplate, restoreTemplate, retireTemplate, type TemplateFields } from '../desk/keep-template.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { EXCERPT_IN_LISTS_CHARS } from './excerpt.js';
import { readFiles } from './files.js';

const TEMPLATE: OptionDefinition = { name: 'template', kind: 'template', required: true, label: 'option.template' };
const NAME: OptionDefinition = { name: 'name', kind: 'word', required: true, label: 'option.template-name' };
const TEXT: OptionDefinition = { name: 'text', kind: 'text', required: true, label: 'option.text' };
const CATEGORY: OptionDefinition = { name: 'category', kind: 'word', required: false, label: 'option.category' };
const LANGUAGE: OptionDefinition = { name: 'language', kind: 'word', required: false, label: 'option.language' };
/** For whom; a form stays short without it. */
const FOR: readonly OptionDefinition[] = [
  { name: 'mailboxes', kind: 'word', required: false, label: 'option.mailboxes', typedOnly: true },
  { name: 'teams', kind: 'word', required: false, label: 'option.teams', typedOnly: true },
];
/** Made by forms: all texts at once, and files. */
const WHOLE: readonly OptionDefinition[] = [
  { name: 'texts', kind: 'text', required: false, label: 'option.text', hidden: true },
  { name: 'files', kind: 'files', required: false, label: 'option.attach', hidden: true },
];
const MESSAGE: OptionDefinition = { name: 'message', kind: 'message', required: false, label: 'option.message', hidden: true };
/** Written where a value is to be empty, since an empty one means "as it is". */
const EMPTY = '-';

const formFacts: CommandDefinition['formFacts'] = async () => [{ key: 'template.variables', params: { names: TEMPLATE_VARIABLES.map((name) => `{{${name}}}`).join(' ') } }];

export const templateNew: CommandDefinition = {
  name: 'template-new',
  aliases: ['new-template', 'nowy-szablon'],
  title: 'verb.template-new',
  summary: 'verb.template-new.summary',
  permission: 'work',
  onConversation: false,
  options: [NAME, CATEGORY, LANGUAGE, ...FOR, ...WHOLE, TEXT],
  form: true,
  formFacts,
  lookUp: async (unit, _conversationId, prefill) => ({ language: unit.desk.locale, ...prefill }),
  run: async (unit, call) => kept(await addTemplate(unit, fieldsIn(call.args)), 'template.added', call),
};

export const templateEdit: CommandDefinition = {
  name: 'template-edit',
  aliases: ['edit-template', 'popraw-szablon'],
  title: 'verb.template-edit',
  summary: 'verb.template-edit.summary',
  permission: 'work',
  onConversation: false,
  options: [TEMPLATE, { ...NAME, required: false }, CATEGORY, LANGUAGE, ...FOR, ...WHOLE, { name: 'loaded', kind: 'text', required: false, label: 'option.template', hidden: true }, { ...TEXT, required: false }],
  form: true,
  formFacts,
  async lookUp(unit, _conversationId, prefill) {
    const said = prefill['template'];
    if (!said || loadedIn(prefill)?.id === said) return prefill;
    const found = findTemplate(unit, said, undefined);
    const { language, body } = textFor(found, [prefill['language']]);
    return { template: found.id, loaded: loadedAs(found), name: found.name, category: found.category, language, text: body };
  },
  async run(unit, call): Promise<CommandOutcome> {
    const said = call.args['template'] ?? '';
    const found = findTemplate(unit, said, undefined);
    const fields = fieldsIn(call.args);
    const loaded = loadedIn(call.args);
    // Chosen, and not changed yet; or another one was chosen while the form still showed the first.
    const isOther = loaded !== undefined && loaded.id !== found.id;
    // What is written in the form comes back with it: it was written for a template that says something else now.
    if (!isOther && loaded && loaded.as !== fingerprint(found)) {
      const args = { ...Object.fromEntries(Object.entries(call.args).filter(([name]) => name !== 'conversation')), loaded: loadedAs(found) };
      return { kind: 'form', message: { key: 'template.changed-meanwhile', params: { name: found.name } }, items: itemsOf(found), verb: 'template-edit', args, conversationId: call.conversationId, revision: undefined };
    }
    if (isOther || Object.values({ ...fields, language: undefined }).every((value) => value === undefined)) {
      const args = { template: found.id, ...(!isOther && call.args['language'] && { language: call.args['language'] }) };
      return { kind: 'form', message: { key: 'template.edit', params: { name: found.name } }, items: itemsOf(found), verb: 'template-edit', args, conversationId: call.conversationId, revision: undefined };
    }
    return kept(await changeTemplate(unit, found.id, fields), 'template.changed', call);
  },
};

export const templateSave: CommandDefinition = {
  name: 'template-save',
  aliases: ['save-template', 'zapisz-szablon'],
  title: 'verb.template-save',
  summary: 'verb.template-save.summary',
  permission: 'work',
  onConversation: true,
  options: [MESSAGE, NAME, CATEGORY, { ...LANGUAGE, typedOnly: true }, ...FOR, ...WHOLE, { ...TEXT, required: false }],
  form: true,
  formFacts,
  async lookUp(unit, conversationId, prefill) {
    if (prefill['text']) return prefill;
    const { conversation, text, language, files } = await answerAsTemplate(unit, conversationId, messageIn(prefill));
    return { name: conversation.subject, language, text, ...(files.length > 0 && { files: JSON.stringify(files) }), ...prefill };
  },
  async run(unit, call): Promise<CommandOutcome> {
    const { conversation, text } = await answerAsTemplate(unit, call.conversationId, messageIn(call.args));
    if (call.args['text']?.trim()) return kept(await addTemplate(unit, fieldsIn(call.args)), 'template.added', call);
    // A customer's name may still be in it, so a person reads it before it is kept.
    const args = Object.fromEntries(Object.entries(call.args).filter(([name]) => name !== 'conversation'));
    return { kind: 'form', message: { key: 'template.save', params: { number: conversation.number } }, items: [{ title: call.args['name'] ?? '', text, conversationId: undefined }], verb: 'template-save', args, conversationId: conversation.id, revision: undefined };
  },
};

export const templateRetire: CommandDefinition = {
  name: 'template-retire',
  aliases: ['retire-template', 'wycofaj-szablon'],
  title: 'verb.template-retire',
  summary: 'verb.template-retire.summary',
  permission: 'work',
  onConversation: false,
  options: [TEMPLATE],
  form: true,
  run: async (unit, call) => kept(await retireTemplate(unit, call.args['template'] ?? ''), 'template.retired', call),
};

export const templateRestore: CommandDefinition = {
  name: 'template-restore',
  aliases: ['restore-template', 'przywróć-szablon', 'przywroc-szablon'],
  title: 'verb.template-restore',
  summary: 'verb.template-restore.summary',
  permission: 'work',
  onConversation: false,
  options: [{ name: 'name', kind: 'text', required: true, label: 'option.template-name' }],
  form: true,
  run: async (unit, call) => kept(await restoreTemplate(unit, call.args['name'] ?? ''), 'template.restored', call),
};

function kept({ id, name }: Template, key: 'template.added' | 'template.changed' | 'template.retired' | 'template.restored', { conversationId }: CommandCall): CommandOutcome {
  return { kind: 'done', message: { key, params: { name, id } }, ...(conversationId && { conversationId }) };
}

const itemsOf = ({ texts }: Template) => texts.map(({ language, body }) => ({ title: language, text: body.slice(0, EXCERPT_IN_LISTS_CHARS), conversationId: undefined }));

/** Which template a form shows, and as what, so that nobody writes over what they have not seen. */
export const loadedAs = (template: Template): string => `${template.id}:${fingerprint(template)}`;

function loadedIn({ loaded }: CommandCall['args']): { readonly id: string; readonly as: string } | undefined {
  const [, id = '', as = ''] = /^(.*):(.*)$/s.exec(loaded ?? '') ?? [];
  return loaded === undefined ? undefined : { id, as };
}

const messageIn = (args: CommandCall['args']): MessageId | undefined => (args['message'] ? (args['message'] as MessageId) : undefined);

function fieldsIn(args: CommandCall['args']): TemplateFields {
  const value = (name: string): string | undefined => {
    const said = args[name]?.trim();
    return said === undefined || said === '' ? undefined : said === EMPTY ? '' : said;
  };
  return {
    name: value('name'), category: args['loaded'] !== undefined && args['category'] === '' ? '' : value('category'), language: value('language'), text: value('text'), mailboxes: value('mailboxes'), teams: value('teams'), texts: textsIn(args['texts']), files: filesIn(args['files']),
  };
}

function filesIn(json: string | undefined): readonly StoredFile[] | undefined {
  return json === undefined ? undefined : readFiles(json);
}

function textsIn(json: string | undefined): readonly TemplateText[] | undefined {
  if (!json) return undefined;
  try {
    const texts: unknown = JSON.parse(json);
    if (Array.isArray(texts) && texts.every(isText)) return texts;
  } catch {
    // Told below, like a list of the wrong shape.
  }
  throw new Refusal('refused.missing-option', { option: 'texts', example: '[{"language":"pl","body":"…"}]' });
}

function isText(value: unknown): value is TemplateText {
  const text = value as Partial<Record<keyof TemplateText, unknown>> | null;
  return typeof text?.language === 'string' && typeof text.body === 'string';
}
