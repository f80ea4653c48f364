/** A post as Slack shows it: the card as in the card table, mails and notes in full, whatever they contain within Slack's limits. */
import type { types } from '@slack/bolt';

import { say } from '../../core/language/say.js';
import type { Locale } from '../../core/model.js';
import type { Post, PostAction } from '../../core/post.js';
import { DO, FOCUS, MORE, UNFOLD, valueOf } from './actions.js';
import {
  MAX_ACTIONS, MAX_ALERT_CHARS, MAX_BODY_CHARS, MAX_BUTTON_CHARS, MAX_FACTS_CHARS, MAX_HEADING_CHARS, MAX_QUOTE_CHARS, MAX_SECTION_CHARS, MAX_SUMMARY_CHARS,
} from './limits.js';
import { split } from './mrkdwn.js';
import { line, lines, link, plain, visible } from './text.js';

export interface Rendered {
  /** For notifications, screen readers and clients without layout. */
  readonly text: string;
  readonly blocks: types.KnownBlock[];
  /** The text was too long for a message: it belongs into a file as well. */
  readonly cut: boolean;
}

/** Facts that say who the customer is; the rest says how the conversation stands. */
const FACTS_ABOUT_CUSTOMER = 3;
const SHOWN_BESIDE_ANSWER = new Set(['claim', 'release']);

export function render(post: Post, locale: Locale): Rendered {
  const { pieces, cut } = split(post.text, MAX_SECTION_CHARS, MAX_BODY_CHARS);
  const blocks: types.KnownBlock[] = [
    ...(post.heading === undefined ? [] : [section(headingOf(post.heading, post.url))]),
    ...factsOf(post),
    ...(post.quote === undefined || visible(post.quote).trim() === '' ? [] : [section(quoteOf(post.quote))]),
    ...pieces.map(section),
    ...(cut ? [context(line(say(locale, 'mail.text-as-file'), MAX_FACTS_CHARS))] : []),
    ...(post.alert ? [section(alertOf(post.alert))] : []),
    ...buttonsOf(post, locale),
  ];
  const text = line(post.summary, MAX_SUMMARY_CHARS) || '·';
  return { text, blocks: blocks.length > 0 ? blocks : [section(text)], cut };
}

/** All text objects are verbatim: Slack makes no mention or link of its own out of what they say. */
export const mrkdwn = (text: string): types.MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });
export const section = (text: string): types.SectionBlock => ({ type: 'section', text: mrkdwn(text) });
export const context = (text: string): types.ContextBlock => ({ type: 'context', elements: [mrkdwn(text)] });
export const plainText = (text: string, most: number): types.PlainTextElement => ({ type: 'plain_text', text: plain(text, most), emoji: false });

function headingOf(heading: string, url: string | undefined): string {
  const words = line(heading, MAX_HEADING_CHARS) || '·';
  const linked = url === undefined ? words : link(url, words);
  // A star inside would end the bold print early.
  return words.includes('*') ? linked : `*${linked}*`;
}

function factsOf(post: Post): types.KnownBlock[] {
  const rows = post.kind === 'card' ? [post.facts.slice(0, FACTS_ABOUT_CUSTOMER), post.facts.slice(FACTS_ABOUT_CUSTOMER)] : [post.facts];
  return rows.flatMap((facts) => {
    const words = joined(facts);
    return words === '' ? [] : [context(words)];
  });
}

/** The last are dropped first where room is short; the first is only shortened. */
function joined(facts: readonly string[]): string {
  const [first, ...rest] = facts.map((fact) => line(fact, MAX_FACTS_CHARS)).filter((fact) => fact !== '');
  let words = first ?? '';
  for (const fact of rest) {
    if (words.length + 3 + fact.length > MAX_FACTS_CHARS) break;
    words += ` · ${fact}`;
  }
  return words;
}

const quoteOf = (quote: string): string => `> ${lines(quote.replaceAll(/\n{2,}/g, '\n'), MAX_QUOTE_CHARS).replaceAll('\n', '\n> ')}`;

function alertOf(alert: string): string {
  const words = lines(alert, MAX_ALERT_CHARS) || '·';
  return /[*\n]/.test(words) ? words : `*${words}*`;
}

function buttonsOf(post: Post, locale: Locale): types.KnownBlock[] {
  const elements: types.ActionsBlockElement[] = [
    ...(post.about ? cardButtons(post.actions, post.about, locale) : post.actions.flatMap((action, index) => buttonOf(action, index))),
    ...(post.hidden && visible(post.hidden.text).trim() !== '' ? [{ type: 'button' as const, action_id: UNFOLD, text: plainText(post.hidden.label, MAX_BUTTON_CHARS) }] : []),
  ];
  return elements.length > 0 ? [{ type: 'actions', elements: elements.slice(0, MAX_ACTIONS) }] : [];
}

/** Four buttons, as many as a phone has room for: Claim or Release, Answer, Template, More. Whatever else can be done stands behind More. */
function cardButtons(actions: readonly PostAction[], about: NonNullable<Post['about']>, locale: Locale): types.ActionsBlockElement[] {
  const answer = actions.find(({ verb }) => verb === 'reply');
  const template: readonly PostAction[] = answer ? [{ ...answer, label: say(locale, 'button.template'), style: 'plain', args: { ...answer.args, [FOCUS]: 'template' } }] : [];
  const shown = answer ? [...actions.filter((action) => action === answer || SHOWN_BESIDE_ANSWER.has(action.verb)), ...template] : actions;
  const value = JSON.stringify({ v: MORE, c: about.conversationId, r: actions[0]?.revision, a: { status: about.status } });
  return [...shown.flatMap((action, index) => buttonOf(action, index)), { type: 'button', action_id: MORE, text: plainText(say(locale, 'button.more'), MAX_BUTTON_CHARS), value }];
}

export function buttonOf(action: PostAction, index: number): types.Button[] {
  const value = valueOf(action);
  if (value === undefined) return [];
  return [{ type: 'button', action_id: `${DO}:${index}`, text: plainText(action.label, MAX_BUTTON_CHARS), value, ...(action.style === 'plain' ? {} : { style: action.style }) }];
}
