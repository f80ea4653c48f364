import type { ConversationId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { afterIntakeLane } from '../core/deliveries.js';
import { byActor, change, loadConversation, queueDelivery, showMessage, showNote, type StaffUnit, type Unit } from './unit.js';

/** Spam is out of sight and stays so, whatever else its sender writes into it; or it was none after all. */
export async function markSpam(unit: StaffUnit, conversationId: ConversationId | undefined, spam: boolean): Promise<{ conversation: Conversation; already: boolean }> {
  const conversation = await loadConversation(unit, conversationId);
  if ((conversation.status === 'spam') === spam) return { conversation, already: true };
  if (spam) {
    const filed = await change(unit, conversation, { status: 'spam' }, { what: 'spam', actor: byActor(unit) });
    await sortOnServer(unit, filed, await unit.tx.messages.of(filed.id));
    return { conversation: filed, already: false };
  }
  const back = await change(unit, conversation, { status: 'open', waitingSince: unit.now, ...placeOfReturn(unit, conversation) }, { what: 'not-spam', actor: byActor(unit) });
  await showReturned(unit, conversation, back);
  return { conversation: back, already: false };
}

/** What was filed without a card gets one when it turns out to be mail after all: in the channel of its mailbox. */
export function placeOfReturn({ desk }: Unit, { channelId, folderId, mailboxId }: Conversation): Pick<Conversation, 'channelId'> | undefined {
  return channelId || folderId ? undefined : { channelId: desk.mailboxes.find(({ id }) => id === mailboxId)?.channel };
}

/** Brings back what was out of sight: its mails on their server, and all of it to the channel where it had no card. */
export async function showReturned(unit: Unit, before: Conversation, back: Conversation): Promise<void> {
  const messages = await unit.tx.messages.of(back.id);
  await sortOnServer(unit, back, messages);
  if (before.channelId === back.channelId) return;
  for (const { id } of messages) await showMessage(unit, back, id);
  for (const { id } of await unit.tx.notes.of(back.id)) await showNote(unit, back, id);
}

/** Has the mails put on their server where the conversation says: into the spam folder, or back. One after the other with what else is moved there. */
export async function sortOnServer(unit: Unit, conversation: Conversation, messages: readonly Pick<Message, 'direction' | 'rawMailId'>[]): Promise<void> {
  const mailbox = unit.desk.mailboxes.find(({ id }) => id === conversation.mailboxId);
  if (!mailbox?.imap?.spamFolder) return;
  for (const { direction, rawMailId } of messages) {
    if (direction === 'in' && rawMailId) await queueDelivery(unit, { lane: afterIntakeLane(mailbox.id), effect: { kind: 'mail.spam', rawMailId } });
  }
}
