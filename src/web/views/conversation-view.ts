/** What the pane of one conversation shows: mails, notes and events in one thread, and what the composer needs to know. */
import type { Agent, Conversation, Customer, Desk, HistoryEvent, Mailbox, Message, Note, Presence } from '../../core/model.js';
import type { Recipients } from '../../core/recipients.js';
import type { StoresInSight } from '../../core/ports/store.js';
import { needsApproval } from '../../core/approval.js';
import { newestPinned } from '../../core/pins.js';
import { mailToAnswer, recipientsOf } from '../../core/recipients.js';
import { ownAddresses } from '../../core/sight.js';
import { timelineOf } from '../../core/timeline.js';
import { newerMails } from '../../core/staleness.js';

export type ThreadItem =
  | { readonly kind: 'day'; readonly at: Date }
  | { readonly kind: 'new' }
  | { readonly kind: 'mail'; readonly at: Date; readonly message: Message; readonly folded: boolean; readonly isNew: boolean }
  | { readonly kind: 'note'; readonly at: Date; readonly note: Note }
  | { readonly kind: 'event'; readonly at: Date; readonly event: HistoryEvent };

export interface ConversationView {
  readonly desk: Desk;
  readonly agent: Agent;
  readonly conversation: Conversation;
  readonly customer: Customer;
  readonly mailbox: Mailbox | undefined;
  /** A colleague has to look at this agent's answer before it leaves. */
  readonly approval: boolean;
  readonly thread: readonly ThreadItem[];
  /** Notes that are kept in sight. */
  readonly pinned: readonly Note[];
  /** Colleagues who are writing an answer or reading. */
  readonly present: readonly Presence[];
  /** Undefined when there is no mail to answer. */
  readonly recipients: Recipients | undefined;
  /** Mails that came since the answer was begun. */
  readonly newer: readonly Message[];
  /** Answers of this agent, here or elsewhere, that can still be undone. */
  readonly undoable: readonly Undoable[];
  readonly earlier: number;
}

export interface Undoable {
  readonly message: Message;
  readonly number: number;
}

/** Mails at the end of a thread that are shown in full; older ones are rows that open. */
const SHOWN_IN_FULL = 3;

/**
 * @param begunAt revision from which the answer in the composer was begun; undefined: none is begun
 */
export async function loadConversationView(
  store: Pick<StoresInSight, 'sight' | 'conversations' | 'messages' | 'notes' | 'events' | 'customers' | 'presence'>,
  ask: { readonly desk: Desk; readonly agent: Agent; readonly conversation: Conversation; readonly now: Date; readonly begunAt: number | undefined; readonly dayKey: (date: Date) => string },
): Promise<ConversationView | undefined> {
  const { conversation, desk, agent, now } = ask;
  const [customer, messages, notes, events, present, earlier, undoable] = await Promise.all([
    store.customers.get(conversation.customerId),
    store.messages.of(conversation.id),
    store.notes.of(conversation.id),
    store.events.of(conversation.id),
    store.presence.of(conversation.id, now),
    store.conversations.countBefore(conversation.customerId, conversation.number),
    loadUndoable(store, agent, now),
  ]);
  if (!customer) return undefined;
  const strangers = new Set(conversation.warning?.kind === 'stranger' ? [conversation.warning.address] : []);
  const answered = mailToAnswer(messages, strangers);
  const newer = ask.begunAt === undefined ? [] : newerMails(messages, ask.begunAt, agent.id);
  return {
    desk, agent, conversation, customer,
    mailbox: desk.mailboxes.find(({ id }) => id === conversation.mailboxId),
    approval: desk.mailboxes.some((mailbox) => mailbox.id === conversation.mailboxId && needsApproval(agent, mailbox)),
    thread: buildThread(messages, notes, events, new Set(newer.map(({ id }) => id)), ask.dayKey),
    pinned: newestPinned(notes),
    present: present.filter(({ agentId }) => agentId !== agent.id),
    recipients: answered && recipientsOf(answered, ownAddresses(desk)),
    newer, undoable,
    earlier,
  };
}

/** An answer that waits for tomorrow is taken back in its conversation, not in the bar that counts seconds. */
const UNDO_BAR_MS = 120_000;

export async function loadUndoable(store: Pick<StoresInSight, 'sight' | 'conversations' | 'messages'>, agent: Agent, now: Date): Promise<readonly Undoable[]> {
  const messages = (await store.messages.undoableBy(agent.id, now)).filter(({ sendAt }) => sendAt && sendAt.getTime() - now.getTime() <= UNDO_BAR_MS);
  return Promise.all(messages.map(async (message) => ({ message, number: (await store.conversations.get(message.conversationId))?.number ?? 0 })));
}

function buildThread(
  messages: readonly Message[], notes: readonly Note[], events: readonly HistoryEvent[], newer: ReadonlySet<string>, dayKey: (date: Date) => string,
): readonly ThreadItem[] {
  const mails = messages.filter((message) => !message.automatic && message.state !== 'cancelled');
  const full = new Set(mails.slice(-SHOWN_IN_FULL).map(({ id }) => id));
  const newestIn = mails.findLast(({ direction }) => direction === 'in');
  if (newestIn) full.add(newestIn.id);
  const entries = timelineOf(messages, notes, events).map((entry): Exclude<ThreadItem, { kind: 'day' | 'new' }> =>
    entry.kind === 'mail' ? { ...entry, folded: !full.has(entry.message.id) && !newer.has(entry.message.id), isNew: newer.has(entry.message.id) } : entry,
  );

  const thread: ThreadItem[] = [];
  let day = '';
  let marked = false;
  for (const entry of entries) {
    if (dayKey(entry.at) !== day) thread.push({ kind: 'day', at: entry.at });
    day = dayKey(entry.at);
    if (entry.kind === 'mail' && entry.isNew && !marked) {
      thread.push({ kind: 'new' });
      marked = true;
    }
    thread.push(entry);
  }
  return thread;
}
