/**
 * What use cases ask of storage. One interface a noun; a use case names the few it needs. All times are Dates, all text Unicode.
 *
 * `Store.transaction` runs a use case: what it reads is consistent, what it writes happens together or not at all, and on a conflict with another node it
 * is run again from the start (so it must have no effects but through its stores). Reads outside a transaction see what is committed.
 */
import type {
  AbsenceId, AgentId, AttachmentId, BlobHash, BulkId, ChannelId, ConversationId, CustomerId, CustomerMergeId, CustomerNoteId, DeliveryId, FolderId, MailboxId, MergeId, MessageId, NoteId, NoticeId, PostRef, RawMailId, ReminderId, SavedSearchId,
  TeamId, TemplateId,
} from '../ids.js';
import type {
  Absence, Agent, Attachment, Conversation, Customer, CustomerEvent, CustomerMerge, CustomerNote, Desk, FolderCursor, HistoryEvent, Merge, Message, NewCustomer, Note, Notice, Presence, Purged, RawMail, RawMailState, Reminder, ServerPlace,
  Template, TemplateRecord, TemplateUsage,
} from '../model.js';
import type { Bulk, BulkCounts, BulkItem, BulkItemState, BulkState } from '../bulk.js';
import type { Delivery, DeliveryState, NewDelivery } from '../deliveries.js';
import type { SenderEntry, SenderPattern } from '../senders.js';
import type { Sight } from '../sight.js';
import type { SavedSearch } from '../search/saved.js';
import type { SearchQuery } from '../search/query.js';
import type { Jobs } from './jobs.js';

export interface Stores {
  readonly desk: DeskStore;
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
  readonly notes: NoteStore;
  readonly events: EventStore;
  readonly customers: CustomerStore;
  readonly senders: SenderStore;
  readonly rawMails: RawMailStore;
  readonly cursors: CursorStore;
  readonly deliveries: DeliveryStore;
  readonly posts: PostStore;
  readonly presence: PresenceStore;
  readonly people: PeopleStore;
  readonly reminders: ReminderStore;
  readonly merges: MergeStore;
  readonly turns: TurnStore;
  readonly absences: AbsenceStore;
  readonly notices: NoticeStore;
  readonly purges: PurgeStore;
  readonly memory: MemoryStore;
  readonly sessions: SessionStore;
  readonly calls: CallStore;
  readonly search: SearchStore;
  readonly templates: TemplateStore;
  readonly savedSearches: SavedSearchStore;
  readonly bulks: BulkStore;
}

export interface Store extends Stores {
  transaction<Result>(work: (stores: Tx) => Promise<Result>): Promise<Result>;
  /** The same stores for somebody who does not see everything. */
  inSight(sight: Sight): StoresInSight;
  /**
   * Told after each commit which conversations changed; also those changed by other nodes. `{ conversations: [], desk: true }` also comes when we may have
   * missed something (the line to the database broke): who shows something looks again. Returns the way to stop listening.
   */
  onChange(listener: (change: Change) => void): () => void;
  close(): Promise<void>;
}

export interface Tx extends Stores {
  readonly jobs: Jobs;
  /** The same transaction for somebody who does not see everything. */
  inSight(sight: Sight): TxInSight;
}

/**
 * Stores in which nothing is out of somebody's sight: conversations that they may not see, and all that belongs to these, are not found, listed or counted. Whatever a person asks for is
 * asked of these, so that no verb and no page can forget to ask whether they may.
 */
export interface StoresInSight extends Stores {
  readonly sight: Sight;
}
export interface TxInSight extends Tx {
  readonly sight: Sight;
}

export interface Change {
  readonly conversations: readonly ConversationId[];
  /** The desk (settings, agents, rules ...) changed. */
  readonly desk: boolean;
}

