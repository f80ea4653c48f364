/** The shape of desk.yaml as people write it. What it means is made of it in `read.ts` and `rules.ts`. */
import { z } from 'zod';
import { DEALINGS, LOCALES, PRIORITIES, ROLES, type AfterIntake, type Priority } from '../core/model.js';
import { withPlaceholders, type Variables } from './environment.js';
import { mapping, reading, suggested, textReader, wrongType } from './reading.js';
import { answerGoal, choice, colour, daysOrForever, daysOrNever, duration, languageCode, markdown, readAddress, senders, since, size, spans, text, textList, timeZone, yesNo } from './values.js';

const MAX_PORT = 65_535;
/** Servers lock out clients that ask more often. */
const MIN_POLL_SECONDS = 10;
const MAX_POLL_SECONDS = 3600;
/** Longer, and nobody remembers that the answer has not gone out. */
const MAX_UNDO_SECONDS = 600;

const MAILBOX_KINDS = ['imap', 'smtp'] as const;
const SECURITIES = ['tls', 'starttls', 'none'] as const;
const THEMES = ['system', 'light', 'dark'] as const;
/** Says that no copies of answers are made. */
export const NO_SENT_FOLDER = 'none';

export const deskSchema = mapping({ name: text, language: choice(LOCALES).optional(), 'time-zone': timeZone.optional(), sample: yesNo.optional(), 'answer-within': answerGoal.optional() });

export const hoursOfDays = spans;

export const spamSchema = mapping({ keep: daysOrForever.optional(), block: senders.optional(), allow: senders.optional() });

export function mailboxSchema(variables: Variables) {
  const literal = withPlaceholders(variables, (value) => (value.trim() === '' ? { complaint: { key: 'deskfile.empty' } } : { value }));
  const address = withPlaceholders(variables, readAddress);
  const port = withPortNumber(variables);
  const login = {
    host: literal,
    port: port.optional(),
    security: choice(SECURITIES).optional(),
    user: literal.optional(),
    password: literal.optional(),
    ca: literal.optional(),
    'trust-any-certificate': yesNo.optional(),
  };
  return mapping({
    kind: choice(MAILBOX_KINDS).optional(),
    address,
    name: text.optional(),
    aliases: z.array(address).optional(),
    language: choice(LOCALES).optional(),
    signature: markdown.optional(),
    channel: text,
    since: since.optional(),
    imap: mapping({ ...login, folders: textList.optional(), after: after.optional(), sent: sentFolder.optional(), spam: text.optional(), poll: duration(MIN_POLL_SECONDS, MAX_POLL_SECONDS).optional() }).optional(),
    smtp: mapping(login).optional(),
    'max-mail': size.optional(),
    'max-answer': size.optional(),
    approval: yesNo.optional(),
    'answer-within': answerGoal.optional(),
    'follow-up': daysOrNever.optional(),
    undo: duration(0, MAX_UNDO_SECONDS).optional(),
    'plus-addressing': yesNo.optional(),
    'visible-to': visibleTo,
  });
}

/** Read entry by entry, since its keys are free. */
const anyMapping = z.unknown();

/** `returns: Zwroty` is short for `returns: { name: Zwroty }`. */
const named = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((input) => (typeof input === 'string' ? { name: input } : input), schema);

/** Teams and agents; an empty list leaves administrators. */
const visibleTo = z.array(text).optional();

export const channelSchema = named(mapping({ name: text.optional(), bridge: text.optional(), target: text.optional(), 'visible-to': visibleTo }));
export const groupSchema = mapping({ bridge: text, target: text, role: choice(ROLES).optional(), teams: z.array(text).optional() });
export const teamSchema = named(mapping({ name: text.optional(), assign: choice(DEALINGS).optional(), duty: z.unknown().optional() }));
export const folderSchema = named(mapping({ name: text.optional(), 'visible-to': visibleTo }));
export const labelSchema = named(mapping({ name: text.optional(), colour: colour.optional() }));
/** Either `text` with its `language`, or `texts` by language. */
export const templateSchema = mapping({
  name: text,
  category: text.optional(),
  language: languageCode.optional(),
  text: markdown.optional(),
  texts: anyMapping.optional(),
  mailboxes: textList.optional(),
  teams: textList.optional(),
});
export const templateBody = markdown;
export const templateLanguage = languageCode;
export const agentSchema = mapping({
  name: text,
  email: reading(readAddress),
  role: choice(ROLES).optional(),
  language: choice(LOCALES).optional(),
  'time-zone': timeZone.optional(),
  teams: z.array(text).optional(),
  theme: choice(THEMES).optional(),
  approval: yesNo.optional(),
});

/* ---- rules ---- */

type OneOrMany = string | readonly string[];

