/** Up to where words in threads were heard. Discord tells again what a resumed session missed; what was said while there was no session has to be read afterwards, from here on. */
import type { Log } from '../../core/ports/effects.js';
import type { BridgeMemory } from '../definition.js';
import { isSnowflake, snowflakeAt } from './refs.js';

/** From here on words may have been missed. Each loss makes a new one, so that whoever reads what one missed does not take the next for read. */
export interface Gap {
  /** Id of the last message before it. */
  readonly since: string;
}

export interface Heard {
  /** This message came in. What comes back is called when it was handed on or refused: until then it does not count as heard. */
  hearing(messageId: string): () => void;
  /** Before the first connection: goes on where the last run stopped hearing. */
  resume(): Promise<void>;
  /** What was said from now on, or since this message, may not have been heard. */
  lost(messageId?: string): void;
  /** undefined: nothing was missed. */
  gap(): Gap | undefined;
  /** All that this gap missed has been read. */
  caughtUp(gap: Gap): void;
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
  let newest = BigInt(snowflakeAt(now()));
  const inHand = new Set<bigint>();
  let missed: Gap | undefined;
  let writing: NodeJS.Timeout | undefined;

  /** All up to here is done. */
  const doneUpTo = (): bigint => [...inHand].reduce((least, id) => (id <= least ? id - 1n : least), newest);
  const writeDown = async (): Promise<void> => {
    clearTimeout(writing);
    writing = undefined;
    // What is still to be read afterwards must not be passed over by the next run.
    await memory?.set(KEY, missed?.since ?? String(doneUpTo()));
  };
  const writeSoon = (): void => {
    writing ??= setTimeout(() => {
      writeDown().catch((error: unknown) => log.warn({ error }, 'discord-memory-failed'));
    }, WRITE_DOWN_MS).unref();
  };

  return {
    hearing(messageId) {
      const id = BigInt(messageId);
      inHand.add(id);
      if (id > newest) newest = id;
      return () => {
        inHand.delete(id);
        writeSoon();
      };
    },

    async resume() {
      const kept = await memory?.get(KEY);
      if (kept !== undefined && isSnowflake(kept)) missed = { since: kept };
      // Whoever stops before the first word was heard must know later from when on to read.
      else await writeDown();
    },

    lost(messageId) {
      const since = messageId === undefined ? doneUpTo() : BigInt(messageId) - 1n;
      missed = { since: missed && BigInt(missed.since) < since ? missed.since : String(since) };
    },

    gap: () => missed,

    caughtUp(gap) {
      if (missed !== gap) return;
      missed = undefined;
      writeSoon();
    },

    stop: writeDown,
  };
}
