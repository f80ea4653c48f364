/**
 * A verb that staff can say, as plain data and a handler. Every platform builds its slash commands, forms and help from this; no platform in sight.
 */
import type { CommandCall, CommandOutcome, Said } from '../core/calls.js';
import type { ConversationId } from '../core/ids.js';
import type { MessageKey } from '../core/language/catalogue.js';
import type { Permission } from '../core/permissions.js';
import type { StaffUnit } from '../desk/unit.js';

export type OptionKind =
  /** Free text; where it is the last option it takes the rest of the line. */
  | 'text'
  /** One word, or several in quotation marks. */
  | 'word'
  /** Number of another conversation than the one that the verb is said of. */
  | 'conversation'
  | 'message'
  | 'template'
  /** Agent or team. */
  | 'assignee'
  | 'label'
  | 'priority'
  /** Channel or folder. */
  | 'place'
  | 'folder'
  /** Words and operators of a search. */
  | 'search'
  | 'flag'
  /** Files that the conversation has, by name or id, with commas between: they are put among the `files` before the verb runs. */
  | 'thread-files'
  /** JSON list of files kept in the blob store: made by forms, never typed. */
  | 'files';

export interface OptionDefinition {
  readonly name: string;
  readonly kind: OptionKind;
  readonly required: boolean;
  /** What it asks for: `option.x`. */
  readonly label: MessageKey;
  /** Not offered to people who type; set by buttons and forms. */
  readonly hidden?: true;
  /** For those who type; a form stays short without it. */
  readonly typedOnly?: true;
}

export interface CommandDefinition {
  readonly name: string;
  /** Other words for it, in any language. */
  readonly aliases: readonly string[];
  /** On the button. */
  readonly title: MessageKey;
  readonly summary: MessageKey;
  readonly permission: Permission;
  /** Speaks of one conversation: named by number, or by the place where it is said. */
  readonly onConversation: boolean;
  /** Name of the option that says whom it speaks of where there is no conversation. */
  readonly instead?: string;
  readonly options: readonly OptionDefinition[];
  /** Where a platform asks for the options in a form before the call is made. */
  readonly form: boolean;
  /** Lines above the fields of its form, for this person: whom an answer goes to. @throws Refusal where the form makes no sense */
  readonly formFacts?: (unit: StaffUnit, conversationId: ConversationId | undefined, prefill: Readonly<Record<string, string>>) => Promise<readonly Said[]>;
  /** What its fields hold at first, beside what is handed over. @throws Refusal where the form makes no sense */
  readonly formValues?: (unit: StaffUnit, conversationId: ConversationId | undefined, prefill: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>;
  /** Values of its form made of those that are handed over: a template that was chosen becomes its text. @throws Refusal */
  readonly lookUp?: (unit: StaffUnit, conversationId: ConversationId | undefined, prefill: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>;
  /** @throws Refusal */
  readonly run: (unit: StaffUnit, call: CommandCall) => Promise<CommandOutcome>;
}
