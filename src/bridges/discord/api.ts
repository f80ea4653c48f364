/** Requests to Discord's REST API through discord.js, which keeps to the rate limits; errors leave as BridgeError. */
import { DiscordAPIError, type RawFile, RateLimitError, type REST, type RateLimitData, RESTEvents } from 'discord.js';

import { BridgeError } from '../../core/errors.js';
import { asBridgeError } from './errors.js';
import type { Json } from './json.js';
import { Turns } from './turns.js';

/**
 * A longer wait is handed back to the lane it belongs to, with a turn of its own, so that one crowded channel does not keep the workers from the others; a shorter one is sat out here. In milliseconds.
 */
const PATIENCE_MS = 500;
/** What nobody else tries again waits as long as Discord asks, but not for ever, in milliseconds. */
const LONGEST_PATIENCE_MS = 60_000;
/** Tries of what nobody else tries again, and the wait between them, in milliseconds. */
const PATIENT_TRIES = 4;
const PATIENT_WAIT_MS = 500;
/** Discord answers within a second or two; longer means a broken line, in milliseconds. */
const TIMEOUT_MS = 15_000;
/** The window of a limit whose length was not told yet, in milliseconds. */
const USUAL_WINDOW_MS = 1_000;
const IN_ALL = 'in all';

type Route = `/${string}`;
type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

export interface Sent {
  readonly body?: unknown;
  readonly files?: readonly RawFile[];
  readonly query?: URLSearchParams;
  /** Interaction endpoints carry their token in the path. */
  readonly open?: boolean;
  /** Comes back after a wait: it has a turn where many wait for one limit. */
  readonly who?: string;
  /** Nobody tries it again, and a second one does no harm: waits as long as Discord asks, and tries again itself. */
  readonly patient?: boolean;
}

export interface Api {
  /** @throws BridgeError @param doing what is tried, for people */
  request<Result = unknown>(method: Method, route: Route, doing: string, sent?: Sent): Promise<Result>;
}

export const REST_OPTIONS = {
  version: '10',
  timeout: TIMEOUT_MS,
  /** Trying again at once makes doubles where a nonce is not understood (forum posts); deliveries are tried again by the lane, with back-off. */
  retries: 0,
  /** Discord tells the end of a window relative to its answer; this covers the way of that answer, in milliseconds. */
  offset: 25,
  rejectOnRateLimit: ({ timeToReset, retryAfter, route }: RateLimitData): boolean => !route.includes('/webhooks/') && !route.includes('/interactions/') && Math.max(timeToReset, retryAfter) > PATIENCE_MS,
} as const;

export interface ApiNeeds {
  readonly rest: REST;
  /** For interaction endpoints, which Discord does not count against the limit in all: nobody who pressed a button waits behind a burst of cards. */
  readonly openRest?: REST;
  /** discord.js forgets it after a refusal; a later try must say the same again, not that there is none. */
  readonly token: string;
}

export function createApi({ rest, openRest = rest, token }: ApiNeeds): Api {
  const turns = new Turns();
  const windows = new Map<string, number>();
  rest.on(RESTEvents.Response, ({ method, path }, { headers }) => {
    const resetMs = Number(headers.get('x-ratelimit-reset-after')) * 1_000;
    const known = windows.get(kindOf(method, path)) ?? 0;
    if (resetMs > known) windows.set(kindOf(method, path), resetMs);
  });

  const once = async <Result>(method: Method, route: Route, doing: string, { body, files, query, open, who }: Sent): Promise<Result> => {
    const bucket = bucketOf(method, route);
    const wait = who === undefined ? 0 : Math.max(turns.admit(IN_ALL, who, Date.now()), turns.admit(bucket, who, Date.now()));
    if (wait > 0) throw new BridgeError('rate-limited', true, `Its turn comes in ${Math.ceil(wait / 1_000)} s (${doing}).`, wait);
    try {
      const options = { ...(body !== undefined && { body: body as Json }), ...(files && files.length > 0 && { files: [...files] }), ...(query && { query }), ...(open && { auth: false as const }) };
      return (await (open ? openRest : rest)[method](route, options)) as Result;
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 401 && !open) rest.setToken(token);
      const known = asBridgeError(error, doing);
      if (who === undefined || !(error instanceof RateLimitError) || known.retryAfterMs === undefined) throw known;
      const windowMs = error.global ? USUAL_WINDOW_MS : Math.max(windows.get(kindOf(method, route)) ?? 0, USUAL_WINDOW_MS);
      const waitMs = turns.refused(error.global ? IN_ALL : bucket, who, { limit: Number.isFinite(error.limit) ? Math.max(1, error.limit) : 1, resetMs: known.retryAfterMs, windowMs }, Date.now());
      throw new BridgeError(known.fault, known.certain, known.message, waitMs, { cause: error });
    }
  };

  return {
    async request<Result>(method: Method, route: Route, doing: string, sent: Sent = {}): Promise<Result> {
      const until = Date.now() + LONGEST_PATIENCE_MS;
      for (let tries = 1; ; tries += 1) {
        try {
          return await once<Result>(method, route, doing, sent);
        } catch (error) {
          const wait = sent.patient && error instanceof BridgeError ? patience(error, tries) : undefined;
          if (wait === undefined || Date.now() + wait > until) throw error;
          await new Promise((done) => setTimeout(done, wait));
        }
      }
    },
  };
}

/** How long to wait before the next try, in milliseconds; undefined: there is no use in one. */
function patience({ fault, retryAfterMs }: BridgeError, tries: number): number | undefined {
  if (fault === 'rate-limited') return retryAfterMs ?? PATIENT_WAIT_MS;
  return fault === 'unavailable' && retryAfterMs === undefined && tries < PATIENT_TRIES ? PATIENT_WAIT_MS * tries : undefined;
}

const ID = /\d{15,21}/g;

/** Discord counts by method, route and the first id in it (Discord docs, "Rate Limits"). */
function bucketOf(method: string, route: string): string {
  let isFirst = true;
  return `${method} ${route.replace(ID, (id) => {
    const shown = isFirst ? id : ':id';
    isFirst = false;
    return shown;
  })}`;
}

const kindOf = (method: string, route: string): string => `${method.toLowerCase()} ${route.replace(/^.*\/v10(?=\/)/, '').replace(ID, ':id')}`;
