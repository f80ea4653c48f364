import type { Conversation } from './model.js';

/**
 * What follows from a status, whoever set it: only a snoozed conversation comes back at a time, only one that waits for the customer is followed up, and only in an open one the customer waits
 * for us. An answer is due only where the customer waits, or will again when a snoozed conversation is back.
 */
export function lawful<Shape extends Pick<Conversation, 'status' | 'snoozedUntil' | 'followUpAt' | 'waitingSince' | 'dueAt'>>(conversation: Shape): Shape {
  return {
    ...conversation,
    ...(conversation.status !== 'snoozed' && { snoozedUntil: undefined }),
    ...(conversation.status !== 'pending' && { followUpAt: undefined }),
    ...(conversation.status !== 'open' && { waitingSince: undefined }),
    ...(conversation.status !== 'snoozed' && !(conversation.status === 'open' && conversation.waitingSince) && { dueAt: undefined }),
  };
}
