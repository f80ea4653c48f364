/** What a person is told: shown to them alone, where they are. */
import type { types } from '@slack/bolt';

import type { Answer } from '../../core/ports/chat.js';
import { MAX_ACTIONS, MAX_ALERT_CHARS, MAX_BODY_CHARS, MAX_FACTS_CHARS, MAX_ITEMS, MAX_SECTION_CHARS } from './limits.js';
import { buttonOf, context, section } from './render.js';
import { line, lines, link } from './text.js';

/** Items up to so many may be long. */
const FEW = 3;
/** Text of a list without buttons, in characters. */
const MAX_LIST_CHARS = 9_000;

export interface Told {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

/** A few items with a button each, or a list to read. */
export function answerBlocks(answer: Pick<Answer, 'text' | 'items' | 'actions'>): Told {
  const text = lines(answer.text, MAX_ALERT_CHARS) || '·';
  return { text, blocks: [section(text), ...itemBlocks(answer.items), ...actionBlocks(answer.actions)] };
}

/** As many buttons as there are, in blocks of as many as Slack takes. */
function actionBlocks(actions: Answer['actions']): types.ActionsBlock[] {
  const buttons = actions.flatMap((action, index) => buttonOf(action, index));
  return Array.from({ length: Math.ceil(buttons.length / MAX_ACTIONS) }, (_, block) => ({ type: 'actions', elements: buttons.slice(block * MAX_ACTIONS, (block + 1) * MAX_ACTIONS) }));
}

function itemBlocks(items: Answer['items']): types.KnownBlock[] {
  // Few may be long (a draft); many are lines of a list.
  const most = items.length > FEW ? MAX_FACTS_CHARS / 2 : MAX_BODY_CHARS / 4;
  const blocks: types.KnownBlock[] = [];
  let open = '';
  const close = (): void => {
    if (open !== '') blocks.push(section(open));
    open = '';
  };
  const withButtons = items.filter(({ action }) => action !== undefined).length;
  for (const [index, { title, text, url, action }] of items.entries()) {
    const heading = line(title, MAX_FACTS_CHARS / 2);
    const words = [url ? link(url, heading) : heading, lines(text, most)].filter((part) => part !== '').join(items.length > MAX_ITEMS ? ': ' : '\n') || '·';
    const [button] = action && withButtons <= MAX_ITEMS ? buttonOf(action, index) : [];
    if (button) {
      close();
      blocks.push({ ...section(words), accessory: button });
      continue;
    }
    if (open.length + words.length + 1 > MAX_SECTION_CHARS) close();
    open = open === '' ? words : `${open}\n${words}`;
  }
  close();
  const room = MAX_LIST_CHARS / MAX_SECTION_CHARS;
  return blocks.length > MAX_ITEMS + room ? [...blocks.slice(0, MAX_ITEMS), context('…')] : blocks;
}
