import type { AgentId, AttachmentId, MessageId } from '../core/ids.js';
import type { Attachment, Conversation, Mailbox, Message, MessageState, StoredFile } from '../core/model.js';
import type { Recipients } from '../core/recipients.js';
import { mailBytes } from '../core/answer-size.js';
import { needsApproval } from '../core/approval.js';
import { laterLane, mailLane } from '../core/deliveries.js';
import { Refusal } from '../core/errors.js';
import { followUpAfterAnswer } from '../core/follow-up.js';
import { headerIdFor, numberInSubject, subjectTag } from '../core/message-ids.js';
import { referencesOfAnswer } from '../core/references.js';
import { wakeFollowUp } from './follow-up.js';
import { BY_GONIEC, change, queueDelivery, showMessage, type Happening, type Unit } from './unit.js';

/** What is to be said, from where and to whom. */
interface Letter {
  readonly conversation: Conversation;
  readonly mailbox: Mailbox;
  readonly recipients: Recipients;
  readonly text: string;
  readonly answered: Pick<Message, 'headerId' | 'inReplyTo' | 'references' | 'subject'>;
}

interface Way extends Pick<Message, 'authorId' | 'automatic'> {
  readonly sendAt: Date;
  readonly files: readonly StoredFile[];
  /** It waits for an hour that somebody said. */
  readonly later?: boolean;
  /** Goes to an outsider: the customer still waits for us. */
  readonly keepsTurn?: boolean;
  /** Nothing is sent: anybody may finish it. */
  readonly draft?: boolean;
  /** Also when the very same waits already, or has just left. */
  readonly anyway?: boolean;
}

/**
 * Puts an outbound message and its delivery into the store. Its Message-ID is fixed here, before any try. An answer by a person takes the conversation (if it is nobody's) and hands the turn to
 * the customer. Where a colleague has to approve it first, or it is a draft, there is no delivery: nothing can leave.
 * @throws Refusal when the mail would be too large, or the very same of theirs waits already or has just left
 */
export async function queueAnswer(unit: Unit, letter: Letter, way: Way): Promise<{ conversation: Conversation; message: Message }> {
  const { mailbox, answered, recipients, text } = letter;
  const id = unit.newId() as MessageId;
  const attachments = attachmentsOf(unit, way.files);
  checkSize(mailbox, text, attachments);
  if (way.authorId !== undefined && !way.anyway) await refuseTwice(unit, letter, { authorId: way.authorId, files: attachments.length });
  const state = stateOf(unit, mailbox, way);
  const keepsTurn = way.keepsTurn ?? false;
  const conversation =
    state === 'queued' ? await letGo(unit, letter.conversation, { mailbox, recipients, authorId: way.authorId, keepsTurn, sendAt: way.sendAt })
    : await change(unit, letter.conversation, state === 'awaiting' ? { assigneeId: letter.conversation.assigneeId ?? way.authorId } : {}, { what: state === 'awaiting' ? 'approval-asked' : 'drafted', actor: way.authorId ? { kind: 'agent', id: way.authorId } : BY_GONIEC });
  const message: Message = {
    id,
    conversationId: conversation.id,
    direction: 'out',
    automatic: way.automatic,
    rawMailId: undefined,
    headerId: headerIdFor(unit.sign, conversation, id, mailbox),
    ...referencesOfAnswer(answered),
    from: { address: mailbox.address, name: mailbox.name },
    to: recipients.to,
    cc: recipients.cc,
    bcc: recipients.bcc,
    replyTo: [],
    subject: withTag(answered.subject || conversation.subject, conversation.number),
    text,
    hiddenText: '',
    hiddenLines: 0,
    hasHtml: false,
    attachments,
    authorId: way.authorId,
    state,
    problem: undefined,
    keepsTurn,
    dueAt: state === 'queued' ? dueOfAnswer(letter.conversation, { authorId: way.authorId, keepsTurn }) : undefined,
    // The window for taking it back begins when it is let go.
    sendAt: state === 'queued' || way.later ? way.sendAt : undefined,
    sentAt: undefined,
    revision: conversation.revision,
    contentHash: '',
    language: conversation.language,
    createdAt: unit.now,
  };
  await unit.tx.messages.add(message);
  await indexAnswer(unit, message);
  await showMessage(unit, conversation, id);
  if (state === 'queued') await deliverAt(unit, message, { at: way.sendAt, later: way.later ?? false });
  return { conversation, message };
}

/** Said again within this time, without a word from the other side: they did not see that it was taken. */
const SAME_AGAIN_MS = 10 * 60_000;

