import type { ConversationId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { newerMails } from '../core/staleness.js';
import { byActor, change, loadConversation, type StaffUnit } from './unit.js';

/** Stopped: the customer or a colleague wrote since the button was drawn, or it would go to somebody who was not part of it. */
export type Held = { readonly held: readonly Message[]; readonly conversation: Conversation; readonly strangers?: readonly string[] };

/** Where the button or form that says it comes from. */
export interface Drawn {
  /** Revision that it was drawn from; undefined for typed words, which speak of the present. */
  readonly drawnFrom: number | undefined;
  /** The person has read what is newer. */
  readonly anyway: boolean;
}

/** Done with this matter; a new mail of the customer opens it again. */
export async function close(unit: StaffUnit, conversationId: ConversationId | undefined, drawnFrom: number | undefined, anyway: boolean): Promise<{ conversation: Conversation } | Held> {
  const conversation = await loadConversation(unit, conversationId);
  if (conversation.status === 'closed') throw new Refusal('refused.closed-already', { number: conversation.number });
  const held = anyway ? undefined : await heldByCustomer(unit, conversation, drawnFrom);
  return held ?? { conversation: await change(unit, conversation, { status: 'closed' }, { what: 'closed', actor: byActor(unit) }) };
}

/** The customer wrote since the button or form was drawn: what would put the conversation out of sight is held until somebody has read that. */
export async function heldByCustomer(unit: StaffUnit, conversation: Conversation, drawnFrom: number | undefined): Promise<Held | undefined> {
  if (drawnFrom === undefined) return undefined;
  const newer = newerMails(await unit.tx.messages.of(conversation.id), drawnFrom, unit.actor.id).filter(({ direction }) => direction === 'in');
  return newer.length > 0 ? { held: newer, conversation } : undefined;
}

export async function reopen(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<Conversation> {
  const conversation = await loadConversation(unit, conversationId);
  if (conversation.status === 'open') throw new Refusal('refused.open-already', { number: conversation.number });
  // Whoever was out of sight for a while waits again.
  return change(unit, conversation, { status: 'open', ...(conversation.status === 'snoozed' && { waitingSince: unit.now }) }, { what: 'reopened', actor: byActor(unit) });
}
