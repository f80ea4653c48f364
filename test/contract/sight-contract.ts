/**
 * What somebody may not see does not exist for them: every method of every store, asked for what is out of sight, answers as for what never was. The table names them all, so that a new method
 * does not compile until it is said here what it shows.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/core/errors.js';
import type { AttachmentId, ChannelId, ConversationId, CustomerEventId, CustomerId, CustomerMergeId, CustomerNoteId, EventId, FolderId, MailboxId, MergeId, MessageId, NoteId, NoticeId, PostRef, RawMailId, ReminderId, AgentId, BlobHash, TeamId, ThreadRef } from '../../src/core/ids.js';
import type { Audience, Conversation, RawMail } from '../../src/core/model.js';
import type { Store, Stores } from '../../src/core/ports/store.js';
import { plainSearch } from '../../src/core/search/parse.js';
import type { SearchQuery } from '../../src/core/search/query.js';
import { EVERYTHING, type Sight } from '../../src/core/sight.js';
import { newId } from '../../src/storage/new-id.js';
import type { FreshDatabase, FreshDatabaseOf } from '../storage/databases.js';
import { aConversation, aDesk, aMailbox, aMessage, NOON } from '../support/samples.js';

const fresh = <Id extends string>(): Id => newId() as Id;
const MAREK = 'marek' as AgentId;
const page = { limit: 10, offset: 0 };

/** One conversation and everything that can belong to one; or ids under which there is nothing. */
interface World {
  readonly conversation: ConversationId;
  readonly number: number;
  readonly customer: CustomerId;
  readonly address: string;
  readonly message: MessageId;
  readonly headerId: string;
  readonly hash: string;
  readonly attachment: AttachmentId;
  readonly note: NoteId;
  readonly rawMail: RawMailId;
  readonly reminder: ReminderId;
  readonly notice: NoticeId;
  readonly thread: string;
  readonly post: PostRef;
  readonly word: string;
}

const aWorld = (number: number, thread: string, word: string): World => ({
  conversation: fresh(), number, customer: fresh(), address: `${word}@customer.example`, message: fresh(), headerId: `${word}@x`, hash: word, attachment: fresh(), note: fresh(), rawMail: fresh(), reminder: fresh(), notice: fresh(), thread, post: fresh(), word,
});

/** By what a conversation is, and by words together with it: each way that a search goes. */
const ofPriority: SearchQuery = { number: undefined, conditions: [{ kind: 'priority', priority: 'normal', not: false }] };
const undatedBy = (word: string): SearchQuery => ({ number: undefined, conditions: [...plainSearch(word).conditions, { kind: 'at', from: undefined, until: new Date('2100-01-01T00:00:00Z'), not: false }, { kind: 'status', status: 'spam', not: true }] });

/** Asks for something of the world. */
type Ask = (stores: Stores, world: World) => Promise<unknown>;
type Probe = Ask | 'asked below' | 'writes' | 'tells nothing of a customer';

