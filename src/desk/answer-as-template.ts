import type { ConversationId, MessageId } from '../core/ids.js';
import type { Conversation, Message, StoredFile } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { templateFromAnswer } from '../core/template-from-answer.js';
import { say } from '../core/language/say.js';
import { LOCALES } from '../core/model.js';
import { valuesFor, type Filling } from './fill-template.js';
import { loadConversation, type StaffUnit } from './unit.js';

/** What a template would be made of. */
export interface AnswerAsTemplate {
  readonly conversation: Conversation;
  readonly text: string;
  readonly language: string;
  readonly files: readonly StoredFile[];
}

/**
 * The answer that a template is to be made of.
 * @param messageId which; undefined: one's own newest here, or else anybody's
 */
export async function answerAsTemplate(unit: StaffUnit, conversationId: ConversationId | undefined, messageId: MessageId | undefined): Promise<AnswerAsTemplate> {
  const conversation = await loadConversation(unit, conversationId);
  const answers = (await unit.tx.messages.of(conversation.id)).filter(isAnswer);
  const answer = messageId ? answers.find(({ id }) => id === messageId) : (answers.filter(({ authorId }) => authorId === unit.actor.id).at(-1) ?? answers.at(-1));
  if (!answer) throw new Refusal('refused.no-answer-to-save', { number: conversation.number });
  return asTemplate(unit, conversation, answer);
}

/** Written by a person here, and not taken back. */
export const isAnswer = ({ direction, automatic, authorId, state }: Message): boolean => direction === 'out' && !automatic && authorId !== undefined && state !== 'cancelled';

/** An answer with variables where it speaks of this one customer. */
export async function asTemplate(filling: Filling, conversation: Conversation, answer: Message): Promise<AnswerAsTemplate> {
  const language = answer.language ?? conversation.language ?? filling.desk.locale;
  const values = await valuesFor(filling, conversation, language);
  const locale = LOCALES.find((known) => known === language);
  return {
    conversation, language,
    text: templateFromAnswer(answer.text, values, locale ? say(locale, 'customer-mail.otherwise') : ''),
    files: answer.attachments.flatMap(({ content, fileName, contentType, bytes }) => (content.kind === 'blob' ? [{ blob: content.hash, fileName, contentType, bytes }] : [])),
  };
}
