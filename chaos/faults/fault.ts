/** A fault that the world shows the product: it begins while work is going on, and ends after a while. */
import type { Disk, House } from '../house.js';
import type { Random } from '../random.js';

export interface Fault {
  readonly name: string;
  /** In words, for the report. */
  readonly what: string;
  readonly lastsMs: number;
  /** What of the house must be special for it. */
  readonly driver?: (folder: string) => Readonly<Record<string, string>>;
  /** @throws CannotHappenHere */
  readonly disk?: (folder: string) => Promise<Disk>;
  /** Begins it; the returned function ends it. */
  readonly begin: (house: House, random: Random) => Promise<() => Promise<void>>;
  /** What the product's log must say; undefined: nothing has to be said. */
  readonly told: RegExp | undefined;
}

/** This machine does not let us make this fault. */
export class CannotHappenHere extends Error {
  override readonly name = 'CannotHappenHere';
}
