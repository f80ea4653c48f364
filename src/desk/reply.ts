import type { AttachmentId, ConversationId, MessageId, TemplateId } from '../core/ids.js';
import type { Attachment, Conversation, Mailbox, Message, StoredFile } from '../core/model.js';
import type { Recipients } from '../core/recipients.js';
import { laterLane, mailLane } from '../core/deliveries.js';
import { parseAddressList } from '../core/address-list.js';
import { Refusal } from '../core/errors.js';
import type { MailAddress } from '../core/mail.js';
import { headerIdFor, numberInSubject, subjectTag } from '../core/message-ids.js';
import { mailToAnswer, recipientsOf } from '../core/recipients.js';
import { referencesOfAnswer } from '../core/references.js';
import { ownAddresses } from '../core/sight.js';
import { newerMails } from '../core/staleness.js';
import { fillIn, filledOrRefused, findTemplate, withTemplateFiles } from './fill-template.js';
import { readWhen } from './snooze.js';
import { change, loadConversation, queueDelivery, showMessage, type StaffUnit, type Unit } from './unit.js';
import type { Held } from './close.js';

/** Most mail servers refuse a message over 25 MB once it is encoded for transport, which adds a third. */
const MAX_FILES_BYTES = 18 * 1024 * 1024;

export interface Answer {
  readonly conversationId: ConversationId | undefined;
  readonly text: string;
  /** As said: its id, its name, or a part of that. It is filled in here. */
  readonly template: string | undefined;
  /** Templates that the text was begun from: filled in before, and perhaps changed since. */
  readonly begunFrom: readonly TemplateId[];
  readonly files: readonly StoredFile[];
  /** Other receivers than those of the mail that is answered. */
  readonly receivers: Receivers;
  /** Send later; undefined: when the undo window is over. */
  readonly at: string | undefined;
  /** Revision that the form was drawn from; undefined for typed words. */
  readonly drawnFrom: number | undefined;
  /** The person has read what is newer and sends all the same. */
  readonly anyway: boolean;
}

/** As typed; undefined: as the mail that is answered says. */
export interface Receivers {
  readonly to: string | undefined;
  readonly cc: string | undefined;
  readonly bcc: string | undefined;
}

/** What would be sent, and to whom. */
export interface Draft {
  readonly conversation: Conversation;
  readonly mailbox: Mailbox;
  readonly answered: Message;
  readonly recipients: Recipients;
  readonly text: string;
  /** Those of the template go along. */
  readonly files: readonly StoredFile[];
  readonly templates: readonly TemplateId[];
}

/** Fills templates in and finds the recipients. Changes nothing. @throws Refusal where the answer could not be sent as it is */
export async function draftAnswer(unit: StaffUnit, answer: Pick<Answer, 'conversationId' | 'text' | 'template' | 'begunFrom' | 'files' | 'receivers'>): Promise<Draft> {
  const { conversation, mailbox, answered } = await findAnswered(unit, answer.conversationId);
  const template = answer.template ? findTemplate(unit, answer.template, conversation) : undefined;
  const text = filledOrRefused(await fillIn(unit, conversation, { template, text: answer.text }));
  const files = withTemplateFiles(answer.files, template);
  if (!text.trim() && files.length === 0) throw new Refusal('refused.empty-text');
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MAX_FILES_BYTES) throw new Refusal('refused.files-too-large', { size: Math.ceil(bytes / 1e6), limit: Math.floor(MAX_FILES_BYTES / 1e6) });
  return { conversation, mailbox, answered, recipients: withReceivers(recipientsOf(answered, ownAddresses(unit.desk)), answer.receivers), text, files, templates: [...new Set([...answer.begunFrom, ...(template ? [template.id] : [])])] };
}

/** @throws Refusal that names what is no address */
export function withReceivers(recipients: Recipients, { to, cc, bcc }: Receivers): Recipients {
  const read = (typed: string | undefined, otherwise: readonly MailAddress[]): readonly MailAddress[] => {
    if (typed === undefined) return otherwise;
    const list = parseAddressList(typed);
    if ('bad' in list) throw new Refusal('problem.bad-address', { address: list.bad });
    return list.addresses;
  };
  const wanted = { to: read(to, recipients.to), cc: read(cc, recipients.cc), bcc: read(bcc, recipients.bcc) };
  if (wanted.to.length === 0) throw new Refusal('refused.nobody-to-send-to');
  return wanted;
}

