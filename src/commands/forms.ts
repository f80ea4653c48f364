import type { CommandOutcome } from '../core/calls.js';
import type { ConversationId } from '../core/ids.js';
import type { Conversation, Template } from '../core/model.js';
import type { Choice, Form, FormField } from '../core/ports/chat.js';
import { formatBytes, say } from '../core/language/say.js';
import { offeredTo } from '../core/template-choice.js';
import { loadConversation, type StaffUnit } from '../desk/unit.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { strangersSaid } from './held.js';
import { choicesOf, templateChoice } from './suggestions.js';

/** What their forms ask for goes to the customer. */
const SENDING: ReadonlySet<string> = new Set(['reply', 'edit']);

/**
 * The form of a verb, made from its options: what every platform asks before the call is made.
 * @param drawnFrom revision that its text was begun from; undefined: the present one
 * @param held the form was sent and stopped: what is new stands above it, and sending it again sends anyway
 */
export async function formOf(unit: StaffUnit, command: CommandDefinition, conversationId: ConversationId | undefined, given: Readonly<Record<string, string>>, held: Extract<CommandOutcome, { kind: 'held' }> | undefined, drawnFrom?: number): Promise<Form> {
  const { locale } = unit.actor;
  const conversation = command.onConversation && (conversationId || command.instead === undefined) ? await loadConversation(unit, conversationId) : undefined;
  const prefill = (await command.lookUp?.(unit, conversationId, given)) ?? given;
  const facts = (await command.formFacts?.(unit, conversationId, prefill)) ?? [];
  const values = { ...(held ? undefined : await command.formValues?.(unit, conversationId, prefill)), ...prefill };
  const strangers = held && held.newer.length > 0 && held.strangers.length > 0 ? [strangersSaid(held.strangers)] : [];
  const news = held ? [...[held.message, ...strangers].map(({ key, params }) => say(locale, key, params)), ...held.newer.map(({ who, excerpt }) => `${who}: ${excerpt}`)] : [];
  const asked = Object.keys(values).filter((name) => values[name]);
  const shown = command.options.filter((option) => !option.hidden && !option.typedOnly && option.kind !== 'flag');
  return {
    verb: command.name,
    title: conversation ? `${say(locale, command.title)} #${conversation.number}` : say(locale, command.title),
    submit: held ? say(locale, SENDING.has(command.name) ? 'button.send-anyway' : 'button.anyway') : say(locale, command.name === 'reply' ? 'button.send-answer' : command.title),
    conversationId,
    revision: held?.revision ?? drawnFrom ?? conversation?.revision,
    facts: [...news, ...facts.map(({ key, params }) => say(locale, key, params))],
    fields: await Promise.all(shown.map((option) => fieldOf(unit, option, conversation, values[option.name] ?? ''))),
    hidden: { ...notAsked(command, shown, prefill), ...clearable(shown.filter(({ name }) => asked.includes(name))), ...(held && { anyway: 'true' }) },
  };
}

/** Hidden value of a form: fields that hold something at first. Platforms leave out what is empty, so one that does not come back was cleared. */
const HELD_AT_FIRST = 'held-at-first';

const clearable = (options: readonly OptionDefinition[]): Readonly<Record<string, string>> => (options.length === 0 ? {} : { [HELD_AT_FIRST]: options.map(({ name }) => name).join(',') });

/** What a form was sent with, cleared fields included. */
export function filledIn({ [HELD_AT_FIRST]: held, ...args }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return held === undefined ? args : { ...Object.fromEntries(held.split(',').map((name) => [name, ''])), ...args };
}

/** What was handed over and has no field: the mail that a button stands on, files, other receivers. A template chosen in the form of an answer is read before it goes. */
function notAsked(command: CommandDefinition, shown: readonly OptionDefinition[], prefill: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = command.options.filter((option) => !shown.includes(option) && option.kind !== 'flag' && prefill[option.name] !== undefined);
  const reviews = command.options.some(({ name }) => name === 'review');
  return { ...Object.fromEntries(kept.map(({ name }) => [name, prefill[name] ?? ''])), ...(reviews && { review: 'true' }) };
}

async function fieldOf(unit: StaffUnit, option: OptionDefinition, conversation: Conversation | undefined, initial: string): Promise<FormField> {
  const base = { name: option.name, label: say(unit.actor.locale, option.label), required: option.required, initial, choices: [] as readonly Choice[] };
  switch (option.kind) {
    case 'template':
      return { ...base, kind: 'choice', choices: await templateChoices(unit, conversation) };
    case 'assignee':
    case 'label':
    case 'priority':
    case 'place':
    case 'folder':
      return { ...base, kind: 'choice', choices: choicesOf(option.kind, unit.desk, unit.actor, conversation) };
    case 'thread-files':
      return { ...base, kind: 'flags', choices: conversation ? await fileChoices(unit, conversation) : [] };
    case 'text':
      return { ...base, kind: option.name === 'text' ? 'long-text' : 'text' };
    default:
      return { ...base, kind: 'text' };
  }
}

/** More would be a wall of boxes; older ones go along by name. */
const MAX_FILES = 10;

interface NamedFile {
  readonly id: string;
  readonly fileName: string;
  readonly bytes: number;
}

/** Files of mails and notes, the newest first. */
async function fileChoices({ tx, actor }: StaffUnit, { id }: Conversation): Promise<readonly Choice[]> {
  const ofMails = (await tx.messages.of(id)).map(({ createdAt, attachments }): readonly [Date, readonly NamedFile[]] => [createdAt, attachments.filter(({ inline }) => !inline)]);
  const ofNotes = (await tx.notes.of(id)).filter(({ deletedAt }) => !deletedAt).map((note): readonly [Date, readonly NamedFile[]] => [note.createdAt, note.files.map((file, index) => ({ ...file, id: `${note.id}/${index}` }))]);
  const newest = [...ofMails, ...ofNotes].sort(([one], [other]) => other.getTime() - one.getTime()).flatMap(([, files]) => files).slice(0, MAX_FILES);
  return newest.map((file) => ({ value: file.id, label: `${file.fileName} (${formatBytes(file.bytes, actor.locale)})` }));
}

/** Only those that are for this person and mailbox. Those in the customer's language come first, of these the ones that are used most. */
async function templateChoices({ tx, desk, actor }: StaffUnit, conversation: Conversation | undefined): Promise<readonly Choice[]> {
  const usage = await tx.templates.usage();
  const fits = ({ texts }: Template): number => Number(texts.some(({ language }) => language === conversation?.language));
  const used = ({ id }: Template): number => usage.get(id)?.count ?? 0;
  return [...offeredTo(desk.templates, actor, conversation?.mailboxId)]
    .sort((left, right) => fits(right) - fits(left) || used(right) - used(left) || left.name.localeCompare(right.name))
    .map(templateChoice);
}