export interface DeskStore {
  load(): Promise<Desk>;
  /** Replaces what desk.yaml describes, and templates with their files. Things that are gone are kept out of sight, so that history can still name them. */
  save(desk: Desk): Promise<void>;
  /** Also finds agents who are no longer on the desk. */
  agent(id: AgentId): Promise<Agent | undefined>;
  /** Only whom desk.yaml lists: a person who left cannot log in, nor can one who is known from chat alone. */
  agentByEmail(email: string): Promise<Agent | undefined>;
  /** scrypt hash in its own text form; undefined while the agent has no password. */
  passwordHash(id: AgentId): Promise<string | undefined>;
  setPasswordHash(id: AgentId, hash: string): Promise<void>;
  /** Somebody is on the desk for what they are in chat (`Agent.member`), or is again. Saving the desk leaves them. */
  admit(member: Agent): Promise<void>;
  /** They are so no longer; history still names them. */
  dismiss(member: AgentId): Promise<void>;
  /** What the agent chose personally; wins over what desk.yaml says, also after it is applied again. */
  setPreferences(id: AgentId, preferences: Partial<Pick<Agent, 'locale' | 'theme' | 'timeZone'>>): Promise<void>;
}

/** Templates as people change them on the desk. The ones that are offered are in `Desk.templates` too. */
export interface TemplateStore {
  /** All there ever were, in the order of the desk. */
  all(): Promise<readonly TemplateRecord[]>;
  /** Adds it, or replaces the one with its id, and has it offered (again). */
  save(template: Template, changed: NonNullable<TemplateRecord['changed']>): Promise<void>;
  retire(id: TemplateId, changed: NonNullable<TemplateRecord['changed']>): Promise<void>;
  /** Remembers what desk.yaml says of these, and that it says nothing of any other. */
  setDescribed(templates: readonly Template[]): Promise<void>;
  /** An answer was begun from it. */
  countUse(id: TemplateId, message: MessageId, at: Date): Promise<void>;
  /** The answer was taken back. */
  forgetUses(message: MessageId): Promise<void>;
  usage(): Promise<ReadonlyMap<TemplateId, TemplateUsage>>;
}

/** Which conversations a list shows. */
export type View =
  | { readonly kind: 'open' | 'overdue' | 'unassigned' | 'pending' | 'snoozed' | 'closed' }
  | { readonly kind: 'mine'; readonly agentId: AgentId }
  | { readonly kind: 'team'; readonly teamId: TeamId }
  | { readonly kind: 'channel'; readonly channelId: ChannelId }
  | { readonly kind: 'folder'; readonly folderId: FolderId }
  | { readonly kind: 'spam' };

export interface ConversationStore {
  get(id: ConversationId): Promise<Conversation | undefined>;
  byNumber(number: number): Promise<Conversation | undefined>;
  /** Takes the next number and revision 1. */
  create(conversation: Omit<Conversation, 'number' | 'revision'>): Promise<Conversation>;
  /**
   * Compare-and-set on the revision; the saved one has the next revision. `threadRef` and `cardRef` stay as `setRefs` left them.
   * @throws StaleRevision when it changed meanwhile.
   */
  save(conversation: Conversation): Promise<Conversation>;
  /** Ids minted by a bridge; not a change that people see, so the revision stays. */
  setRefs(id: ConversationId, refs: Pick<Conversation, 'threadRef' | 'cardRef'>): Promise<void>;
  /**
   * Puts messages and notes into another conversation, found by search there from then on; messages count as new in it from `revision` on. Conversations themselves are saved
   * by the caller.
   */
  moveContents(contents: { readonly messages: readonly MessageId[]; readonly notes: readonly NoteId[] }, to: ConversationId, revision: number): Promise<void>;
  /** By the thread that mirrors it. */
  byThread(bridge: string, thread: string): Promise<Conversation | undefined>;
  /** Open or pending conversations of a customer, newest first. */
  openOf(customer: CustomerId, limit: number): Promise<readonly Conversation[]>;
  /** All of a customer, newest first; those that were merged into another are part of that one. */
  ofCustomer(customer: CustomerId, limit?: number): Promise<readonly Conversation[]>;
  /** Which there are of a customer, merged ones as well, and nobody's sight limits this: who a customer is does not depend on who looks. */
  tracesOf(customer: CustomerId): Promise<readonly Pick<Conversation, 'id' | 'customerId' | 'participants' | 'createdAt'>[]>;
  /** How many conversations a customer had before the one of this number; spam is none, and two that were merged are one. */
  countBefore(customer: CustomerId, number: number): Promise<number>;
  /** They are another customer's from now on. */
  giveTo(conversations: readonly ConversationId[], customer: CustomerId): Promise<void>;
  list(view: View, page: { readonly limit: number; readonly offset: number }): Promise<readonly ConversationRow[]>;
  /** Numbers beside the views, channels, teams and folders. */
  counts(agent: AgentId): Promise<ViewCounts>;
  /** What everybody has to do; one entry for each owner and team that have anything. What lies in folders does not count. */
  workload(): Promise<readonly Work[]>;
}

