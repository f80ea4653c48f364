import type { CommandOutcome } from '../core/calls.js';
import type { Conversation, Message } from '../core/model.js';
import type { StaffUnit } from '../desk/unit.js';

/** A mail that leaves when its undo window is over. */
export function sendsSoon(unit: StaffUnit, conversation: Conversation, message: Message): CommandOutcome {
  const until = message.sendAt ?? unit.now;
  const count = Math.max(0, Math.round((until.getTime() - unit.now.getTime()) / 1000));
  return { kind: 'done', message: { key: 'reply.queued', params: { number: conversation.number, count } }, conversationId: conversation.id, undoable: { messageId: message.id, until } };
}
