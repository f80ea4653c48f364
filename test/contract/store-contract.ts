/** What every store keeps, run on each engine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StaleRevision } from '../../src/core/errors.js';
import type {
  AbsenceId, AgentId, AttachmentId, BlobHash, BulkId, ChannelId, ConversationId, CustomerEventId, CustomerId, CustomerMergeId, CustomerNoteId, DeliveryId, EventId, FolderId, LabelId, MailboxId, MessageId, NoteId, NoticeId, PostRef, RawMailId, RuleId, TeamId,
  TemplateId, ThreadRef,
} from '../../src/core/ids.js';
import type { NewDelivery } from '../../src/core/deliveries.js';
import type { Absence, Conversation, Customer, CustomerEvent, CustomerMerge, CustomerNote, FolderCursor, HistoryEvent, Message, NewCustomer, Note, Notice, RawMail, Template } from '../../src/core/model.js';
import type { Change, Store } from '../../src/core/ports/store.js';
import { patternsFor, type SenderEntry, type SenderPattern, type SenderVerdict } from '../../src/core/senders.js';
import { newId } from '../../src/storage/new-id.js';
import { aConversation, aDesk, aMailbox, aMessage, aTemplate, NOON } from '../support/samples.js';
import { eventually } from '../support/eventually.js';
import type { FreshDatabase, FreshDatabaseOf } from '../storage/databases.js';
import { parseSearch, plainSearch } from '../../src/core/search/parse.js';
import type { SearchQuery } from '../../src/core/search/query.js';
import type { SavedSearch } from '../../src/core/search/saved.js';
import { restorable, type Bulk } from '../../src/core/bulk.js';

const HOUR_MS = 3_600_000;
const later = (ms: number): Date => new Date(NOON.getTime() + ms);
/** A new id of whatever kind is wanted. */
const fresh = <Id extends string>(): Id => newId() as Id;

/**
 * @param openFresh a fresh database of the engine
 * @param options `nodes`: several processes can share it at once
 */