/** Conversations of one owner in one team. */
export interface Work {
  /** undefined: nobody's. */
  readonly agentId: AgentId | undefined;
  readonly teamId: TeamId | undefined;
  readonly open: number;
  readonly pending: number;
  readonly snoozed: number;
  /** Since when the customer waits who waits longest; undefined when none does. */
  readonly waitingSince: Date | undefined;
}

/** A conversation with what a list shows beside it. */
export interface ConversationRow {
  readonly conversation: Conversation;
  readonly customer: Customer;
  readonly messages: number;
  readonly notes: number;
  readonly files: number;
  /** The newest outbound message that needs a person, if any. */
  readonly trouble: Pick<Message, 'id' | 'state' | 'problem'> | undefined;
  readonly answering: Presence | undefined;
}

export interface ViewCounts {
  readonly open: number;
  readonly mine: number;
  readonly unassigned: number;
  readonly overdue: number;
  readonly pending: number;
  readonly snoozed: number;
  readonly closed: number;
  readonly spam: number;
  readonly quarantine: number;
  /** What the agent was told in person and has not seen. */
  readonly notices: number;
  readonly channels: ReadonlyMap<ChannelId, number>;
  readonly teams: ReadonlyMap<TeamId, number>;
  readonly folders: ReadonlyMap<FolderId, number>;
}

export interface MessageStore {
  get(id: MessageId): Promise<Message | undefined>;
  add(message: Message): Promise<void>;
  /** Only what changes after a message exists. */
  update(id: MessageId, patch: Partial<Pick<Message, 'state' | 'problem' | 'sendAt' | 'sentAt' | 'text' | 'to' | 'cc' | 'bcc' | 'authorId' | 'dueAt' | 'revision' | 'createdAt'>>): Promise<void>;
  /** Puts further files beside those that a message has. */
  addFiles(id: MessageId, files: readonly Attachment[]): Promise<void>;
  /** Oldest first. */
  of(conversation: ConversationId): Promise<readonly Message[]>;
  /** Messages that carry one of these Message-IDs, any mailbox. */
  byHeaderIds(headerIds: readonly string[]): Promise<readonly Message[]>;
  /** Copies of a mail already known: same content hash, inbound, in conversations of this mailbox. */
  byContentHash(mailbox: MailboxId, contentHash: string): Promise<readonly Message[]>;
  /** How many automatic mails we sent to this address since then; for the loop guard. */
  automaticSentTo(address: string, since: Date): Promise<number>;
  /** Answers of this agent that can still be undone: queued, `sendAt` later than `now`. Soonest first. */
  undoableBy(agent: AgentId, now: Date): Promise<readonly Message[]>;
  attachment(id: AttachmentId): Promise<(Attachment & { readonly messageId: MessageId }) | undefined>;
}

export interface NoteStore {
  get(id: NoteId): Promise<Note | undefined>;
  add(note: Note): Promise<void>;
  update(id: NoteId, patch: Partial<Pick<Note, 'text' | 'editedAt' | 'deletedAt' | 'pinnedAt'>>): Promise<void>;
  of(conversation: ConversationId): Promise<readonly Note[]>;
}

export interface EventStore {
  add(event: HistoryEvent): Promise<void>;
  /** Oldest first. */
  of(conversation: ConversationId): Promise<readonly HistoryEvent[]>;
}

export interface CustomerStore {
  /** In somebody's sight: who has a conversation that they see, or none at all yet. */
  get(id: CustomerId): Promise<Customer | undefined>;
  /** Whoever knows the address; nobody's sight limits this, since an address belongs to one customer. To show the customer, `get` it. */
  byAddress(address: string): Promise<Customer | undefined>;
  add(customer: NewCustomer): Promise<void>;
  update(id: CustomerId, patch: Partial<Pick<Customer, 'name' | 'language' | 'labels' | 'mergedInto'>>): Promise<void>;
  addAddress(id: CustomerId, address: string): Promise<void>;
  removeAddress(id: CustomerId, address: string): Promise<void>;
  /** Addresses and notes become those of `to`. */
  move(what: { readonly addresses: readonly string[]; readonly notes: readonly CustomerNoteId[] }, from: CustomerId, to: CustomerId): Promise<void>;
  /** Oldest first. */
  notes(id: CustomerId): Promise<readonly CustomerNote[]>;
  addNote(note: CustomerNote): Promise<void>;
  removeNote(id: CustomerNoteId): Promise<void>;
  /** Oldest first. */
  events(id: CustomerId): Promise<readonly CustomerEvent[]>;
  addEvent(event: CustomerEvent): Promise<void>;
  addMerge(merge: CustomerMerge): Promise<void>;
  /** The newest merge into this customer that was not undone. */
  lastMerge(into: CustomerId): Promise<CustomerMerge | undefined>;
  mergeUndone(id: CustomerMergeId, at: Date): Promise<void>;
}

