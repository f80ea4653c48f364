import { judgementOf } from '../desk/senders.js';
import { markSpam } from '../desk/spam.js';
import type { CommandDefinition } from './definition.js';

export const spam: CommandDefinition = {
  name: 'spam',
  aliases: ['junk'],
  title: 'verb.spam',
  summary: 'verb.spam.summary',
  permission: 'work',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const { conversation, already } = await markSpam(unit, call.conversationId, true);
    return { kind: 'done', message: { key: already ? 'spam.already' : 'spam.done', params: { number: conversation.number } }, conversationId: conversation.id };
  },
};

export const notSpam: CommandDefinition = {
  name: 'not-spam',
  aliases: ['unspam', 'nie-spam'],
  title: 'verb.not-spam',
  summary: 'verb.not-spam.summary',
  permission: 'work',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const { conversation, already } = await markSpam(unit, call.conversationId, false);
    const { number } = conversation;
    if (already) return { kind: 'done', message: { key: 'not-spam.already', params: { number } }, conversationId: conversation.id };
    const customer = await unit.tx.customers.get(conversation.customerId);
    const judgements = await Promise.all((customer?.addresses ?? []).map((address) => judgementOf(unit, address)));
    // Or the next mail of theirs is spam again, and nobody knows why.
    const blocked = judgements.find((judgement) => judgement?.verdict === 'blocked');
    return { kind: 'done', message: blocked ? { key: 'senders.still-blocked', params: { number, sender: blocked.pattern } } : { key: 'not-spam.done', params: { number } }, conversationId: conversation.id };
  },
};