const PROBES: { readonly [Name in keyof Stores]: { readonly [Method in keyof Stores[Name]]: Probe } } = {
  desk: {
    load: 'tells nothing of a customer', save: 'writes', agent: 'tells nothing of a customer', agentByEmail: 'tells nothing of a customer', passwordHash: 'tells nothing of a customer', setPasswordHash: 'writes', admit: 'writes', dismiss: 'writes', setPreferences: 'writes',
  },
  conversations: {
    get: (stores, { conversation }) => stores.conversations.get(conversation),
    byNumber: (stores, { number }) => stores.conversations.byNumber(number),
    byThread: (stores, { thread }) => stores.conversations.byThread('web', thread),
    create: 'writes', save: 'writes', setRefs: 'writes', moveContents: 'writes',
    openOf: (stores, { customer }) => stores.conversations.openOf(customer, 10),
    ofCustomer: (stores, { customer }) => stores.conversations.ofCustomer(customer),
    // Only so that a merge of customers takes along what its maker does not see.
    tracesOf: 'tells nothing of a customer',
    countBefore: (stores, { customer }) => stores.conversations.countBefore(customer, 1_000_000),
    giveTo: 'writes',
    list: 'asked below',
    counts: 'asked below',
    workload: 'asked below',
  },
  messages: {
    get: (stores, { message }) => stores.messages.get(message),
    add: 'writes', update: 'writes', addFiles: 'writes',
    of: (stores, { conversation }) => stores.messages.of(conversation),
    byHeaderIds: (stores, { headerId }) => stores.messages.byHeaderIds([headerId]),
    byContentHash: (stores, { hash }) => stores.messages.byContentHash('shop' as MailboxId, hash),
    automaticSentTo: 'tells nothing of a customer',
    undoableBy: (stores, { message }) => stores.messages.undoableBy(MAREK, new Date(0)).then((all) => all.filter(({ id }) => id === message)),
    attachment: (stores, { attachment }) => stores.messages.attachment(attachment),
  },
  notes: { get: (stores, { note }) => stores.notes.get(note), add: 'writes', update: 'writes', of: (stores, { conversation }) => stores.notes.of(conversation) },
  events: { add: 'writes', of: (stores, { conversation }) => stores.events.of(conversation) },
  // Who knows an address knows it; whose it is, is found out by asking for the customer.
  customers: {
    get: (stores, { customer }) => stores.customers.get(customer), byAddress: 'tells nothing of a customer', add: 'writes', update: 'writes', addAddress: 'writes', removeAddress: 'writes', move: 'writes',
    notes: (stores, { customer }) => stores.customers.notes(customer), addNote: 'writes', removeNote: 'writes',
    events: (stores, { customer }) => stores.customers.events(customer), addEvent: 'writes',
    addMerge: 'writes', lastMerge: (stores, { customer }) => stores.customers.lastMerge(customer), mergeUndone: 'writes',
  },
  senders: { of: 'tells nothing of a customer', all: 'tells nothing of a customer', put: 'writes', remove: 'writes' },
  // That a number was spam and is gone, and nothing else.
  purges: { due: 'tells nothing of a customer', purge: 'writes', byNumber: 'tells nothing of a customer', get: 'tells nothing of a customer', blobs: 'tells nothing of a customer', needed: 'tells nothing of a customer', forgetBlobs: 'writes' },
  rawMails: {
    addMany: 'writes', get: (stores, { rawMail }) => stores.rawMails.get(rawMail), waiting: 'tells nothing of a customer', countTry: 'writes', settle: 'writes', moved: 'writes', quarantined: 'asked below',
    knownBlobs: 'tells nothing of a customer', places: 'tells nothing of a customer',
  },
  cursors: { get: 'tells nothing of a customer', save: 'writes', firstSavedAt: 'tells nothing of a customer' },
  deliveries: {
    add: 'writes', get: 'tells nothing of a customer', head: 'tells nothing of a customer', move: 'writes', hurry: 'writes', ofMessage: 'tells nothing of a customer', running: 'tells nothing of a customer', openLanes: 'tells nothing of a customer',
    failed: 'tells nothing of a customer', countByState: 'tells nothing of a customer',
  },
  posts: {
    save: 'writes', find: (stores, { conversation, message }) => stores.posts.find(conversation, { kind: 'message', id: message }), shown: (stores, { conversation }) => stores.posts.shown('web', conversation), forgetShown: 'writes', wordsOn: 'tells nothing of a customer', subjectOf: (stores, { post }) => stores.posts.subjectOf('web', post),
  },
  presence: { begin: 'writes', end: 'writes', of: (stores, { conversation }) => stores.presence.of(conversation, NOON) },
  people: { agentOf: 'tells nothing of a customer', personsOf: 'tells nothing of a customer', link: 'writes', unlink: 'writes' },
  reminders: { add: 'writes', get: (stores, { reminder }) => stores.reminders.get(reminder), of: (stores, { conversation }) => stores.reminders.of(conversation), done: 'writes' },
  turns: { begin: 'writes', took: 'writes' },
  absences: { add: 'writes', notOver: 'tells nothing of a customer', end: 'writes' },
  notices: {
    add: 'writes', get: (stores, { notice }) => stores.notices.get(notice), of: (stores, { notice }) => stores.notices.of(MAREK, 100).then((all) => all.filter(({ id }) => id === notice)), read: 'writes', forgetBefore: 'writes',
  },
  merges: { add: 'writes', last: (stores, { conversation }) => stores.merges.last(conversation), undone: 'writes' },
  memory: { get: 'tells nothing of a customer', set: 'writes' },
  sessions: { add: 'writes', get: 'tells nothing of a customer', remove: 'writes', removeExpired: 'writes' },
  templates: { all: 'tells nothing of a customer', save: 'writes', retire: 'writes', setDescribed: 'writes', countUse: 'writes', forgetUses: 'writes', usage: 'tells nothing of a customer' },
  calls: { firstSeen: 'writes', forgetBefore: 'writes' },
  search: {
    index: 'writes', reindex: 'writes', find: (stores, { word, conversation }) => Promise.all([stores.search.find(plainSearch(word), 10), stores.search.find(ofPriority, 10), stores.search.find(undatedBy(word), 10)]).then((found) => found.flat().filter((hit) => hit.conversation.id === conversation)),
    conversations: (stores, { word, conversation }) => Promise.all([stores.search.conversations(plainSearch(word), 10), stores.search.conversations(ofPriority, 10), stores.search.conversations(undatedBy(word), 10)]).then((found) => found.flat().filter((id) => id === conversation)),
  },
  savedSearches: { add: 'writes', usableBy: 'tells nothing of a customer', update: 'writes', remove: 'writes' },
  // Shown to the one who asked and to administrators; conversations are read by their ids, in sight.
  bulks: {
    add: 'writes', get: 'tells nothing of a customer', recent: 'tells nothing of a customer', newest: 'tells nothing of a customer', underWay: 'tells nothing of a customer', counts: 'tells nothing of a customer', items: 'tells nothing of a customer', move: 'writes', settle: 'writes', forgetAsked: 'writes',
  },
};

