/** Random numbers that a seed repeats: the same seed gives the same mails, the same waits and the same order of things. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `least` up to and without `below`. */
  whole(least: number, below: number): number;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
}

/** mulberry32: 32 bits of state, good enough to spread moments. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, below: number): number => least + Math.floor(next() * (below - least));
  return { next, whole, pick: (values) => values[whole(0, values.length)] ?? values[0] };
}
