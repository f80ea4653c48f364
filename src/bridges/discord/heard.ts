/** Up to where words in threads were heard. Discord tells again what a resumed session missed; what was said while there was no session has to be read afterwards, from here on. */
import type { Log } from '../../core/ports/effects.js';
import type { BridgeMemory } from '../definition.js';
import { isSnowflake, snowflakeAt } from './refs.js';

export interface Heard {
  /** This message was heard, and handed on or refused. */
  take(messageId: string): void;
  /** Before the first connection: goes on where the last run stopped hearing. */
  resume(): Promise<void>;
  /** The session was lost: from now back to the last word there may be a gap. */
  lost(): void;
  /** Id of the last message before the gap; undefined: nothing was missed. */
  missedSince(): string | undefined;
  /** All that was missed since then has been read. */
  caughtUp(since: string): void;
  /** Writes down up to where words were heard. */
  stop(): Promise<void>;
}

export interface HeardNeeds {
  /** Without it, what was said while Goniec was not running is not read afterwards. */
  readonly memory: BridgeMemory | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

/** It is written down at most this often, in milliseconds. What was refused must not be tried again later, when it might succeed. */
const WRITE_DOWN_MS = 1_000;
const KEY = 'discord.heard';

export function createHeard({ memory, log, now }: HeardNeeds): Heard {
  let newest = snowflakeAt(now());
  let remembered: string | undefined;
  let missedSince: string | undefined;
  let writing: NodeJS.Timeout | undefined;

  const writeDown = async (): Promise<void> => {
    clearTimeout(writing);
    writing = undefined;
    // What is still to be read afterwards must not be passed over by the next run.
    const upTo = missedSince ?? remembered;
    if (upTo !== undefined) await memory?.set(KEY, upTo);
  };

  return {
    take(messageId) {
      if (BigInt(messageId) <= BigInt(newest)) return;
      newest = messageId;
      remembered = messageId;
      writing ??= setTimeout(() => {
        writeDown().catch((error: unknown) => log.warn({ error }, 'discord-memory-failed'));
      }, WRITE_DOWN_MS).unref();
    },

    async resume() {
      const kept = await memory?.get(KEY);
      if (kept !== undefined && isSnowflake(kept)) missedSince = kept;
    },

    lost() {
      missedSince ??= newest;
    },

    missedSince: () => missedSince,

    caughtUp(since) {
      // Another session may have been lost meanwhile.
      if (missedSince === since) missedSince = undefined;
    },

    stop: writeDown,
  };
}
