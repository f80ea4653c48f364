/**
 * When a call may go out. Slack lets about one chat.postMessage a second through per channel (a few more for a moment), and so many calls a minute of each other method. We keep within that
 * ourselves: whatever is bulk leaves room for what a person waits for, and nobody holds a lane for longer than a moment: who has to wait longer gets a ticket and comes back.
 */
import { BridgeError } from '../../core/errors.js';

export interface Pace {
  /** Tokens a second. */
  readonly rate: number;
  /** Calls at once after a pause. */
  readonly burst: number;
  /** Tokens that bulk leaves for what a person waits for. */
  readonly reserve: number;
}

/** One a second and channel; a trifle slower, since clocks differ. Short bursts are let through (https://docs.slack.dev/apis/web-api/rate-limits); the reserve also takes up calls that arrive closer together than they left. */
export const POSTS: Pace = { rate: 0.99, burst: 3, reserve: 1 };
/** Tier 3: 50 a minute and more, for the whole workspace. */
export const EDITS: Pace = { rate: 0.8, burst: 20, reserve: 5 };

/** Waiting longer than this would keep a lane from others, in milliseconds. */
const LONGEST_WAIT_MS = 2_000;
/** Whoever has a ticket comes back so much before its turn, in milliseconds: what is not used in time is lost. */
const EARLY_MS = 400;
/** Who does not come back for so long after its turn loses it, in milliseconds. */
const TICKET_GRACE_MS = 30_000;

export interface PacingNeeds {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export class Pacing {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly needs: PacingNeeds = { now: () => performance.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  ) {}

  /**
   * Resolves when the call may go out.
   *
   * @param bucket what is counted together: a method, or a method and channel
   * @param key who asks; the same again when it comes back
   * @throws BridgeError 'rate-limited', certain, with the time to come back
   */
  async turn(bucket: string, pace: Pace, key: string, urgent: boolean): Promise<void> {
    const found = this.#buckets.get(bucket) ?? new Bucket(pace, this.needs.now());
    this.#buckets.set(bucket, found);
    const started = this.needs.now();
    for (;;) {
      const wait = found.ask(key, urgent, this.needs.now());
      if (wait <= 0) return;
      if (this.needs.now() + wait - started > LONGEST_WAIT_MS) throw new BridgeError('rate-limited', true, `${bucket}: its turn comes in ${Math.ceil(wait / 1_000)} s`, Math.ceil(wait - EARLY_MS));
      await this.needs.sleep(wait);
    }
  }

  /** Slack said 429: nothing goes out there before. */
  stop(bucket: string, pace: Pace, ms: number): void {
    const found = this.#buckets.get(bucket) ?? new Bucket(pace, this.needs.now());
    this.#buckets.set(bucket, found);
    found.stop(this.needs.now() + ms);
  }
}

class Bucket {
  #tokens: number;
  #at: number;
  #stoppedUntil = 0;
  /** Who waits, in order of their first asking, and when their turn is. */
  readonly #line = new Map<string, number>();

  constructor(
    private readonly pace: Pace,
    now: number,
  ) {
    this.#tokens = pace.burst;
    this.#at = now;
  }

  /** Takes a token and answers 0, or answers how long to wait, in milliseconds. */
  ask(key: string, urgent: boolean, now: number): number {
    this.#refill(now);
    if (now < this.#stoppedUntil) return this.#stoppedUntil - now;
    for (const [other, turn] of this.#line) if (turn + TICKET_GRACE_MS < now) this.#line.delete(other);
    const { rate, reserve } = this.pace;
    if (urgent) return this.#take(1, key);
    const before = [...this.#line.keys()].indexOf(key);
    // Whoever was promised a turn by now goes first; those who are not back yet are not waited for.
    const ahead = before < 0 ? this.#line.size : [...this.#line].slice(0, before).filter(([, turn]) => turn > now).length;
    if (ahead === 0 || (before >= 0 && (this.#line.get(key) ?? 0) <= now)) {
      const wait = this.#take(1 + reserve, key);
      if (wait > 0 && before < 0) this.#line.set(key, now + wait);
      return wait;
    }
    const turn = this.#line.get(key) ?? now + ((ahead + 1 + reserve - this.#tokens) / rate) * 1_000;
    this.#line.set(key, turn);
    return Math.max(1, turn - now);
  }

  stop(until: number): void {
    this.#tokens = 0;
    this.#stoppedUntil = Math.max(this.#stoppedUntil, until);
    this.#at = this.#stoppedUntil;
  }

  #take(least: number, key: string): number {
    if (this.#tokens >= least) {
      this.#tokens -= 1;
      this.#line.delete(key);
      return 0;
    }
    return Math.max(1, ((least - this.#tokens) / this.pace.rate) * 1_000);
  }

  #refill(now: number): void {
    if (now <= this.#at) return;
    this.#tokens = Math.min(this.pace.burst, this.#tokens + ((now - this.#at) / 1_000) * this.pace.rate);
    this.#at = now;
  }
}
