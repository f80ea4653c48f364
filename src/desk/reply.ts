import type { ConversationId, TemplateId } from '../core/ids.js';
import type { Conversation, Mailbox, Message, StoredFile } from '../core/model.js';
import type { Recipients } from '../core/recipients.js';
import { parseAddressList } from '../core/address-list.js';
import { Refusal } from '../core/errors.js';
import type { MailAddress } from '../core/mail.js';
import { mailToAnswer, newToIt, recipientsOf } from '../core/recipients.js';
import { ownAddresses } from '../core/sight.js';
import { colleaguesAnswers, newerMails } from '../core/staleness.js';
import { fillIn, filledOrRefused, findTemplate, withTemplateFiles } from './fill-template.js';
import { checkSize, queueAnswer } from './queue-answer.js';
import { readWhen } from './snooze.js';
import { loadConversation, type StaffUnit } from './unit.js';
import type { Held } from './close.js';

export interface Answer {
  readonly conversationId: ConversationId | undefined;
  readonly text: string;
  /** As said: its id, its name, or a part of that. It is filled in here. */
  readonly template: string | undefined;
  /** Of the template; undefined: the customer's. */
  readonly language: string | undefined;
  /** Templates that the text was begun from: filled in before, and perhaps changed since. */
  readonly begunFrom: readonly TemplateId[];
  readonly files: readonly StoredFile[];
  /** Other receivers than those of the mail that is answered. */
  readonly receivers: Receivers;
  /** Send later; undefined: when the undo window is over. */
  readonly at: string | undefined;
  /** Revision that the form was drawn from; undefined for typed words. */
  readonly drawnFrom: number | undefined;
  /** The person has read what is newer, and whom it goes to, and sends all the same. */
  readonly anyway: boolean;
  /** Receivers that the person was warned of, as typed. */
  readonly warned: string | undefined;
  /** Kept for anybody to finish; nothing is sent. */
  readonly draft: boolean;
}

/** As typed; undefined: as the mail that is answered says. */
export interface Receivers {
  readonly to: string | undefined;
  readonly cc: string | undefined;
  readonly bcc: string | undefined;
  /** Nobody in copy unless `cc` names them. */
  readonly only?: boolean;
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
export async function draftAnswer(unit: StaffUnit, answer: Pick<Answer, 'conversationId' | 'text' | 'template' | 'language' | 'begunFrom' | 'files' | 'receivers'>): Promise<Draft> {
  const { conversation, mailbox, answered } = await findAnswered(unit, answer.conversationId);
  const template = answer.template ? findTemplate(unit, answer.template, conversation) : undefined;
  const text = filledOrRefused(await fillIn(unit, conversation, { template, text: answer.text, language: answer.language }));
  const files = withTemplateFiles(answer.files, template);
  if (!text.trim() && files.length === 0) throw new Refusal('refused.empty-text');
  checkSize(mailbox, text, files);
  return { conversation, mailbox, answered, recipients: withReceivers(recipientsOf(answered, ownAddresses(unit.desk)), answer.receivers), text, files, templates: [...new Set([...answer.begunFrom, ...(template ? [template.id] : [])])] };
}

/** @throws Refusal that names what is no address */
export function withReceivers(recipients: Recipients, { to, cc, bcc, only }: Receivers): Recipients {
  const read = (typed: string | undefined, otherwise: readonly MailAddress[]): readonly MailAddress[] => {
    if (typed === undefined) return otherwise;
    const list = parseAddressList(typed);
    if ('bad' in list) throw new Refusal('problem.bad-address', { address: list.bad });
    return list.addresses;
  };
  const wanted = { to: read(to, recipients.to), cc: read(cc, only ? [] : recipients.cc), bcc: read(bcc, recipients.bcc) };
  if (wanted.to.length === 0) throw new Refusal('refused.nobody-to-send-to');
  return wanted;
}

/** Whom an answer would go to now. @throws Refusal where there is nobody */
export async function recipientsNow(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<Recipients> {
  return recipientsOf((await findAnswered(unit, conversationId)).answered, ownAddresses(unit.desk));
}

export async function findAnswered(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<Pick<Draft, 'conversation' | 'mailbox' | 'answered'>> {
  const conversation = await loadConversation(unit, conversationId);
  const mailbox = mailboxOf(unit, conversation);
  const answered = answeredIn(conversation, await unit.tx.messages.of(conversation.id));
  if (!answered) throw new Refusal('refused.nothing-to-answer', { number: conversation.number });
  return { conversation, mailbox, answered };
}

/** @throws Refusal when nobody can answer from it any more */
export function mailboxOf(unit: StaffUnit, conversation: Conversation): Mailbox {
  const mailbox = unit.desk.mailboxes.find(({ id }) => id === conversation.mailboxId);
  if (!mailbox) throw new Refusal('refused.mailbox-gone', { mailbox: conversation.mailboxId });
  return mailbox;
}

function answeredIn(conversation: Conversation, messages: readonly Message[]): Message | undefined {
  return mailToAnswer(messages, new Set(conversation.warning?.kind === 'stranger' ? [conversation.warning.address] : []));
}

/**
 * Writes the answer down to be sent once the undo window is over; or for a colleague to approve, where that is asked. It is held when somebody wrote since the form was opened, when a
 * colleague's answer is just leaving, and when it would go to somebody who was not part of it.
 */
export async function reply(unit: StaffUnit, answer: Answer): Promise<{ conversation: Conversation; message: Message; recipients: Recipients } | Held> {
  const draft = await draftAnswer(unit, answer);
  if (!answer.anyway && !answer.draft) {
    const messages = await unit.tx.messages.of(draft.conversation.id);
    const newer = answer.drawnFrom === undefined ? colleaguesAnswers(messages, unit.actor.id, unit.now) : newerMails(messages, answer.drawnFrom, unit.actor.id);
    const strangers = strangersIn(unit, draft, answer.warned);
    if (newer.length > 0 || strangers.length > 0) return { held: newer, conversation: draft.conversation, strangers };
  }
  const { conversation, message } = await queueAnswer(unit, draft, {
    authorId: unit.actor.id,
    sendAt: answer.at ? readWhen(unit, answer.at) : undoUntil(unit, draft.mailbox),
    files: draft.files,
    later: answer.at !== undefined,
    automatic: undefined,
    draft: answer.draft,
    anyway: answer.anyway,
  });
  for (const template of draft.templates) await unit.tx.templates.countUse(template, message.id, unit.now);
  await unit.tx.presence.end(conversation.id, unit.actor.id);
  return { conversation, message, recipients: draft.recipients };
}

export const undoUntil = ({ now }: Pick<StaffUnit, 'now'>, { undoSeconds }: Mailbox): Date => new Date(now.getTime() + undoSeconds * 1000);

/** Receivers that nobody of the conversation knows, and that the person was not warned of yet. */
export function strangersIn(unit: StaffUnit, { conversation, answered, recipients }: Pick<Draft, 'conversation' | 'answered' | 'recipients'>, warned?: string): readonly string[] {
  const seen = new Set((warned ?? '').split(',').map((address) => address.trim().toLowerCase()));
  return newToIt(recipients.to, { participants: conversation.participants, usual: recipientsOf(answered, ownAddresses(unit.desk)) }).filter((address) => !seen.has(address));
}
