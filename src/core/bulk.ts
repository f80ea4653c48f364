/** Doing one thing with many conversations: asked first, then done in portions, and taken back as a whole. */
import type { AgentId, BulkId, ConversationId } from './ids.js';
import type { Conversation } from './model.js';

/** Verbs that can be said of many at once. */
export const BULK_ACTIONS = ['close', 'label', 'unlabel', 'assign', 'priority', 'snooze'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export type BulkState =
  /** Shown to the one who asked, and nothing done yet. */
  | 'asked'
  | 'running'
  /** Stopped by a person; what was done stays, and can be taken back. */
  | 'stopped'
  | 'done'
  | 'undoing'
  | 'undone';

export interface Bulk {
  readonly id: BulkId;
  readonly agentId: AgentId;
  /** Bridge it was asked in. */
  readonly via: string;
  readonly action: BulkAction;
  /** What the action needs, as it is stored: id of a label, `agent:anna`, `team:care`, a priority, a moment; '' for none. */
  readonly value: string;
  /** The search that chose the conversations. */
  readonly words: string;
  readonly state: BulkState;
  readonly total: number;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
}

export type BulkItemState =
  | 'waiting'
  | 'done'
  /** There was nothing to do, or it could not be done. */
  | 'skipped'
  | 'undone'
  /** It changed since, so it was not taken back. */
  | 'kept';

/** One conversation of a bulk. */
export interface BulkItem {
  readonly position: number;
  readonly conversationId: ConversationId;
  readonly state: BulkItemState;
  /** Revision that it left the conversation at. */
  readonly revision: number | undefined;
  /** What it was before. */
  readonly before: Restorable | undefined;
}

export type BulkCounts = Readonly<Record<BulkItemState, number>>;

/** Everything that one of the actions can change. Moments as ISO texts, so that it can be kept as JSON. */
export interface Restorable extends Pick<Conversation, 'status' | 'labels' | 'priority'> {
  readonly assigneeId: Conversation['assigneeId'] | null;
  readonly teamId: Conversation['teamId'] | null;
  readonly waitingSince: string | null;
  /** Not there in what an older version wrote down. */
  readonly dueAt?: string | null;
  readonly snoozedUntil: string | null;
}

export function restorable({ status, labels, priority, assigneeId, teamId, waitingSince, dueAt, snoozedUntil }: Conversation): Restorable {
  return { status, labels, priority, assigneeId: assigneeId ?? null, teamId: teamId ?? null, waitingSince: waitingSince?.toISOString() ?? null, dueAt: dueAt?.toISOString() ?? null, snoozedUntil: snoozedUntil?.toISOString() ?? null };
}

export function restored({ status, labels, priority, assigneeId, teamId, waitingSince, dueAt, snoozedUntil }: Restorable): Pick<Conversation, 'status' | 'labels' | 'priority' | 'assigneeId' | 'teamId' | 'waitingSince' | 'dueAt' | 'snoozedUntil'> {
  const moment = (text: string | null | undefined): Date | undefined => (text ? new Date(text) : undefined);
  return { status, labels, priority, assigneeId: assigneeId ?? undefined, teamId: teamId ?? undefined, waitingSince: moment(waitingSince), dueAt: moment(dueAt), snoozedUntil: moment(snoozedUntil) };
}

/** What can be said of a bulk next. */
export function nextSteps({ state }: Pick<Bulk, 'state'>, counts: BulkCounts): readonly ('go' | 'stop' | 'undo')[] {
  switch (state) {
    case 'asked': return ['go', 'stop'];
    case 'running': return ['stop'];
    case 'stopped': case 'done': return counts.done > 0 ? ['undo'] : [];
    case 'undoing': case 'undone': return [];
  }
}