/** Senders that people blocked or allowed; those of desk.yaml are part of the desk. */
export interface SenderStore {
  /** Those of these patterns that there are. */
  of(patterns: readonly SenderPattern[]): Promise<readonly SenderEntry[]>;
  /** By pattern. */
  all(): Promise<readonly SenderEntry[]>;
  /** Replaces what was said about the pattern. */
  put(entry: SenderEntry): Promise<void>;
  remove(pattern: SenderPattern): Promise<void>;
}

export interface RawMailStore {
  /** Adds rows; those whose place (mailbox, folder, UIDVALIDITY, UID) is known already are left out. Returns how many were added. */
  addMany(mails: readonly RawMail[]): Promise<number>;
  get(id: RawMailId): Promise<RawMail | undefined>;
  /** Oldest first, state 'stored'. */
  waiting(mailbox: MailboxId, limit: number): Promise<readonly RawMail[]>;
  /** Written before mails are read, so that one that kills the process is found out. */
  countTry(ids: readonly RawMailId[]): Promise<void>;
  settle(id: RawMailId, result: { readonly state: RawMailState; readonly outcome?: string; readonly messageId?: MessageId }): Promise<void>;
  /** It was moved on the server. */
  moved(id: RawMailId, to: ServerPlace): Promise<void>;
  quarantined(): Promise<readonly RawMail[]>;
  /** Places already in the ledger, for reconciling after UIDVALIDITY changed: known blobs of this mailbox. */
  knownBlobs(mailbox: MailboxId, blobs: readonly BlobHash[]): Promise<ReadonlySet<BlobHash>>;
  /** What an audit compares with the server. */
  places(mailbox: MailboxId, folder: string, uidValidity: number): Promise<readonly { readonly uid: number; readonly state: RawMailState }[]>;
}

export interface CursorStore {
  get(mailbox: MailboxId, folder: string): Promise<FolderCursor | undefined>;
  save(cursor: FolderCursor): Promise<void>;
  /** When the first cursor of this folder was saved: the moment of the first connection. */
  firstSavedAt(mailbox: MailboxId, folder: string): Promise<Date | undefined>;
}

export interface DeliveryStore {
  /** Adds it, or leaves it when a waiting one has the same `coalesce` key. Returns false when it was left. */
  add(delivery: NewDelivery): Promise<boolean>;
  get(id: DeliveryId): Promise<Delivery | undefined>;
  /** The first delivery of a lane that is waiting or running; one that waits for a person (failed, uncertain) does not hold up the others. */
  head(lane: string): Promise<Delivery | undefined>;
  /**
   * Compare-and-set on the state. @returns false when it was not in state `from`.
   */
  move(id: DeliveryId, from: DeliveryState, to: DeliveryState, patch?: Partial<Pick<Delivery, 'tries' | 'dueAt' | 'lastError' | 'finishedAt'>>): Promise<boolean>;
  /** What waits in a lane for a later try is due now. */
  hurry(lane: string, now: Date): Promise<void>;
  /** The delivery that sends this message. */
  ofMessage(message: MessageId): Promise<Delivery | undefined>;
  /** Left running by a process that died: for recovery at start. */
  running(): Promise<readonly Delivery[]>;
  /** Lanes with deliveries that are waiting or running. */
  openLanes(): Promise<readonly string[]>;
  failed(limit: number): Promise<readonly Delivery[]>;
  countByState(): Promise<Readonly<Record<DeliveryState, number>>>;
}

