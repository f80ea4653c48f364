/** Channels of desk.yaml (an id or a name) -> ids of Slack; and those that cannot be posted to for now. */
import type { Channel } from '../../core/model.js';
import { BridgeError } from '../../core/errors.js';
import type { Log } from '../../core/ports/effects.js';
import { Outage } from '../outage.js';
import { call, type Client } from './client.js';
import { isAboutMessage, refusedFor } from './errors.js';

const ID = /^[CGD][A-Z0-9]{6,}$/;
const PAGE = 1_000;
/** A name that was not found is looked up again after this, in milliseconds. */
const FORGET_MISSING_MS = 60_000;
/** A channel that refused us is tried again after this, in milliseconds; sooner when Slack tells that something changed there. */
const PAUSE_MS = 30_000;

interface Pause {
  readonly until: number;
  readonly error: BridgeError;
  readonly since: Date;
}

export class Channels {
  readonly #byName = new Map<string, string>();
  #listedAt = -Infinity;
  readonly #outage: Outage;
  readonly #paused = new Map<string, Pause>();
  /** Names that were not found. */
  readonly #missing = new Map<string, Pause>();

  constructor(
    private readonly client: Client,
    private readonly log: Log,
    private readonly bridge: string,
    /** Posts that wait may be tried now. */
    private readonly mended: () => void = () => {},
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#outage = new Outage(mended);
  }

  /** @throws BridgeError 'gone' when there is no channel of that name */
  async idOf({ target }: Pick<Channel, 'target'>): Promise<string> {
    if (ID.test(target)) return target;
    const name = target.replace(/^#/, '').toLowerCase();
    if (!this.#byName.has(name) && this.now() - this.#listedAt > FORGET_MISSING_MS) await this.#list();
    const id = this.#byName.get(name);
    if (id) {
      this.#missing.delete(target);
      return id;
    }
    const error = new BridgeError('gone', true, `There is no channel #${name} that the app can see. If it is private, write /invite @Goniec there; otherwise correct "target" in desk.yaml.`);
    this.#missing.set(target, { until: 0, error, since: this.#missing.get(target)?.since ?? new Date() });
    throw error;
  }

  /**
   * Runs work on a channel. After a refusal that concerns the channel or the token, further work is refused at once for a while: it would fail the same way, and would use up what Slack allows.
   */
  async guarded<Result>(channel: string, work: () => Promise<Result>): Promise<Result> {
    const pause = this.#paused.get(channel);
    if (pause && pause.until > this.now()) throw pause.error;
    try {
      const result = await this.#outage.watch(work);
      this.resume(channel);
      return result;
    } catch (error) {
      if (error instanceof BridgeError && error.certain && (error.fault === 'forbidden' || (error.fault === 'gone' && !isAboutMessage(error)))) {
        if (pause?.error.message !== error.message) this.log.error({ bridge: this.bridge, channel, fault: error.fault, what: error.message }, 'channel-paused');
        this.#paused.set(channel, { until: this.now() + PAUSE_MS, error, since: pause?.since ?? new Date() });
      }
      throw error;
    }
  }

  /** Slack says that we are in and it is open (unarchived, joined): the next try counts. */
  resume(channel: string): void {
    if (!this.#paused.delete(channel)) return;
    this.log.info({ bridge: this.bridge, channel }, 'channel-works-again');
    this.mended();
  }

  /** Slack says that posts will not be taken any more; @param code as Slack would refuse them */
  lose(channel: string, code: string): void {
    if (this.#paused.has(channel)) return;
    const error = refusedFor(code);
    this.#paused.set(channel, { until: 0, error, since: new Date() });
    this.log.warn({ bridge: this.bridge, channel, what: error.message }, 'channel-lost');
  }

  /** What keeps posts from a channel. */
  troubleOf({ target }: Pick<Channel, 'target'>): Pick<Pause, 'error' | 'since'> | undefined {
    const id = ID.test(target) ? target : this.#byName.get(target.replace(/^#/, '').toLowerCase());
    return this.#missing.get(target) ?? (id === undefined ? undefined : this.#paused.get(id));
  }

  async #list(): Promise<void> {
    let cursor: string | undefined;
    do {
      const at = cursor;
      const page = await call('conversations.list', () => this.client.conversations.list({ types: 'public_channel,private_channel', limit: PAGE, ...(at ? { cursor: at } : {}) }));
      for (const { id, name, is_archived: archived } of page.channels ?? []) if (id && name && !(archived && this.#byName.has(name))) this.#byName.set(name, id);
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
    this.#listedAt = this.now();
  }
}
