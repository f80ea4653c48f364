/** Forms as modals, and what people entered in them. Everything that a form needs to be done travels with it, so that a restart in between does no harm. */
import type { types } from '@slack/bolt';

import { say } from '../../core/language/say.js';
import type { ConversationId } from '../../core/ids.js';
import type { Locale } from '../../core/model.js';
import type { Form, FormField, VerbDescription } from '../../core/ports/chat.js';
import {
  MAX_BODY_CHARS, MAX_CHECKBOXES, MAX_FACTS_CHARS, MAX_INPUT_CHARS, MAX_ITEMS, MAX_LABEL_CHARS, MAX_OPTION_CHARS, MAX_PRIVATE_METADATA_CHARS, MAX_SECTION_CHARS, MAX_SELECT_OPTIONS, MAX_VIEW_BLOCKS, MAX_VIEW_TITLE_CHARS,
} from './limits.js';
import { split } from './mrkdwn.js';
import { context, plainText, section } from './render.js';
import { lines, plain, visible, withoutHalf } from './text.js';

export const FORM = 'form';
/** Nothing is done with it. */
const READING = 'reading';

/** Where a form was opened: there its answer is told. */
export interface Origin {
  readonly channel: string | undefined;
  /** Timestamp of the thread's first post. */
  readonly thread: string | undefined;
}

/** What a form carries besides its fields. */
export interface Carried extends Origin {
  readonly verb: string;
  readonly conversationId: ConversationId | undefined;
  readonly revision: number | undefined;
  readonly hidden: Readonly<Record<string, string>>;
}

/** A continued text field: "text~2"; one whose content is not what was typed into it, but drawn anew: "text@1b". */
const CONTINUED = /(?:@\w+)?(?:~\d+)?$/;
/** A part of a text that is edited in several fields. */
const PART_CHARS = MAX_INPUT_CHARS - 200;
const VALUE = 'value';
/** A template that is chosen here fills the other fields in at once. */
export const FILL = 'fill';
/** Menus with more choices than Slack shows ask us while people type. */
export const CHOOSE = 'choose';

/**
 * @param anew any word that was not used for this window before: its fields show what the form says. Without it Slack keeps what somebody typed into a field of the same name
 */
export function formView(form: Form, origin: Origin, locale: Locale, verbs: readonly VerbDescription[], focus?: string, anew?: string): types.ModalView {
  const facts = form.facts.slice(0, MAX_ITEMS).map((fact) => section(lines(fact, MAX_FACTS_CHARS) || '·'));
  const kinds = new Map(verbs.find(({ name }) => name === form.verb)?.options.map(({ name, kind }) => [name, kind]));
  // Only where there is a text to fill in.
  const fills = form.fields.some(({ name }) => name === 'text');
  const fields = form.fields.flatMap((field) => blocksOf(field, kinds.get(field.name), { focus: field.name === focus, fills: fills && kinds.get(field.name) === 'template' }, anew === undefined ? field.name : `${field.name}@${anew}`));
  const blocks = [...facts, ...fields].slice(0, MAX_VIEW_BLOCKS);
  return {
    type: 'modal', callback_id: FORM, notify_on_close: true, private_metadata: metadataOf(form, origin),
    title: plainText(form.title, MAX_VIEW_TITLE_CHARS), submit: plainText(form.submit, MAX_VIEW_TITLE_CHARS), close: plainText(say(locale, 'button.cancel'), MAX_VIEW_TITLE_CHARS),
    blocks: blocks.length > 0 ? blocks : [section(lines(form.title, MAX_FACTS_CHARS) || '·')],
  };
}

/** Opened at once while the form is being made: a trigger is good for three seconds only. */
export function waitingView(locale: Locale): types.ModalView {
  return readingView('Goniec', [context(say(locale, 'chat.one-moment'))], locale);
}

/** Something to read, and nothing to send. */
export function readingView(title: string, blocks: readonly types.KnownBlock[], locale: Locale): types.ModalView {
  return { type: 'modal', callback_id: READING, title: plainText(title, MAX_VIEW_TITLE_CHARS), close: plainText(say(locale, 'button.back'), MAX_VIEW_TITLE_CHARS), blocks: blocks.slice(0, MAX_VIEW_BLOCKS) };
}

/** Text of any length, as far as a modal holds it. */
export function textBlocks(text: string): types.KnownBlock[] {
  const { pieces, cut } = split(text, MAX_SECTION_CHARS, MAX_BODY_CHARS * 6);
  return [...pieces.slice(0, MAX_VIEW_BLOCKS - 2).map(section), ...(cut ? [context('…')] : []), ...(pieces.length === 0 ? [context('·')] : [])];
}

export function readCarried(privateMetadata: string): Carried | undefined {
  try {
    const { v, c, r, h, ch, th } = JSON.parse(privateMetadata) as { v?: string; c?: string; r?: number; h?: Record<string, string>; ch?: string; th?: string };
    return typeof v === 'string' ? { verb: v, conversationId: c as ConversationId | undefined, revision: r, hidden: h ?? {}, channel: ch, thread: th } : undefined;
  } catch {
    return undefined;
  }
}

