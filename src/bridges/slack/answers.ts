/** What a person is told: shown to them alone, where they are. */
import type { types } from '@slack/bolt';

import type { Answer } from '../../core/ports/chat.js';
import { buttonOf } from './render.js';
import { MAX_ALERT_CHARS, MAX_BODY_CHARS, MAX_FACTS_CHARS, MAX_ITEMS } from './limits.js';
import { section, context } from './render.js';
import { line, lines, link } from './text.js';

export interface Told {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

export function answerBlocks(answer: Pick<Answer, 'text' | 'items' | 'actions'>): Told {
  const text = lines(answer.text, MAX_ALERT_CHARS) || '·';
  // Few items may be long (a draft), many are lines of a list.
  const most = answer.items.length > 3 ? MAX_FACTS_CHARS / 2 : MAX_BODY_CHARS / 4;
  const items = answer.items.slice(0, MAX_ITEMS).map(({ title, text: words, url, action }, index) => {
    const heading = line(title, MAX_FACTS_CHARS / 2);
    const shown = section([url ? link(url, heading) : heading, lines(words, most)].filter((part) => part !== '').join('\n') || '·');
    const [button] = action ? buttonOf(action, index) : [];
    return button ? { ...shown, accessory: button } : shown;
  });
  const elements = answer.actions.flatMap((action, index) => buttonOf(action, index));
  return {
    text,
    blocks: [section(text), ...items, ...(answer.items.length > MAX_ITEMS ? [context('…')] : []), ...(elements.length > 0 ? [{ type: 'actions' as const, elements }] : [])],
  };
}
