/** All stores over one way of reaching the database. */
import type { Clock, Vault } from '../core/ports/effects.js';
import type { Stores, StoresInSight } from '../core/ports/store.js';
import { seesEverything, type Sight } from '../core/sight.js';
import { absenceStore } from './absences.js';
import type { Access } from './access.js';
import { memoryStore } from './bridge-memory.js';
import { bulkStore } from './bulks.js';
import { callStore } from './calls.js';
import { conversationStore } from './conversations.js';
import { cursorStore } from './cursors.js';
import { customerStore } from './customers.js';
import { deliveryStore } from './deliveries.js';
import type { DeskCache } from './desk.js';
import { deskStore } from './desk.js';
import { eventStore } from './events.js';
import { within } from './in-sight.js';
import { mergeStore } from './merges.js';
import { messageStore } from './messages.js';
import { noteStore } from './notes.js';
import { noticeStore } from './notices.js';
import { peopleStore } from './people.js';
import { postStore } from './posts.js';
import { presenceStore } from './presence.js';
import { purgeStore } from './purges.js';
import { rawMailStore } from './raw-mails.js';
import { reminderStore } from './reminders.js';
import { savedSearchStore } from './saved-searches.js';
import { searchStore } from './search.js';
import { senderStore } from './senders.js';
import { sessionStore } from './sessions.js';
import { templateStore } from './templates.js';
import { turnStore } from './turns.js';

export interface StoreNeeds {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly deskCache: DeskCache;
  /** How long the work of a transaction may take. */
  readonly transactionTimeoutMs: number;
}

export function storesOver(access: Access, { vault, clock, deskCache }: Omit<StoreNeeds, 'transactionTimeoutMs'>): Stores {
  return {
    desk: deskStore(access, vault, deskCache),
    conversations: conversationStore(access, clock),
    messages: messageStore(access),
    notes: noteStore(access),
    events: eventStore(access),
    customers: customerStore(access),
    senders: senderStore(access),
    rawMails: rawMailStore(access),
    cursors: cursorStore(access, clock),
    deliveries: deliveryStore(access),
    posts: postStore(access),
    presence: presenceStore(access, clock),
    people: peopleStore(access),
    purges: purgeStore(access),
    reminders: reminderStore(access),
    merges: mergeStore(access),
    turns: turnStore(access),
    absences: absenceStore(access),
    notices: noticeStore(access),
    memory: memoryStore(access),
    sessions: sessionStore(access),
    calls: callStore(access),
    search: searchStore(access),
    templates: templateStore(access),
    bulks: bulkStore(access),
    savedSearches: savedSearchStore(access),
  };
}

/** The stores as somebody sees them who may not see everything. */
export function storesInSight(access: Access, needs: Omit<StoreNeeds, 'transactionTimeoutMs'>, sight: Sight): StoresInSight {
  const stores = storesOver({ ...access, sight }, needs);
  return { ...(seesEverything(sight) ? stores : within(stores, sight)), sight };
}
