import type { ConversationId } from '../core/ids.js';
import type { Presence } from '../core/model.js';
import { loadConversation, showCard, type StaffUnit } from './unit.js';

/** Somebody who closes the page without a word is forgotten after this long; the page says again every third of it that they still write. */
const PRESENCE_MS = 90_000;

/** "Anna is answering": seen by colleagues on the card and above the composer; it never blocks anybody. */
export async function beginAnswering(unit: StaffUnit, conversationId: ConversationId): Promise<void> {
  await begin(unit, conversationId, 'writing');
}

/** "Anna is reading": seen on the web desk only. Whoever writes an answer, here or elsewhere, goes on writing it. */
export async function beginReading(unit: StaffUnit, conversationId: ConversationId): Promise<void> {
  await begin(unit, conversationId, 'reading');
}

async function begin(unit: StaffUnit, conversationId: ConversationId, doing: Presence['doing']): Promise<void> {
  const conversation = await loadConversation(unit, conversationId);
  const known = (await unit.tx.presence.of(conversation.id, unit.now)).find(({ agentId }) => agentId === unit.actor.id);
  if (doing === 'reading' && known?.doing === 'writing') return;
  await unit.tx.presence.begin({ conversationId: conversation.id, agentId: unit.actor.id, via: unit.via, doing, until: new Date(unit.now.getTime() + PRESENCE_MS) });
  if (doing === 'writing' && known?.doing !== 'writing') await showCard(unit, conversation);
}

export async function endAnswering(unit: StaffUnit, conversationId: ConversationId): Promise<void> {
  const conversation = await loadConversation(unit, conversationId);
  const known = (await unit.tx.presence.of(conversation.id, unit.now)).find(({ agentId }) => agentId === unit.actor.id);
  await unit.tx.presence.end(conversation.id, unit.actor.id);
  if (known?.doing === 'writing') await showCard(unit, conversation);
}
