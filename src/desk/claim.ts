import type { ConversationId } from '../core/ids.js';
import type { Conversation } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { byActor, change, loadConversation, nameOf, type StaffUnit } from './unit.js';

/** Makes the conversation yours if it is nobody's: the second one to press is told who was first (C26). */
export async function claim(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<{ conversation: Conversation; already: boolean }> {
  const conversation = await loadConversation(unit, conversationId);
  if (conversation.assigneeId === unit.actor.id) return { conversation, already: true };
  if (conversation.assigneeId) throw new Refusal('refused.claimed-by', { number: conversation.number, who: nameOf(unit.desk, conversation.assigneeId) });
  return { conversation: await change(unit, conversation, { assigneeId: unit.actor.id }, { what: 'claimed', actor: byActor(unit) }), already: false };
}
