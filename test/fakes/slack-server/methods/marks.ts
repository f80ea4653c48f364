/** Reactions and pins. */
import type { Conversation } from '../conversation.js';
import type { Message } from '../model.js';
import { messageJson } from '../shapes.js';
import { refusal, SlackError } from '../violations.js';
import { flag, id, method, seen, type Call } from './method.js';

/** Names of emoji: lower case, digits, some signs, a skin tone. */
const EMOJI = /^[\p{Ll}\p{N}_+'-]+(?:::skin-tone-[2-6])?$/u;

function found(call: Call<{ readonly channel: string; readonly timestamp: string }>): { readonly place: Conversation; readonly message: Message } {
  const place = seen(call, call.args.channel);
  const message = place.find(call.args.timestamp);
  if (!message || message.tombstone) throw new SlackError('message_not_found');
  return { place, message };
}

const ITEM = { channel: id, timestamp: id };

export const reactionsAdd = method({
  name: 'reactions.add',
  scopes: ['reactions:write'],
  tier: 3,
  args: { ...ITEM, name: id },
  run: (call) => {
    if (!EMOJI.test(call.args.name)) throw refusal('invalid_name', call.args.name);
    const { place, message } = found(call);
    if (place.archived) throw new SlackError('is_archived');
    if (!call.slack.react(call.workspace, place, message, call.args.name, call.workspace.botUser.id, true)) throw new SlackError('already_reacted');
    return {};
  },
});

export const reactionsRemove = method({
  name: 'reactions.remove',
  scopes: ['reactions:write'],
  tier: 2,
  args: { ...ITEM, name: id },
  run: (call) => {
    const { place, message } = found(call);
    if (!call.slack.react(call.workspace, place, message, call.args.name, call.workspace.botUser.id, false)) throw new SlackError('no_reaction');
    return {};
  },
});

export const reactionsGet = method({
  name: 'reactions.get',
  scopes: ['reactions:read'],
  tier: 3,
  args: { ...ITEM, full: flag },
  run: (call) => {
    const { place, message } = found(call);
    return { type: 'message', channel: place.id, message: { ...messageJson(message, place, call.workspace, call.slack.baseUrl), permalink: call.workspace.permalink(message) } };
  },
});

export const pinsAdd = method({
  name: 'pins.add',
  scopes: ['pins:write'],
  tier: 2,
  args: ITEM,
  run: (call) => {
    const { place, message } = found(call);
    if (place.pins.has(message.ts)) throw new SlackError('already_pinned');
    place.pins.add(message.ts);
    return {};
  },
});

export const pinsRemove = method({
  name: 'pins.remove',
  scopes: ['pins:write'],
  tier: 2,
  args: ITEM,
  run: (call) => {
    const { place, message } = found(call);
    if (!place.pins.delete(message.ts)) throw new SlackError('no_pin');
    return {};
  },
});

export const pinsList = method({
  name: 'pins.list',
  scopes: ['pins:read'],
  tier: 2,
  args: { channel: id },
  run: (call) => {
    const place = seen(call, call.args.channel);
    const pinned = place.everything().filter((message) => place.pins.has(message.ts));
    return { items: pinned.map((message) => ({ type: 'message', channel: place.id, created: place.created, message: messageJson(message, place, call.workspace, call.slack.baseUrl) })) };
  },
});
