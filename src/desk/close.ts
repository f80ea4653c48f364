import type { ConversationId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { newerMails } from '../core/staleness.js';
import { byActor, change, loadConversation, type StaffUnit } from './unit.js';

/** Stopped: the customer or a colleague wrote since the button was drawn, or it would go to somebody who was not part of it. */
export type Held = { readonly held: readonly Message[]; readonly conversation: Conversation; readonly strangers?: readonly string[] };

/** Done with this matter; a new mail of the customer opens it again. */
export async function close(unit: StaffUnit, conversationId: ConversationId | undefined, drawnFrom: number | undefined, anyway: boolean): Promise<{ conversation: Conversation } | Held> {
  const conversation = await loadConversation(unit, conversationId);
  if (conversation.status === 'closed') throw new Refusal('refused.closed-already', { number: conversation.number });
  if (drawnFrom !== undefined && !anyway) {
    const newer = newerMails(await unit.tx.messages.of(conversation.id), drawnFrom, unit.actor.id).filter(({ direction }) => direction === 'in');
    if (newer.length > 0) return { held: newer, conversation };
  }
  return { conversation: await change(unit, conversation, { status: 'closed' }, { what: 'closed', actor: byActor(unit) }) };
}

export async function reopen(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<Conversation> {
  const conversation = await loadConversation(unit, conversationId);
  if (conversation.status === 'open') throw new Refusal('refused.open-already', { number: conversation.number });
  // Whoever was out of sight for a while waits again.
  return change(unit, conversation, { status: 'open', ...(conversation.status === 'snoozed' && { waitingSince: unit.now }) }, { what: 'reopened', actor: byActor(unit) });
}