/** Whom an answer would go to now. @throws Refusal where there is nobody */
export async function recipientsNow(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<Recipients> {
  return recipientsOf((await findAnswered(unit, conversationId)).answered, ownAddresses(unit.desk));
}

async function findAnswered(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<Pick<Draft, 'conversation' | 'mailbox' | 'answered'>> {
  const conversation = await loadConversation(unit, conversationId);
  const mailbox = unit.desk.mailboxes.find(({ id }) => id === conversation.mailboxId);
  if (!mailbox) throw new Refusal('refused.mailbox-gone', { mailbox: conversation.mailboxId });
  const strangers = new Set(conversation.warning?.kind === 'stranger' ? [conversation.warning.address] : []);
  const answered = mailToAnswer(await unit.tx.messages.of(conversation.id), strangers);
  if (!answered) throw new Refusal('refused.nothing-to-answer', { number: conversation.number });
  return { conversation, mailbox, answered };
}

/** Writes the answer down to be sent once the undo window is over; held when somebody wrote since the form was opened. */
export async function reply(unit: StaffUnit, answer: Answer): Promise<{ conversation: Conversation; message: Message; recipients: Recipients } | Held> {
  const draft = await draftAnswer(unit, answer);
  if (answer.drawnFrom !== undefined && !answer.anyway) {
    const newer = newerMails(await unit.tx.messages.of(draft.conversation.id), answer.drawnFrom, unit.actor.id);
    if (newer.length > 0) return { held: newer, conversation: draft.conversation };
  }
  const { conversation, message } = await queueAnswer(unit, draft, {
    authorId: unit.actor.id,
    sendAt: answer.at ? readWhen(unit, answer.at) : new Date(unit.now.getTime() + draft.mailbox.undoSeconds * 1000),
    files: draft.files,
    later: answer.at !== undefined,
    automatic: undefined,
  });
  for (const template of draft.templates) await unit.tx.templates.countUse(template, message.id, unit.now);
  await unit.tx.presence.end(conversation.id, unit.actor.id);
  return { conversation, message, recipients: draft.recipients };
}

/**
 * Puts an outbound message and its delivery into the store. Its Message-ID is fixed here, before any try.
 * An answer by a person takes the conversation (if it is nobody's) and hands the turn to the customer.
 */
export async function queueAnswer(
  unit: Unit,
  draft: Pick<Draft, 'conversation' | 'mailbox' | 'recipients' | 'text'> & { readonly answered: Pick<Message, 'headerId' | 'inReplyTo' | 'references' | 'subject'> },
  how: Pick<Message, 'authorId' | 'automatic'> & { readonly sendAt: Date; readonly files: readonly StoredFile[]; readonly later?: boolean; readonly keepsTurn?: boolean },
): Promise<{ conversation: Conversation; message: Message }> {
  const { mailbox, answered } = draft;
  const id = unit.newId() as MessageId;
  const byPerson = how.authorId !== undefined;
  const conversation = await change(unit, draft.conversation, {
    // Whoever we write to may answer into the conversation.
    participants: [...new Set([...draft.conversation.participants, ...[...draft.recipients.to, ...draft.recipients.cc, ...draft.recipients.bcc].map(({ address }) => address)])],
    ...(byPerson && !how.keepsTurn && { status: 'pending', assigneeId: draft.conversation.assigneeId ?? how.authorId } as const),
  });
  const attachments: readonly Attachment[] = how.files.map((file) => ({
    id: unit.newId() as AttachmentId, fileName: file.fileName, contentType: file.contentType, bytes: file.bytes, inline: false, contentId: undefined,
    content: { kind: 'blob', hash: file.blob },
  }));
  const message: Message = {
    id,
    conversationId: conversation.id,
    direction: 'out',
    automatic: how.automatic,
    rawMailId: undefined,
    headerId: headerIdFor(unit.sign, conversation, id, mailbox),
    ...referencesOfAnswer(answered),
    from: { address: mailbox.address, name: mailbox.name },
    to: draft.recipients.to,
    cc: draft.recipients.cc,
    bcc: draft.recipients.bcc,
    replyTo: [],
    subject: withTag(answered.subject || conversation.subject, conversation.number),
    text: draft.text,
    hiddenText: '',
    hiddenLines: 0,
    hasHtml: false,
    attachments,
    authorId: how.authorId,
    state: 'queued',
    problem: undefined,
    sendAt: how.sendAt,
    sentAt: undefined,
    revision: conversation.revision,
    contentHash: '',
    language: conversation.language,
    createdAt: unit.now,
  };
  await unit.tx.messages.add(message);
  await unit.tx.search.index({ conversationId: conversation.id, kind: 'message', id, text: `${message.subject}\n${message.text}` });
  await showMessage(unit, conversation, id);
  await queueDelivery(unit, { lane: how.later ? laterLane(id) : mailLane(conversation.id), effect: { kind: 'mail.send', messageId: id }, dueAt: how.sendAt });
  return { conversation, message };
}

/** Some mail programs lose every reference; the number in the subject still leads those who belong here back. */
function withTag(subject: string, number: number): string {
  return numberInSubject(subject) === number ? subject : `${subject} ${subjectTag(number)}`.trim();
}