/** As `view.state` has it. */
interface EnteredValue {
  readonly value?: string | null;
  readonly selected_option?: { readonly value: string } | null;
  readonly selected_options?: readonly { readonly value: string }[] | null;
}

/** What was entered, by field. */
export function enteredIn(view: { readonly state: { readonly values: Readonly<Record<string, Readonly<Record<string, EnteredValue>>>> } }): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [blockId, actions] of Object.entries(view.state.values)) {
    const [value] = Object.values(actions);
    const text = value?.value ?? value?.selected_option?.value ?? value?.selected_options?.map((option) => option.value).join(',') ?? '';
    const name = blockId.replace(CONTINUED, '');
    if (text !== '' || values[name] === undefined) values[name] = (values[name] ?? '') + text;
  }
  return Object.fromEntries(Object.entries(values).filter(([, text]) => text !== ''));
}

/** Under which field a complaint stands: the text if there is one, else the first. */
export function complaintField(view: { readonly blocks: readonly { readonly type: string; readonly block_id?: string }[] }): string | undefined {
  const inputs = view.blocks.filter(({ type }) => type === 'input').map(({ block_id: id }) => id);
  return inputs.find((id) => id?.replace(CONTINUED, '') === 'text') ?? inputs[0];
}

export function optionsOf(choices: readonly { readonly value: string; readonly label: string }[]): types.PlainTextOption[] {
  return choices.filter(({ value }) => value.length <= MAX_OPTION_CHARS && value !== '').slice(0, MAX_SELECT_OPTIONS).map(({ value, label }) => ({ text: plainText(label, MAX_OPTION_CHARS), value }));
}

function metadataOf({ verb, conversationId, revision, hidden }: Form, { channel, thread }: Origin): string {
  const all = { v: verb, c: conversationId, r: revision, h: hidden, ch: channel, th: thread };
  const whole = JSON.stringify(all);
  if (whole.length <= MAX_PRIVATE_METADATA_CHARS) return whole;
  // Only a long list of files is ever so long: as many as fit.
  const files = (JSON.parse(hidden['files'] ?? '[]') as unknown[]).slice();
  for (;;) {
    files.pop();
    const less = JSON.stringify({ ...all, h: { ...hidden, files: JSON.stringify(files) } });
    if (less.length <= MAX_PRIVATE_METADATA_CHARS || files.length === 0) return less.length <= MAX_PRIVATE_METADATA_CHARS ? less : JSON.stringify({ ...all, h: {} });
  }
}

function blocksOf(field: FormField, kind: string | undefined, { focus, fills }: { readonly focus: boolean; readonly fills: boolean }, blockId: string): types.KnownBlock[] {
  const base = { type: 'input' as const, label: plainText(field.label, MAX_LABEL_CHARS), optional: !field.required };
  switch (field.kind) {
    case 'text':
    case 'long-text':
      return partsOf(visible(field.initial)).map((part, index) => ({
        ...base, block_id: index === 0 ? blockId : `${blockId}~${index + 1}`, optional: base.optional || index > 0,
        element: { type: 'plain_text_input', action_id: VALUE, multiline: field.kind === 'long-text', max_length: MAX_INPUT_CHARS, ...(part !== '' && { initial_value: part }), ...(focus && index === 0 && { focus_on_load: true }) },
      }));
    case 'choice': {
      const options = optionsOf(field.choices);
      if (options.length === 0) return [];
      const initial = options.find(({ value }) => value === field.initial);
      const many = field.choices.length > MAX_SELECT_OPTIONS && (kind === 'template' || kind === 'assignee');
      const shared = { ...(initial && { initial_option: initial }), ...(focus && { focus_on_load: true }) };
      const element: types.StaticSelect | types.ExternalSelect = many
        ? { type: 'external_select', action_id: `${CHOOSE}:${kind}`, min_query_length: 0, ...shared }
        : { type: 'static_select', action_id: fills ? FILL : VALUE, options, ...shared };
      return [{ ...base, block_id: blockId, element, ...(fills && { dispatch_action: true }) }];
    }
    case 'flags': {
      const options = optionsOf(field.choices);
      if (options.length === 0) return [];
      const chosen = field.initial.split(',');
      const initial = options.filter(({ value }) => value !== undefined && chosen.includes(value));
      const shared = { action_id: VALUE, options, ...(initial.length > 0 && { initial_options: initial }) };
      const element: types.Checkboxes | types.MultiStaticSelect = options.length <= MAX_CHECKBOXES ? { type: 'checkboxes', ...shared } : { type: 'multi_static_select', ...shared };
      return [{ ...base, block_id: blockId, element }];
    }
  }
}

/** Always at least one part. */
function partsOf(text: string): readonly string[] {
  if (text.length <= MAX_INPUT_CHARS) return [text];
  const parts: string[] = [];
  for (let left = text; left !== '';) {
    const part = withoutHalf(left.slice(0, PART_CHARS));
    parts.push(part);
    left = left.slice(part.length);
  }
  return parts;
}

/** A name for a person to read above what they asked for. */
export const titleOf = (text: string): string => plain(text, MAX_VIEW_TITLE_CHARS);