/** Which post shows what, so that it can be edited. */
export interface PostStore {
  save(post: { readonly bridge: string; readonly ref: PostRef; readonly conversationId: ConversationId; readonly about: PostSubject }): Promise<void>;
  find(conversation: ConversationId, about: PostSubject): Promise<{ readonly bridge: string; readonly ref: PostRef } | undefined>;
  /** All posts of ours that show something of a conversation, oldest first. */
  shown(bridge: string, conversation: ConversationId): Promise<readonly PostRef[]>;
  /** Forgets the posts of ours that show a conversation, since it is shown anew elsewhere. What people's own posts speak of stays known. */
  forgetShown(conversation: ConversationId): Promise<void>;
  /** People's own posts that notes and answers were made from, the newest first, at most `limit`. */
  wordsOn(bridge: string, limit: number): Promise<readonly { readonly ref: PostRef; readonly conversationId: ConversationId; readonly about: PostSubject }[]>;
  /** What a post of a bridge is about. */
  subjectOf(bridge: string, ref: PostRef): Promise<{ readonly conversationId: ConversationId; readonly about: PostSubject } | undefined>;
}
export type PostSubject =
  /** A post of ours that shows it. */
  | { readonly kind: 'message'; readonly id: MessageId }
  | { readonly kind: 'note'; readonly id: NoteId }
  | { readonly kind: 'event'; readonly id: string }
  /** A person's own post that it was made from: editing or deleting that post speaks of it. */
  | { readonly kind: 'message-words'; readonly id: MessageId }
  | { readonly kind: 'note-words'; readonly id: NoteId };

/** Which person of a chat platform is which agent, where it was said in so many words; otherwise the address decides. */
export interface PeopleStore {
  agentOf(bridge: string, personId: string): Promise<AgentId | undefined>;
  /** Ids of an agent on a platform. */
  personsOf(bridge: string, agent: AgentId): Promise<readonly string[]>;
  /** Replaces an earlier link of this person. */
  link(bridge: string, personId: string, agent: AgentId): Promise<void>;
  unlink(bridge: string, personId: string): Promise<void>;
}

export interface ReminderStore {
  add(reminder: Reminder): Promise<void>;
  get(id: ReminderId): Promise<Reminder | undefined>;
  /** Of one conversation, not done yet, soonest first. */
  of(conversation: ConversationId): Promise<readonly Reminder[]>;
  done(id: ReminderId, at: Date): Promise<void>;
}

/** Deleting for good, and what is remembered of it. */
export interface PurgeStore {
  /** Spam that nobody touched since `before` and for which nothing is in line, oldest first. */
  due(before: Date, limit: number): Promise<readonly ConversationId[]>;
  /**
   * Deletes a conversation and those merged into it: mails, notes, history, posts, and customers of whom nothing else is known. The lines of the ledger stay as 'purged', the numbers are
   * found by `byNumber` from then on, and the blobs are candidates for `blobs`.
   */
  purge(conversation: ConversationId, how: Pick<Purged, 'spamSince' | 'agentId'> & { readonly at: Date }): Promise<void>;
  byNumber(number: number): Promise<Purged | undefined>;
  get(conversation: ConversationId): Promise<Purged | undefined>;
  /** Blobs of what was deleted, oldest first. */
  blobs(limit: number): Promise<readonly BlobHash[]>;
  /** Those of them that something else names. */
  needed(blobs: readonly BlobHash[]): Promise<ReadonlySet<BlobHash>>;
  forgetBlobs(blobs: readonly BlobHash[]): Promise<void>;
}

/** Whose turn it is in the teams that hand out work. */
export interface TurnStore {
  /**
   * Begins a turn of the team: nobody else hands out in it until the transaction ends.
   * @returns the number of this turn, and those in which members were last given something
   */
  begin(team: TeamId): Promise<{ readonly turn: number; readonly last: ReadonlyMap<AgentId, number> }>;
  took(team: TeamId, agent: AgentId, turn: number): Promise<void>;
}

export interface NoticeStore {
  add(notice: Notice): Promise<void>;
  get(id: NoticeId): Promise<Notice | undefined>;
  /** What an agent was told, newest first. */
  of(agent: AgentId, limit: number): Promise<readonly Notice[]>;
  /** The agent has seen what was said about this conversation; undefined: about all. */
  read(agent: AgentId, conversation: ConversationId | undefined, at: Date): Promise<void>;
  forgetBefore(at: Date): Promise<void>;
}

