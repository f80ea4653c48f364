/**
 * The stale-reply fence: what came into a conversation after the revision that an answer was begun from. Labels, claims and notes do not count; a mail of the
 * customer's or of a colleague's does.
 */
import type { AgentId } from './ids.js';
import type { Message } from './model.js';

export function newerMails(messages: readonly Message[], begunAt: number, writer: AgentId): readonly Message[] {
  return messages.filter((message) => message.revision > begunAt && !message.automatic && message.state !== 'cancelled' && (message.direction === 'in' || message.authorId !== writer));
}
