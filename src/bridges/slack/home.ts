/** A person's own page: the Home tab of the app. */
import type { types } from '@slack/bolt';

import { say } from '../../core/language/say.js';
import type { Home } from '../../core/ports/chat.js';
import { SEARCH } from './actions.js';
import { MAX_FACTS_CHARS, MAX_LABEL_CHARS, MAX_VIEW_BLOCKS } from './limits.js';
import { buttonOf, context, mrkdwn, plainText, section } from './render.js';
import { line, link } from './text.js';

/** Slack's length of a header and of a placeholder. */
const MAX_HEADER_CHARS = 150;

export function homeView(home: Home): types.HomeView {
  const { locale } = home;
  const blocks: types.KnownBlock[] = [
    { type: 'header', text: plainText(home.greeting, MAX_HEADER_CHARS) },
    {
      type: 'input', block_id: SEARCH, dispatch_action: true, optional: true, label: plainText(say(locale, 'list.search'), MAX_LABEL_CHARS),
      element: { type: 'plain_text_input', action_id: SEARCH, placeholder: plainText(say(locale, 'list.search-hint'), MAX_HEADER_CHARS), dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] } },
    },
  ];
  for (const { title, count, items } of home.sections) {
    blocks.push({ type: 'divider' }, section(`*${line(title, MAX_HEADER_CHARS).replaceAll('*', '')}* · ${count}`));
    if (items.length === 0) blocks.push(context(line(say(locale, 'list.empty'), MAX_FACTS_CHARS)));
    for (const item of items) blocks.push(itemOf(item));
  }
  return { type: 'home', callback_id: 'home', blocks: blocks.slice(0, MAX_VIEW_BLOCKS) };
}

/** For people who are nobody here. */
export function strangerView(text: string): types.HomeView {
  return { type: 'home', callback_id: 'home', blocks: [section(line(text, MAX_FACTS_CHARS))] };
}

function itemOf({ title, text, url, late, action }: Home['sections'][number]['items'][number]): types.SectionBlock {
  const words = line(title, MAX_FACTS_CHARS / 2) || '·';
  const below = line(text, MAX_FACTS_CHARS / 2);
  const [button] = action ? buttonOf(action, 0) : [];
  return { type: 'section', text: mrkdwn([url ? link(url, words) : words, late && below && !below.includes('*') ? `*${below}*` : below].filter(Boolean).join('\n')), ...(button && { accessory: button }) };
}
