import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandOutcome, Offer } from '../../src/core/calls.js';
import type { BulkId } from '../../src/core/ids.js';
import { runBulk, type BulkNeeds } from '../../src/desk/bulk.js';
import { followDesk, type CurrentDesk } from '../../src/desk/current-desk.js';
import { newId } from '../../src/storage/new-id.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { quietLog } from '../support/quiet-log.js';

let desk: DeskUnderTest;
let current: CurrentDesk;
const MAILS = 60;

beforeEach(async () => {
  desk = await openDesk();
  current = await followDesk(desk.store, () => {});
  for (let at = 1; at <= MAILS; at += 1) await desk.keep(mailFrom(`Customer ${at} <c${at}@customer.example>`, `Where is parcel ${at}`, at % 2 === 0 ? 'Even question' : 'Odd question'));
  await desk.settle();
}, 60_000);
afterEach(async () => {
  current.stop();
  await desk.close();
});

const needs = (over: Partial<BulkNeeds> = {}): BulkNeeds => ({ store: desk.store, desk: current, clock: { now: desk.now }, newId, sign: (text) => text, log: quietLog(), stopping: () => false, ...over });
const offers = (outcome: CommandOutcome): readonly Offer[] => ('actions' in outcome ? (outcome.actions ?? []) : []);
const idOf = (outcome: CommandOutcome): BulkId => (offers(outcome)[0]?.args['id'] ?? '') as BulkId;
const say = (verb: string, args: Readonly<Record<string, string>>, agent = 'marek'): Promise<CommandOutcome> => desk.say(agent, verb, undefined, args);
const all = async () => Promise.all(Array.from({ length: MAILS }, (_, at) => desk.conversation(at + 1)));
const count = async (status: string): Promise<number> => (await all()).filter((conversation) => conversation.status === status).length;
const history = async (number: number) => (await desk.store.events.of((await desk.conversation(number)).id)).map(({ what }) => what);
/** Runs so many portions, then the house stops. */
const portions = (most: number): BulkNeeds => {
  let begun = 0;
  return needs({ stopping: () => (begun += 1) > most });
};

