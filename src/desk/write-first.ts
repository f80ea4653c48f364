import type { ConversationId, CustomerId } from '../core/ids.js';
import type { Conversation, Mailbox, Message } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { isSamePeople, queueAnswer } from './queue-answer.js';
import { undoUntil, withReceivers } from './reply.js';
import { byActor, change, openConversation, type StaffUnit } from './unit.js';

/** Begins a conversation with a customer: the first mail is ours. */
export async function writeFirst(unit: StaffUnit, what: { readonly to: string; readonly subject: string; readonly text: string; readonly mailbox: string | undefined }): Promise<{ conversation: Conversation; message: Message }> {
  if (!what.text.trim()) throw new Refusal('refused.empty-text');
  const mailbox = findMailbox(unit, what.mailbox);
  const recipients = withReceivers({ to: [], cc: [], bcc: [] }, { to: what.to, cc: undefined, bcc: undefined });
  const [first] = recipients.to;
  if (!first) throw new Refusal('refused.nobody-to-send-to');
  await refuseTwice(unit, recipients.to, what);
  const known = await unit.tx.customers.byAddress(first.address);
  const customerId = known?.id ?? (unit.newId() as CustomerId);
  if (!known) await unit.tx.customers.add({ id: customerId, name: first.name || first.address, addresses: [first.address], language: undefined });
  const opened = await openConversation(unit, {
    id: unit.newId() as ConversationId, mailboxId: mailbox.id, customerId, subject: what.subject, status: 'pending', assigneeId: unit.actor.id, teamId: undefined, labels: [], priority: 'normal', channelId: mailbox.channel,
    folderId: undefined, participants: recipients.to.map(({ address }) => address), language: known?.language, excerpt: '', waitingSince: undefined, snoozedUntil: undefined, followUpAt: undefined, mergedInto: undefined, warning: undefined,
    threadRef: undefined, cardRef: undefined, createdAt: unit.now, updatedAt: unit.now,
  });
  const conversation = await change(unit, opened, {}, { what: 'opened', actor: byActor(unit) });
  return queueAnswer(
    unit,
    { conversation, mailbox, answered: { headerId: undefined, inReplyTo: undefined, references: [], subject: what.subject }, recipients, text: what.text },
    { authorId: unit.actor.id, automatic: undefined, sendAt: undoUntil(unit, mailbox), files: [] },
  );
}

/** The very same of theirs is just leaving: they did not see that it was taken. */
async function refuseTwice({ tx, actor, now }: StaffUnit, to: Message['to'], { subject, text }: { readonly subject: string; readonly text: string }): Promise<void> {
  const same = (await tx.messages.undoableBy(actor.id, now)).find((message) => message.text === text && message.subject.startsWith(subject) && isSamePeople(message.to, to));
  const conversation = same && (await tx.conversations.get(same.conversationId));
  if (conversation) throw new Refusal('refused.said-already', { number: conversation.number });
}

function findMailbox(unit: StaffUnit, said: string | undefined): Mailbox {
  const { mailboxes } = unit.desk;
  const found = said === undefined ? mailboxes[0] : mailboxes.find(({ id, address }) => id === said || address === said.toLowerCase());
  if (!found) throw new Refusal('refused.no-such-mailbox', { said: said ?? '', names: mailboxes.map(({ id }) => id).join(', ') });
  return found;
}
