import type { ConversationId } from '../core/ids.js';
import type { Channel, Conversation, Folder } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { chatLane } from '../core/deliveries.js';
import { findByName } from './triage.js';
import { byActor, change, loadConversation, queueDelivery, showMessage, showNote, type StaffUnit } from './unit.js';

/** Takes the conversation to another channel, where it gets a card and a thread of its own, or files it in a folder without one. */
export async function move(unit: StaffUnit, conversationId: ConversationId | undefined, said: string): Promise<{ conversation: Conversation; place: Channel | Folder }> {
  const conversation = await loadConversation(unit, conversationId);
  const channel = findByName(unit.desk.channels, said);
  const folder = channel ? undefined : findByName(unit.desk.folders, said);
  const place = channel ?? folder;
  if (!place) throw new Refusal('refused.no-such-place', { said, names: [...unit.desk.channels, ...unit.desk.folders].map(({ name }) => name).join(', ') });
  if (conversation.channelId === channel?.id && conversation.folderId === folder?.id) return { conversation, place };
  const saved = await change(
    unit, conversation,
    { channelId: channel?.id, folderId: folder?.id, waitingSince: folder ? undefined : (conversation.waitingSince ?? (conversation.status === 'open' ? unit.now : undefined)) },
    { what: 'moved', actor: byActor(unit), data: { place: place.id } },
  );
  const { channelId, threadRef, cardRef } = conversation;
  if (channelId && threadRef && cardRef) {
    await queueDelivery(unit, { lane: chatLane(saved.id), effect: { kind: 'chat.moved', conversationId: saved.id, channelId, threadRef, cardRef } });
    await unit.tx.conversations.setRefs(saved.id, { threadRef: undefined, cardRef: undefined });
    await unit.tx.posts.forgetShown(saved.id);
  }
  for (const message of await unit.tx.messages.of(saved.id)) await showMessage(unit, saved, message.id);
  for (const note of await unit.tx.notes.of(saved.id)) await showNote(unit, saved, note.id);
  return { conversation: saved, place };
}
