import type { ConversationId, CustomerId, MessageId } from '../core/ids.js';
import type { NewCustomer, RawMail } from '../core/model.js';
import { judgementOf } from './senders.js';
import { addHistory, BY_GONIEC, openConversation, showCard, showMessage, type Unit } from './unit.js';

/** A mail over the mailbox's limit: its card says so and the mail itself stays on the server. That of a blocked sender has no card. */
export async function takeTooLarge(unit: Unit, raw: RawMail): Promise<void> {
  const mailbox = unit.desk.mailboxes.find(({ id }) => id === raw.mailboxId);
  if (!mailbox) return unit.tx.rawMails.settle(raw.id, { state: 'quarantined', outcome: `The mailbox ${raw.mailboxId} is no longer on the desk.` });
  const address = raw.sender.toLowerCase();
  const known = await unit.tx.customers.byAddress(address);
  const customer: NewCustomer = known ?? { id: unit.newId() as CustomerId, name: raw.sender, addresses: [address], language: undefined };
  if (!known) await unit.tx.customers.add(customer);
  const judged = await judgementOf(unit, address);
  const blocked = judged?.verdict === 'blocked' ? judged : undefined;
  const aside = raw.historic || blocked !== undefined;
  const conversation = await openConversation(unit, {
    id: unit.newId() as ConversationId, mailboxId: mailbox.id, customerId: customer.id, subject: raw.subject, status: blocked ? 'spam' : raw.historic ? 'closed' : 'open', assigneeId: undefined, teamId: undefined,
    labels: [], priority: 'normal', channelId: aside ? undefined : mailbox.channel, folderId: undefined, participants: [address], language: undefined, excerpt: '',
    waitingSince: aside ? undefined : raw.receivedAt, snoozedUntil: undefined, followUpAt: undefined, mergedInto: undefined, warning: { kind: 'too-large', bytes: raw.bytes }, threadRef: undefined, cardRef: undefined, createdAt: raw.receivedAt, updatedAt: unit.now,
  });
  await addHistory(unit, conversation, [{ what: 'opened', actor: BY_GONIEC }, ...(blocked ? [{ what: 'blocked', actor: BY_GONIEC, data: { sender: address, pattern: blocked.pattern } } as const] : [])]);
  await showCard(unit, conversation);
  const id = unit.newId() as MessageId;
  await unit.tx.messages.add({
    id, conversationId: conversation.id, direction: 'in', automatic: undefined, rawMailId: raw.id, headerId: undefined, inReplyTo: undefined, references: [],
    from: { address, name: '' }, to: [], cc: [], bcc: [], replyTo: [], subject: raw.subject, text: '', hiddenText: '', hiddenLines: 0, hasHtml: false, attachments: [], authorId: undefined,
    state: 'received', problem: undefined, keepsTurn: false, dueAt: undefined, sendAt: undefined, sentAt: undefined, revision: conversation.revision, contentHash: `raw:${raw.id}`, language: undefined, createdAt: raw.receivedAt,
  });
  await showMessage(unit, conversation, id);
  await unit.tx.rawMails.settle(raw.id, { state: raw.historic ? 'history' : 'done', outcome: 'too-large', messageId: id });
}
