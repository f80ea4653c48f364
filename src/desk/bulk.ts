/**
 * One thing done with many conversations. It is asked first: which ones is written down with the question, so that what is done is what was shown. Then a job does it in portions; each
 * conversation and the word that it is done are saved together, so that a stop in between does nothing twice. Taking it back goes the same way, and leaves alone what changed since.
 */
import { restorable, restored, type Bulk, type BulkAction, type BulkItem } from '../core/bulk.js';
import { Refusal } from '../core/errors.js';
import type { BulkId, ConversationId } from '../core/ids.js';
import type { Assignee, Conversation, Desk } from '../core/model.js';
import { may } from '../core/permissions.js';
import type { Clock, Log, NewId } from '../core/ports/effects.js';
import type { Store, Tx } from '../core/ports/store.js';
import type { Condition } from '../core/search/query.js';
import { assign, findAssignee } from './assign.js';
import { close } from './close.js';
import { readSearch } from './search.js';
import { readWhen, snoozeUntil } from './snooze.js';
import { findByName, label, readPriority, setPriority } from './triage.js';
import { byActor, change, staffUnit, type StaffUnit } from './unit.js';

/** More at once is more likely a slip than a wish, and would keep the desk busy for minutes. */
export const MAX_IN_BULK = 5_000;
/** Conversations of a portion: a transaction of a few hundredths of a second, so that others get their turn. */
const PORTION = 25;

export interface BulkWish {
  readonly action: BulkAction;
  /** As typed. */
  readonly value: string;
  readonly words: string;
  /** Only these of what the search finds, by number; undefined: all. */
  readonly only: readonly number[] | undefined;
}

/** Finds what it would be done with, and writes the question down. @throws Refusal */
export async function askBulk(unit: StaffUnit, { action, value, words, only }: BulkWish): Promise<Bulk> {
  const { stored, already } = readValue(unit, action, value);
  const query = await readSearch(unit.tx, unit, words);
  if (query.conditions.length === 0) throw new Refusal('bulk.no-words');
  const fitting = await unit.tx.search.conversations({ ...query, conditions: [...query.conditions, ...already] }, MAX_IN_BULK + 1);
  if (fitting.length > MAX_IN_BULK) throw new Refusal('bulk.too-many', { count: MAX_IN_BULK });
  const chosen = only ? await amongNumbers(unit, fitting, only) : fitting;
  if (chosen.length === 0) throw new Refusal('bulk.none', { words });
  const bulk: Bulk = { id: unit.newId() as BulkId, agentId: unit.actor.id, via: unit.via, action, value: stored, words, state: 'asked', total: chosen.length, createdAt: unit.now, finishedAt: undefined };
  await unit.tx.bulks.add(bulk, chosen);
  return bulk;
}

async function amongNumbers({ tx }: StaffUnit, fitting: readonly ConversationId[], numbers: readonly number[]): Promise<readonly ConversationId[]> {
  const fits = new Set(fitting);
  const named = await Promise.all(numbers.map((number) => tx.conversations.byNumber(number)));
  return named.flatMap((conversation) => (conversation && fits.has(conversation.id) ? [conversation.id] : []));
}

/** The value as it is stored, and what is true of conversations with which nothing would have to be done. @throws Refusal */
function readValue(unit: StaffUnit, action: BulkAction, said: string): { readonly stored: string; readonly already: readonly Condition[] } {
  switch (action) {
    case 'close':
      return { stored: '', already: [{ kind: 'status', status: 'closed', not: true }] };
    case 'label': case 'unlabel': {
      const found = findByName(unit.desk.labels, said);
      if (!found) throw new Refusal('refused.no-such-label', { said, names: unit.desk.labels.map(({ name }) => name).join(', ') });
      return { stored: found.id, already: [{ kind: 'label', labelId: found.id, not: action === 'label' }] };
    }
    case 'assign': {
      const to = findAssignee(unit, said);
      return { stored: `${to.kind}:${to.id}`, already: to.kind === 'agent' ? [{ kind: 'assignee', agentId: to.id, not: true }] : [] };
    }
    case 'priority': {
      const priority = readPriority(said);
      return { stored: priority, already: [{ kind: 'priority', priority, not: true }] };
    }
    case 'snooze':
      return { stored: readWhen(unit, said).toISOString(), already: [] };
  }
}

/** @param id '': one's own newest. @throws Refusal when there is none, or it is somebody else's */
export async function findBulk(unit: StaffUnit, id: string): Promise<Bulk> {
  const bulk = id === '' ? await unit.tx.bulks.newest(unit.actor.id) : await unit.tx.bulks.get(id as BulkId);
  if (!bulk) throw new Refusal(id === '' ? 'bulk.nothing-yet' : 'bulk.gone');
  if (bulk.agentId !== unit.actor.id && !may(unit.actor.role, 'administer')) throw new Refusal('bulk.not-yours', { who: unit.desk.agents.find((agent) => agent.id === bulk.agentId)?.name ?? bulk.agentId });
  return bulk;
}

/** Begins what was asked. */
export async function startBulk(unit: StaffUnit, id: string): Promise<Bulk> {
  const bulk = await findBulk(unit, id);
  if (bulk.agentId !== unit.actor.id) throw new Refusal('bulk.not-yours', { who: unit.desk.agents.find((agent) => agent.id === bulk.agentId)?.name ?? bulk.agentId });
  if (!(await unit.tx.bulks.move(bulk.id, ['asked'], 'running', undefined))) throw new Refusal('bulk.begun-already');
  await wakeBulk(unit, bulk.id);
  return { ...bulk, state: 'running' };
}

