/** https://docs.slack.dev/apis/web-api/rate-limits */

/** Calls a minute, for each method and workspace. `post` is chat.postMessage: one a second and channel. `none` is not limited. */
export type Tier = 1 | 2 | 3 | 4 | 'post' | 'none';

const PER_MINUTE: Readonly<Record<1 | 2 | 3 | 4, number>> = { 1: 1, 2: 20, 3: 50, 4: 100 };
/** "A small amount of burst behavior is tolerated": enough to open the ten sockets that an app may hold. */
const TIER_1_BURST = 10;
/** "Short bursts of more than 1 message a second" are let through; how many is not said. */
const POST_BURST = 3;

interface Bucket {
  tokens: number;
  at: number;
}

export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();

  /**
   * Takes one call out of its bucket.
   *
   * @returns seconds to wait, whole ones as in Retry-After, or undefined when the call may pass
   */
  take(key: string, tier: Tier, perMinute?: number): number | undefined {
    if (tier === 'none' && perMinute === undefined) return undefined;
    const perSecond = perMinute !== undefined ? perMinute / 60 : tier === 'post' ? 1 : PER_MINUTE[tier as 1 | 2 | 3 | 4] / 60;
    const burst = perMinute ?? (tier === 'post' ? POST_BURST : tier === 1 ? TIER_1_BURST : PER_MINUTE[tier as 2 | 3 | 4]);
    const now = performance.now();
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    this.buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens -= 1;
    return undefined;
  }
}