describe('a bulk', () => {
  it('shows how many and the first ones, and does nothing until it is confirmed', async () => {
    const asked = await say('bulk', { do: 'close', words: 'even is:open' });
    expect(asked).toMatchObject({ kind: 'list', message: { key: 'bulk.asked', params: { count: MAILS / 2, deed: 'Close' } } });
    expect('items' in asked && asked.items.length).toBe(5);
    expect(offers(asked).map(({ verb }) => verb)).toEqual(['bulk-go', 'bulk-stop']);
    await runBulk(needs(), idOf(asked));
    expect(await count('closed')).toBe(0);
  });

  it('does it with all of them, once each, writes one line of history, and says how far it is', async () => {
    const id = idOf(await say('bulk', { do: 'zamknij', words: 'even' }));
    expect(await say('bulk-go', { id })).toMatchObject({ kind: 'done', message: { key: 'bulk.running', params: { done: 0, total: 30 } } });
    await runBulk(portions(1), id);
    expect(await say('bulk-show', { id })).toMatchObject({ message: { key: 'bulk.running', params: { done: 25, total: 30 } } });
    expect(await count('closed')).toBe(25);
    // As after a restart: the rest, and nothing twice.
    await runBulk(needs(), id);
    expect(await say('bulk-show', { id })).toMatchObject({ message: { key: 'bulk.done', params: { count: 30 } } });
    expect(await count('closed')).toBe(30);
    for (const number of [2, 60]) expect((await history(number)).filter((what) => what === 'closed')).toHaveLength(1);
    const [closed] = (await desk.store.events.of((await desk.conversation(2)).id)).filter(({ what }) => what === 'closed');
    expect(closed).toMatchObject({ actor: { kind: 'agent', id: 'marek' }, data: { bulk: id, others: '29' } });
    await runBulk(needs(), id);
    expect((await history(2)).filter((what) => what === 'closed')).toHaveLength(1);
    expect(await say('bulk-go', { id })).toMatchObject({ kind: 'refused', message: { key: 'bulk.begun-already' } });
  });

  it('is taken back as a whole, but for what changed since', async () => {
    const before = await all();
    const id = idOf(await say('bulk', { do: 'close', words: 'even' }));
    await say('bulk-go', { id });
    await runBulk(needs(), id);
    await desk.say('anna', 'reopen', 2);
    await desk.say('anna', 'label', 4, { label: 'complaint' });
    await say('bulk-undo', { id });
    await runBulk(needs(), id);
    expect(await say('bulk-show', { id })).toMatchObject({ message: { key: 'bulk.undone-but', params: { count: 28, kept: 2 } } });
    expect((await desk.conversation(4)).status).toBe('closed');
    expect((await desk.conversation(6))).toMatchObject({ status: 'open', waitingSince: before[5]?.waitingSince });
    expect((await history(6)).at(-1)).toBe('bulk-undone');
    expect(await say('bulk-undo', { id })).toMatchObject({ kind: 'refused', message: { key: 'bulk.nothing-to-undo' } });
  });

  it('can be stopped on its way, and what was done taken back', async () => {
    const id = idOf(await say('bulk', { do: 'close', words: 'question' }));
    await say('bulk-go', { id });
    await runBulk(portions(1), id);
    expect(await say('bulk-stop', { id })).toMatchObject({ message: { key: 'bulk.stopped', params: { done: 25, total: 60 } } });
    await runBulk(needs(), id);
    expect(await count('closed')).toBe(25);
    await say('bulk-undo', { id });
    await runBulk(needs(), id);
    expect(await count('closed')).toBe(0);
  });

  it.each([
    ['label', { value: 'complaint' }, { labels: ['complaint'] }], ['assign', { value: 'anna' }, { assigneeId: 'anna' }], ['assign', { value: 'Care' }, { teamId: 'care' }], ['priority', { value: 'high' }, { priority: 'high' }],
    ['snooze', { value: 'tomorrow 9' }, { status: 'snoozed', snoozedUntil: new Date('2026-11-21T08:00:00Z') }],
  ])('can %s with %o, and be taken back', async (action, value, wanted) => {
    const [first] = await all();
    const id = idOf(await say('bulk', { do: action, ...value, words: 'odd' }));
    await say('bulk-go', { id });
    await runBulk(needs(), id);
    expect(await desk.conversation(1)).toMatchObject(wanted);
    await say('bulk-undo', { id });
    await runBulk(needs(), id);
    const { revision: _new, updatedAt: _later, ...back } = await desk.conversation(1);
    const { revision: _old, updatedAt: _before, ...was } = first ?? (await desk.conversation(1));
    expect(back).toEqual(was);
  });

  it('takes the value from the words where it is typed, and only the numbers that were ticked', async () => {
    expect(await say('bulk', { do: 'label', words: 'complaint odd' })).toMatchObject({ message: { params: { deed: 'Label: complaint', count: 30 } } });
    expect(await say('bulk', { do: 'snooze', words: '"tomorrow 9" odd' })).toMatchObject({ message: { key: 'bulk.asked' } });
    const id = idOf(await say('bulk', { do: 'close', words: 'odd', only: '1,3,4' }));
    expect(await say('bulk-go', { id })).toMatchObject({ message: { params: { total: 2 } } });
    await runBulk(needs(), id);
    expect(await count('closed')).toBe(2);
  });

  it('leaves out those with which there is nothing to do', async () => {
    for (const number of [1, 3]) await desk.say('anna', 'close', number);
    const asked = await say('bulk', { do: 'close', words: 'odd' });
    expect(asked).toMatchObject({ message: { params: { count: 28 } } });
    await desk.say('anna', 'close', 5);
    await say('bulk-go', { id: idOf(asked) });
    await runBulk(needs(), idOf(asked));
    expect(await say('bulk-show', { id: idOf(asked) })).toMatchObject({ message: { key: 'bulk.done-but', params: { count: 27, skipped: 1 } } });
  });

  it('says what is wrong, and does nothing', async () => {
    const refused = async (args: Readonly<Record<string, string>>, agent?: string): Promise<string> => {
      const outcome = await say('bulk', args, agent);
      return outcome.kind === 'refused' ? outcome.message.key : outcome.kind;
    };
    expect(await refused({ do: 'burn', words: 'odd' })).toBe('bulk.unknown-action');
    expect(await refused({ do: 'close', words: 'is:lost' })).toBe('search.unknown-value');
    expect(await refused({ do: 'close', words: '!?' })).toBe('bulk.no-words');
    expect(await refused({ do: 'close', words: 'nowhere' })).toBe('bulk.none');
    expect(await refused({ do: 'label', words: 'complaint' })).toBe('bulk.no-value');
    expect(await refused({ do: 'label', value: 'nope', words: 'odd' })).toBe('refused.no-such-label');
    expect(await refused({ do: 'snooze', value: 'never', words: 'odd' })).toBe('refused.bad-time');
    expect(await refused({ do: 'close', words: 'odd' }, 'vera')).toBe('refused.not-allowed');
    const id = idOf(await say('bulk', { do: 'close', words: 'odd' }));
    for (const verb of ['bulk-go', 'bulk-stop', 'bulk-undo']) expect(await say(verb, { id }, 'anna')).toMatchObject({ kind: 'refused', message: { key: 'bulk.not-yours' } });
    expect(await say('bulk-go', { id: 'gone' })).toMatchObject({ message: { key: 'bulk.gone' } });
    expect(await count('closed')).toBe(0);
  });

  it('ends when the one who asked may no longer work here', async () => {
    const id = idOf(await say('bulk', { do: 'close', words: 'odd' }));
    await say('bulk-go', { id });
    await desk.store.transaction((tx) => tx.desk.save({ ...desk.desk, agents: desk.desk.agents.map((agent) => (agent.id === 'marek' ? { ...agent, role: 'viewer' } : agent)) }));
    await runBulk(needs({ desk: () => desk.store.desk.load() }), id);
    expect(await desk.store.bulks.get(id)).toMatchObject({ state: 'stopped' });
    expect(await count('closed')).toBe(0);
  });
});