/** Ends it where it is, or throws the question away. */
export async function stopBulk(unit: StaffUnit, id: string): Promise<Bulk> {
  const bulk = await findBulk(unit, id);
  if (!(await unit.tx.bulks.move(bulk.id, ['asked', 'running'], 'stopped', unit.now))) throw new Refusal('bulk.over');
  return { ...bulk, state: 'stopped' };
}

/** Takes it back, wherever nothing changed since. */
export async function undoBulk(unit: StaffUnit, id: string): Promise<Bulk> {
  const bulk = await findBulk(unit, id);
  const { done } = await unit.tx.bulks.counts(bulk.id);
  if (done === 0 || !(await unit.tx.bulks.move(bulk.id, ['done', 'stopped'], 'undoing', undefined))) throw new Refusal('bulk.nothing-to-undo');
  await wakeBulk(unit, bulk.id);
  return { ...bulk, state: 'undoing' };
}

export async function wakeBulk({ tx, now }: { readonly tx: Pick<Tx, 'jobs'>; readonly now: Date }, id: BulkId): Promise<void> {
  await tx.jobs.enqueue({ task: 'bulk', payload: id, queue: 'bulk', key: `bulk:${id}`, runAt: now });
}

export interface BulkNeeds {
  readonly store: Store;
  readonly desk: () => Promise<Desk>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sign: (text: string) => string;
  readonly log: Log;
  /** The house is being stopped: the rest is for the next start. */
  readonly stopping: () => boolean;
}

/** The job: portion after portion, until there is nothing left or somebody stops it. */
export async function runBulk(needs: BulkNeeds, id: BulkId): Promise<void> {
  while (!needs.stopping() && (await runPortion(needs, id)));
}

/** @returns whether there may be more */
async function runPortion(needs: BulkNeeds, id: BulkId): Promise<boolean> {
  const desk = await needs.desk();
  return needs.store.transaction(async (tx) => {
    const bulk = await tx.bulks.get(id);
    if (bulk?.state !== 'running' && bulk?.state !== 'undoing') return false;
    const items = await tx.bulks.items(id, bulk.state === 'running' ? 'waiting' : 'done', PORTION);
    const actor = desk.agents.find((agent) => agent.id === bulk.agentId);
    // Whoever left the desk, or may no longer work on it, does nothing more.
    const allowed = actor && may(actor.role, 'work') ? actor : undefined;
    if (items.length === 0 || (!allowed && bulk.state === 'running')) {
      await tx.bulks.move(id, [bulk.state], bulk.state === 'undoing' ? 'undone' : items.length === 0 ? 'done' : 'stopped', needs.clock.now());
      needs.log.info({ bulk: id, state: bulk.state }, 'bulk-over');
      return false;
    }
    const agent = actor ?? desk.agents.find(({ role }) => role === 'admin');
    if (!agent) return false;
    const unit = together(staffUnit({ tx, desk, now: needs.clock.now(), newId: needs.newId, sign: needs.sign }, agent, bulk.via), bulk);
    for (const item of items) await (bulk.state === 'running' ? doOne(unit, bulk, item) : undoOne(unit, bulk, item));
    return true;
  });
}

/** What is written into histories says that it was done together with others. */
function together(unit: StaffUnit, bulk: Bulk): StaffUnit {
  const data = { bulk: bulk.id, others: String(bulk.total - 1) };
  return { ...unit, tx: { ...unit.tx, events: { ...unit.tx.events, add: (event) => unit.tx.events.add({ ...event, data: { ...event.data, ...data } }) } } };
}

async function doOne(unit: StaffUnit, bulk: Bulk, item: BulkItem): Promise<void> {
  const before = await unit.tx.conversations.get(item.conversationId);
  // It went into another one since it was asked.
  if (!before || before.mergedInto) return unit.tx.bulks.settle(bulk.id, { ...item, state: 'skipped' });
  try {
    const after = await apply(unit, bulk, before);
    const changed = after.revision !== before.revision;
    await unit.tx.bulks.settle(bulk.id, { ...item, state: changed ? 'done' : 'skipped', revision: changed ? after.revision : undefined, before: changed ? restorable(before) : undefined });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await unit.tx.bulks.settle(bulk.id, { ...item, state: 'skipped' });
  }
}

async function apply(unit: StaffUnit, { action, value }: Bulk, conversation: Conversation): Promise<Conversation> {
  switch (action) {
    case 'close': return (await close(unit, conversation.id, undefined, true)).conversation;
    case 'label': return (await label(unit, conversation.id, value, false)).conversation;
    case 'unlabel': return (await label(unit, conversation.id, value, true)).conversation;
    case 'assign': return assign(unit, conversation.id, { to: assigneeOf(value), drawnFrom: undefined, anyway: false, quiet: true });
    case 'priority': return (await setPriority(unit, conversation.id, value)).conversation;
    case 'snooze': return (await snoozeUntil(unit, conversation.id, new Date(value))).conversation;
  }
}

function assigneeOf(value: string): Assignee {
  const [kind = '', id = ''] = value.split(/:(.*)/s);
  return { kind, id } as Assignee;
}

async function undoOne(unit: StaffUnit, bulk: Bulk, item: BulkItem): Promise<void> {
  const now = await unit.tx.conversations.get(item.conversationId);
  if (!now || !item.before || now.revision !== item.revision) return unit.tx.bulks.settle(bulk.id, { ...item, state: 'kept' });
  await change(unit, now, restored(item.before), { what: 'bulk-undone', actor: byActor(unit) });
  await unit.tx.bulks.settle(bulk.id, { ...item, state: 'undone' });
}