export interface AbsenceStore {
  add(absence: Absence): Promise<void>;
  /** Of everybody, present and planned, soonest first. */
  notOver(now: Date): Promise<readonly Absence[]>;
  /** The agent is back at this moment; one that would end before it begins is gone. */
  end(id: AbsenceId, at: Date): Promise<void>;
}

/** A few words that bridges keep over restarts, by name. */
export interface MemoryStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

export interface MergeStore {
  add(merge: Merge): Promise<void>;
  /** The newest merge into or out of this conversation that was not undone. */
  last(conversation: ConversationId): Promise<Merge | undefined>;
  undone(id: MergeId, at: Date): Promise<void>;
}

export interface PresenceStore {
  /** Keeps it until `until`; replaces an earlier one of the same agent. Only what people see (who, what, where) counts as a change, not that it goes on. */
  begin(presence: Presence): Promise<void>;
  end(conversation: ConversationId, agent: AgentId): Promise<void>;
  of(conversation: ConversationId, now: Date): Promise<readonly Presence[]>;
}

export interface SessionStore {
  add(session: Session): Promise<void>;
  /** By the SHA-256 of the cookie's token. */
  get(tokenHash: string): Promise<Session | undefined>;
  remove(tokenHash: string): Promise<void>;
  removeExpired(now: Date): Promise<void>;
}
export interface Session {
  readonly tokenHash: string;
  readonly agentId: AgentId;
  readonly csrf: string;
  readonly expiresAt: Date;
}

/** Events of chat platforms that were handled, so that a redelivery is not handled again. */
export interface CallStore {
  /** @returns false when this event was seen before. */
  firstSeen(bridge: string, eventId: string, at: Date): Promise<boolean>;
  forgetBefore(at: Date): Promise<void>;
}

export interface SearchStore {
  /** Puts the searchable text of one message or note into the index; `text` is folded by the store (case, accents, Polish letters). */
  index(entry: { readonly conversationId: ConversationId; readonly kind: 'message' | 'note'; readonly id: string; readonly text: string }): Promise<void>;
  /** Conversations that fit, best first, with a piece of the text around the hit. */
  find(query: SearchQuery, limit: number): Promise<readonly SearchHit[]>;
  /** Conversations that fit, newest first. */
  conversations(query: SearchQuery, limit: number): Promise<readonly ConversationId[]>;
  /** Puts the next `portion` of what was stored by an older version into the index, newest first. @returns whether there is more */
  reindex(portion: number): Promise<boolean>;
}
/** Searches kept under a name. */
export interface SavedSearchStore {
  add(search: SavedSearch): Promise<void>;
  /** What this agent may use: their own and what others share, by name. */
  usableBy(agent: AgentId): Promise<readonly SavedSearch[]>;
  update(id: SavedSearchId, patch: Partial<Pick<SavedSearch, 'name' | 'words' | 'shared'>>): Promise<void>;
  remove(id: SavedSearchId): Promise<void>;
}

/** What is done with many conversations at once. */
export interface BulkStore {
  /** With its conversations, in this order, all waiting. */
  add(bulk: Bulk, conversations: readonly ConversationId[]): Promise<void>;
  get(id: BulkId): Promise<Bulk | undefined>;
  /** Those that were begun, by this agent or by anybody, newest first. */
  recent(of: AgentId | undefined, limit: number): Promise<readonly Bulk[]>;
  /** What somebody asked for last, also where they have not confirmed it. */
  newest(of: AgentId): Promise<Bulk | undefined>;
  /** Running, or being taken back: they go on at the next start. */
  underWay(): Promise<readonly Bulk[]>;
  counts(id: BulkId): Promise<BulkCounts>;
  /** In their order. */
  items(id: BulkId, state: BulkItemState, limit: number): Promise<readonly BulkItem[]>;
  /** Compare-and-set on the state. @returns false when it was in none of `from` */
  move(id: BulkId, from: readonly BulkState[], to: BulkState, finishedAt: Date | undefined): Promise<boolean>;
  settle(id: BulkId, item: BulkItem): Promise<void>;
  /** Questions that nobody confirmed. */
  forgetAsked(before: Date): Promise<void>;
}

export interface SearchHit {
  readonly conversation: Conversation;
  readonly customer: Customer;
  readonly snippet: string;
}