describe('saved searches', () => {
  it('are kept, run by name, listed, renamed, shared and deleted', async () => {
    expect(await say('save-search', { name: 'Even ones', words: 'even is:open' })).toMatchObject({ kind: 'done', message: { key: 'saved.done' } });
    expect(await say('find', { words: 'saved:"even ones"' })).toMatchObject({ kind: 'list', message: { key: 'find.first', params: { count: 10 } } });
    expect(await say('find', { words: 'saved:"even ones"' }, 'anna')).toMatchObject({ kind: 'refused' });
    expect(await say('rename-search', { name: 'even ones', to: 'Even' })).toMatchObject({ message: { key: 'saved.renamed', params: { from: 'Even ones', to: 'Even' } } });
    await say('save-search', { name: 'even', words: 'even', shared: 'true' });
    expect(await say('searches', {}, 'anna')).toMatchObject({ items: [{ title: 'Even', text: 'even · udostępnia Marek Kos' }], actions: [{ verb: 'find', args: { words: 'saved:"Even"' } }] });
    expect(await say('delete-search', { name: 'Even' }, 'anna')).toMatchObject({ kind: 'refused', message: { key: 'saved.not-yours' } });
    expect(await say('save-search', { name: 'EVEN', words: 'odd' }, 'anna')).toMatchObject({ kind: 'refused', message: { key: 'saved.name-taken' } });
    expect(await say('save-search', { name: 'Bad', words: 'is:lost' })).toMatchObject({ kind: 'refused', message: { key: 'search.unknown-value' } });
    expect(await say('delete-search', { name: '"Even"' })).toMatchObject({ kind: 'done' });
    expect(await say('searches', {})).toMatchObject({ message: { key: 'saved.nothing' }, items: [] });
  });
});
