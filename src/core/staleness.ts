/**
 * The stale-reply fence: what came into a conversation after the revision that an answer was begun from. Labels, claims and notes do not count; a mail of the
 * customer's or of a colleague's does, also one that has not left yet.
 */
import type { AgentId } from './ids.js';
import type { Message } from './model.js';

export function newerMails(messages: readonly Message[], begunAt: number, writer: AgentId): readonly Message[] {
  return messages.filter((message) => message.revision > begunAt && counts(message) && (message.direction === 'in' || message.authorId !== writer));
}

/** A colleague's answer that left so lately, in milliseconds, was not known to whoever is typing another one. */
const JUST_LEFT_MS = 60_000;

/**
 * Answers of colleagues that wait to leave or have just left: a second answer is stopped by them. For words that are typed, which know no revision they were
 * begun from.
 */
export function colleaguesAnswers(messages: readonly Message[], writer: AgentId, now: Date): readonly Message[] {
  const lately = now.getTime() - JUST_LEFT_MS;
  return messages.filter((message) => {
    const theirs = message.direction === 'out' && message.authorId !== undefined && message.authorId !== writer && counts(message);
    return theirs && (message.state === 'queued' || message.state === 'awaiting' || message.state === 'sending' || (message.sentAt ?? message.createdAt).getTime() > lately);
  });
}

/** Neither automatic nor taken back; a draft is nothing that anybody has said yet. */
const counts = ({ automatic, state }: Message): boolean => !automatic && state !== 'cancelled' && state !== 'draft';
