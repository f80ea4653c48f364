/**
 * The stores as somebody sees them who may not see everything. Every method of what holds customers' mail is named here, so that a new one does not compile until it is said what it shows:
 * lists, numbers and search leave out in SQL what is out of sight (sight-sql.ts); what is asked for by id is looked at here.
 */
import { Refusal } from '../core/errors.js';
import type { ConversationId, CustomerId } from '../core/ids.js';
import type { Conversation } from '../core/model.js';
import type { Stores } from '../core/ports/store.js';
import { maySee, type Sight } from '../core/sight.js';

/** What shows nothing of a conversation, only writes, or leaves out in SQL what is out of sight. */
const asTheyAre = <Of extends object, Name extends keyof Of>(store: Of, ...names: readonly Name[]): Pick<Of, Name> => Object.fromEntries(names.map((name) => [name, store[name]])) as Pick<Of, Name>;

/** @param stores which leave out of their lists already what `sight` does not hold */
export function within(stores: Stores, sight: Sight): Stores {
  const { conversations, messages, notes, events, customers, rawMails, posts, presence, reminders, notices, merges, search } = stores;

  /** It exists, lies in sight, and did not go into one that does not. */
  const isSeen = async (conversation: Conversation | undefined): Promise<boolean> => {
    if (!conversation || !maySee(sight, conversation)) return false;
    return conversation.mergedInto === undefined || isSeen(await conversations.get(conversation.mergedInto));
  };
  const sees = async (id: ConversationId | undefined): Promise<boolean> => id !== undefined && isSeen(await conversations.get(id));
  const ifSeen = async (conversation: Conversation | undefined): Promise<Conversation | undefined> => ((await isSeen(conversation)) ? conversation : undefined);
  const ifOfSeen = async <Thing extends { readonly conversationId: ConversationId }>(thing: Thing | undefined): Promise<Thing | undefined> => ((await sees(thing?.conversationId)) ? thing : undefined);
  /** Those whose conversation is seen. */
  const onlySeen = async <Thing extends { readonly conversationId: ConversationId }>(things: readonly Thing[]): Promise<readonly Thing[]> => {
    const seen = new Map<ConversationId, boolean>();
    for (const id of new Set(things.map(({ conversationId }) => conversationId))) seen.set(id, await sees(id));
    return things.filter(({ conversationId }) => seen.get(conversationId));
  };
  /** Rows of lists hold their conversation: only where it went into another one is there anything left to ask. */
  const seenRows = async <Row extends { readonly conversation: Conversation }>(rows: readonly Row[]): Promise<readonly Row[]> => {
    const seen = await Promise.all(rows.map(({ conversation }) => isSeen(conversation)));
    return rows.filter((_, index) => seen[index]);
  };
  const ofConversation = <Thing>(list: (id: ConversationId) => Promise<readonly Thing[]>) => async (id: ConversationId): Promise<readonly Thing[]> => ((await sees(id)) ? list(id) : []);
  const ofCustomer = <Thing>(list: (id: CustomerId) => Promise<readonly Thing[]>) => async (id: CustomerId): Promise<readonly Thing[]> => ((await customers.get(id)) ? list(id) : []);
  /** What somebody does not see they cannot make either: nobody files a thing away from themselves by mistake. */
  const mayPlace = (conversation: Pick<Conversation, 'mailboxId' | 'channelId' | 'folderId'>): void => {
    if (!maySee(sight, conversation)) throw new Refusal('refused.out-of-sight');
  };

  return {
    ...asTheyAre(stores, 'desk', 'cursors', 'deliveries', 'people', 'memory', 'sessions', 'calls', 'templates', 'turns', 'absences', 'senders', 'purges', 'savedSearches', 'bulks'),
    conversations: {
      get: async (id) => ifSeen(await conversations.get(id)),
      byNumber: async (number) => ifSeen(await conversations.byNumber(number)),
      byThread: async (bridge, thread) => ifSeen(await conversations.byThread(bridge, thread)),
      async create(conversation) {
        mayPlace(conversation);
        return conversations.create(conversation);
      },
      async save(conversation) {
        mayPlace(conversation);
        return conversations.save(conversation);
      },
      ...asTheyAre(conversations, 'setRefs', 'moveContents', 'openOf', 'ofCustomer', 'tracesOf', 'countBefore', 'giveTo', 'counts', 'workload'),
      list: async (view, page) => seenRows(await conversations.list(view, page)),
    },
    messages: {
      get: async (id) => ifOfSeen(await messages.get(id)),
      ...asTheyAre(messages, 'add', 'update', 'addFiles', 'automaticSentTo'),
      of: ofConversation((id) => messages.of(id)),
      byHeaderIds: async (headerIds) => onlySeen(await messages.byHeaderIds(headerIds)),
      byContentHash: async (mailbox, hash) => onlySeen(await messages.byContentHash(mailbox, hash)),
      undoableBy: async (agent, now) => onlySeen(await messages.undoableBy(agent, now)),
      async attachment(id) {
        const attachment = await messages.attachment(id);
        return attachment && (await ifOfSeen(await messages.get(attachment.messageId))) ? attachment : undefined;
      },
    },
    notes: {
      get: async (id) => ifOfSeen(await notes.get(id)),
      ...asTheyAre(notes, 'add', 'update'),
      of: ofConversation((id) => notes.of(id)),
    },
    events: { ...asTheyAre(events, 'add'), of: ofConversation((id) => events.of(id)) },
    // `get` looks in SQL whether they see a conversation of theirs.
    customers: { ...asTheyAre(customers, 'get', 'byAddress', 'add', 'update', 'addAddress', 'removeAddress', 'move', 'addNote', 'removeNote', 'addEvent', 'addMerge', 'mergeUndone'), notes: ofCustomer((id) => customers.notes(id)), events: ofCustomer((id) => customers.events(id)), lastMerge: async (id) => ((await customers.get(id)) ? customers.lastMerge(id) : undefined) },
    rawMails: {
      ...asTheyAre(rawMails, 'addMany', 'waiting', 'countTry', 'settle', 'moved', 'knownBlobs', 'places'),
      async get(id) {
        const mail = await rawMails.get(id);
        if (!mail || sight.mailboxes.has(mail.mailboxId)) return undefined;
        return mail.messageId === undefined || (await ifOfSeen(await messages.get(mail.messageId))) ? mail : undefined;
      },
      quarantined: async () => (await rawMails.quarantined()).filter(({ mailboxId }) => !sight.mailboxes.has(mailboxId)),
    },
    posts: {
      ...asTheyAre(posts, 'save', 'forgetShown', 'wordsOn'),
      find: async (conversation, about) => ((await sees(conversation)) ? posts.find(conversation, about) : undefined),
      shown: async (bridge, conversation) => ((await sees(conversation)) ? posts.shown(bridge, conversation) : []),
      subjectOf: async (bridge, ref) => ifOfSeen(await posts.subjectOf(bridge, ref)),
    },
    presence: { ...asTheyAre(presence, 'begin', 'end'), of: async (conversation, now) => ((await sees(conversation)) ? presence.of(conversation, now) : []) },
    notices: { ...asTheyAre(notices, 'add', 'read', 'forgetBefore'), get: async (id) => ifOfSeen(await notices.get(id)), of: async (agent, limit) => onlySeen(await notices.of(agent, limit)) },
    reminders: { ...asTheyAre(reminders, 'add', 'done'), get: async (id) => ifOfSeen(await reminders.get(id)), of: ofConversation((id) => reminders.of(id)) },
    merges: { ...asTheyAre(merges, 'add', 'undone'), last: async (conversation) => ((await sees(conversation)) ? merges.last(conversation) : undefined) },
    search: { ...asTheyAre(search, 'index', 'conversations', 'reindex'), find: async (query, limit) => seenRows(await search.find(query, limit)) },
  };
}
