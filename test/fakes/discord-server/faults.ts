/** What goes wrong on purpose. */
export interface Fault {
  /** "POST /channels/:id/messages"; undefined: any route but the gateway's. */
  readonly route?: string;
  /** 0: the line is cut instead of an answer. */
  readonly status: number;
  /** Before the work is done, or after it: the request took effect, and only its answer is lost. */
  readonly when?: 'before' | 'after';
  readonly times?: number;
  /** Milliseconds before the answer. */
  readonly delayMs?: number;
  /** Discord's error code in the body. */
  readonly code?: number;
  /** For 429, in seconds. */
  readonly retryAfter?: number;
  /** For 429: the limit over all routes was met. */
  readonly global?: boolean;
}

export class Faults {
  #planned: { readonly fault: Fault; left: number }[] = [];

  failNext(fault: Fault): void {
    this.#planned.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#planned = [];
  }

  take(route: string): Fault | undefined {
    const planned = this.#planned.find(({ fault, left }) => left > 0 && (fault.route === route || (fault.route === undefined && !route.includes('/gateway'))));
    if (planned) planned.left -= 1;
    return planned?.fault;
  }
}
