import type { JsonObject } from './json.js';

export interface ApiFault {
  /** Web API method; "*" for any; "response_url" and "upload" for those addresses. */
  readonly method: string;
  /** Only calls for which this is true. */
  readonly when?: (args: JsonObject) => boolean;
  /** Answers `{ok: false, error}`. */
  readonly error?: string;
  /** Answers with this HTTP status and no JSON. Nothing is done, unless `done`. */
  readonly status?: number;
  /** With `status` or `error`: the work is done all the same. */
  readonly done?: boolean;
  /** Cuts the connection: `before` anything is done, or `after` (the work is done, the answer is lost). */
  readonly dropConnection?: 'before' | 'after';
  /** Does the work, then waits this long with the answer. */
  readonly delayMs?: number;
  /** Answers 429 with this many seconds in Retry-After. */
  readonly retryAfter?: number;
  /** How often; once unless told. `Infinity` until `clearFaults`. */
  readonly times?: number;
}

/** What is to go wrong, in the order in which it was asked for. */
export class Faults {
  private planned: { readonly fault: ApiFault; left: number }[] = [];

  plan(fault: ApiFault): void {
    this.planned.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.planned = [];
  }

  take(method: string, args: JsonObject): ApiFault | undefined {
    const found = this.planned.find(({ fault }) => (fault.method === '*' || fault.method === method) && (fault.when?.(args) ?? true));
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.planned.splice(this.planned.indexOf(found), 1);
    return found.fault;
  }
}
