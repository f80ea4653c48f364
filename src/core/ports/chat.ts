/** The chat side as use cases see it: one bridge of a platform. */
import type { Channel } from '../model.js';
import type { CommandCall, CommandOutcome } from '../calls.js';
import type { PostRef, ThreadRef } from '../ids.js';
import type { Post } from '../post.js';

/** Where a post goes: a channel (opens a thread) or into a thread. */
export interface PostTarget {
  readonly channel: Channel;
  readonly thread: ThreadRef | undefined;
}

export interface Posted {
  readonly post: PostRef;
  /** The thread that this post opened or went into. */
  readonly thread: ThreadRef;
}

/**
 * A chat platform. A method's presence is the capability. Every method throws BridgeError and nothing else.
 */
export interface Bridge {
  /** As in desk.yaml: 'web', 'slack', 'discord'. */
  readonly name: string;
  /** Resolves when connected. The bridge acknowledges its platform first, then hands each call on. */
  start(events: BridgeEvents): Promise<void>;
  stop(): Promise<void>;
  /** `key` is the same when a try is repeated; a bridge that can, makes the second one return the first post. */
  post(target: PostTarget, post: Post, key: string): Promise<Posted>;
  edit?(target: PostTarget, ref: PostRef, post: Post): Promise<void>;
}

export interface BridgeEvents {
  call(call: CommandCall): Promise<CommandOutcome>;
}
