/** What Slack's editor makes of what a person types, and what pings people in what an app posts. */
import { isObject, type Json, type JsonObject } from './json.js';
import type { Message } from './model.js';
import type { Workspace } from './workspace.js';

/** `&`, `<` and `>` as text carries them (https://docs.slack.dev/messaging/formatting-message-text). */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const LINK = /\bhttps?:\/\/[^\s<>|]+[^\s<>|.,;:!?)]/g;
const EMAIL = /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g;

/** Text as it arrives when a person typed it: escaped, links and addresses marked up, "@handle" and "#channel" as mentions. */
export function typed(text: string, workspace: Workspace): string {
  const pieces = escape(text).split(/(\bhttps?:\/\/\S+)/);
  return pieces.map((piece) => (/^https?:\/\//.test(piece) ? piece.replaceAll(LINK, '<$&>') : mentions(piece.replaceAll(EMAIL, '<mailto:$&|$&>'), workspace))).join('');
}

function mentions(text: string, workspace: Workspace): string {
  const users = text.replaceAll(/(?<![\w.@|:])@([\w][\w.-]*\w|\w)/g, (whole: string, name: string) => {
    const found = [...workspace.users.values()].find((user) => user.name.toLowerCase() === name.toLowerCase());
    return found ? `<@${found.id}>` : ['channel', 'here', 'everyone'].includes(name) ? `<!${name}>` : whole;
  });
  return users.replaceAll(/(?<![\w&/])#([\w-]+)/g, (whole: string, name: string) => {
    const found = [...workspace.conversations.values()].find((one) => one.kind !== 'im' && one.name === name);
    return found ? `<#${found.id}|${found.isPrivate ? '' : found.name}>` : whole;
  });
}

/** The rich text block that stands beside the text of what people write. */
export function richText(text: string, blockId: string): JsonObject {
  const elements = text
    .split(/(<[^<>]+>)/)
    .filter((piece) => piece !== '')
    .map((piece): JsonObject => richElement(piece));
  return { type: 'rich_text', block_id: blockId, elements: [{ type: 'rich_text_section', elements }] };
}

function richElement(piece: string): JsonObject {
  const inside = /^<([^<>]+)>$/.exec(piece)?.[1];
  if (inside === undefined) return { type: 'text', text: unescape(piece) };
  const [target = '', label] = inside.split('|');
  if (target.startsWith('@')) return { type: 'user', user_id: target.slice(1) };
  if (target.startsWith('#')) return { type: 'channel', channel_id: target.slice(1) };
  if (target.startsWith('!')) return { type: 'broadcast', range: target.slice(1) };
  return { type: 'link', url: unescape(target), ...(label === undefined ? {} : { text: unescape(label) }) };
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Something in a post that notifies people. */
export interface Ping {
  readonly ts: string;
  /** "<!channel>", "<@U0000000002>", "<!subteam^S0000000001>" */
  readonly what: string;
  readonly where: 'text' | 'blocks';
}

const PING = /<(?:!(?:channel|here|everyone|subteam\^\w+)(?:\|[^<>]*)?|@[UW]\w+(?:\|[^<>]*)?)>/g;

/** Who would be notified by a message: its text, and mrkdwn and rich text in its blocks. */
export function pingsOf(message: Message): readonly Ping[] {
  const inText = [...message.text.matchAll(PING)].map(([what]) => ({ ts: message.ts, what, where: 'text' as const }));
  return [...inText, ...pingsInBlocks(message.blocks).map((what) => ({ ts: message.ts, what, where: 'blocks' as const }))];
}

function pingsInBlocks(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => pingsInBlocks(item));
  if (!isObject(value)) return [];
  if (value['type'] === 'user' && typeof value['user_id'] === 'string') return [`<@${value['user_id']}>`];
  if (value['type'] === 'broadcast' && typeof value['range'] === 'string') return [`<!${value['range']}>`];
  // Plain text shows such marks as they are; a mrkdwn text pings.
  if ((value['type'] === 'mrkdwn' || value['type'] === 'markdown') && typeof value['text'] === 'string') return [...value['text'].matchAll(PING)].map(([what]) => what);
  return Object.values(value).flatMap((item) => pingsInBlocks(item));
}
