import type { Conversation } from '../conversation.js';
import type { JsonObject } from '../json.js';
import * as limits from '../limits.js';
import type { Message } from '../model.js';
import { conversationJson, messageJson } from '../shapes.js';
import { compareTs } from '../timestamps.js';
import { refusal, SlackError } from '../violations.js';
import { count, flag, id, method, needScope, page, scopeFor, seen, text, type Call } from './method.js';

const READ = ['channels:read', 'groups:read', 'im:read'] as const;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;

export const info = method({
  name: 'conversations.info',
  scopes: READ,
  tier: 3,
  args: { channel: id, include_locale: flag, include_num_members: flag },
  run: (call) => {
    const place = seen(call, call.args.channel);
    needScope(call, scopeFor(place, 'read'));
    return { channel: conversationJson(place, call.workspace, call.args.include_num_members ?? false) };
  },
});

const KINDS = { public_channel: 'channel', private_channel: 'group', im: 'im', mpim: 'mpim' } as const;

export const list = method({
  name: 'conversations.list',
  scopes: READ,
  tier: 2,
  args: { types: text.optional(), exclude_archived: flag, limit: count.optional(), cursor: text.optional() },
  run: (call) => {
    const { args, workspace } = call;
    const types = (args.types ?? 'public_channel').split(',').map((type) => type.trim());
    const unknown = types.filter((type) => !(type in KINDS));
    if (unknown.length > 0) throw refusal('invalid_types', unknown.join(', '));
    const kinds = new Set<string>(types.map((type) => KINDS[type as keyof typeof KINDS]));
    const visible = [...workspace.conversations.values()].filter((place) => kinds.has(place.kind) && (!place.isPrivate || place.members.has(workspace.botUser.id)) && !(args.exclude_archived === true && place.archived));
    for (const place of visible) needScope(call, scopeFor(place, 'read'));
    const { items, metadata } = page(visible, Math.min(args.limit ?? DEFAULT_PAGE, MAX_PAGE), args.cursor);
    return { channels: items.map((place) => conversationJson(place, workspace, true)), response_metadata: metadata };
  },
});

export const members = method({
  name: 'conversations.members',
  scopes: READ,
  tier: 4,
  args: { channel: id, limit: count.optional(), cursor: text.optional() },
  run: (call) => {
    const place = seen(call, call.args.channel);
    needScope(call, scopeFor(place, 'read'));
    const { items, metadata } = page([...place.members], Math.min(call.args.limit ?? DEFAULT_PAGE, MAX_PAGE), call.args.cursor);
    return { members: items, response_metadata: metadata };
  },
});

export const join = method({
  name: 'conversations.join',
  scopes: ['channels:join'],
  tier: 3,
  args: { channel: id },
  run: (call) => {
    const { slack, workspace } = call;
    const place = seen(call, call.args.channel);
    if (place.kind !== 'channel') throw refusal('method_not_supported_for_channel_type', place.kind);
    if (place.archived) throw new SlackError('is_archived');
    const already = place.members.has(workspace.botUser.id);
    place.members.add(workspace.botUser.id);
    if (!already) void slack.events.announce(workspace, { type: 'member_joined_channel', user: workspace.botUser.id, channel: place.id, channel_type: 'C', team: workspace.id, event_ts: workspace.timestamps.next() }, place);
    return { channel: conversationJson(place, workspace), ...(already ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } } : {}) };
  },
});

export const open = method({
  name: 'conversations.open',
  scopes: ['im:write'],
  tier: 3,
  args: { users: text.optional(), channel: text.optional(), return_im: flag, prevent_creation: flag },
  run: (call) => {
    const { args, workspace } = call;
    const [user = '', ...others] = (args.users ?? workspace.conversations.get(args.channel ?? '')?.person ?? '').split(',');
    if (others.length > 0) throw refusal('method_not_supported', 'this server has no group conversations');
    const found = workspace.users.get(user);
    if (!found) throw new SlackError('user_not_found');
    if (found.deleted) throw new SlackError('user_disabled');
    if (found.isBot) throw refusal('cannot_dm_bot', user);
    const place = workspace.directWith(user);
    return { no_op: true, already_open: true, channel: args.return_im === true ? conversationJson(place, workspace) : { id: place.id } };
  },
});

const WINDOW = { oldest: text.optional(), latest: text.optional(), inclusive: flag, limit: count.optional(), cursor: text.optional(), include_all_metadata: flag };

interface Window {
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly inclusive?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly include_all_metadata?: boolean | undefined;
}

function within(message: Message, { oldest, latest, inclusive }: Window): boolean {
  const edge = inclusive === true ? 0 : 1;
  const after = oldest === undefined || oldest === '0' || compareTs(message.ts, oldest) >= edge;
  return after && (latest === undefined || compareTs(latest, message.ts) >= edge);
}

function readable(call: Call<unknown>, channel: string): Conversation {
  const place = seen(call, channel);
  needScope(call, scopeFor(place, 'history'));
  if (!place.members.has(call.workspace.botUser.id)) throw new SlackError('not_in_channel');
  return place;
}

function answer(call: Call<Window>, place: Conversation, messages: readonly Message[]): JsonObject {
  const distributed = call.slack.options.distribution === 'distributed';
  const limit = Math.min(call.args.limit ?? DEFAULT_PAGE, distributed ? limits.DISTRIBUTED_PAGE : MAX_PAGE);
  const { items, metadata } = page(messages, limit, call.args.cursor);
  const more = metadata['next_cursor'] !== '';
  const shown = items.map((message) => messageJson(message, place, call.workspace, call.slack.baseUrl, call.args.include_all_metadata === true));
  return { messages: shown, has_more: more, ...(more ? { response_metadata: metadata } : {}) };
}

export const history = method({
  name: 'conversations.history',
  scopes: ['channels:history', 'groups:history', 'im:history'],
  tier: 3,
  args: { channel: id, ...WINDOW },
  run: (call) => {
    const place = readable(call, call.args.channel);
    const newestFirst = place.messages().filter((message) => within(message, call.args)).toReversed();
    return { ...answer(call, place, newestFirst), pin_count: place.pins.size };
  },
});

export const replies = method({
  name: 'conversations.replies',
  scopes: ['channels:history', 'groups:history', 'im:history'],
  tier: 3,
  args: { channel: id, ts: id, ...WINDOW },
  run: (call) => {
    const { args } = call;
    const place = readable(call, args.channel);
    const thread = place.thread(args.ts);
    const [parent] = thread;
    if (!parent) throw new SlackError('thread_not_found');
    // The parent always comes first, whatever the window.
    return answer(call, place, [parent, ...thread.slice(1).filter((message) => within(message, args))]);
  },
});
