import type { CommandOutcome, ListItem } from '../core/calls.js';
import type { Template } from '../core/model.js';
import { say } from '../core/language/say.js';
import { may } from '../core/permissions.js';
import { offeredTo, searchTemplates, sortedTemplates } from '../core/template-choice.js';
import { fillIn, findTemplate } from '../desk/fill-template.js';
import { loadConversation, type StaffUnit } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';
import { EXCERPT_IN_LISTS_CHARS } from './excerpt.js';
import { templateChoice } from './suggestions.js';

/** As many as a person looks through; whoever wants another one says a word of it. */
const MAX_LISTED = 20;

/** Looks for templates. */
export const templates: CommandDefinition = {
  name: 'templates',
  aliases: ['szablony'],
  title: 'verb.templates',
  summary: 'verb.templates.summary',
  permission: 'read',
  onConversation: false,
  options: [{ name: 'words', kind: 'text', required: false, label: 'option.template-words' }],
  form: false,
  async run(unit, call) {
    const words = call.args['words']?.trim() ?? '';
    const conversation = call.conversationId && (await unit.tx.conversations.get(call.conversationId));
    const found = searchTemplates(sortedTemplates(offeredTo(unit.desk.templates, unit.actor, conversation?.mailboxId)), words);
    if (found.length === 0) return { kind: 'list', message: words ? { key: 'templates.none', params: { words } } : { key: 'refused.no-templates', params: {} }, items: [] };
    const usage = await unit.tx.templates.usage();
    const items: ListItem[] = found.slice(0, MAX_LISTED).map((template) => ({ title: templateChoice(template).label, text: lineOf(unit, template, usage.get(template.id)?.count ?? 0), conversationId: undefined }));
    const rest = found.length - items.length;
    if (rest > 0) items.push({ title: '…', text: say(unit.actor.locale, 'templates.rest', { count: rest }), conversationId: undefined });
    return { kind: 'list', message: { key: 'templates.found', params: { count: found.length } }, items };
  },
};

function lineOf({ actor }: StaffUnit, { id, texts }: Template, used: number): string {
  const languages = texts.map(({ language }) => language).join(' ');
  return [id, languages, say(actor.locale, 'template.used', { count: used }), (texts[0]?.body ?? '').replace(/\s+/g, ' ').slice(0, EXCERPT_IN_LISTS_CHARS / 2)].join(' · ');
}

/** Shows a template as the customer of a conversation would get it; whoever may answer goes on from there. */
export const template: CommandDefinition = {
  name: 'template',
  aliases: ['szablon'],
  title: 'verb.template',
  summary: 'verb.template.summary',
  permission: 'read',
  onConversation: true,
  options: [
    { name: 'language', kind: 'word', required: false, label: 'option.language', typedOnly: true },
    { name: 'template', kind: 'template', required: true, label: 'option.template' },
  ],
  form: true,
  async run(unit, call): Promise<CommandOutcome> {
    const conversation = await loadConversation(unit, call.conversationId);
    const found = findTemplate(unit, call.args['template'] ?? '', conversation);
    const { text, unknown, language } = await fillIn(unit, conversation, { template: found, text: '', language: call.args['language'] });
    const message = { key: 'template.filled', params: { number: conversation.number, name: found.name, language } } as const;
    const items = [{ title: found.name, text, conversationId: undefined }, ...warningsOf(unit, unknown, found.files)];
    if (!may(unit.actor.role, 'work')) return { kind: 'list', message, items };
    const args = { template: found.id, ...(call.args['language'] && { language }) };
    return { kind: 'form', message, items, verb: 'reply', args, conversationId: conversation.id, revision: conversation.revision };
  },
};

function warningsOf({ actor: { locale } }: StaffUnit, unknown: readonly string[], files: Template['files']): readonly ListItem[] {
  return [
    ...(unknown.length > 0 ? [{ title: say(locale, 'template.fill-in'), text: unknown.map((name) => `{{${name}}}`).join(', '), conversationId: undefined }] : []),
    ...(files.length > 0 ? [{ title: say(locale, 'mail.attachments'), text: files.map(({ fileName }) => fileName).join(', '), conversationId: undefined }] : []),
  ];
}

