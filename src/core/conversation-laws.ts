import type { Conversation } from './model.js';

/** What follows from a status, whoever set it: only a snoozed conversation comes back at a time, and only in an open one the customer waits for us. */
export function lawful<Shape extends Pick<Conversation, 'status' | 'snoozedUntil' | 'waitingSince'>>(conversation: Shape): Shape {
  return {
    ...conversation,
    ...(conversation.status !== 'snoozed' && { snoozedUntil: undefined }),
    ...(conversation.status !== 'open' && { waitingSince: undefined }),
  };
}
