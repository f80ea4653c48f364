import type { ConversationId } from '../core/ids.js';
import { loadConversation, showCard, type StaffUnit } from './unit.js';

/** Somebody who closes the page without a word is forgotten after this long; the page says again every third of it that they still write. */
const PRESENCE_MS = 90_000;

/** "Anna is answering": seen by colleagues on the card and above the composer; it never blocks anybody. */
export async function beginAnswering(unit: StaffUnit, conversationId: ConversationId): Promise<void> {
  const conversation = await loadConversation(unit, conversationId);
  const known = (await unit.tx.presence.of(conversation.id, unit.now)).some(({ agentId }) => agentId === unit.actor.id);
  await unit.tx.presence.begin({ conversationId, agentId: unit.actor.id, via: unit.via, until: new Date(unit.now.getTime() + PRESENCE_MS) });
  if (!known) await showCard(unit, conversation);
}

export async function endAnswering(unit: StaffUnit, conversationId: ConversationId): Promise<void> {
  const conversation = await loadConversation(unit, conversationId);
  await unit.tx.presence.end(conversation.id, unit.actor.id);
  await showCard(unit, conversation);
}
