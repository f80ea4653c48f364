/** Rate limits as Discord has them: a bucket per route and main parameter, and 50 requests a second in all, from which interaction endpoints are exempt. */
const GLOBAL_PER_SECOND = 50;
const SECOND_MS = 1_000;
/** Nothing of a test is slowed down unless it asks for a limit. */
const GENEROUS = { limit: 1_000, windowMs: SECOND_MS };

export interface RouteLimit {
  readonly limit: number;
  readonly windowMs: number;
}

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds to wait; undefined: go on. */
  readonly retryAfter: number | undefined;
  readonly global: boolean;
}

export class Pacing {
  globalPerSecond = GLOBAL_PER_SECOND;
  refusals = 0;
  readonly #limits = new Map<string, RouteLimit>();
  readonly #windows = new Map<string, { count: number; endsAt: number }>();
  #inAll: { count: number; endsAt: number } = { count: 0, endsAt: 0 };

  limit(route: string, limit: RouteLimit): void {
    this.#limits.set(route, limit);
  }

  /** @param route "POST /channels/:id/messages" */
  take(route: string, major: string, now: number): Verdict {
    const { limit, windowMs } = this.#limits.get(route) ?? GENEROUS;
    const key = `${route} ${major}`;
    let window = this.#windows.get(key);
    if (!window || window.endsAt <= now) this.#windows.set(key, (window = { count: 0, endsAt: now + windowMs }));
    const isExempt = route.includes('/interactions/') || route.includes('/webhooks/');
    if (!isExempt) {
      if (this.#inAll.endsAt <= now) this.#inAll = { count: 0, endsAt: now + SECOND_MS };
      this.#inAll.count += 1;
    }
    window.count += 1;
    const over = window.count > limit;
    const overAll = !isExempt && this.#inAll.count > this.globalPerSecond;
    const waitMs = overAll ? this.#inAll.endsAt - now : window.endsAt - now;
    if (over || overAll) this.refusals += 1;
    return {
      headers: {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - window.count)),
        'x-ratelimit-reset': String(window.endsAt / SECOND_MS),
        'x-ratelimit-reset-after': String((window.endsAt - now) / SECOND_MS),
        'x-ratelimit-bucket': Buffer.from(route).toString('hex').slice(0, 32),
        ...((over || overAll) && { 'retry-after': String(Math.ceil(waitMs / SECOND_MS)), 'x-ratelimit-scope': overAll ? 'global' : 'user', ...(overAll && { 'x-ratelimit-global': 'true' }) }),
      },
      retryAfter: over || overAll ? waitMs / SECOND_MS : undefined,
      global: overAll,
    };
  }
}
