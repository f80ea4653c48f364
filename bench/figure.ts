/** What a measurement gives, and the arithmetic that all of them share. */
export interface Figure {
  readonly name: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number;
  /** Whether the target is the least or the most that the value may be. */
  readonly better: 'higher' | 'lower';
  /** Other numbers of the same run that explain the value. */
  readonly details: Readonly<Record<string, number>>;
}

export interface Bench {
  readonly name: string;
  /** @param tell says what is going on, for a person who waits */
  run(tell: (line: string) => void): Promise<readonly Figure[]>;
}

export const isMet = ({ value, target, better }: Figure): boolean => (better === 'higher' ? value >= target : value <= target);

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @param share in [0, 1] */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Rounds to what the measurement can tell. */
export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Runs it and tells how many milliseconds it took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
