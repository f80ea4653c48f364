/** What a person is told, as a message that they alone see wherever Discord can. */
import { ButtonStyle, ComponentType, MessageFlags } from 'discord.js';

import type { Locale } from '../../core/model.js';
import type { Answer, Form } from '../../core/ports/chat.js';
import { say } from '../../core/language/say.js';
import type { CustomIds } from './custom-ids.js';
import type { Json } from './json.js';
import { MAX_BUTTON_LABEL_CHARS, MAX_CONTENT_CHARS, MAX_DESCRIPTION_CHARS, MAX_EMBEDS_CHARS } from './limits.js';
import { literally, NO_MENTIONS, oneLine } from './plain-text.js';
import { button, inRows } from './render.js';

/** One entry of a list, so that ten fit into a message. */
const MAX_ITEM_CHARS = 180;

export interface Said {
  readonly ids: CustomIds;
  readonly locale: Locale;
  /** The words that this answers, where they can be taken back and opened again. */
  readonly written?: { readonly verb: string; readonly args: Readonly<Record<string, string>> };
}

export function answerBody(answer: Answer, { ids, locale, written }: Said, visibility: 'private' | 'public'): Json {
  const lines = [literally(answer.text), ...answer.items.map(({ title, text, url }) => {
    const head = `**${literally(oneLine(title, MAX_ITEM_CHARS / 2))}**${url ? ` <${url}>` : ''}`;
    // What would be sent is shown as it is; an entry of a list in one line.
    return answer.kind === 'preview' || answer.kind === 'form' ? `${head}\n${quoted(text)}` : `${head}\n${literally(oneLine(text, MAX_ITEM_CHARS))}`;
  })];
  const fits = lines.join('\n').length <= MAX_CONTENT_CHARS;
  const [head = '', ...rest] = lines;
  // A long list has three times the room in embeds.
  const shown: Json = fits ? { content: lines.join('\n') || '…' } : { content: head.slice(0, MAX_CONTENT_CHARS) || '…', embeds: inPieces(rest, [MAX_DESCRIPTION_CHARS, MAX_EMBEDS_CHARS - MAX_DESCRIPTION_CHARS]).map((description) => ({ description })) };
  return {
    ...shown, allowed_mentions: NO_MENTIONS, flags: (fits ? MessageFlags.SuppressEmbeds : 0) | (visibility === 'private' ? MessageFlags.Ephemeral : 0), components: inRows(buttonsOf(answer, ids, locale, written)),
  };
}

function buttonsOf(answer: Answer, ids: CustomIds, locale: Locale, written: Said['written']): readonly Json[] {
  const plain = (label: string, customId: string, style = ButtonStyle.Secondary): Json => ({ type: ComponentType.Button, style, label: oneLine(label, MAX_BUTTON_LABEL_CHARS), custom_id: customId });
  const { conversationId, form } = answer;
  const undo = answer.actions.find(({ verb }) => verb === 'undo');
  // Where the words are known, editing takes the answer back and opens them again. A form is offered below, with everything that stands in it.
  const buttons = answer.actions.filter(({ verb }) => verb !== form?.verb && (verb !== 'edit' || !undo || !written)).map((action) => button(action, ids));
  if (undo && written) buttons.push(plain(say(locale, 'button.edit'), ids.write({ kind: 'edit', verb: written.verb, conversationId: undo.conversationId, revision: undefined, args: { ...written.args, ':undo': undo.args['message'] ?? '' } })));
  if (form) {
    // What was written is not lost: the same form again, with what is new above it.
    const args = { ...Object.fromEntries(form.fields.map(({ name, initial }) => [name, initial])), ...hiddenArgs(form) };
    buttons.push(plain(answer.kind === 'held' ? form.submit : say(locale, 'button.edit'), ids.write({ kind: 'form', verb: form.verb, conversationId: form.conversationId, revision: form.revision, args })));
  } else if (answer.kind === 'refused' && written && Object.keys(written.args).length > 0) {
    buttons.push(plain(say(locale, 'button.edit'), ids.write({ kind: 'form', verb: written.verb, conversationId, revision: undefined, args: written.args })));
  }
  for (const { title, action } of answer.items) {
    const name = /^#\d+/.exec(title)?.[0];
    if (action && name && answer.items.length > 1) buttons.push(button(action, ids, `${action.label} ${name}`));
  }
  return buttons;
}

/** What belongs to a form besides its fields, as it travels with a button that opens it again: under names that begin with a colon. */
export const hiddenArgs = ({ hidden, submit, facts }: Form): Readonly<Record<string, string>> => ({ ...Object.fromEntries(Object.entries(hidden).map(([name, value]) => [`:${name}`, value])), ':submit': submit, ':facts': facts.join('\n') });

const quoted = (text: string): string => literally(text).split('\n').map((line) => `> ${line}`).join('\n').slice(0, MAX_CONTENT_CHARS - MAX_ITEM_CHARS);

/** Whole lines, as many as there is room for in pieces of these sizes. */
function inPieces(lines: readonly string[], sizes: readonly number[]): readonly string[] {
  const left = [...lines];
  const pieces = sizes.map((size) => {
    let piece = '';
    for (let line = left[0]; line !== undefined && piece.length + line.length + 1 <= size; line = left[0]) {
      piece += piece ? `\n${line}` : line;
      left.shift();
    }
    return piece;
  });
  return pieces.filter((piece) => piece !== '');
}
