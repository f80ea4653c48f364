/**
 * Which conversation an inbound mail belongs to. Joining is bound to the sender: whoever was part of the exchange may go on with it, from whichever of their addresses; a stranger who
 * holds a valid reference joins with a warning; a number in the subject is good only for those who were part of it; a subject alone never joins.
 */
import type { CustomerId } from './ids.js';
import type { Conversation } from './model.js';

/** How a conversation was found, strongest first. */
export type Evidence = 'reference' | 'token' | 'number';

export interface ThreadingFacts {
  /** Sender's address, lower case. */
  readonly sender: string;
  /** Staff of the desk and our own mailboxes may always continue a conversation. */
  readonly senderIsOurs: boolean;
  /** The mail hands another one on. */
  readonly forwarded: boolean;
  /** Whose address the sender's is; undefined: nobody's that we know. */
  readonly customerId?: CustomerId | undefined;
  /** What In-Reply-To and References, our signed token and a [#42] in the subject lead to; each may be missing. */
  readonly found: Readonly<Partial<Record<Evidence, Conversation>>>;
  /** The sender's newest unfinished conversation in this mailbox. */
  readonly openOfSender: Conversation | undefined;
}

export type ThreadingVerdict =
  | { readonly verdict: 'join'; readonly conversation: Conversation; readonly by: Evidence; readonly stranger: boolean }
  | { readonly verdict: 'open'; readonly maybeSame: Conversation | undefined };

const STRENGTH: readonly Evidence[] = ['reference', 'token', 'number'];

export function findConversation(facts: ThreadingFacts): ThreadingVerdict {
  // A forward carries the references of what it hands on, but is a matter of its own (C12).
  if (!facts.forwarded) {
    for (const by of STRENGTH) {
      const conversation = facts.found[by];
      if (!conversation) continue;
      const belongs = facts.senderIsOurs || conversation.participants.includes(facts.sender) || (facts.customerId !== undefined && conversation.customerId === facts.customerId);
      if (belongs) return { verdict: 'join', conversation, by, stranger: false };
      // Anybody can type a number (C11); a reference or token was at least given to somebody.
      if (by !== 'number') return { verdict: 'join', conversation, by, stranger: true };
    }
  }
  return { verdict: 'open', maybeSame: facts.openOfSender };
}
