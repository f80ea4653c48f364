/** What opening a database takes and gives, whatever its engine. */
import type { Clock, Log, NewId, Vault } from '../core/ports/effects.js';
import type { JobEngine } from '../core/ports/jobs.js';
import type { Ownership } from '../core/ports/ownership.js';
import type { Store } from '../core/ports/store.js';

export interface OpenOptions {
  /** `file:<path>` (SQLite) or `postgresql://user:password@host:port/database`. */
  readonly databaseUrl: string;
  readonly vault: Vault;
  readonly log: Log;
  readonly newId: NewId;
  readonly clock: Clock;
  /** How long the work of a transaction may take before it is given up and rolled back; 30 seconds. */
  readonly transactionTimeoutMs?: number;
}

export interface Opened {
  readonly store: Store;
  /** Stop it before the store is closed. */
  readonly jobs: JobEngine;
  readonly ownership: Ownership;
}
