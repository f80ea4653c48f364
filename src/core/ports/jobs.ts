/**
 * Work that must happen, once its cause is committed. A job wakes somebody up; what is to be done stands in our own tables, so a job that runs once too
 * often does no harm.
 */
export type Task =
  /** Understand what lies stored of one mailbox. Payload: mailbox id. */
  | 'receive'
  /** Work off the deliveries of one lane. Payload: lane. */
  | 'deliver'
  /** Look for conversations whose time has come. */
  | 'timers'
  /** Put what an older version stored into the search index. */
  | 'search-index'
  /** Go on with what is done with many conversations. Payload: its id. */
  | 'bulk';

export interface NewJob {
  readonly task: Task;
  readonly payload: string;
  /** Jobs of one queue run one after the other, also across nodes. */
  readonly queue: string;
  /**
   * A waiting job with the same key is replaced, its time set to the earlier of the two; a running one is left alone and this one runs after it.
   */
  readonly key: string;
  readonly runAt: Date;
}

export interface Jobs {
  /** Inside the transaction of its cause: visible to workers only when that commits. */
  enqueue(job: NewJob): Promise<void>;
}

/** Rejects to be run again with back-off, for ever and at last once an hour: a job guards work that must not be lost. */
export type JobHandler = (payload: string) => Promise<void>;

export interface JobEngine {
  start(handlers: Readonly<Record<Task, JobHandler>>): Promise<void>;
  /** Takes no new jobs; resolves when those in hand have ended, or after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** Waiting jobs, the age of the oldest that is due in milliseconds, and how many of them were tried ten times or more. */
  depth(): Promise<{ waiting: number; oldestDueMs: number; failed: number }>;
}