const ASKS = Object.entries(PROBES).flatMap(([name, methods]) => Object.entries<Probe>(methods).flatMap(([method, ask]) => (typeof ask === 'string' ? [] : [[`${name}.${method}`, ask] as const])));

/** Each way of being out of sight. */
const HIDINGS: Readonly<Record<string, { readonly sight: Sight; readonly place: Partial<Conversation> }>> = {
  mailbox: { sight: { ...EVERYTHING, mailboxes: new Set(['shop']) }, place: {} },
  channel: { sight: { ...EVERYTHING, channels: new Set(['orders']) }, place: {} },
  folder: { sight: { ...EVERYTHING, folders: new Set(['news']) }, place: { channelId: undefined, folderId: 'news' as FolderId } },
};

export function sightContract(name: string, openFresh: FreshDatabaseOf): void {
  describe(`the ${name} store in somebody's sight`, () => {
    let database: FreshDatabase;
    let store: Store;
    beforeEach(async () => {
      database = await openFresh();
      ({ store } = await database.open());
      await store.desk.save(aDesk({ mailboxes: [aMailbox(), aMailbox({ id: 'open' as MailboxId, address: 'open@desk.example' })] }));
    });
    afterEach(() => database.remove());

    async function fill(over: Partial<Conversation>, word = 'porcelain'): Promise<World> {
      const world = aWorld(0, `thread of ${word}`, word);
      await store.customers.add({ id: world.customer, name: 'Anna', addresses: [world.address], language: 'en' });
      await store.customers.addNote({ id: fresh<CustomerNoteId>(), customerId: world.customer, authorId: MAREK, text: 'n', createdAt: NOON });
      await store.customers.addEvent({ id: fresh<CustomerEventId>(), customerId: world.customer, at: NOON, agentId: MAREK, what: 'noted', data: {} });
      await store.customers.addMerge({ id: fresh<CustomerMergeId>(), from: fresh<CustomerId>(), into: world.customer, at: NOON, agentId: MAREK, moved: { addresses: [], conversations: [], notes: [], before: { name: 'Anna', language: 'en', labels: [] } } });
      const conversation = await store.conversations.create(aConversation({ id: world.conversation, customerId: world.customer, ...over }));
      await store.conversations.setRefs(conversation.id, { threadRef: world.thread as ThreadRef, cardRef: undefined });
      const raw: RawMail = {
        id: world.rawMail, mailboxId: conversation.mailboxId, source: 'smtp', place: undefined, blob: 'b' as BlobHash, bytes: 1, recipients: [], receivedAt: NOON, state: 'done', historic: false, tries: 0, outcome: undefined, messageId: world.message,
        subject: 's', sender: 'x',
      };
      await store.rawMails.addMany([raw]);
      const attachment = { id: world.attachment, fileName: 'a.pdf', contentType: 'application/pdf', bytes: 1, inline: false, contentId: undefined, content: { kind: 'part', index: 0 } } as const;
      await store.messages.add(aMessage({ id: world.message, conversationId: conversation.id, headerId: world.headerId, contentHash: world.hash, rawMailId: world.rawMail, attachments: [attachment] }));
      await store.messages.add(aMessage({ id: fresh(), conversationId: conversation.id, direction: 'out', state: 'queued', authorId: MAREK, sendAt: NOON }));
      await store.notes.add({ id: world.note, conversationId: conversation.id, authorId: MAREK, text: 'n', files: [], via: 'web', revision: 1, createdAt: NOON, editedAt: undefined, deletedAt: undefined, pinnedAt: undefined });
      await store.notices.add({ id: world.notice, agentId: MAREK, kind: 'mentioned', conversationId: conversation.id, noteId: world.note, byId: undefined, at: NOON, readAt: undefined });
      await store.events.add({ id: fresh<EventId>(), conversationId: conversation.id, at: NOON, actor: { kind: 'goniec' }, what: 'opened', data: {}, revision: 1 });
      await store.posts.save({ bridge: 'web', ref: world.post, conversationId: conversation.id, about: { kind: 'message', id: world.message } });
      await store.presence.begin({ conversationId: conversation.id, agentId: MAREK, via: 'web', doing: 'writing', until: new Date(NOON.getTime() + 1000) });
      await store.reminders.add({ id: world.reminder, conversationId: conversation.id, agentId: MAREK, at: NOON, text: 'r' });
      await store.merges.add({ id: fresh<MergeId>(), from: fresh(), into: conversation.id, at: NOON, agentId: MAREK, moved: { messages: [], notes: [], status: 'open', participants: [] } });
      await store.search.index({ conversationId: conversation.id, kind: 'message', id: world.message, text: world.word });
      return { ...world, number: conversation.number };
    }

    const NOWHERE = aWorld(999, 'no thread', 'nothing');
    const VIEWS = [{ kind: 'open' }, { kind: 'unassigned' }, { kind: 'team', teamId: 'care' as TeamId }, { kind: 'channel', channelId: 'orders' as ChannelId }, { kind: 'folder', folderId: 'news' as FolderId }] as const;

    for (const [what, { sight, place }] of Object.entries(HIDINGS)) {
      it(`answers for what lies in a ${what} out of sight as for what never was`, async () => {
        const world = await fill({ ...place, teamId: 'care' as TeamId });
        const seen = store.inSight(sight);
        for (const [method, ask] of ASKS) {
          const [hidden, nothing, whole] = [await ask(seen, world), await ask(seen, NOWHERE), await ask(store, world)];
          expect(hidden, method).toEqual(nothing);
          // Else it would prove nothing. In a folder there is no thread.
          if (method !== 'messages.undoableBy' && !(method === 'conversations.byThread' && 'folderId' in place)) expect(whole, method).not.toEqual(nothing);
        }
        expect(await seen.messages.undoableBy(MAREK, new Date(0))).toEqual([]);
        for (const view of VIEWS) expect(await seen.conversations.list(view, page), view.kind).toEqual([]);
        expect(await seen.conversations.workload()).toEqual([]);
        const { open, unassigned, notices, channels, teams, folders } = await seen.conversations.counts(MAREK);
        expect([open, unassigned, notices, ...channels.values(), ...teams.values(), ...folders.values()].filter((count) => count > 0)).toEqual([]);
      });

      it(`shows what lies elsewhere than in that ${what}`, async () => {
        await fill(place);
        const other = await fill({ mailboxId: 'open' as MailboxId, channelId: 'returns' as ChannelId }, 'teapot');
        const seen = store.inSight(sight);
        for (const [method, ask] of ASKS) expect(await ask(seen, other), method).toEqual(await ask(store, other));
        expect((await seen.conversations.list({ kind: 'open' }, page)).map(({ conversation }) => conversation.id)).toEqual([other.conversation]);
        expect(await seen.conversations.counts(MAREK)).toMatchObject({ open: 1, notices: 1 });
        expect(await seen.conversations.workload()).toMatchObject([{ open: 1 }]);
      });

      it(`puts nothing into a ${what} out of sight`, async () => {
        const { customer } = await fill(place);
        const shown = await store.conversations.create(aConversation({ id: fresh<ConversationId>(), customerId: customer, mailboxId: 'open' as MailboxId, channelId: 'returns' as ChannelId }));
        const seen = store.inSight(sight);
        const away = { mailboxId: 'shop' as MailboxId, channelId: 'orders' as ChannelId, ...place };
        await expect(seen.conversations.save({ ...shown, ...away })).rejects.toBeInstanceOf(Refusal);
        await expect(seen.conversations.create(aConversation({ id: fresh<ConversationId>(), customerId: customer, ...away }))).rejects.toBeInstanceOf(Refusal);
        expect(await store.conversations.get(shown.id)).toEqual(shown);
      });
    }

    it('holds inside a transaction, too', async () => {
      const world = await fill({});
      await store.transaction(async (tx) => {
        const seen = tx.inSight({ ...EVERYTHING, channels: new Set(['orders']) });
        expect(await seen.conversations.get(world.conversation)).toBeUndefined();
        expect(await tx.conversations.get(world.conversation)).toBeDefined();
      });
    });

    it('does not lead from a number to what it was merged into, when that is out of sight', async () => {
      const into = await fill({ channelId: 'returns' as ChannelId });
      const { customer } = await fill({}, 'teapot');
      const from = await store.conversations.create(aConversation({ id: fresh<ConversationId>(), customerId: customer, status: 'closed', waitingSince: undefined, mergedInto: into.conversation }));
      const seen = store.inSight({ ...EVERYTHING, channels: new Set(['returns']) });
      expect(await seen.conversations.byNumber(from.number)).toBeUndefined();
      expect(await seen.conversations.list({ kind: 'closed' }, page)).toEqual([]);
      expect((await store.inSight(EVERYTHING).conversations.byNumber(from.number))?.id).toBe(from.id);
    });

    it('shows held mail of mailboxes in sight only', async () => {
      const held = (mailboxId: string): RawMail => ({
        id: fresh(), mailboxId: mailboxId as MailboxId, source: 'smtp', place: undefined, blob: undefined, bytes: 1, recipients: [], receivedAt: NOON, state: 'quarantined', historic: false, tries: 1, outcome: 'broken', messageId: undefined, subject: 's', sender: 'x',
      });
      const [shop, open] = [held('shop'), held('open')];
      await store.rawMails.addMany([shop, open]);
      const seen = store.inSight({ ...EVERYTHING, mailboxes: new Set(['shop']) });
      expect((await seen.rawMails.quarantined()).map(({ id }) => id)).toEqual([open.id]);
      expect(await seen.rawMails.get(shop.id)).toBeUndefined();
      expect((await seen.conversations.counts(MAREK)).quarantine).toBe(1);
      expect((await store.conversations.counts(MAREK)).quarantine).toBe(2);
    });

    it('keeps for whom places are, also of those that left the desk', async () => {
      const visibleTo: Audience = { teams: ['care' as TeamId], agents: ['anna' as AgentId] };
      const desk = aDesk();
      const closed = { ...desk, mailboxes: [aMailbox(), aMailbox({ id: 'hr' as MailboxId, address: 'hr@desk.example', visibleTo })], channels: desk.channels.map((channel) => ({ ...channel, visibleTo })), folders: desk.folders.map((folder) => ({ ...folder, visibleTo })) };
      await store.desk.save(closed);
      expect(await store.desk.load()).toEqual(closed);
      await store.desk.save({ ...desk, channels: desk.channels.slice(1), folders: [] });
      expect((await store.desk.load()).retired).toEqual([
        { kind: 'mailbox', id: 'hr', visibleTo }, { kind: 'channel', id: 'orders', visibleTo }, { kind: 'folder', id: 'system', visibleTo }, { kind: 'folder', id: 'news', visibleTo },
      ]);
    });
  });
}
