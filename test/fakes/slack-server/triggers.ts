import { randomInt } from 'node:crypto';

import { secret } from './ids.js';
import { refusal } from './violations.js';

export interface Trigger {
  readonly user: string;
  /** The modal that it came from: what views.push puts a view on. */
  readonly viewId: string | undefined;
}

/** The keys to a person's screen: each opens one modal, for a moment. */
export class Triggers {
  private readonly issued = new Map<string, Trigger & { readonly goodUntil: number; used: boolean }>();

  constructor(private readonly lifetimeMs: number) {}

  issue(user: string, viewId?: string): string {
    const id = `${randomInt(1e12)}.${randomInt(1e9)}.${secret(16)}`;
    this.issued.set(id, { user, viewId, goodUntil: Date.now() + this.lifetimeMs, used: false });
    return id;
  }

  /** @throws SlackError when it is unknown, used or too old */
  redeem(id: string): Trigger {
    const trigger = this.issued.get(id);
    if (!trigger) throw refusal('invalid_trigger_id', id);
    if (trigger.used) throw refusal('exchanged_trigger_id', 'a trigger opens one view');
    if (trigger.goodUntil < Date.now()) throw refusal('expired_trigger_id', `${Date.now() - trigger.goodUntil} ms too late`);
    trigger.used = true;
    return trigger;
  }
}
