/** Small things from outside that use cases need. */
import type { BlobHash } from '../ids.js';

export interface Clock {
  now(): Date;
}

/** Mints time-ordered ids (UUID version 7). */
export type NewId = () => string;

/** Logs carry ids and one verb, never bodies or secrets; addresses only at debug. */
export interface Log {
  debug(facts: object, verb: string): void;
  info(facts: object, verb: string): void;
  warn(facts: object, verb: string): void;
  error(facts: object, verb: string): void;
}

/**
 * Large content outside the database rows: content-addressed, compressed, written and synced to disk before `put` resolves. Putting the same bytes
 * twice keeps one copy.
 */
export interface Blobs {
  put(content: Uint8Array): Promise<BlobHash>;
  /** @throws BlobMissing when the file is not there; BlobDamaged when its content does not have this hash. */
  get(hash: BlobHash): Promise<Uint8Array>;
  has(hash: BlobHash): Promise<boolean>;
  /**
   * Deletes it, unless it was put (again) since `untouchedSince`: then a row that names it may be on its way.
   * @returns whether it is gone
   */
  remove(hash: BlobHash, untouchedSince: Date): Promise<boolean>;
}

/** Files in one file. Names are paths with `/`; times in UTC. */
export type Archive = (files: readonly { readonly name: string; readonly content: Uint8Array; readonly at: Date }[]) => Uint8Array;

/** Encrypts secrets at rest and signs what travels through other hands, with keys derived from APP_SECRET. */
export interface Vault {
  seal(clear: string): string;
  /** @throws Error when it was sealed with another APP_SECRET or was tampered with. */
  open(sealed: string): string;
  /** Short URL- and address-safe signature of `text` (lower-case base32, 80 bits). */
  sign(text: string): string;
}
