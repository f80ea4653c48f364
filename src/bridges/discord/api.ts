/** Requests to Discord's REST API through discord.js, which keeps to the rate limits; errors leave as BridgeError. */
import type { RawFile, REST, RateLimitData } from 'discord.js';

import { asBridgeError } from './errors.js';
import type { Json } from './json.js';

/**
 * A longer wait is handed back to the lane it belongs to, so that one crowded channel does not keep the workers from the others; a shorter one is sat out here, which drains a burst at full rate. In milliseconds.
 */
const PATIENCE_MS = 2_000;
/** Discord answers within a second or two; longer means a broken line, in milliseconds. */
const TIMEOUT_MS = 15_000;

type Route = `/${string}`;
type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

export interface Sent {
  readonly body?: unknown;
  readonly files?: readonly RawFile[];
  readonly query?: URLSearchParams;
  /** Interaction endpoints carry their token in the path. */
  readonly open?: boolean;
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
  rejectOnRateLimit: ({ timeToReset, retryAfter, route }: RateLimitData): boolean => !route.includes('/webhooks/') && !route.includes('/interactions/') && Math.max(timeToReset, retryAfter) > PATIENCE_MS,
} as const;

export function createApi(rest: REST): Api {
  return {
    async request<Result>(method: Method, route: Route, doing: string, { body, files, query, open }: Sent = {}): Promise<Result> {
      try {
        const options = { ...(body !== undefined && { body: body as Json }), ...(files && files.length > 0 && { files: [...files] }), ...(query && { query }), ...(open && { auth: false as const }) };
        return (await rest[method](route, options)) as Result;
      } catch (error) {
        throw asBridgeError(error, doing);
      }
    },
  };
}
