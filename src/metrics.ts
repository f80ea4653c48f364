/** What a desk tells a monitoring system, as Prometheus reads it. Counted while it happens, or read from the store when somebody asks. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import type { AgentId, MailboxId } from './core/ids.js';
import type { Desk } from './core/model.js';
import type { Clock } from './core/ports/effects.js';
import type { JobEngine } from './core/ports/jobs.js';
import type { Store } from './core/ports/store.js';
import type { WatchState } from './mail/imap-watch.js';

/** Mails looked at for the oldest that waits: history of a mailbox is older than all new mail, stands in front of it, and delays nobody. */
const MAX_HISTORY_LOOKED_AT = 500;
/** How often the event loop's delay is measured, in milliseconds; the library's own 10 would wake an idle desk 100 times a second. */
const LOOP_PRECISION_MS = 100;

export interface MetricsNeeds {
  readonly store: Pick<Store, 'rawMails' | 'deliveries' | 'conversations'>;
  readonly jobs: Pick<JobEngine, 'depth'>;
  readonly desk: () => Promise<Pick<Desk, 'mailboxes'>>;
  readonly clock: Clock;
}

export interface Metrics {
  /** A folder's state changed. */
  onState(mailbox: MailboxId, folder: string, state: WatchState): void;
  /** A folder was read to its end. */
  onLook(mailbox: MailboxId, folder: string): void;
  /** A mailbox is no longer watched; its settings changed or it left the desk. */
  forget(mailbox: MailboxId): void;
  /** In Prometheus' text format. @throws what the store throws */
  read(): Promise<{ readonly body: string; readonly contentType: string }>;
}

interface Watched {
  readonly mailbox: MailboxId;
  readonly folder: string;
  lookedAt: number | undefined;
  watching: boolean;
  interrupted: boolean;
}

/** All is counted, and nothing is theirs. */
const NOBODY = '' as AgentId;

export function createMetrics({ store, jobs, desk, clock }: MetricsNeeds): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> => new Gauge({ name: `goniec_${name}`, help, labelNames: [...labelNames], registers });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> => new Counter({ name: `goniec_${name}`, help, labelNames: [...labelNames], registers });

  const oldestUnread = gauge('intake_oldest_unread_seconds', 'Time since the oldest new mail that is stored and not yet read was received; 0: none waits.', ['mailbox']);
  const lastLook = gauge('intake_last_look_seconds', 'Time since a folder was last read to its end.', ['mailbox', 'folder']);
  const watchedNow = gauge('imap_watching', '1 while new mail in a folder is noticed, 0 while it cannot be read.', ['mailbox', 'folder']);
  const interruptions = counter('imap_interruptions_total', 'How often a folder could not be read, by what was wrong.', ['mailbox', 'folder', 'problem']);
  const reconnects = counter('imap_reconnects_total', 'How often a folder was read again after it could not be.', ['mailbox', 'folder']);
  const waiting = gauge('jobs_waiting', 'Jobs in line, those of later included.');
  const oldestDue = gauge('jobs_oldest_due_seconds', 'How long the oldest job that is due has been.');
  const failing = gauge('jobs_failing', 'Jobs that were tried ten times or more.');
  const deliveries = gauge('deliveries', 'Effects on the outside world (posts, mails, copies), by state. failed and uncertain wait for a person.', ['state']);
  const conversations = gauge('conversations', 'Conversations that are not in a folder, by state; unassigned and overdue are among the open ones.', ['state']);
  const quarantine = gauge('quarantine_mails', 'Mails that are held because they could not be processed.');

  const folders = new Map<string, Watched>();
  const watched = (mailbox: MailboxId, folder: string): Watched => {
    const key = JSON.stringify([mailbox, folder]);
    const known = folders.get(key) ?? { mailbox, folder, lookedAt: undefined, watching: false, interrupted: false };
    folders.set(key, known);
    return known;
  };

  const measure = async (): Promise<void> => {
    const now = clock.now().getTime();
    oldestUnread.reset();
    for (const { id } of (await desk()).mailboxes) {
      const oldest = (await store.rawMails.waiting(id, MAX_HISTORY_LOOKED_AT)).find(({ historic }) => !historic);
      oldestUnread.set({ mailbox: id }, oldest ? Math.max(0, now - oldest.receivedAt.getTime()) / 1000 : 0);
    }
    lastLook.reset();
    watchedNow.reset();
    for (const { mailbox, folder, lookedAt, watching } of folders.values()) {
      watchedNow.set({ mailbox, folder }, watching ? 1 : 0);
      if (lookedAt !== undefined) lastLook.set({ mailbox, folder }, (now - lookedAt) / 1000);
    }
    const depth = await jobs.depth();
    waiting.set(depth.waiting);
    oldestDue.set(depth.oldestDueMs / 1000);
    failing.set(depth.failed);
    for (const [state, count] of Object.entries(await store.deliveries.countByState())) deliveries.set({ state }, count);
    const { open, unassigned, overdue, pending, snoozed, closed } = await store.conversations.counts(NOBODY);
    for (const [state, count] of Object.entries({ open, unassigned, overdue, pending, snoozed, closed })) conversations.set({ state }, count);
    quarantine.set((await store.rawMails.quarantined()).length);
  };
  const read = async (): Promise<{ readonly body: string; readonly contentType: string }> => {
    await measure();
    return { body: await registry.metrics(), contentType: registry.contentType };
  };
  let reading: ReturnType<typeof read> | undefined;

  return {
    onState(mailbox, folder, state) {
      const known = watched(mailbox, folder);
      if (state.state === 'waiting') interruptions.inc({ mailbox, folder, problem: state.problem.kind });
      if (state.state === 'watching' && known.interrupted) reconnects.inc({ mailbox, folder });
      known.watching = state.state === 'watching';
      known.interrupted = state.state === 'waiting' || (known.interrupted && !known.watching);
    },
    onLook(mailbox, folder) {
      watched(mailbox, folder).lookedAt = clock.now().getTime();
    },
    forget(mailbox) {
      for (const [key, known] of folders) if (known.mailbox === mailbox) folders.delete(key);
    },
    read() {
      // Two who ask at once get the same answer: gauges are filled one reading at a time.
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}