export function storeContract(name: string, openFresh: FreshDatabaseOf, options: { readonly nodes: boolean }): void {
  describe(`the ${name} store`, () => {
    let database: FreshDatabase;
    let store: Store;
    let anna: Customer;

    beforeEach(async () => {
      database = await openFresh();
      ({ store } = await database.open());
      anna = { id: fresh<CustomerId>(), name: 'Anna Żółć', addresses: ['anna@customer.example'], language: 'pl', labels: [], mergedInto: undefined };
      await store.customers.add(anna);
    });
    afterEach(() => database.remove());

    function open(over: Partial<Conversation> = {}): Promise<Conversation> {
      return store.conversations.create({ ...aConversation({ id: fresh<ConversationId>(), customerId: anna.id, createdAt: NOON, updatedAt: NOON }), ...over });
    }
    function write(conversation: Conversation, over: Partial<Message> = {}): Promise<Message> {
      const message = aMessage({ id: fresh<MessageId>(), conversationId: conversation.id, ...over });
      return store.messages.add(message).then(() => message);
    }

    describe('transactions', () => {
      it('roll back everything when the work rejects', async () => {
        const id = fresh<ConversationId>();
        const failing = store.transaction(async (tx) => {
          await tx.conversations.create(aConversation({ id, customerId: anna.id }));
          await tx.customers.update(anna.id, { name: 'Somebody else' });
          await tx.jobs.enqueue({ task: 'timers', payload: '', queue: 'q', key: 'k', runAt: NOON });
          throw new Error('no');
        });
        await expect(failing).rejects.toThrow('no');
        expect(await store.conversations.get(id)).toBeUndefined();
        expect((await store.customers.get(anna.id))?.name).toBe('Anna Żółć');
        expect((await open()).number).toBe(1);
      });

      it('show their own writes inside, and nothing outside until they commit', async () => {
        const id = fresh<ConversationId>();
        await store.transaction(async (tx) => {
          await tx.conversations.create(aConversation({ id, customerId: anna.id }));
          await tx.messages.add(aMessage({ id: fresh<MessageId>(), conversationId: id }));
          expect(await tx.messages.of(id)).toHaveLength(1);
          expect(await tx.conversations.list({ kind: 'open' }, { limit: 10, offset: 0 })).toHaveLength(1);
          expect(await store.conversations.get(id)).toBeUndefined();
          expect(await store.messages.of(id)).toHaveLength(0);
          expect(await store.conversations.list({ kind: 'open' }, { limit: 10, offset: 0 })).toHaveLength(0);
        });
        expect(await store.messages.of(id)).toHaveLength(1);
      });

      it('let exactly one of two claims win', async () => {
        const conversation = await open();
        const claim = (agent: string): Promise<Conversation> => store.transaction((tx) => tx.conversations.save({ ...conversation, assigneeId: agent as AgentId }));
        const results = await Promise.allSettled([claim('marek'), claim('anna')]);
        expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(results.find((result) => result.status === 'rejected')?.reason).toBeInstanceOf(StaleRevision);
        expect((await store.conversations.get(conversation.id))?.revision).toBe(2);
      });

      it('are run again on a conflict, so that both of two use cases come through', async () => {
        const conversation = await open();
        const label = (name: string): Promise<Conversation> =>
          store.transaction(async (tx) => {
            const current = await tx.conversations.get(conversation.id);
            if (!current) throw new Error('gone');
            await new Promise((resolve) => setTimeout(resolve, 20));
            return tx.conversations.save({ ...current, labels: [...current.labels, name as LabelId] });
          });
        await Promise.all([label('one'), label('two'), label('three')]);
        expect([...((await store.conversations.get(conversation.id))?.labels ?? [])].sort()).toEqual(['one', 'three', 'two']);
      });

      it('give numbers without gaps or doubles, also when some roll back', async () => {
        const results = await Promise.allSettled(
          Array.from({ length: 24 }, (_, at) =>
            store.transaction(async (tx) => {
              const { number } = await tx.conversations.create(aConversation({ id: fresh<ConversationId>(), customerId: anna.id }));
              if (at % 3 === 0) throw new Error('no');
              return number;
            }),
          ),
        );
        const numbers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
      });

      it('find the customer whom another one added at the same moment', async () => {
        const meet = (): Promise<string> =>
          store.transaction(async (tx) => {
            const known = await tx.customers.byAddress('new@customer.example');
            if (known) return known.id;
            const added = { id: fresh<CustomerId>(), name: '', addresses: ['new@customer.example'], language: undefined };
            await tx.customers.add(added);
            return added.id;
          });
        const [one, other] = await Promise.all([meet(), meet()]);
        expect(one).toBe(other);
      });

      it('end with their work: what was not awaited writes nothing afterwards', async () => {
        const conversation = await open();
        let late: Promise<unknown> = Promise.resolve();
        await store.transaction(async (tx) => {
          late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => tx.events.add(anEvent(conversation)));
          late.catch(() => undefined);
          return Promise.resolve();
        });
        await expect(late).rejects.toThrow(/not awaited/);
        expect(await store.events.of(conversation.id)).toEqual([]);
      });

      it('that hang are given up, and others go on', async () => {
        const conversation = await open();
        const { store: other } = await database.open({ transactionTimeoutMs: 300 });
        const hanging = other.transaction(async (tx) => {
          await tx.events.add(anEvent(conversation));
          await new Promise(() => undefined);
        });
        const next = other.transaction((tx) => tx.conversations.save({ ...conversation, subject: 'after' }));
        await expect(hanging).rejects.toThrow(/given up after 300 ms/);
        expect((await next).subject).toBe('after');
        expect(await store.events.of(conversation.id)).toEqual([]);
      });

      it('queue in a burst, none is refused', async () => {
        const conversation = await open();
        await Promise.all(Array.from({ length: 60 }, () => store.transaction((tx) => tx.events.add(anEvent(conversation)))));
        expect(await store.events.of(conversation.id)).toHaveLength(60);
      });
    });

    describe('changes', () => {
      it('are told after the commit, and not when it was rolled back', async () => {
        const told: Change[] = [];
        store.onChange((change) => told.push(change));
        const conversation = await store.transaction(async (tx) => {
          const created = await tx.conversations.create(aConversation({ id: fresh<ConversationId>(), customerId: anna.id }));
          await tx.events.add(anEvent(created));
          expect(told).toEqual([]);
          return created;
        });
        expect(told).toEqual([{ conversations: [conversation.id], desk: false }]);
        await expect(store.transaction(async (tx) => { await tx.events.add(anEvent(conversation)); throw new Error('no'); })).rejects.toThrow('no');
        await store.calls.firstSeen('web', 'x', NOON);
        expect(told).toHaveLength(1);
      });

      it('stop when nobody listens any more, and a listener that throws harms nobody', async () => {
        const told: Change[] = [];
        store.onChange(() => { throw new Error('listener'); });
        const stop = store.onChange((change) => told.push(change));
        const conversation = await open();
        stop();
        await store.events.add(anEvent(conversation));
        expect(told).toHaveLength(1);
      });

      it('say when the desk changed', async () => {
        const told: Change[] = [];
        store.onChange((change) => told.push(change));
        await store.desk.save(aDesk());
        expect(told).toEqual([{ conversations: [], desk: true }]);
      });

      if (options.nodes) {
        it('are heard by other nodes, once', async () => {
          const { store: other } = await database.open();
          const here: Change[] = [];
          const there: Change[] = [];
          store.onChange((change) => here.push(change));
          other.onChange((change) => there.push(change));
          const conversation = await open();
          await eventually(() => expect(there).toEqual([{ conversations: [conversation.id], desk: false }]));
          await other.desk.save(aDesk());
          await eventually(() => expect(here).toHaveLength(2));
          expect(here).toEqual([{ conversations: [conversation.id], desk: false }, { conversations: [], desk: true }]);
          expect((await store.desk.load()).name).toBe('Sample desk');
        });
      }
    });

    describe('the desk', () => {
      const withSecrets = aDesk({
        mailboxes: [
          aMailbox({
            since: NOON,
            smtp: { host: 'smtp.example', port: 465, security: 'tls', user: 'shop', password: 'smtp-pässword-7f3a', ca: 'PEM', trustAnyCertificate: false },
            imap: {
              host: 'imap.example', port: 993, security: 'tls', user: 'shop', password: 'imap-password-9c1b', ca: undefined, trustAnyCertificate: false,
              folders: ['INBOX'], after: { do: 'move', folder: 'Done' }, sentFolder: undefined, pollSeconds: 60,
            },
          }),
          aMailbox({ id: 'second' as MailboxId, address: 'second@desk.example', smtp: undefined }),
        ],
        rules: [
          { id: 'b' as RuleId, name: 'Second', position: 2, when: { always: true }, then: [{ stop: true }] },
          { id: 'a' as RuleId, name: 'First', position: 1, when: { not: { any: [{ from: '@shop.example' }, { larger: 5 }] } }, then: [{ channel: 'orders' as ChannelId }] },
        ],
        teams: [{ id: 'care' as TeamId, name: 'Care', dealing: 'least-busy', duty: [{ agentId: 'anna' as AgentId, week: { 1: [{ from: 540, to: 1020 }], 6: [] } }] }],
      });

      it('is empty before it was saved', async () => {
        const desk = await store.desk.load();
        expect(desk.agents).toEqual([]);
        expect(desk.mailboxes).toEqual([]);
      });

      it('comes back as it was saved, rules in their order', async () => {
        await store.desk.save(withSecrets);
        expect(await store.desk.load()).toEqual({ ...withSecrets, rules: [...withSecrets.rules].reverse() });
      });

      it('keeps passwords unreadable in the database', async () => {
        await store.desk.save(withSecrets);
        const contents = await database.contents();
        expect(contents).toContain('smtp.example');
        for (const password of ['imap-password-9c1b', 'pässword-7f3a', Buffer.from('smtp-pässword-7f3a').toString('latin1')]) expect(contents).not.toContain(password);
      });

      it('can be saved twice, and in another order', async () => {
        await store.desk.save(withSecrets);
        const turned = { ...withSecrets, agents: [...withSecrets.agents].reverse(), mailboxes: [...withSecrets.mailboxes].reverse() };
        await store.desk.save(turned);
        expect((await store.desk.load()).agents.map(({ id }) => id)).toEqual(turned.agents.map(({ id }) => id));
        expect((await store.desk.load()).mailboxes.map(({ id }) => id)).toEqual(turned.mailboxes.map(({ id }) => id));
      });

      it('keeps out of sight what is gone, and brings it back', async () => {
        const desk = aDesk();
        await store.desk.save(desk);
        await store.desk.setPasswordHash('anna' as AgentId, 'scrypt$1');
        await store.desk.save({ ...desk, agents: desk.agents.filter(({ id }) => id !== 'anna'), labels: [], channels: [] });
        const less = await store.desk.load();
        expect(less.agents.map(({ id }) => id)).not.toContain('anna');
        expect(less.labels).toEqual([]);
        expect((await store.desk.agent('anna' as AgentId))?.name).toBe('Anna Zielińska');
        expect(await store.desk.agentByEmail('anna@desk.example')).toBeUndefined();
        await store.desk.save(desk);
        expect(await store.desk.load()).toEqual(desk);
        expect(await store.desk.passwordHash('anna' as AgentId)).toBe('scrypt$1');
      });

      it('finds agents', async () => {
        await store.desk.save(aDesk());
        expect((await store.desk.agentByEmail('ANNA@desk.example'))?.teams).toEqual(['care']);
        expect(await store.desk.agent('nobody' as AgentId)).toBeUndefined();
        expect(await store.desk.passwordHash('anna' as AgentId)).toBeUndefined();
      });

      it('keeps what an agent chose, whatever desk.yaml says later', async () => {
        await store.desk.save(aDesk());
        await store.desk.setPreferences('marek' as AgentId, { theme: 'dark' });
        await store.desk.setPreferences('marek' as AgentId, { locale: 'pl' });
        await store.desk.save(aDesk());
        const marek = (await store.desk.load()).agents.find(({ id }) => id === 'marek');
        expect(marek).toMatchObject({ theme: 'dark', locale: 'pl', timeZone: 'Europe/Warsaw' });
        expect(await store.desk.agent('marek' as AgentId)).toEqual(marek);
      });

      it('is not remembered from a transaction that was rolled back', async () => {
        await store.desk.save(aDesk({ name: 'Before' }));
        await expect(store.transaction(async (tx) => {
          await tx.desk.save(aDesk({ name: 'Never' }));
          expect((await tx.desk.load()).name).toBe('Never');
          throw new Error('no');
        })).rejects.toThrow('no');
        expect((await store.desk.load()).name).toBe('Before');
        await store.desk.save(aDesk({ name: 'After' }));
        expect((await store.desk.load()).name).toBe('After');
      });
    });


    describe('templates', () => {
      const BY_MAREK = { at: NOON, by: 'marek' as AgentId };
      const files = [{ blob: 'b'.repeat(64) as BlobHash, fileName: 'zwrot.pdf', contentType: 'application/pdf', bytes: 12 }];
      const refund = aTemplate({
        id: 'refund' as TemplateId, name: 'Zwrot', category: 'Pieniądze', texts: [{ language: 'pl', body: 'Dzień dobry' }, { language: 'en', body: 'Hello' }], mailboxes: ['shop' as MailboxId], teams: ['care' as TeamId], files,
      });
      const offered = async (): Promise<readonly Template[]> => (await store.desk.load()).templates;

      beforeEach(() => store.desk.save(aDesk()));

      it('come back as they were saved, behind those that are there, and everybody is told that the desk changed', async () => {
        const told: Change[] = [];
        store.onChange((change) => told.push(change));
        await store.templates.save(refund, BY_MAREK);
        expect(await offered()).toEqual([...aDesk().templates, refund]);
        expect(told).toEqual([{ conversations: [], desk: true }]);
        const changed = { ...refund, name: 'Zwrot pieniędzy', files: [] };
        await store.templates.save(changed, { at: later(HOUR_MS), by: 'anna' as AgentId });
        expect(await offered()).toEqual([...aDesk().templates, changed]);
        expect((await store.templates.all()).at(-1)).toEqual({ template: changed, retired: false, described: undefined, changed: { at: later(HOUR_MS), by: 'anna' } });
      });

      it('are kept when they are retired, and come back', async () => {
        await store.templates.save(refund, BY_MAREK);
        await store.templates.retire(refund.id, { at: later(1), by: 'anna' as AgentId });
        expect(await offered()).toEqual(aDesk().templates);
        expect((await store.templates.all()).at(-1)).toEqual({ template: refund, retired: true, described: undefined, changed: { at: later(1), by: 'anna' } });
        await store.templates.save(refund, BY_MAREK);
        expect(await offered()).toEqual([...aDesk().templates, refund]);
      });

      it('remember what desk.yaml said of them', async () => {
        const { id: _id, files: _files, ...described } = aTemplate();
        await store.templates.setDescribed([aTemplate()]);
        expect((await store.templates.all()).map((one) => one.described)).toEqual([described, undefined]);
        await store.templates.save(aTemplate({ name: 'Hello again' }), BY_MAREK);
        expect((await store.templates.all())[0]).toMatchObject({ template: { name: 'Hello again' }, described });
        await store.templates.setDescribed([]);
        expect((await store.templates.all())[0]?.described).toBeUndefined();
      });

      it('that nobody had changed are taken for what desk.yaml said', async () => {
        await store.templates.save(aTemplate({ name: 'Hello again' }), BY_MAREK);
        await store.templates.retire('received' as TemplateId, BY_MAREK);
        expect((await store.templates.all()).map((one) => one.described?.name)).toEqual(['Hello', 'Received']);
      });

      it('count how often answers were begun from them, once an answer, and not those that were taken back', async () => {
        const [first, second] = [fresh<MessageId>(), fresh<MessageId>()];
        await store.templates.countUse('hello' as TemplateId, first, NOON);
        await store.templates.countUse('hello' as TemplateId, first, NOON);
        await store.templates.countUse('hello' as TemplateId, second, later(HOUR_MS));
        await store.templates.countUse('received' as TemplateId, second, later(HOUR_MS));
        expect([...(await store.templates.usage())].sort()).toEqual([['hello', { count: 2, lastAt: later(HOUR_MS) }], ['received', { count: 1, lastAt: later(HOUR_MS) }]]);
        await store.templates.forgetUses(second);
        expect([...(await store.templates.usage())]).toEqual([['hello', { count: 1, lastAt: NOON }]]);
      });
    });

    describe('conversations', () => {
      it('come back as they were created', async () => {
        const whole = await open({
          dueAt: later(HOUR_MS), assigneeId: 'marek' as AgentId, teamId: 'care' as TeamId, labels: ['complaint' as LabelId], priority: 'high', participants: ['anna@customer.example', 'jan@customer.example'],
          warning: { kind: 'stranger', address: 'x@y.example', messageId: 'm' as MessageId }, threadRef: 't' as ThreadRef, cardRef: 'c' as PostRef, subject: 'Łódź 🏺',
        });
        expect(await store.conversations.get(whole.id)).toEqual(whole);
        expect(await store.conversations.byNumber(whole.number)).toEqual(whole);
        const bare = await open({ waitingSince: undefined, channelId: undefined, folderId: 'news' as FolderId, language: undefined });
        expect(await store.conversations.get(bare.id)).toEqual(bare);
        expect([whole.number, bare.number]).toEqual([1, 2]);
        expect(await store.conversations.get(fresh<ConversationId>())).toBeUndefined();
        expect(await store.conversations.byNumber(99)).toBeUndefined();
      });

      it('count their revision up, and refuse what was drawn from an older one', async () => {
        const first = await open();
        const second = await store.conversations.save({ ...first, status: 'closed', waitingSince: undefined, updatedAt: later(5) });
        expect(second).toEqual({ ...first, status: 'closed', waitingSince: undefined, updatedAt: later(5), revision: 2 });
        expect(await store.conversations.get(first.id)).toEqual(second);
        await expect(store.conversations.save({ ...first, status: 'open' })).rejects.toBeInstanceOf(StaleRevision);
      });

      it('keep the ids of their posts when an older state is saved', async () => {
        const conversation = await open();
        await store.conversations.setRefs(conversation.id, { threadRef: 'thread' as ThreadRef, cardRef: 'card' as PostRef });
        const saved = await store.conversations.save({ ...conversation, priority: 'urgent' });
        expect(saved).toMatchObject({ threadRef: 'thread', cardRef: 'card', revision: 2, priority: 'urgent' });
        expect(await store.conversations.get(conversation.id)).toEqual(saved);
      });

      it('are found by their thread, on that bridge only', async () => {
        await store.desk.save(aDesk());
        const conversation = await open();
        await store.conversations.setRefs(conversation.id, { threadRef: 'thread-1' as ThreadRef, cardRef: undefined });
        expect((await store.conversations.byThread('web', 'thread-1'))?.id).toBe(conversation.id);
        expect(await store.conversations.byThread('slack', 'thread-1')).toBeUndefined();
        expect(await store.conversations.byThread('web', 'thread-2')).toBeUndefined();
      });

      it('of a customer are counted, and the open ones listed newest first', async () => {
        const [one, two] = [await open(), await open({ status: 'pending' })];
        const three = await open({ status: 'closed' });
        const spam = await open({ status: 'spam' });
        const merged = await open({ status: 'closed', mergedInto: one.id });
        const last = await open({ status: 'closed' });
        expect((await store.conversations.openOf(anna.id, 5)).map(({ id }) => id)).toEqual([two.id, one.id]);
        expect(await store.conversations.openOf(anna.id, 1)).toHaveLength(1);
        expect(await Promise.all([one, two, last].map(({ number }) => store.conversations.countBefore(anna.id, number)))).toEqual([0, 1, 3]);
        expect(await store.conversations.countBefore(fresh<CustomerId>(), 99)).toBe(0);
        expect((await store.conversations.ofCustomer(anna.id)).map(({ id }) => id)).toEqual([last.id, spam.id, three.id, two.id, one.id]);
        expect(await store.conversations.ofCustomer(anna.id, 2)).toHaveLength(2);
        expect((await store.conversations.tracesOf(anna.id)).map(({ id }) => id)).toEqual([one.id, two.id, three.id, spam.id, merged.id, last.id]);
      });

      it('go to another customer, and whoever loaded them before cannot save the former one', async () => {
        const other: NewCustomer = { id: fresh<CustomerId>(), name: 'Jan', addresses: ['jan@customer.example'], language: undefined };
        await store.customers.add(other);
        const before = await open();
        await store.conversations.giveTo([before.id], other.id);
        await store.conversations.giveTo([], other.id);
        expect((await store.conversations.get(before.id))?.customerId).toBe(other.id);
        await expect(store.conversations.save(before)).rejects.toThrow(StaleRevision);
      });

      it('are listed by view: the longest wait first, closed ones newest first', async () => {
        const marek = 'marek' as AgentId;
        const short = await open({ waitingSince: later(-1_000) });
        const long = await open({ waitingSince: later(-HOUR_MS), assigneeId: marek, teamId: 'care' as TeamId });
        const none = await open({ waitingSince: undefined, channelId: 'returns' as ChannelId, teamId: 'care' as TeamId });
        await open({ status: 'closed', updatedAt: later(1) });
        const lastClosed = await open({ status: 'closed', updatedAt: later(2) });
        const [pending, snoozed, spam] = [await open({ status: 'pending' }), await open({ status: 'snoozed' }), await open({ status: 'spam' })];
        const filed = await open({ channelId: undefined, folderId: 'news' as FolderId });
        const list = async (view: Parameters<typeof store.conversations.list>[0], limit = 10, offset = 0): Promise<string[]> =>
          (await store.conversations.list(view, { limit, offset })).map(({ conversation }) => conversation.id);

        expect(await list({ kind: 'open' })).toEqual([long.id, short.id, none.id]);
        expect(await list({ kind: 'open' }, 1, 1)).toEqual([short.id]);
        expect(await list({ kind: 'unassigned' })).toEqual([short.id, none.id]);
        expect(await list({ kind: 'mine', agentId: marek })).toEqual([long.id]);
        expect(await list({ kind: 'team', teamId: 'care' as TeamId })).toEqual([long.id, none.id]);
        expect(await list({ kind: 'channel', channelId: 'orders' as ChannelId })).toEqual([long.id, short.id]);
        expect((await list({ kind: 'closed' }))[0]).toBe(lastClosed.id);
        expect(await list({ kind: 'pending' })).toEqual([pending.id]);
        expect(await list({ kind: 'snoozed' })).toEqual([snoozed.id]);
        expect(await list({ kind: 'spam' })).toEqual([spam.id]);
        expect(await list({ kind: 'folder', folderId: 'news' as FolderId })).toEqual([filed.id]);

        await store.rawMails.addMany([aRawMail({ state: 'quarantined' })]);
        expect(await store.conversations.counts(marek)).toEqual({
          open: 3, mine: 1, unassigned: 2, overdue: 0, pending: 1, snoozed: 1, closed: 2, spam: 1, quarantine: 1, notices: 0,
          channels: new Map([['orders', 2], ['returns', 1]]), teams: new Map([['care', 2]]), folders: new Map([['news', 1]]),
        });
      });

      it('that are overdue stand on top, the longest overdue first, also over several pages; they are listed and counted', async () => {
        const marek = 'marek' as AgentId;
        const due = (ms: number): Date => new Date(database.clock.now().getTime() + ms);
        const waits = await open({ waitingSince: later(-2 * HOUR_MS), dueAt: due(HOUR_MS), assigneeId: marek });
        const [late, longer, longest] = [await open({ dueAt: due(-1_000), waitingSince: later(-HOUR_MS) }), await open({ dueAt: due(-2_000), assigneeId: marek }), await open({ dueAt: due(-3_000), waitingSince: later(-1_000) })];
        const none = await open({ waitingSince: undefined });
        await open({ status: 'snoozed', dueAt: due(-1_000) });
        const filed = await open({ channelId: undefined, folderId: 'news' as FolderId, dueAt: due(-1_000) });
        const list = async (view: Parameters<typeof store.conversations.list>[0], limit = 10, offset = 0): Promise<string[]> =>
          (await store.conversations.list(view, { limit, offset })).map(({ conversation }) => conversation.id);

        const all = [longest, longer, late, waits, none].map(({ id }) => id);
        expect(await list({ kind: 'open' })).toEqual(all);
        for (const size of [1, 2, 3, 4]) expect((await Promise.all([0, 1, 2, 3, 4, 5].map((page) => list({ kind: 'open' }, size, page * size)))).flat(), `pages of ${size}`).toEqual(all);
        expect(await list({ kind: 'mine', agentId: marek })).toEqual([longer.id, waits.id]);
        expect(await list({ kind: 'overdue' })).toEqual([longest.id, longer.id, late.id]);
        expect(await list({ kind: 'overdue' }, 2, 1)).toEqual([longer.id, late.id]);
        expect(await list({ kind: 'folder', folderId: 'news' as FolderId })).toEqual([filed.id]);
        expect((await store.conversations.counts(marek)).overdue).toBe(3);
      });

      it('are counted by owner and team: what is open, waits or is snoozed, and who waits longest', async () => {
        const [marek, care] = ['marek' as AgentId, 'care' as TeamId];
        await open({ assigneeId: marek, teamId: care, waitingSince: later(-1_000) });
        await open({ assigneeId: marek, teamId: care, waitingSince: later(-HOUR_MS) });
        await open({ assigneeId: marek, teamId: care, status: 'pending', waitingSince: undefined });
        await open({ assigneeId: marek, status: 'snoozed', waitingSince: undefined });
        await open({ teamId: care, waitingSince: undefined });
        await open({ assigneeId: marek, status: 'closed' });
        await open({ assigneeId: marek, channelId: undefined, folderId: 'news' as FolderId });
        const works = await store.conversations.workload();
        const by = (agentId: AgentId | undefined, teamId: TeamId | undefined): object | undefined => works.find((work) => work.agentId === agentId && work.teamId === teamId);
        expect(works).toHaveLength(3);
        expect(by(marek, care)).toEqual({ agentId: marek, teamId: care, open: 2, pending: 1, snoozed: 0, waitingSince: later(-HOUR_MS) });
        expect(by(marek, undefined)).toEqual({ agentId: marek, teamId: undefined, open: 0, pending: 0, snoozed: 1, waitingSince: undefined });
        expect(by(undefined, care)).toEqual({ agentId: undefined, teamId: care, open: 1, pending: 0, snoozed: 0, waitingSince: undefined });
      });

      it('are listed with what stands beside them', async () => {
        const conversation = await open();
        const empty = await open({ waitingSince: undefined });
        const file = { id: fresh<AttachmentId>(), fileName: 'a.pdf', contentType: 'application/pdf', bytes: 1, inline: false, contentId: undefined, content: { kind: 'part', index: 0 } } as const;
        await write(conversation, { attachments: [file, { ...file, id: fresh<AttachmentId>(), inline: true }] });
        await write(conversation, { direction: 'out', state: 'failed', createdAt: later(1) });
        const problem = { key: 'x', params: { n: 1 }, detail: undefined };
        const bounced = await write(conversation, { direction: 'out', state: 'bounced', problem, createdAt: later(2) });
        await store.notes.add(aNote(conversation));
        await store.notes.add(aNote(conversation, { deletedAt: NOON }));
        const until = new Date(database.clock.now().getTime() + HOUR_MS);
        await store.presence.begin({ conversationId: conversation.id, agentId: 'marek' as AgentId, via: 'web', doing: 'writing', until });
        const [row, bare] = await store.conversations.list({ kind: 'open' }, { limit: 10, offset: 0 });
        expect(row).toEqual({
          conversation, customer: anna, messages: 3, notes: 1, files: 1, trouble: { id: bounced.id, state: 'bounced', problem },
          answering: { conversationId: conversation.id, agentId: 'marek', via: 'web', doing: 'writing', until },
        });
        expect(bare).toEqual({ conversation: empty, customer: anna, messages: 0, notes: 0, files: 0, trouble: undefined, answering: undefined });
        database.clock.pass(2 * HOUR_MS);
        expect((await store.conversations.list({ kind: 'open' }, { limit: 1, offset: 0 }))[0]?.answering).toBeUndefined();
      });
    });

    describe('messages', () => {
      it('come back whole, oldest first', async () => {
        const conversation = await open();
        const second = await write(conversation, { createdAt: later(1) });
        const first = await write(conversation, {
          automatic: { kind: 'auto-reply', reason: 'Auto-Submitted' }, rawMailId: fresh<RawMailId>(), inReplyTo: 'a@b', references: ['x@y', 'a@b'], cc: [{ address: 'c@d.example', name: 'Ć "D"' }],
          replyTo: [{ address: 'r@d.example', name: '' }], hiddenText: '> old', hiddenLines: 14, hasHtml: true, text: 'Zażółć 🏺\n\n**ok**', createdAt: NOON,
          attachments: [
            { id: fresh<AttachmentId>(), fileName: 'ż.pdf', contentType: 'application/pdf', bytes: 12, inline: false, contentId: undefined, content: { kind: 'part', index: 1 } },
            { id: fresh<AttachmentId>(), fileName: 'b.png', contentType: 'image/png', bytes: 34, inline: true, contentId: 'cid', content: { kind: 'blob', hash: 'ab' as BlobHash } },
          ],
        });
        expect(await store.messages.of(conversation.id)).toEqual([first, second]);
        expect(await store.messages.get(first.id)).toEqual(first);
        expect(await store.messages.get(fresh<MessageId>())).toBeUndefined();
        const [file] = first.attachments;
        if (file) expect(await store.messages.attachment(file.id)).toEqual({ ...file, messageId: first.id });
        expect(await store.messages.attachment(fresh<AttachmentId>())).toBeUndefined();
      });

      it('of one instant keep the order in which they were added', async () => {
        const conversation = await open();
        const ids = [(await write(conversation)).id, (await write(conversation)).id, (await write(conversation)).id];
        expect((await store.messages.of(conversation.id)).map(({ id }) => id)).toEqual(ids);
      });

      it('change only where they are told to', async () => {
        const message = await write(await open(), { direction: 'out', state: 'queued', sendAt: later(15_000), sentAt: undefined });
        const problem = { key: 'mail.refused', params: { code: 550 }, detail: 'no such user' };
        await store.messages.update(message.id, { state: 'failed', problem });
        expect(await store.messages.get(message.id)).toEqual({ ...message, state: 'failed', problem });
        await store.messages.update(message.id, { problem: undefined, sendAt: undefined, sentAt: later(1), text: 'new' });
        expect(await store.messages.get(message.id)).toEqual({ ...message, state: 'failed', sendAt: undefined, sentAt: later(1), text: 'new' });
        await store.messages.update(message.id, {});
      });

      it('are found by Message-ID', async () => {
        const conversation = await open();
        const one = await write(conversation, { headerId: 'one@x' });
        const copy = await write(await open(), { headerId: 'one@x', createdAt: later(1) });
        await write(conversation, { headerId: undefined });
        expect((await store.messages.byHeaderIds(['nothing', 'one@x'])).map(({ id }) => id)).toEqual([one.id, copy.id]);
        expect(await store.messages.byHeaderIds([])).toEqual([]);
        expect(await store.messages.byHeaderIds(Array.from({ length: 3_000 }, (_, at) => `${at}@x`))).toEqual([]);
      });

      it('take what hostile mail puts into headers', async () => {
        const conversation = await open({ subject: 'nul \0 in it' });
        const headerId = `${'ż'.repeat(20_000)}@x`;
        const message = await write(conversation, { headerId, text: 'a\0b', subject: '\0', from: { address: `${'a'.repeat(9_000)}@x`, name: '\ud800' } });
        expect((await store.messages.byHeaderIds([headerId])).map(({ id }) => id)).toEqual([message.id]);
        expect((await store.messages.get(message.id))?.text).toBe('a\uFFFDb');
        await store.customers.add({ id: fresh<CustomerId>(), name: '\0', addresses: [`${'b'.repeat(9_000)}@x`], language: undefined });
        expect(await store.customers.byAddress(`${'b'.repeat(9_000)}@x`)).toBeDefined();
        await store.search.index({ conversationId: conversation.id, kind: 'message', id: message.id, text: `${'x'.repeat(5_000)} \0 needle ${Array.from({ length: 60_000 }, (_, at) => `w${at}`).join(' ')}` });
        expect(await store.search.find(plainSearch('needle'), 5)).toHaveLength(1);
      });

      it('that are copies are found by content, within the mailbox and inbound', async () => {
        const message = await write(await open(), { contentHash: 'same' });
        await write(await open(), { contentHash: 'same', direction: 'out' });
        await write(await open({ mailboxId: 'other' as MailboxId }), { contentHash: 'same' });
        expect((await store.messages.byContentHash('shop' as MailboxId, 'same')).map(({ id }) => id)).toEqual([message.id]);
      });

      it('sent automatically are counted by receiver and time', async () => {
        const conversation = await open();
        const automatic = { direction: 'out', automatic: { kind: 'acknowledgement', reason: 'rule' }, to: [{ address: 'anna@customer.example', name: '' }], state: 'sent' } as const;
        await write(conversation, { ...automatic, createdAt: later(-HOUR_MS) });
        await write(conversation, { ...automatic, createdAt: NOON });
        await write(conversation, { ...automatic, createdAt: NOON, state: 'cancelled' });
        await write(conversation, { ...automatic, automatic: undefined, createdAt: NOON });
        await write(conversation, { ...automatic, direction: 'in', createdAt: NOON });
        expect(await store.messages.automaticSentTo('anna@customer.example', later(-1))).toBe(1);
        expect(await store.messages.automaticSentTo('anna@customer.example', later(-2 * HOUR_MS))).toBe(2);
        expect(await store.messages.automaticSentTo('other@customer.example', later(-1))).toBe(0);
      });

      it('that can still be undone are found, soonest first', async () => {
        const conversation = await open();
        const mine = { direction: 'out', authorId: 'marek' as AgentId, state: 'queued' } as const;
        const second = await write(conversation, { ...mine, sendAt: later(20) });
        const first = await write(conversation, { ...mine, sendAt: later(10) });
        await write(conversation, { ...mine, sendAt: later(-1) });
        await write(conversation, { ...mine, state: 'sent', sendAt: later(20) });
        await write(conversation, { ...mine, authorId: 'anna' as AgentId, sendAt: later(20) });
        expect((await store.messages.undoableBy('marek' as AgentId, NOON)).map(({ id }) => id)).toEqual([first.id, second.id]);
      });
    });

    it('keeps notes', async () => {
      const conversation = await open();
      const files = [{ blob: 'ab' as BlobHash, fileName: 'zwrot.pdf', contentType: 'application/pdf', bytes: 12 }];
      const [one, two] = [aNote(conversation, { files }), aNote(conversation, { createdAt: later(1) })];
      await store.notes.add(two);
      await store.notes.add(one);
      await store.notes.update(one.id, { text: 'edited', editedAt: later(2) });
      await store.notes.update(two.id, { deletedAt: later(3) });
      await store.notes.update(one.id, { pinnedAt: later(4) });
      expect((await store.notes.get(one.id))?.pinnedAt).toEqual(later(4));
      await store.notes.update(one.id, { pinnedAt: undefined });
      expect(await store.notes.of(conversation.id)).toEqual([{ ...one, text: 'edited', editedAt: later(2) }, { ...two, deletedAt: later(3) }]);
      expect(await store.notes.get(two.id)).toEqual({ ...two, deletedAt: later(3) });
      expect(await store.notes.get(fresh<NoteId>())).toBeUndefined();
    });

    it('keeps history, oldest first, with who did it', async () => {
      const conversation = await open();
      const events = [anEvent(conversation), anEvent(conversation, { actor: { kind: 'agent', id: 'marek' as AgentId } }), anEvent(conversation, { actor: { kind: 'rule', id: 'r' as RuleId }, data: { to: 'Łódź' }, at: later(1) })];
      for (const event of [...events].reverse()) await store.events.add(event);
      expect(await store.events.of(conversation.id)).toEqual(events);
    });

    it('keeps customers and their addresses', async () => {
      await store.customers.addAddress(anna.id, 'anna@work.example');
      await store.customers.update(anna.id, { name: 'Anna', language: undefined });
      const now = { ...anna, name: 'Anna', language: undefined, addresses: ['anna@customer.example', 'anna@work.example'] };
      expect(await store.customers.get(anna.id)).toEqual(now);
      expect(await store.customers.byAddress('anna@work.example')).toEqual(now);
      expect(await store.customers.byAddress('jan@work.example')).toBeUndefined();
      expect(await store.customers.get(fresh<CustomerId>())).toBeUndefined();
      await expect(store.customers.addAddress(anna.id, 'anna@work.example')).rejects.toThrow();
      await store.customers.removeAddress(anna.id, 'anna@customer.example');
      await store.customers.addAddress(anna.id, 'anna@new.example');
      await store.customers.update(anna.id, { labels: ['vip' as LabelId], mergedInto: undefined });
      expect(await store.customers.get(anna.id)).toEqual({ ...now, labels: ['vip'], addresses: ['anna@work.example', 'anna@new.example'] });
      expect(await store.customers.byAddress('anna@customer.example')).toBeUndefined();
    });

    it('keeps notes and history of customers, and moves them when two are made one', async () => {
      const jan: NewCustomer = { id: fresh<CustomerId>(), name: 'Jan', addresses: ['jan@customer.example', 'jan@work.example'], language: undefined };
      await store.customers.add(jan);
      const note = (text: string, createdAt: Date): CustomerNote => ({ id: fresh<CustomerNoteId>(), customerId: jan.id, authorId: 'marek' as AgentId, text, createdAt });
      const [second, first] = [note('two', later(2)), note('one', later(1))];
      for (const one of [second, first]) await store.customers.addNote(one);
      expect(await store.customers.notes(jan.id)).toEqual([first, second]);
      const event: CustomerEvent = { id: fresh<CustomerEventId>(), customerId: jan.id, at: NOON, agentId: 'marek' as AgentId, what: 'renamed', data: { name: 'Łucja' } };
      await store.customers.addEvent(event);
      expect(await store.customers.events(jan.id)).toEqual([event]);

      const merge: CustomerMerge = { id: fresh<CustomerMergeId>(), from: jan.id, into: anna.id, at: NOON, agentId: 'marek' as AgentId, moved: { addresses: jan.addresses, conversations: [fresh<ConversationId>()], notes: [first.id], before: { name: 'Anna', language: undefined, labels: [] } } };
      await store.customers.addMerge(merge);
      await store.customers.move(merge.moved, jan.id, anna.id);
      await store.customers.update(jan.id, { mergedInto: anna.id });
      expect((await store.customers.get(anna.id))?.addresses).toEqual([...anna.addresses, ...jan.addresses]);
      expect(await store.customers.get(jan.id)).toMatchObject({ addresses: [], mergedInto: anna.id });
      expect([await store.customers.notes(anna.id), await store.customers.notes(jan.id)]).toEqual([[{ ...first, customerId: anna.id }], [second]]);
      expect(await store.customers.lastMerge(anna.id)).toEqual(merge);
      await store.customers.mergeUndone(merge.id, later(9));
      expect(await store.customers.lastMerge(anna.id)).toBeUndefined();
      await store.customers.removeNote(second.id);
      expect(await store.customers.notes(jan.id)).toEqual([]);
    });

    it('deletes for good, remembers the number, and says which bytes nothing else needs', async () => {
      const spam = await open({ status: 'spam', updatedAt: later(-HOUR_MS) });
      const [kept, fresher] = [await open({ status: 'open', updatedAt: later(-HOUR_MS) }), await open({ status: 'spam', updatedAt: later(HOUR_MS) })];
      const [gone, shared] = ['a'.repeat(64), 'b'.repeat(64)] as [BlobHash, BlobHash];
      const [raw, other] = [aRawMail({ blob: gone, state: 'done' }), aRawMail({ blob: shared, state: 'done' })];
      const message = await write(spam, { rawMailId: raw.id });
      await store.rawMails.addMany([{ ...raw, messageId: message.id }, other]);
      await store.notes.add(aNote(spam, { files: [{ blob: shared, fileName: 'a.pdf', contentType: 'application/pdf', bytes: 1 }] }));
      await store.events.add(anEvent(spam));
      await store.search.index({ conversationId: spam.id, kind: 'message', id: message.id, text: 'casino' });
      expect(await store.purges.due(NOON, 5)).toEqual([spam.id]);

      await store.purges.purge(spam.id, { at: later(5), spamSince: NOON, agentId: 'marek' as AgentId });
      const purged = { number: spam.number, conversationId: spam.id, spamSince: NOON, agentId: 'marek', purgedAt: later(5) };
      expect([await store.purges.byNumber(spam.number), await store.purges.get(spam.id), await store.purges.byNumber(kept.number)]).toEqual([purged, purged, undefined]);
      expect([await store.conversations.get(spam.id), await store.messages.get(message.id)]).toEqual([undefined, undefined]);
      expect([await store.notes.of(spam.id), await store.events.of(spam.id)]).toEqual([[], []]);
      expect(await store.rawMails.get(raw.id)).toMatchObject({ state: 'purged', blob: gone, subject: '', sender: '', messageId: undefined });
      expect((await store.conversations.get(fresher.id))?.status).toBe('spam');
      expect(await store.customers.get(anna.id)).toBeDefined();

      expect([...(await store.purges.blobs(5))].sort()).toEqual([gone, shared]);
      expect(await store.purges.needed([gone, shared])).toEqual(new Set([shared]));
      await store.purges.forgetBlobs([gone]);
      expect(await store.purges.blobs(5)).toEqual([shared]);
    });

    it('keeps senders, one word about each', async () => {
      const entry = (pattern: string, verdict: SenderVerdict, at = NOON): SenderEntry => ({ pattern: pattern as SenderPattern, verdict, agentId: 'marek' as AgentId, at });
      const [address, domain] = [entry('ads@casino.example', 'blocked'), entry('@partner.example', 'allowed')];
      for (const one of [address, domain, { ...domain, verdict: 'blocked' as const, at: later(5) }]) await store.senders.put(one);
      expect(await store.senders.of(patternsFor('ads@casino.example'))).toEqual([address]);
      expect(await store.senders.of([])).toEqual([]);
      expect(await store.senders.all()).toEqual([{ ...domain, verdict: 'blocked', at: later(5) }, address]);
      await store.senders.remove(domain.pattern);
      expect(await store.senders.all()).toEqual([address]);
      await store.senders.put(entry(`${'x'.repeat(9_000)}@casino.example`, 'blocked'));
      expect(await store.senders.of(patternsFor(`${'x'.repeat(9_000)}@casino.example`))).toHaveLength(1);
    });

    describe('raw mails', () => {
      it('remember where they were moved to on the server', async () => {
        const mail = aRawMail();
        await store.rawMails.addMany([mail]);
        const to = { folder: 'Junk', uidValidity: 4_294_967_295, uid: 12 };
        await store.rawMails.moved(mail.id, to);
        expect(await store.rawMails.get(mail.id)).toEqual({ ...mail, movedTo: to });
      });

      it('come back as they were added, up to the greatest UID', async () => {
        const mail = aRawMail({ place: { folder: 'INBOX', uidValidity: 4_294_967_295, uid: 4_294_967_294 }, recipients: ['shop@desk.example'], historic: true, outcome: 'x', messageId: fresh<MessageId>() });
        const bare = aRawMail({ place: undefined, blob: undefined });
        expect(await store.rawMails.addMany([mail, bare])).toBe(2);
        expect(await store.rawMails.get(mail.id)).toEqual(mail);
        expect(await store.rawMails.get(bare.id)).toEqual(bare);
        expect(await store.rawMails.get(fresh<RawMailId>())).toBeUndefined();
      });

      it('are added once a place', async () => {
        const place = { folder: 'INBOX', uidValidity: 1, uid: 7 };
        expect(await store.rawMails.addMany([aRawMail({ place }), aRawMail({ place }), aRawMail({ place: { ...place, uid: 8 } })])).toBe(2);
        expect(await store.rawMails.addMany([aRawMail({ place })])).toBe(0);
        expect(await store.rawMails.addMany([aRawMail({ place, mailboxId: 'other' as MailboxId }), aRawMail({ place: { ...place, uidValidity: 2 } }), aRawMail({ place: { ...place, folder: 'Junk' } })])).toBe(3);
        // Mail without a place (SMTP) is never the same.
        expect(await store.rawMails.addMany([aRawMail({ place: undefined }), aRawMail({ place: undefined })])).toBe(2);
        expect(await store.rawMails.addMany([])).toBe(0);
      });

      it('wait oldest first, are tried, and settle', async () => {
        const [second, first] = [aRawMail({ receivedAt: later(1) }), aRawMail({ receivedAt: NOON })];
        await store.rawMails.addMany([second, first, aRawMail({ state: 'history' }), aRawMail({ mailboxId: 'other' as MailboxId })]);
        const waiting = async (limit: number): Promise<string[]> => (await store.rawMails.waiting('shop' as MailboxId, limit)).map(({ id }) => id);
        expect(await waiting(9)).toEqual([first.id, second.id]);
        expect(await waiting(1)).toEqual([first.id]);
        await store.rawMails.countTry([first.id]);
        await store.rawMails.countTry([first.id]);
        await store.rawMails.settle(first.id, { state: 'quarantined', outcome: 'cannot be read' });
        const messageId = fresh<MessageId>();
        await store.rawMails.settle(second.id, { state: 'done', messageId });
        expect(await waiting(9)).toEqual([]);
        expect(await store.rawMails.quarantined()).toEqual([{ ...first, state: 'quarantined', outcome: 'cannot be read', tries: 2 }]);
        expect(await store.rawMails.get(second.id)).toEqual({ ...second, state: 'done', messageId });
      });

      it('say which blobs and places are known', async () => {
        await store.rawMails.addMany([
          aRawMail({ blob: 'aa' as BlobHash, place: { folder: 'INBOX', uidValidity: 1, uid: 2 } }),
          aRawMail({ blob: 'bb' as BlobHash, place: { folder: 'INBOX', uidValidity: 1, uid: 1 }, state: 'done' }),
          aRawMail({ blob: 'cc' as BlobHash, mailboxId: 'other' as MailboxId }),
        ]);
        expect(await store.rawMails.knownBlobs('shop' as MailboxId, ['aa', 'cc', 'dd'] as BlobHash[])).toEqual(new Set(['aa']));
        expect(await store.rawMails.knownBlobs('shop' as MailboxId, Array.from({ length: 70_000 }, (_, at) => String(at) as BlobHash))).toEqual(new Set());
        expect(await store.rawMails.places('shop' as MailboxId, 'INBOX', 1)).toEqual([{ uid: 1, state: 'done' }, { uid: 2, state: 'stored' }]);
        expect(await store.rawMails.places('shop' as MailboxId, 'INBOX', 2)).toEqual([]);
      });
    });

    it('keeps cursors, and when the first one of a folder was saved', async () => {
      const cursor: FolderCursor = { mailboxId: 'shop' as MailboxId, folder: 'INBOX', uidValidity: 4_294_967_295, lastUid: 7, historyUid: 3 };
      expect(await store.cursors.get(cursor.mailboxId, 'INBOX')).toBeUndefined();
      expect(await store.cursors.firstSavedAt(cursor.mailboxId, 'INBOX')).toBeUndefined();
      await store.cursors.save(cursor);
      const first = await store.cursors.firstSavedAt(cursor.mailboxId, 'INBOX');
      expect(Math.abs((first?.getTime() ?? 0) - database.clock.now().getTime())).toBeLessThan(60_000);
      database.clock.pass(HOUR_MS);
      await store.cursors.save({ ...cursor, lastUid: 4_294_967_294 });
      expect(await store.cursors.get(cursor.mailboxId, 'INBOX')).toEqual({ ...cursor, lastUid: 4_294_967_294 });
      expect(await store.cursors.firstSavedAt(cursor.mailboxId, 'INBOX')).toEqual(first);
    });

    describe('deliveries', () => {
      it('of a lane come in the order they were added', async () => {
        const [one, two] = [aDelivery(), aDelivery()];
        await store.deliveries.add(one);
        await store.deliveries.add(two);
        await store.deliveries.add(aDelivery({ lane: 'other' }));
        const head = await store.deliveries.head('lane');
        expect(head).toMatchObject({ ...one, state: 'waiting', tries: 0, lastError: undefined, finishedAt: undefined });
        expect(await store.deliveries.get(one.id)).toEqual(head);
        await store.deliveries.move(one.id, 'waiting', 'running');
        expect((await store.deliveries.head('lane'))?.id).toBe(one.id);
        expect((await store.deliveries.running()).map(({ id }) => id)).toEqual([one.id]);
        await store.deliveries.move(one.id, 'running', 'done', { finishedAt: NOON });
        expect((await store.deliveries.head('lane'))?.id).toBe(two.id);
        expect([...(await store.deliveries.openLanes())].sort()).toEqual(['lane', 'other']);
        await store.deliveries.move(two.id, 'waiting', 'uncertain');
        expect(await store.deliveries.head('lane')).toBeUndefined();
        expect(await store.deliveries.openLanes()).toEqual(['other']);
      });

      it('move only from the state they are in', async () => {
        const delivery = aDelivery();
        await store.deliveries.add(delivery);
        const start = (): Promise<boolean> => store.deliveries.move(delivery.id, 'waiting', 'running');
        expect((await Promise.all([start(), start(), start()])).sort()).toEqual([false, false, true]);
        expect(await store.deliveries.move(delivery.id, 'running', 'waiting', { tries: 1, dueAt: later(5), lastError: 'down' })).toBe(true);
        expect(await store.deliveries.get(delivery.id)).toMatchObject({ state: 'waiting', tries: 1, dueAt: later(5), lastError: 'down' });
        await store.deliveries.hurry('another lane', NOON);
        expect((await store.deliveries.get(delivery.id))?.dueAt).toEqual(later(5));
        await store.deliveries.hurry(delivery.lane, NOON);
        expect(await store.deliveries.get(delivery.id)).toMatchObject({ state: 'waiting', tries: 1, dueAt: NOON });
        expect(await store.deliveries.move(fresh<DeliveryId>(), 'waiting', 'running')).toBe(false);
      });

      it('are left out while one of the same key waits, and only then', async () => {
        const add = (over: Partial<NewDelivery> = {}): Promise<boolean> => store.deliveries.add(aDelivery({ coalesce: 'card:1', ...over }));
        const first = aDelivery({ coalesce: 'card:1' });
        expect(await store.deliveries.add(first)).toBe(true);
        expect(await add()).toBe(false);
        expect(await add({ coalesce: 'card:2' })).toBe(true);
        expect(await add({ coalesce: undefined })).toBe(true);
        await store.deliveries.move(first.id, 'waiting', 'running');
        expect(await add()).toBe(true);
        expect(await add()).toBe(false);
        // The running one goes back to wait for its next try: now two wait, and neither lets another in.
        await store.deliveries.move(first.id, 'running', 'waiting');
        expect(await add()).toBe(false);
      });

      it('that one transaction relies on are not started with what was before it', async () => {
        const conversation = await open();
        const first = aDelivery({ coalesce: 'card:1', effect: { kind: 'chat.card', conversationId: conversation.id } });
        await store.deliveries.add(first);
        let seen = '';
        const change = store.transaction(async (tx) => {
          await tx.conversations.save({ ...conversation, subject: 'new' });
          expect(await tx.deliveries.add(aDelivery({ coalesce: 'card:1' }))).toBe(false);
          await new Promise((resolve) => setTimeout(resolve, 100));
        });
        await new Promise((resolve) => setTimeout(resolve, 30));
        const worker = store.deliveries.move(first.id, 'waiting', 'running').then(async () => {
          seen = (await store.conversations.get(conversation.id))?.subject ?? '';
        });
        await Promise.all([change, worker]);
        expect(seen).toBe('new');
      });

      it('are found by what they send, and counted', async () => {
        const messageId = fresh<MessageId>();
        const sending = aDelivery({ effect: { kind: 'mail.send', messageId } });
        const [one, two] = [aDelivery(), aDelivery()];
        for (const delivery of [sending, aDelivery({ effect: { kind: 'mail.copy', messageId } }), one, two]) await store.deliveries.add(delivery);
        expect((await store.deliveries.ofMessage(messageId))?.id).toBe(sending.id);
        expect(await store.deliveries.ofMessage(fresh<MessageId>())).toBeUndefined();
        await store.deliveries.move(one.id, 'waiting', 'failed', { finishedAt: NOON });
        await store.deliveries.move(two.id, 'waiting', 'failed', { finishedAt: NOON });
        expect((await store.deliveries.failed(5)).map(({ id }) => id)).toEqual([two.id, one.id]);
        expect(await store.deliveries.failed(1)).toHaveLength(1);
        expect(await store.deliveries.countByState()).toEqual({ waiting: 2, running: 0, done: 0, failed: 2, uncertain: 0, cancelled: 0 });
      });
    });

    it('keeps which post shows what', async () => {
      const conversation = await open();
      const about = { kind: 'message', id: fresh<MessageId>() } as const;
      expect(await store.posts.find(conversation.id, about)).toBeUndefined();
      await store.posts.save({ bridge: 'web', ref: 'p1' as PostRef, conversationId: conversation.id, about });
      await store.posts.save({ bridge: 'slack', ref: 'p1' as PostRef, conversationId: conversation.id, about: { kind: 'event', id: 'e' } });
      expect(await store.posts.find(conversation.id, about)).toEqual({ bridge: 'web', ref: 'p1' });
      expect(await store.posts.subjectOf('slack', 'p1' as PostRef)).toEqual({ conversationId: conversation.id, about: { kind: 'event', id: 'e' } });
      expect(await store.posts.subjectOf('discord', 'p1' as PostRef)).toBeUndefined();
      expect([await store.posts.shown('web', conversation.id), await store.posts.shown('discord', conversation.id)]).toEqual([['p1'], []]);
      await store.posts.save({ bridge: 'web', ref: 'p2' as PostRef, conversationId: conversation.id, about });
      expect((await store.posts.find(conversation.id, about))?.ref).toBe('p2');
      const note = { kind: 'note', id: fresh<NoteId>() } as const;
      await store.posts.save({ bridge: 'web', ref: 'p2' as PostRef, conversationId: conversation.id, about: note });
      expect((await store.posts.subjectOf('web', 'p2' as PostRef))?.about).toEqual(note);
      for (const [ref, kind] of [['p3', 'note-words'], ['p4', 'message-words'], ['p5', 'note-words']] as const) await store.posts.save({ bridge: 'chat-of-words', ref: ref as PostRef, conversationId: conversation.id, about: { kind, id: ref } as never });
      expect((await store.posts.wordsOn('chat-of-words', 2)).map(({ ref, conversationId, about }) => [ref, conversationId, about.kind])).toEqual([['p5', conversation.id, 'note-words'], ['p4', conversation.id, 'message-words']]);
      expect(await store.posts.wordsOn('web', 2)).toEqual([]);
    });

    it('keeps what of an answer is changed while it waits, and files that are put beside the others', async () => {
      const conversation = await open();
      const file = (name: string) => ({ id: fresh<AttachmentId>(), fileName: name, contentType: 'text/plain', bytes: 5, inline: false, contentId: undefined, content: { kind: 'blob', hash: 'b'.repeat(64) as BlobHash } as const });
      const draft = aMessage({ id: fresh<MessageId>(), conversationId: conversation.id, direction: 'out', state: 'draft', authorId: 'marek' as AgentId, keepsTurn: true, attachments: [file('one.txt')] });
      await store.messages.add(draft);
      const others = { to: [{ address: 'a@x.example', name: 'A' }], cc: [{ address: 'b@x.example', name: '' }], bcc: [{ address: 'c@x.example', name: '' }] };
      await store.messages.update(draft.id, { ...others, text: 'Other words', state: 'queued', authorId: 'vera' as AgentId, revision: 7, createdAt: later(3), sendAt: later(5), dueAt: later(9) });
      await store.messages.addFiles(draft.id, [file('two.txt'), file('three.txt')]);
      const saved = await store.messages.get(draft.id);
      expect(saved).toMatchObject({ ...others, text: 'Other words', state: 'queued', authorId: 'vera', revision: 7, createdAt: later(3), sendAt: later(5), dueAt: later(9), keepsTurn: true });
      expect(saved?.attachments.map(({ fileName }) => fileName)).toEqual(['one.txt', 'two.txt', 'three.txt']);
      await expect(store.messages.addFiles(fresh<MessageId>(), [file('lost.txt')])).rejects.toThrow('no message');
    });

    it('keeps when a conversation is followed up', async () => {
      const conversation = await open();
      const saved = await store.conversations.save({ ...conversation, status: 'pending', followUpAt: later(30) });
      expect((await store.conversations.get(conversation.id))?.followUpAt).toEqual(later(30));
      await store.conversations.save({ ...saved, followUpAt: undefined });
      expect((await store.conversations.get(conversation.id))?.followUpAt).toBeUndefined();
    });

    it('tells of somebody who begins to read or write, not that they go on', async () => {
      const { id } = await open();
      const told: string[] = [];
      const stop = store.onChange(({ conversations }) => told.push(...conversations));
      const marek = { conversationId: id, agentId: 'marek' as AgentId, via: 'web' };
      const distant = new Date(Date.UTC(2100, 0, 1));
      await store.presence.begin({ ...marek, doing: 'reading', until: distant });
      await eventually(() => expect(told).toEqual([id]));
      await store.presence.begin({ ...marek, doing: 'reading', until: distant });
      await store.presence.begin({ ...marek, doing: 'writing', until: distant });
      await eventually(() => expect(told).toEqual([id, id]));
      stop();
    });

    it('keeps who is answering, until it is over', async () => {
      const { id } = await open();
      const [marek, vera] = ['marek' as AgentId, 'vera' as AgentId];
      await store.presence.begin({ conversationId: id, agentId: marek, via: 'web', doing: 'reading', until: later(10) });
      await store.presence.begin({ conversationId: id, agentId: marek, via: 'slack', doing: 'writing', until: later(20) });
      await store.presence.begin({ conversationId: id, agentId: vera, via: 'web', doing: 'writing', until: later(10) });
      expect((await store.presence.of(id, NOON)).map(({ agentId, via, doing }) => [agentId, via, doing])).toEqual([['vera', 'web', 'writing'], ['marek', 'slack', 'writing']]);
      expect((await store.presence.of(id, later(15))).map(({ agentId }) => agentId)).toEqual(['marek']);
      await store.presence.end(id, marek);
      expect(await store.presence.of(id, later(15))).toEqual([]);
    });

    it('keeps which person of a platform is which agent', async () => {
      const [marek, vera] = ['marek' as AgentId, 'vera' as AgentId];
      await store.people.link('slack', 'U2', marek);
      await store.people.link('slack', 'U1', marek);
      await store.people.link('discord', 'U1', vera);
      expect(await store.people.agentOf('slack', 'U1')).toBe(marek);
      expect(await store.people.agentOf('slack', 'U3')).toBeUndefined();
      expect(await store.people.personsOf('slack', marek)).toEqual(['U1', 'U2']);
      await store.people.link('slack', 'U1', vera);
      await store.people.unlink('slack', 'U2');
      expect(await store.people.personsOf('slack', marek)).toEqual([]);
      expect(await store.people.agentOf('slack', 'U1')).toBe(vera);
    });

    describe('turns of a team', () => {
      const [care, marek, vera] = ['care' as TeamId, 'marek' as AgentId, 'vera' as AgentId];

      it('are counted up, and it is known who had which', async () => {
        await store.transaction(async (tx) => tx.turns.took(care, marek, (await tx.turns.begin(care)).turn));
        await store.transaction(async (tx) => tx.turns.took(care, vera, (await tx.turns.begin(care)).turn));
        await store.transaction(async (tx) => tx.turns.took(care, marek, (await tx.turns.begin(care)).turn));
        const { turn, last } = await store.transaction((tx) => tx.turns.begin(care));
        expect(turn).toBe(4);
        expect(last).toEqual(new Map([[marek, 3], [vera, 2]]));
        expect((await store.transaction((tx) => tx.turns.begin('other' as TeamId))).last).toEqual(new Map());
      });

      it('are taken one after the other, also by those who come at once', async () => {
        const members = [marek, vera, 'ada' as AgentId];
        const take = (): Promise<AgentId> =>
          store.transaction(async (tx) => {
            const { turn, last } = await tx.turns.begin(care);
            const next = [...members].sort((one, other) => (last.get(one) ?? 0) - (last.get(other) ?? 0))[0] ?? marek;
            await new Promise((resolve) => setTimeout(resolve, 5));
            await tx.turns.took(care, next, turn);
            return next;
          });
        const given = await Promise.all(Array.from({ length: 12 }, take));
        expect(members.map((member) => given.filter((one) => one === member).length)).toEqual([4, 4, 4]);
      });
    });

    it('keeps absences until they are over', async () => {
      const [marek, vera] = ['marek' as AgentId, 'vera' as AgentId];
      const absence = (over: Partial<Absence>): Absence => ({ id: fresh<AbsenceId>(), agentId: marek, from: NOON, until: later(HOUR_MS), standIn: undefined, ...over });
      const now = absence({ standIn: { kind: 'agent', id: vera } });
      const next = absence({ agentId: vera, from: later(1_000), standIn: { kind: 'team', id: 'care' as TeamId } });
      const over = absence({ from: later(-HOUR_MS), until: NOON });
      for (const one of [next, over, now]) await store.absences.add(one);
      expect(await store.absences.notOver(NOON)).toEqual([now, next]);
      // Back early; and one that never begins is gone.
      await store.absences.end(now.id, later(500));
      await store.absences.end(next.id, later(500));
      expect(await store.absences.notOver(later(400))).toEqual([{ ...now, until: later(500) }]);
      expect(await store.absences.notOver(later(500))).toEqual([]);
    });

    it('keeps what agents were told, and what they have seen of it', async () => {
      const [marek, vera] = ['marek' as AgentId, 'vera' as AgentId];
      const [one, other] = [await open(), await open()];
      const notice = (over: Partial<Notice>): Notice => ({ id: fresh<NoticeId>(), agentId: marek, kind: 'mentioned', conversationId: one.id, noteId: fresh<NoteId>(), byId: vera, at: NOON, readAt: undefined, ...over });
      const first = notice({});
      const second = notice({ kind: 'dealt', conversationId: other.id, noteId: undefined, byId: undefined, at: later(1) });
      const theirs = notice({ agentId: vera });
      for (const each of [first, second, theirs]) await store.notices.add(each);
      expect(await store.notices.get(second.id)).toEqual(second);
      expect(await store.notices.of(marek, 10)).toEqual([second, first]);
      expect(await store.notices.of(marek, 1)).toEqual([second]);
      expect((await store.conversations.counts(marek)).notices).toBe(2);
      await store.notices.read(marek, one.id, later(2));
      expect(await store.notices.of(marek, 10)).toEqual([second, { ...first, readAt: later(2) }]);
      await store.notices.read(marek, undefined, later(3));
      expect((await store.conversations.counts(marek)).notices).toBe(0);
      expect((await store.notices.get(first.id))?.readAt).toEqual(later(2));
      expect((await store.conversations.counts(vera)).notices).toBe(1);
      await store.notices.forgetBefore(later(1));
      expect(await store.notices.of(marek, 10)).toEqual([{ ...second, readAt: later(3) }]);
    });

    it('keeps sessions', async () => {
      const session = { tokenHash: 'h1', agentId: 'marek' as AgentId, csrf: 'c', expiresAt: later(10) };
      await store.sessions.add(session);
      await store.sessions.add({ ...session, tokenHash: 'h2', expiresAt: later(20) });
      await store.sessions.add({ ...session, tokenHash: 'h3', expiresAt: later(30) });
      expect(await store.sessions.get('h1')).toEqual(session);
      await store.sessions.removeExpired(later(10));
      await store.sessions.remove('h2');
      expect([await store.sessions.get('h1'), await store.sessions.get('h2')]).toEqual([undefined, undefined]);
      expect((await store.sessions.get('h3'))?.tokenHash).toBe('h3');
    });

    it('sees an event of a platform for the first time once', async () => {
      const seen = await Promise.all(Array.from({ length: 5 }, () => store.calls.firstSeen('slack', 'e1', NOON)));
      expect(seen.filter(Boolean)).toHaveLength(1);
      expect(await store.calls.firstSeen('discord', 'e1', NOON)).toBe(true);
      await store.calls.forgetBefore(later(1));
      expect(await store.calls.firstSeen('slack', 'e1', NOON)).toBe(true);
    });

    it('keeps what is done with many: its conversations in their order, how far it is, and who may go on', async () => {
      const bulk: Bulk = { id: fresh<BulkId>(), agentId: 'marek' as AgentId, via: 'web', action: 'close', value: '', words: 'is:open', state: 'asked', total: 1_200, createdAt: NOON, finishedAt: undefined };
      const conversations = Array.from({ length: 1_200 }, () => fresh<ConversationId>());
      await store.bulks.add(bulk, conversations);
      expect(await store.bulks.get(bulk.id)).toEqual(bulk);
      expect((await store.bulks.items(bulk.id, 'waiting', 2_000)).map(({ conversationId }) => conversationId)).toEqual(conversations);
      expect(await store.bulks.recent(undefined, 5)).toEqual([]);
      expect([await store.bulks.newest('marek' as AgentId), await store.bulks.newest('ada' as AgentId)]).toEqual([bulk, undefined]);
      expect(await store.bulks.move(bulk.id, ['asked'], 'running', undefined)).toBe(true);
      expect(await store.bulks.move(bulk.id, ['asked'], 'running', undefined)).toBe(false);
      expect((await store.bulks.underWay()).map(({ id }) => id)).toEqual([bulk.id]);
      const [first] = await store.bulks.items(bulk.id, 'waiting', 1);
      if (!first) throw new Error('no item');
      const before = restorable(aConversation({ assigneeId: 'anna' as AgentId, waitingSince: undefined }));
      await store.bulks.settle(bulk.id, { ...first, state: 'done', revision: 7, before });
      expect(await store.bulks.items(bulk.id, 'done', 5)).toEqual([{ ...first, state: 'done', revision: 7, before }]);
      expect(await store.bulks.counts(bulk.id)).toEqual({ waiting: 1_199, done: 1, skipped: 0, undone: 0, kept: 0 });
      await store.bulks.move(bulk.id, ['running'], 'done', later(5));
      expect(await store.bulks.recent('ada' as AgentId, 5)).toEqual([]);
      expect(await store.bulks.recent('marek' as AgentId, 5)).toEqual([{ ...bulk, state: 'done', finishedAt: later(5) }]);
      const asked = { ...bulk, id: fresh<BulkId>() };
      await store.bulks.add(asked, conversations.slice(0, 1));
      await store.bulks.forgetAsked(later(1));
      expect(await store.bulks.get(asked.id)).toBeUndefined();
      expect(await store.bulks.get(bulk.id)).toBeDefined();
    });

    describe('search', () => {
      async function indexed(text: string, over: Partial<Conversation> = {}): Promise<Conversation> {
        const conversation = await open(over);
        await store.search.index({ conversationId: conversation.id, kind: 'message', id: fresh<MessageId>(), text });
        return conversation;
      }
      const queryOf = (text: string): SearchQuery => {
        const parsed = parseSearch(text, { desk: aDesk(), me: 'marek' as AgentId, now: NOON, timeZone: 'UTC', saved: [] });
        if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem.key}`);
        return parsed.query;
      };
      const asked = async (text: string): Promise<readonly string[]> => (await store.search.find(queryOf(text), 10)).map(({ conversation }) => conversation.id);
      const found = async (words: string, limit = 10): Promise<string[]> => (await store.search.find(plainSearch(words), limit)).map(({ conversation }) => conversation.id);

      it('finds Polish words without their marks, and with them', async () => {
        const { id } = await indexed('Żółty kubek z Łodzi przyjechał stłuczony, ul. Łódź 5');
        for (const words of ['zolty', 'żółty', 'ŻÓŁTY', 'lodz', 'Łódź', 'lodz zolty', 'stluczo', 'z\u0307o\u0301łty']) expect(await found(words), words).toEqual([id]);
        for (const words of ['czerwony', 'zolty czerwony', 'olty', '', '  ', '!?']) expect(await found(words), words).toEqual([]);
      });

      it('takes the last word as a beginning, the others whole', async () => {
        const { id } = await indexed('invoice number 2026/114 for anna@customer.example');
        for (const words of ['invoice num', '114', '2026/114', 'anna@customer.example', 'customer.exa']) expect(await found(words), words).toEqual([id]);
        expect(await found('inv number')).toEqual([]);
      });

      it('takes no word for syntax', async () => {
        const { id } = await indexed('not and or near');
        for (const words of ['NOT', 'and OR', '"near', "or'", 'near*', '-not', '(and', 'not:*', 'and & or', 'a\\b NOT ^', '{"x": 1}', "'; DROP TABLE messages; --", '%', '\0']) await store.search.find(plainSearch(words), 5);
        expect(await found('NOT and OR')).toEqual([id]);
      });

      it('gives each conversation once, with a snippet of what was written', async () => {
        const conversation = await indexed(`${'Dzień dobry. '.repeat(40)}Proszę o zwrot: żółty kubek się stłukł.${' Pozdrawiam.'.repeat(40)}`);
        await store.search.index({ conversationId: conversation.id, kind: 'note', id: fresh<NoteId>(), text: 'kubek: oddać pieniądze' });
        const hits = await store.search.find(plainSearch('zolty'), 10);
        expect(hits).toHaveLength(1);
        expect(hits[0]?.conversation).toEqual(conversation);
        expect(hits[0]?.customer).toEqual(anna);
        expect(hits[0]?.snippet).toMatch(/^… .*zwrot: żółty kubek.* …$/);
        expect(await found('kubek')).toEqual([conversation.id]);
      });

      it('can be limited', async () => {
        const closed = await indexed('cup', { status: 'closed' });
        const newer = await indexed('cup');
        expect(await found('cup')).toEqual([newer.id, closed.id]);
        expect(await found('cup', 1)).toEqual([newer.id]);
        expect(await found('cup', 0)).toEqual([]);
      });

      it('knows senders, receivers, subjects, files and days of mails', async () => {
        const conversation = await open();
        const mail = async (over: Partial<Message>): Promise<Message> => {
          const message = aMessage({ id: fresh<MessageId>(), conversationId: conversation.id, headerId: fresh<MessageId>(), ...over });
          await store.messages.add(message);
          await store.search.index({ conversationId: conversation.id, kind: 'message', id: message.id, text: `${message.subject}\n${message.text}` });
          return message;
        };
        await mail({ from: { address: 'zofia@customer.example', name: 'Zofia Żak' }, to: [{ address: 'shop@desk.example', name: 'Shop' }], subject: 'Kubek pękł', text: 'Co teraz?', createdAt: NOON, attachments: [] });
        const other = await open();
        const sent = aMessage({ id: fresh<MessageId>(), conversationId: other.id, direction: 'out', authorId: 'marek' as AgentId, headerId: 'out@desk', from: { address: 'shop@desk.example', name: 'Shop' }, to: [{ address: 'zofia@customer.example', name: '' }], cc: [{ address: 'boss@customer.example', name: '' }], subject: 'Zwrot', text: 'Kubek wraca.', createdAt: later(3_600_000), attachments: [{ id: fresh(), fileName: 'a.pdf', contentType: 'application/pdf', bytes: 5, inline: false, contentId: undefined, content: { kind: 'part', index: 0 } }] });
        await store.messages.add(sent);
        await store.search.index({ conversationId: other.id, kind: 'message', id: sent.id, text: `${sent.subject}\n${sent.text}` });
        for (const query of ['from:zofia', 'from:zak', 'from:zofia@customer.example', 'kubek from:zof', 'subject:"kubek pekl"', 'subject:kubek -from:marek', 'kubek -has:attachment', '"co teraz"', '-zwrot from:zofia']) expect(await asked(query), query).toEqual([conversation.id]);
        for (const query of ['to:zofia', 'to:boss', 'from:marek', 'from:shop kubek', 'has:attachment', 'kubek has:attachment', 'subject:zwrot', 'kubek -subject:kubek']) expect(await asked(query), query).toEqual([other.id]);
        for (const query of ['from:boss', 'subject:teraz', '"teraz co"', 'from:zofia has:attachment', 'kubek before:2026-11-20', 'before:2026-11-20', 'after:2026-11-21 kubek']) expect(await asked(query), query).toEqual([]);
        for (const query of ['kubek on:2026-11-20', 'after:2026-11-20', 'after:2026-11-20 kubek', 'kubek']) expect([...(await asked(query))].sort(), query).toEqual([conversation.id, other.id].sort());
      });

      it('knows what conversations are: status, owner, team, labels, priority, mailbox, place, who waits', async () => {
        const mine = await indexed('cup', { assigneeId: 'marek' as AgentId, labels: ['complaint' as LabelId], priority: 'high', waitingSince: later(-48 * 3_600_000), dueAt: later(-1), updatedAt: later(1) });
        const closed = await indexed('cup', { status: 'closed', teamId: 'care' as TeamId, channelId: undefined, folderId: 'news' as FolderId, waitingSince: undefined, updatedAt: later(2) });
        const pending = await indexed('plate', { status: 'pending', channelId: 'returns' as ChannelId, waitingSince: undefined, updatedAt: later(3) });
        const table: Readonly<Record<string, readonly Conversation[]>> = {
          'is:open': [mine], 'is:closed': [closed], '-is:open': [pending, closed], 'is:mine': [mine], 'is:unassigned': [pending, closed], 'is:assigned': [mine], 'assignee:marek': [mine], '-assignee:me': [pending, closed], 'assignee:ada': [],
          'team:care': [closed], 'team:none': [pending, mine], '-team:care': [pending, mine], 'label:complaint': [mine], '-label:complaint': [pending, closed], 'priority:high': [mine], 'is:urgent': [], 'mailbox:shop': [pending, closed, mine], '-mailbox:shop': [],
          'in:returns': [pending], 'in:newsletters': [closed], 'is:waiting': [mine], 'is:overdue': [mine], '-is:overdue': [pending, closed], '-is:waiting': [pending, closed], [`#${pending.number}`]: [pending], [`-#${pending.number}`]: [closed, mine],
          'cup is:open': [mine], 'cup -is:open': [closed], 'cup label:complaint is:mine': [mine], '-cup': [pending], '-cup is:closed': [], 'plate is:closed': [], 'cup #99999': [],
        };
        for (const [query, wanted] of Object.entries(table)) {
          expect(await asked(query), query).toEqual(wanted.map(({ id }) => id));
          expect([...(await store.search.conversations(queryOf(query), 10))].sort(), query).toEqual(wanted.map(({ id }) => id).sort());
        }
        await store.conversations.save({ ...mine, labels: [], status: 'closed' });
        expect(await asked('label:complaint')).toEqual([]);
        expect(await asked('cup is:closed -label:complaint')).toHaveLength(2);
      });

      it('puts words in the subject before words in the text, and newer before older', async () => {
        const subject = await indexed('refund', { subject: 'Refund for a cup' });
        const older = await indexed('refund', { subject: 'Cup' });
        const newer = await indexed('refund', { subject: 'Plate' });
        expect(await asked('refund')).toEqual([subject.id, newer.id, older.id]);
        expect(await asked('refund is:open')).toEqual([subject.id, newer.id, older.id]);
      });

      it('finds one conversation among many, and all where they are asked for', async () => {
        const long = await indexed('needle 0');
        for (let at = 1; at <= 150; at += 1) await store.search.index({ conversationId: long.id, kind: 'note', id: fresh<NoteId>(), text: `needle ${at}` });
        const old = await open({ createdAt: later(-5) });
        await store.search.index({ conversationId: old.id, kind: 'note', id: fresh<NoteId>(), text: 'needle' });
        for (let at = 1; at <= 150; at += 1) await store.search.index({ conversationId: long.id, kind: 'note', id: fresh<NoteId>(), text: `needle again ${at}` });
        expect([...(await asked('needle'))].sort()).toEqual([long.id, old.id].sort());
        expect(await store.search.conversations(queryOf('needle'), 10)).toEqual([long.id, old.id]);
        expect(await store.search.conversations(queryOf('needle'), 1)).toEqual([long.id]);
      });

      it('keeps searches under a name: own ones, and those that others share', async () => {
        const search = (name: string, agentId: string, shared: boolean): SavedSearch => ({ id: fresh(), agentId: agentId as AgentId, name, words: 'is:open', shared, createdAt: NOON });
        const [own, shared, hidden] = [search('b', 'marek', false), search('a', 'ada', true), search('c', 'ada', false)];
        for (const one of [own, shared, hidden]) await store.savedSearches.add(one);
        expect(await store.savedSearches.usableBy('marek' as AgentId)).toEqual([shared, own]);
        await store.savedSearches.update(own.id, { name: 'z', words: 'is:closed', shared: true });
        expect(await store.savedSearches.usableBy('vera' as AgentId)).toEqual([shared, { ...own, name: 'z', words: 'is:closed', shared: true }]);
        await store.savedSearches.remove(shared.id);
        expect((await store.savedSearches.usableBy('marek' as AgentId)).map(({ name }) => name)).toEqual(['z']);
      });

      it('forgets the old words of what is indexed again', async () => {
        const conversation = await open();
        const note = { conversationId: conversation.id, kind: 'note', id: fresh<NoteId>() } as const;
        await store.search.index({ ...note, text: 'first words' });
        await store.search.index({ ...note, text: 'second thoughts' });
        expect(await found('first')).toEqual([]);
        expect(await found('thoughts')).toEqual([conversation.id]);
      });
    });

    function anEvent(conversation: Conversation, over: Partial<HistoryEvent> = {}): HistoryEvent {
      return { id: fresh<EventId>(), conversationId: conversation.id, at: NOON, actor: { kind: 'goniec' }, what: 'opened', data: {}, revision: 1, ...over };
    }
    function aNote(conversation: Conversation, over: Partial<Note> = {}): Note {
      return { id: fresh<NoteId>(), conversationId: conversation.id, authorId: 'marek' as AgentId, text: 'refund?', files: [], via: 'web', revision: 1, createdAt: NOON, editedAt: undefined, deletedAt: undefined, pinnedAt: undefined, ...over };
    }
    function aDelivery(over: Partial<NewDelivery> = {}): NewDelivery {
      return { id: fresh<DeliveryId>(), lane: 'lane', coalesce: undefined, effect: { kind: 'mail.after-intake', rawMailId: 'r' as RawMailId }, dueAt: NOON, createdAt: NOON, ...over };
    }
    let lastUid = 100;
    function aRawMail(over: Partial<RawMail> = {}): RawMail {
      lastUid += 1;
      return {
        id: fresh<RawMailId>(), mailboxId: 'shop' as MailboxId, source: 'imap', place: { folder: 'INBOX', uidValidity: 9, uid: lastUid }, blob: 'ff' as BlobHash, bytes: 500, recipients: [], receivedAt: NOON,
        state: 'stored', historic: false, tries: 0, outcome: undefined, messageId: undefined, subject: 'Broken cup', sender: 'anna@customer.example', ...over,
      };
    }
  });
}
