import type { ConversationId } from '../core/ids.js';
import type { Conversation } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { byActor, change, loadConversation, nameOf, type StaffUnit } from './unit.js';

/** Gives the conversation back to the team. Only its owner or an admin may. */
export async function release(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<Conversation> {
  const conversation = await loadConversation(unit, conversationId);
  if (!conversation.assigneeId) throw new Refusal('refused.not-claimed', { number: conversation.number });
  if (conversation.assigneeId !== unit.actor.id && unit.actor.role !== 'admin') {
    throw new Refusal('refused.not-yours', { number: conversation.number, who: nameOf(unit.desk, conversation.assigneeId) });
  }
  return change(unit, conversation, { assigneeId: undefined }, { what: 'released', actor: byActor(unit) });
}
