import { readContent, type Content } from '../content.js';
import { isReply, type Conversation } from '../conversation.js';
import * as limits from '../limits.js';
import type { Ephemeral, Message } from '../model.js';
import { messageJson } from '../shapes.js';
import { refusal, SlackError } from '../violations.js';
import { flag, id, json, method, postable, seen, text, type Call } from './method.js';

const CONTENT = { text: text.optional(), markdown_text: text.optional(), blocks: json.optional(), attachments: json.optional() };
const AUTHORSHIP = { as_user: flag, icon_emoji: text.optional(), icon_url: text.optional(), username: text.optional(), parse: text.optional(), link_names: flag };

/** The parent that a reply names. Slack's documentation forbids the ts of a reply; what it does then is not said, so it is refused. */
function checkThread(place: Conversation, threadTs: string | undefined): void {
  if (threadTs === undefined) return;
  const parent = place.find(threadTs);
  if (!parent) throw new SlackError('thread_not_found');
  if (isReply(parent)) throw refusal('invalid_thread_ts', `${threadTs} is a reply; use its parent ${parent.threadTs ?? ''}`);
}

/** Slack cuts the text of a new message. */
function cut(call: Call<unknown>, name: string, content: Content): string {
  if (!content.tooLong) return content.text;
  call.slack.report({ method: name, rule: 'text_truncated', detail: `${content.text.length} characters; ${limits.MAX_TEXT_CHARS} are kept` });
  return content.text.slice(0, limits.MAX_TEXT_CHARS);
}

/** A message of the app itself. */
function own(call: Call<unknown>, place: Conversation, ts: string, otherwise: string): Message {
  const message = place.find(ts);
  if (!message || message.tombstone) throw new SlackError('message_not_found');
  if (message.botId !== call.workspace.botId) throw refusal(otherwise, `${ts} was not posted by the app`);
  return message;
}

export const postMessage = method({
  name: 'chat.postMessage',
  scopes: ['chat:write'],
  tier: 'post',
  args: { channel: id, ...CONTENT, ...AUTHORSHIP, thread_ts: id.optional(), reply_broadcast: flag, metadata: json.optional(), unfurl_links: flag, unfurl_media: flag, mrkdwn: flag },
  run: (call) => {
    const { args, slack, workspace } = call;
    const place = postable(call, args.channel);
    const content = readContent(args);
    checkThread(place, args.thread_ts);
    const { blocks, attachments, metadata } = content;
    const message = slack.postAsBot(workspace, place, { text: cut(call, 'chat.postMessage', content), blocks, attachments, metadata, threadTs: args.thread_ts, broadcast: args.reply_broadcast });
    return { channel: place.id, ts: message.ts, message: messageJson(message, place, workspace, slack.baseUrl, true) };
  },
});

export const update = method({
  name: 'chat.update',
  scopes: ['chat:write'],
  tier: 3,
  args: { channel: id, ts: id, ...CONTENT, as_user: flag, link_names: flag, parse: text.optional(), metadata: json.optional(), reply_broadcast: flag, file_ids: json.optional() },
  run: (call) => {
    const { args, slack, workspace } = call;
    const place = seen(call, args.channel);
    if (place.archived) throw new SlackError('is_inactive');
    const message = own(call, place, args.ts, 'cant_update_message');
    const content = readContent(args);
    if (content.tooLong) throw refusal('msg_too_long', `${content.text.length} characters`);
    void slack.edit(workspace, place, message, { ...(args.text === undefined && args.markdown_text === undefined ? {} : { text: content.text }), blocks: content.blocks, attachments: content.attachments, metadata: content.metadata }, workspace.botUser.id);
    return { channel: place.id, ts: message.ts, text: message.text, message: messageJson(message, place, workspace, slack.baseUrl, true) };
  },
});

export const remove = method({
  name: 'chat.delete',
  scopes: ['chat:write'],
  tier: 3,
  args: { channel: id, ts: id, as_user: flag },
  run: (call) => {
    const { args, slack, workspace } = call;
    const place = seen(call, args.channel);
    if (place.archived) throw new SlackError('is_archived');
    void slack.remove(workspace, place, own(call, place, args.ts, 'cant_delete_message'));
    return { channel: place.id, ts: args.ts };
  },
});

export const postEphemeral = method({
  name: 'chat.postEphemeral',
  scopes: ['chat:write'],
  tier: 4,
  args: { channel: id, user: id, ...CONTENT, ...AUTHORSHIP, thread_ts: id.optional() },
  run: (call) => {
    const { args, workspace } = call;
    const place = postable(call, args.channel);
    if (!place.members.has(args.user)) throw new SlackError('user_not_in_channel');
    const content = readContent(args);
    if (content.tooLong) throw refusal('msg_too_long', `${content.text.length} characters`);
    const ephemeral: Ephemeral = { ts: workspace.timestamps.next(), channel: place.id, user: args.user, text: content.text, blocks: content.blocks ?? [], threadTs: args.thread_ts, via: 'chat.postEphemeral' };
    workspace.ephemerals.push(ephemeral);
    return { message_ts: ephemeral.ts };
  },
});

export const getPermalink = method({
  name: 'chat.getPermalink',
  tier: 'none',
  args: { channel: id, message_ts: id },
  run: (call) => {
    const { args, workspace } = call;
    const place = seen(call, args.channel);
    const message = place.find(args.message_ts);
    if (!message) throw new SlackError('message_not_found');
    return { channel: place.id, permalink: workspace.permalink(message) };
  },
});
