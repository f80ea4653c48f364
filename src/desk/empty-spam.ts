/** Spam is deleted for good when its time is over: mails, notes and history, and the bytes that nothing else needs. Its numbers say so from then on. */
import type { AgentId, ConversationId } from '../core/ids.js';
import type { Desk } from '../core/model.js';
import type { Blobs, Clock, Log } from '../core/ports/effects.js';
import type { Jobs } from '../core/ports/jobs.js';
import type { Store } from '../core/ports/store.js';

/** The timer's name. */
export const EMPTY_SPAM = 'empty-spam';

const DAY_MS = 24 * 3_600_000;
/** Conversations that share a transaction: short enough not to hold up a desk that runs. */
const BATCH = 20;
/** A blob that was stored again lately may be named by a row that is being written just now, or by a file that somebody is about to send. */
const UNTOUCHED_MS = DAY_MS;

export interface EmptySpamNeeds {
  readonly store: Store;
  readonly blobs: Pick<Blobs, 'remove'>;
  readonly desk: () => Promise<Desk>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks for it; asked twice, it is done once. */
export async function scheduleEmptySpam({ jobs }: { readonly jobs: Jobs }, at: Date): Promise<void> {
  await jobs.enqueue({ task: 'timers', payload: EMPTY_SPAM, queue: EMPTY_SPAM, key: EMPTY_SPAM, runAt: at });
}

/** Safe to run again, and to be stopped at any point. */
export async function emptySpam(needs: EmptySpamNeeds): Promise<void> {
  const { keepDays } = (await needs.desk()).spam;
  const now = needs.clock.now();
  if (keepDays !== undefined) {
    const before = new Date(now.getTime() - keepDays * DAY_MS);
    let count = 0;
    for (let done = BATCH; done === BATCH; count += done) done = await purgeSome(needs, before, now);
    if (count > 0) needs.log.info({ conversations: count }, 'spam-emptied');
  }
  await removeBlobs(needs, now);
}

async function purgeSome({ store }: EmptySpamNeeds, before: Date, now: Date): Promise<number> {
  return store.transaction(async (tx) => {
    const due = await tx.purges.due(before, BATCH);
    for (const id of due) await tx.purges.purge(id, { at: now, ...(await sinceWhen(tx, id)) });
    return due.length;
  });
}

/** When it became spam, and who said so. */
async function sinceWhen(tx: Pick<Store, 'events' | 'conversations'>, id: ConversationId): Promise<{ readonly spamSince: Date; readonly agentId: AgentId | undefined }> {
  const filed = (await tx.events.of(id)).findLast(({ what }) => what === 'spam' || what === 'blocked');
  const spamSince = filed?.at ?? (await tx.conversations.get(id))?.updatedAt ?? new Date(0);
  return { spamSince, agentId: filed?.actor.kind === 'agent' ? filed.actor.id : undefined };
}

const BLOBS_AT_ONCE = 500;

/** What could not go now, because it was touched lately, goes with a later run. */
async function removeBlobs({ store, blobs, log }: EmptySpamNeeds, now: Date): Promise<void> {
  const candidates = await store.purges.blobs(BLOBS_AT_ONCE);
  const needed = await store.purges.needed(candidates);
  const settled: (typeof candidates)[number][] = [];
  for (const hash of candidates) {
    if (needed.has(hash) || (await blobs.remove(hash, new Date(now.getTime() - UNTOUCHED_MS)))) settled.push(hash);
  }
  await store.transaction((tx) => tx.purges.forgetBlobs(settled));
  if (settled.length > 0) log.info({ blobs: settled.length - needed.size }, 'blobs-removed');
}
