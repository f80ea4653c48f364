import type { MessageId } from '../core/ids.js';
import { Refusal } from '../core/errors.js';
import { merge as mergeConversations, split as splitConversation, unmerge as unmergeConversations } from '../desk/merge.js';
import type { CommandDefinition } from './definition.js';

export const merge: CommandDefinition = {
  name: 'merge',
  aliases: ['scal'],
  title: 'verb.merge',
  summary: 'verb.merge.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'into', kind: 'conversation', required: true, label: 'option.into' }],
  form: true,
  async run(unit, call) {
    const said = call.args['into'] ?? '';
    const digits = /^#?(\d{1,9})$/.exec(said.trim())?.[1];
    if (digits === undefined) throw new Refusal('refused.bad-number', { value: said });
    const { from, into } = await mergeConversations(unit, call.conversationId, Number(digits));
    return { kind: 'done', message: { key: 'merge.done', params: { number: from.number, into: into.number } }, conversationId: into.id };
  },
};

export const unmerge: CommandDefinition = {
  name: 'unmerge',
  aliases: ['cofnij-scalenie'],
  title: 'verb.unmerge',
  summary: 'verb.unmerge.summary',
  permission: 'work',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const { from, into } = await unmergeConversations(unit, call.conversationId);
    return { kind: 'done', message: { key: 'unmerge.done', params: { number: from.number, into: into.number } }, conversationId: into.id };
  },
};

export const split: CommandDefinition = {
  name: 'split',
  aliases: ['rozdziel'],
  title: 'verb.split',
  summary: 'verb.split.summary',
  permission: 'work',
  onConversation: true,
  options: [{ name: 'message', kind: 'message', required: false, label: 'option.message', hidden: true }],
  form: false,
  async run(unit, call) {
    const { from, opened } = await splitConversation(unit, call.conversationId, call.args['message'] ? (call.args['message'] as MessageId) : undefined);
    return { kind: 'done', message: { key: 'split.done', params: { number: from.number, into: opened.number } }, conversationId: opened.id };
  },
};
