/**
 * Who may go next where Discord's limit is used up. discord.js knows when a limit is free again; whoever waits for it gets a turn of its own, in order of asking, so that a crowd neither comes all at once nor keeps
 * the workers from others. Whoever comes new while others wait goes behind them.
 */

/** What is known of a limit that was met. */
export interface Limit {
  /** Requests in one window. */
  readonly limit: number;
  /** Until the present window ends, in milliseconds. */
  readonly resetMs: number;
  /** Length of a window, in milliseconds. */
  readonly windowMs: number;
}

interface Line {
  limit: Limit;
  /** When a window began or begins; the others lie whole windows apart. */
  windowAt: number;
  /** When the turn of each is, in order of asking. */
  readonly turns: Map<string, number>;
}

/** Whoever does not come for so long after its turn loses it, in milliseconds. */
const GRACE_MS = 30_000;
/** Between two windows: a timer fires a little late, in milliseconds. */
const MARGIN_MS = 25;
/** A timer may fire a little early, in milliseconds. */
const EARLY_MS = 20;

export class Turns {
  readonly #lines = new Map<string, Line>();

  /** @returns 0 when `who` may go now, else how long to wait, in milliseconds */
  admit(bucket: string, who: string, now: number): number {
    const line = this.#lineOf(bucket, now);
    if (!line) return 0;
    const turn = line.turns.get(who);
    if (turn === undefined) return this.#queue(line, who, now);
    if (turn > now + EARLY_MS) return turn - now;
    line.turns.delete(who);
    return 0;
  }

  /** Discord's limit stopped `who`, though its turn had come: it goes first in the next window. @returns how long to wait, in milliseconds */
  refused(bucket: string, who: string, limit: Limit, now: number): number {
    const windowAt = now + limit.resetMs;
    const line = this.#lineOf(bucket, now) ?? { limit, windowAt, turns: new Map<string, number>() };
    this.#lines.set(bucket, line);
    // Windows begin with the first request in them, so they lag behind what was reckoned: everybody's turn moves with them.
    const behind = (windowAt - line.windowAt) % limit.windowMs;
    if (behind > 0) for (const [other, turn] of line.turns) if (turn > now) line.turns.set(other, turn + behind);
    Object.assign(line, { limit, windowAt });
    line.turns.set(who, windowAt);
    return limit.resetMs;
  }

  #lineOf(bucket: string, now: number): Line | undefined {
    const line = this.#lines.get(bucket);
    if (!line) return undefined;
    for (const [who, turn] of line.turns) if (turn + GRACE_MS < now) line.turns.delete(who);
    if (line.turns.size > 0) return line;
    this.#lines.delete(bucket);
    return undefined;
  }

  /** Into the first window that has room. */
  #queue(line: Line, who: string, now: number): number {
    const { limit } = line.limit;
    const windowMs = line.limit.windowMs + MARGIN_MS;
    const taken = new Map<number, number>();
    const windowOf = (at: number): number => Math.round((at - line.windowAt) / windowMs);
    for (const turn of line.turns.values()) taken.set(windowOf(turn), (taken.get(windowOf(turn)) ?? 0) + 1);
    let window = Math.max(0, Math.ceil((now - line.windowAt) / windowMs));
    while ((taken.get(window) ?? 0) >= limit) window += 1;
    const turn = line.windowAt + window * windowMs;
    line.turns.set(who, turn);
    return Math.max(1, turn - now);
  }
}