/** Several keys mean all of them; a list of texts means any of them. */
export interface ConditionInput {
  readonly all?: readonly ConditionInput[] | undefined;
  readonly any?: readonly ConditionInput[] | undefined;
  readonly not?: ConditionInput | undefined;
  readonly from?: OneOrMany | undefined;
  readonly to?: OneOrMany | undefined;
  readonly subject?: OneOrMany | undefined;
  readonly body?: OneOrMany | undefined;
  readonly header?: { readonly name: string; readonly matches: string } | undefined;
  readonly mailbox?: OneOrMany | undefined;
  readonly attachment?: boolean | string | undefined;
  readonly larger?: number | undefined;
  readonly smaller?: number | undefined;
  readonly language?: OneOrMany | undefined;
  readonly 'known-customer'?: boolean | undefined;
  readonly hours?: 'business' | 'outside' | undefined;
  readonly automatic?: boolean | AutomaticKind | undefined;
  readonly always?: true | undefined;
}

const AUTOMATIC_KINDS = ['bounce', 'auto-reply', 'list', 'system'] as const;
type AutomaticKind = (typeof AUTOMATIC_KINDS)[number];

const oneOrMany = reading<OneOrMany>((input) => {
  if (typeof input === 'string') return { value: input };
  const texts = Array.isArray(input) && input.length > 0 && input.every((part) => typeof part === 'string');
  return texts ? { value: input } : { complaint: wrongType(input, Array.isArray(input) ? 'deskfile.type.text-or-list' : 'deskfile.type.text') };
});
const pattern = reading(textReader((value) => value, () => ({ key: 'deskfile.empty' })));
const automatic = reading<boolean | AutomaticKind>((input) => {
  const kind = AUTOMATIC_KINDS.find((known) => known === input);
  if (typeof input === 'boolean' || kind) return { value: kind ?? input === true };
  return { complaint: { key: 'deskfile.one-of', params: { expected: `true, false, ${AUTOMATIC_KINDS.join(', ')}`, found: String(input) }, ...suggested(String(input), AUTOMATIC_KINDS) } };
});
const attachment = reading<boolean | string>((input) => (typeof input === 'boolean' || typeof input === 'string' ? { value: input } : { complaint: wrongType(input, 'deskfile.type.yes-no') }));
const always = reading<true>((input) => (input === true ? { value: true } : { complaint: { key: 'deskfile.one-of', params: { expected: 'true', found: String(input) } } }));

const conditionSchema: z.ZodType<ConditionInput> = z.lazy(() =>
  mapping({
    all: z.array(conditionSchema).optional(),
    any: z.array(conditionSchema).optional(),
    not: conditionSchema.optional(),
    from: oneOrMany.optional(),
    to: oneOrMany.optional(),
    subject: oneOrMany.optional(),
    body: oneOrMany.optional(),
    header: mapping({ name: text, matches: pattern }).optional(),
    mailbox: oneOrMany.optional(),
    attachment: attachment.optional(),
    larger: size.optional(),
    smaller: size.optional(),
    language: oneOrMany.optional(),
    'known-customer': yesNo.optional(),
    hours: choice(['business', 'outside']).optional(),
    automatic: automatic.optional(),
    always: always.optional(),
  }),
);

export interface ActionInput {
  readonly channel?: string | undefined;
  readonly folder?: string | undefined;
  readonly team?: string | undefined;
  readonly agent?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly priority?: Priority | undefined;
  readonly acknowledge?: string | undefined;
  readonly spam?: true | undefined;
  readonly stop?: true | undefined;
}

const actionSchema = z.preprocess(
  (input) => (input === 'stop' || input === 'spam' ? { [input]: true } : input),
  mapping({
    channel: text.optional(),
    folder: text.optional(),
    team: text.optional(),
    agent: text.optional(),
    label: textList.optional(),
    priority: choice(PRIORITIES).optional(),
    acknowledge: text.optional(),
    spam: always.optional(),
    stop: always.optional(),
  }),
);

export const ruleSchema = mapping({
  id: text.optional(),
  name: text,
  when: conditionSchema.optional(),
  /** One mapping is short for a list of one. */
  then: z.preprocess((input) => (Array.isArray(input) || input === undefined ? input : [input]), z.array(actionSchema)),
});

/* ---- pieces ---- */

const moveTo = mapping({ move: text });
const after = reading<AfterIntake>((input) => {
  if (input === 'leave' || input === 'mark-seen') return { value: { do: input } };
  const move = moveTo.safeParse(input);
  if (move.success) return { value: { do: 'move', folder: move.data.move } };
  return { complaint: { key: 'deskfile.one-of', params: { expected: 'leave, mark-seen, { move: Folder }', found: typeof input === 'string' ? input : JSON.stringify(input) } } };
});

const sentFolder = reading<{ readonly folder: string | undefined }>((input) => {
  if (input === NO_SENT_FOLDER || input === false) return { value: { folder: undefined } };
  return typeof input === 'string' && input.trim() !== '' ? { value: { folder: input } } : { complaint: wrongType(input, 'deskfile.type.text') };
});

function withPortNumber(variables: Variables) {
  const fromText = withPlaceholders(variables, (value) => portNumber(/^\d{1,5}$/.test(value) ? Number(value) : Number.NaN, value));
  return z.preprocess((input) => (typeof input === 'number' ? String(input) : input), fromText);
}

function portNumber(value: number, found: string) {
  return Number.isInteger(value) && value >= 1 && value <= MAX_PORT ? { value } : { complaint: { key: 'deskfile.range' as const, params: { min: 1, max: MAX_PORT, found } } };
}