/** Whoever says it again, because they did not see that it was taken, sends it once. */
async function refuseTwice(unit: Unit, { conversation, recipients, text }: Letter, { authorId, files }: { readonly authorId: AgentId; readonly files: number }): Promise<void> {
  const messages = await unit.tx.messages.of(conversation.id);
  const sinceTheyWrote = messages.slice(messages.findLastIndex(({ direction, automatic }) => direction === 'in' && !automatic) + 1);
  const isSame = (message: Message): boolean => message.authorId === authorId && message.text === text && message.attachments.length === files && isSamePeople(message.to, recipients.to);
  const hasJustLeft = ({ direction, state, createdAt }: Message): boolean => direction === 'out' && LEFT.includes(state) && unit.now.getTime() - createdAt.getTime() < SAME_AGAIN_MS;
  if (messages.some((message) => isUnsent(message) && isSame(message))) throw new Refusal('refused.said-already', { number: conversation.number });
  if (sinceTheyWrote.some((message) => hasJustLeft(message) && isSame(message))) throw new Refusal('refused.said-just-now', { number: conversation.number });
}

const LEFT: readonly MessageState[] = ['sending', 'sent', 'uncertain'];
const isUnsent = ({ direction, state }: Message): boolean => direction === 'out' && (state === 'queued' || state === 'draft' || state === 'awaiting');

export const isSamePeople = (some: Message['to'], others: Message['to']): boolean => some.map(({ address }) => address).sort().join() === others.map(({ address }) => address).sort().join();

function stateOf(unit: Unit, mailbox: Mailbox, { authorId, draft }: Way): 'draft' | 'awaiting' | 'queued' {
  if (draft) return 'draft';
  return needsApproval(unit.desk.agents.find(({ id }) => id === authorId), mailbox) ? 'awaiting' : 'queued';
}

const handsTurn = ({ authorId, keepsTurn }: Pick<Message, 'authorId' | 'keepsTurn'>): boolean => authorId !== undefined && !keepsTurn;

/** When the answer was due that this one gives. @param conversation as it was before */
export const dueOfAnswer = ({ dueAt }: Conversation, answer: Pick<Message, 'authorId' | 'keepsTurn'>): Date | undefined => (handsTurn(answer) ? dueAt : undefined);

/** What an answer does to its conversation once nothing keeps it any more. */
export async function letGo(
  unit: Unit,
  conversation: Conversation,
  { mailbox, recipients, authorId, keepsTurn, sendAt }: { readonly mailbox: Mailbox; readonly recipients: Recipients; readonly authorId: Message['authorId']; readonly keepsTurn: boolean; readonly sendAt: Date },
  ...happenings: readonly Happening[]
): Promise<Conversation> {
  const addresses = [...recipients.to, ...recipients.cc, ...recipients.bcc].map(({ address }) => address);
  const saved = await change(
    unit,
    conversation,
    {
      // Whoever we write to may answer into the conversation.
      participants: [...new Set([...conversation.participants, ...addresses])],
      ...(handsTurn({ authorId, keepsTurn }) && { status: 'pending', assigneeId: conversation.assigneeId ?? authorId, followUpAt: followUpAfterAnswer(conversation, sendAt, mailbox.followUpDays) } as const),
    },
    ...happenings,
  );
  await wakeFollowUp(unit, saved);
  return saved;
}

export async function deliverAt(unit: Unit, message: Pick<Message, 'id' | 'conversationId'>, { at, later }: { readonly at: Date; readonly later: boolean }): Promise<void> {
  await queueDelivery(unit, { lane: later ? laterLane(message.id) : mailLane(message.conversationId), effect: { kind: 'mail.send', messageId: message.id }, dueAt: at });
}

export const indexAnswer = (unit: Unit, { conversationId, id, subject, text }: Message): Promise<void> =>
  unit.tx.search.index({ conversationId, kind: 'message', id, text: `${subject}\n${text}` });

export const attachmentsOf = (unit: Pick<Unit, 'newId'>, files: readonly StoredFile[]): readonly Attachment[] =>
  files.map((file) => ({
    id: unit.newId() as AttachmentId, fileName: file.fileName, contentType: file.contentType, bytes: file.bytes, inline: false, contentId: undefined, content: { kind: 'blob', hash: file.blob },
  }));

const MB = 1e6;

/** @throws Refusal that says how large it would be, before anything is kept or sent */
export function checkSize(mailbox: Mailbox, text: string, files: readonly { readonly bytes: number }[]): void {
  const bytes = mailBytes(text, files);
  if (bytes <= mailbox.maxAnswerBytes) return;
  throw new Refusal('refused.answer-too-large', { size: Math.ceil((bytes / MB) * 10) / 10, limit: Math.floor((mailbox.maxAnswerBytes / MB) * 10) / 10 });
}

/** Some mail programs lose every reference; the number in the subject still leads those who belong here back. */
function withTag(subject: string, number: number): string {
  return numberInSubject(subject) === number ? subject : `${subject} ${subjectTag(number)}`.trim();
}
