/** The More button: whatever else can be done with a conversation. What is done most stands there as buttons, the rest in menus, since a phone has little room and Discord takes 25 of each. */
import { ButtonStyle, ComponentType, MessageFlags } from 'discord.js';

import type { Locale } from '../../core/model.js';
import type { VerbDescription } from '../../core/ports/chat.js';
import { isMessageKey, say } from '../../core/language/say.js';
import type { CustomIds, Pressed } from './custom-ids.js';
import type { Json } from './json.js';
import { MAX_BUTTON_LABEL_CHARS, MAX_OPTION_CHARS, MAX_ROW_BUTTONS, MAX_ROWS, MAX_SELECT_OPTIONS } from './limits.js';
import { NO_MENTIONS, oneLine } from './plain-text.js';
import { inRows } from './render.js';

/** They stand on the card or mail that they speak of. */
const ELSEWHERE: readonly string[] = ['claim', 'release', 'reply', 'undo', 'arrived', 'send-again', 'edit', 'approve', 'send-back'];
const MOST_USED: readonly string[] = ['note', 'assign', 'close', 'reopen', 'snooze', 'label', 'priority', 'wait', 'forward', 'move', 'spam'];
const BUTTON_ROWS = 2;

/** @param pressed the More button; its `status`: the conversation's, as the card showed it */
export function moreMenu(verbs: readonly VerbDescription[], pressed: Pressed, ids: CustomIds, locale: Locale): Json {
  const pointless = pressed.args['status'] === 'closed' ? 'close' : 'reopen';
  const offered = verbs.filter(({ name, onConversation }) => onConversation && !ELSEWHERE.includes(name) && name !== pointless);
  const first = MOST_USED.flatMap((name) => offered.find((verb) => verb.name === name) ?? []).slice(0, BUTTON_ROWS * MAX_ROW_BUTTONS);
  const rest = offered.filter((verb) => !first.includes(verb));
  const buttons = first.map(({ name }): Json => ({
    type: ComponentType.Button, style: ButtonStyle.Secondary, label: oneLine(titleOf(name, locale), MAX_BUTTON_LABEL_CHARS), custom_id: ids.write({ ...pressed, kind: 'do', verb: name, args: {} }),
  }));
  const menus = inPages(rest, MAX_ROWS - BUTTON_ROWS).map((page, index): Json => ({
    type: ComponentType.ActionRow,
    components: [{
      type: ComponentType.StringSelect, custom_id: ids.write({ ...pressed, kind: 'verb', verb: '', args: { page: String(index) } }), placeholder: oneLine(page.map(({ name }) => titleOf(name, locale)).join(', '), MAX_OPTION_CHARS), min_values: 1, max_values: 1,
      options: page.map(({ name, summary }) => ({ value: name, label: oneLine(titleOf(name, locale), MAX_OPTION_CHARS), description: oneLine(summary[locale], MAX_OPTION_CHARS) })),
    }],
  }));
  return { content: say(locale, 'chat.what-else'), allowed_mentions: NO_MENTIONS, flags: MessageFlags.Ephemeral, components: [...inRows(buttons), ...menus] };
}

/** As many to a page as a menu holds; what does not fit into so many pages is left to the commands. */
export function inPages<Item>(items: readonly Item[], pages: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.min(pages, Math.ceil(items.length / MAX_SELECT_OPTIONS)) }, (_, page) => items.slice(page * MAX_SELECT_OPTIONS, (page + 1) * MAX_SELECT_OPTIONS));
}

function titleOf(verb: string, locale: Locale): string {
  const key = `verb.${verb}`;
  return isMessageKey(key) ? say(locale, key) : verb;
}
