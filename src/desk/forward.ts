import type { ConversationId, MessageId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { hasForwardPrefix } from '../core/forwards.js';
import { queueAnswer } from './queue-answer.js';
import { mailboxOf, undoUntil, withReceivers } from './reply.js';
import { byActor, addHistory, loadConversation, type StaffUnit } from './unit.js';

/**
 * Hands a customer's mail on to an outsider, the original attached as it came. Their answer comes back into this conversation.
 * @param messageId which mail; undefined: the newest of the customer's, as far as it was there when the form was drawn
 */
export async function forward(unit: StaffUnit, conversationId: ConversationId | undefined, what: { readonly messageId: MessageId | undefined; readonly drawnFrom: number | undefined; readonly to: string; readonly text: string }): Promise<{ conversation: Conversation; message: Message }> {
  const conversation = await loadConversation(unit, conversationId);
  const mailbox = mailboxOf(unit, conversation);
  const inbound = (await unit.tx.messages.of(conversation.id)).filter(({ direction }) => direction === 'in');
  const original = what.messageId ? inbound.find(({ id }) => id === what.messageId) : inbound.filter(({ automatic, revision }) => !automatic && revision <= (what.drawnFrom ?? revision)).at(-1);
  const raw = original?.rawMailId && (await unit.tx.rawMails.get(original.rawMailId));
  if (!original) throw new Refusal('refused.no-such-message');
  const recipients = withReceivers({ to: [], cc: [], bcc: [] }, { to: what.to, cc: undefined, bcc: undefined });
  const subject = hasForwardPrefix(original.subject) ? original.subject : `Fwd: ${original.subject}`;
  const head = [`From: ${original.from.name} <${original.from.address}>`, `Subject: ${original.subject}`].join('\n');
  const text = [what.text, '---', head, original.text].filter((part) => part.trim()).join('\n\n');
  const { conversation: saved, message } = await queueAnswer(
    unit,
    { conversation, mailbox, answered: { ...original, subject }, recipients, text },
    {
      authorId: unit.actor.id, automatic: undefined, sendAt: undoUntil(unit, mailbox), keepsTurn: true,
      files: raw?.blob ? [{ blob: raw.blob, fileName: 'original.eml', contentType: 'message/rfc822', bytes: raw.bytes }] : [],
    },
  );
  await addHistory(unit, saved, [{ what: 'forwarded', actor: byActor(unit), data: { to: recipients.to.map(({ address }) => address).join(', ') } }]);
  return { conversation: saved, message };
}
