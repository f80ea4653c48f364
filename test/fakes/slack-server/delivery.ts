/** Handing things to the app: one way for Socket Mode and HTTP, with acknowledgements recorded and events sent again. */
import type { Json, JsonObject } from './json.js';
import * as limits from './limits.js';

export type EnvelopeKind = 'events_api' | 'interactive' | 'slash_commands';

export interface Envelope {
  readonly kind: EnvelopeKind;
  /** What it is, for people: "message", "block_actions", "/mail". */
  readonly name: string;
  readonly payload: JsonObject;
}

/** What became of one try. */
export interface Attempt {
  readonly acked: boolean;
  readonly ms: number;
  /** What came back with the acknowledgement. */
  readonly payload: Json | undefined;
  /** Why there was none: "timeout", "no_socket", "connection_failed", "http_error". */
  readonly failure: string | undefined;
  /** The app asked not to send this again (X-Slack-No-Retry). */
  readonly noRetry?: boolean;
}

export interface Retry {
  /** 0 for the first try. */
  readonly attempt: number;
  readonly reason: string;
}

/** One try over a socket or by HTTP. */
export interface Transport {
  attempt(envelope: Envelope, retry: Retry): Promise<Attempt>;
}

/** What became of it after all tries. */
export interface Outcome {
  readonly acked: boolean;
  /** From the first try to the acknowledgement (or to giving up). */
  readonly ms: number;
  readonly payload: Json | undefined;
  readonly failure: string | undefined;
  readonly tries: number;
}

/** One acknowledgement, or one try that got none. */
export interface AckRecord extends Attempt {
  readonly kind: EnvelopeKind;
  readonly name: string;
  readonly eventId: string | undefined;
  readonly attempt: number;
  readonly at: Date;
}

export interface SentEvent {
  readonly eventId: string;
  readonly type: string;
  readonly payload: JsonObject;
  readonly outcome: Promise<Outcome>;
}

/** Slack sends an event again at once, after 1 minute and after 5; 60 times faster here, so that a test can wait for it. */
export const RETRY_DELAYS_MS: readonly number[] = [0, 1_000, 5_000];

export class Delivery {
  readonly acks: AckRecord[] = [];
  readonly events: SentEvent[] = [];
  private readonly pending = new Set<Promise<unknown>>();
  private readonly timers = new Map<NodeJS.Timeout, () => void>();
  private stopped = false;

  constructor(
    private readonly transport: () => Transport,
    private readonly retryDelaysMs: readonly number[],
  ) {}

  /** Interactions and commands: one try; a person is told when it fails. */
  async once(envelope: Envelope): Promise<Outcome> {
    const tried = await this.track(this.attempt(envelope, { attempt: 0, reason: '' }, undefined));
    return { ...tried, tries: 1 };
  }

  /** Events: sent again until one try is acknowledged or all are used up. */
  event(eventId: string, type: string, payload: JsonObject): Promise<Outcome> {
    const envelope: Envelope = { kind: 'events_api', name: type, payload };
    const outcome = this.track(this.insist(envelope, eventId));
    this.events.push({ eventId, type, payload, outcome });
    return outcome;
  }

  /** Sends an event that was sent before once more, as Slack does when it missed the acknowledgement. */
  async redeliver(eventId: string, reason = 'timeout'): Promise<Outcome> {
    const sent = this.events.find((event) => event.eventId === eventId);
    if (!sent) throw new Error(`no event ${eventId} was sent`);
    const tried = await this.track(this.attempt({ kind: 'events_api', name: sent.type, payload: sent.payload }, { attempt: 1, reason }, eventId));
    return { ...tried, tries: 1 };
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled([...this.pending]);
  }

  /** Gives up on what would be sent again later. */
  stop(): void {
    this.stopped = true;
    for (const [timer, wake] of this.timers) {
      clearTimeout(timer);
      wake();
    }
    this.timers.clear();
  }

  private async insist(envelope: Envelope, eventId: string): Promise<Outcome> {
    const start = performance.now();
    let tried = await this.attempt(envelope, { attempt: 0, reason: '' }, eventId);
    let tries = 1;
    for (const delay of this.retryDelaysMs) {
      if (tried.acked || tried.noRetry === true || this.stopped) break;
      await this.sleep(delay);
      if (this.stopped) break;
      tried = await this.attempt(envelope, { attempt: tries, reason: tried.failure === 'no_socket' ? 'timeout' : (tried.failure ?? 'timeout') }, eventId);
      tries += 1;
    }
    return { acked: tried.acked, payload: tried.payload, failure: tried.failure, ms: performance.now() - start, tries };
  }

  private async attempt(envelope: Envelope, retry: Retry, eventId: string | undefined): Promise<Attempt> {
    const tried = await this.transport().attempt(envelope, retry);
    this.acks.push({ ...tried, kind: envelope.kind, name: envelope.name, eventId, attempt: retry.attempt, at: new Date() });
    return tried;
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        resolve();
      }, ms);
      this.timers.set(timer, resolve);
    });
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.pending.add(work);
    const forget = (): void => {
      this.pending.delete(work);
    };
    work.then(forget, forget);
    return work;
  }
}

/** Resolves with the answer, or with a timeout after Slack's 3 s. */
export function withinAckTime(answer: Promise<Attempt>, ackMs: number = limits.ACK_MS): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const timer = setTimeout(() => {
      resolve({ acked: false, ms: performance.now() - start, payload: undefined, failure: 'timeout' });
    }, ackMs);
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
