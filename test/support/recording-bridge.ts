/** A chat platform in memory: keeps what is posted and edited, and can be told to fail. For tests of the desk; bridges have servers of their own. */
import { BridgeError, type Fault } from '../../src/core/errors.js';
import type { PostRef, ThreadRef } from '../../src/core/ids.js';
import type { Bridge, ChatEvents, ChatReceiver, Posted, PostTarget } from '../../src/core/ports/chat.js';
import type { Post } from '../../src/core/post.js';

export interface Recorded {
  readonly ref: PostRef;
  readonly thread: ThreadRef;
  readonly channel: string;
  post: Post;
  edits: number;
}

export class RecordingBridge implements Bridge {
  readonly name = 'web';
  readonly posts: Recorded[] = [];
  /** What people were told in person. */
  readonly told: { readonly agent: string; readonly post: Post }[] = [];
  readonly #byKey = new Map<string, Posted>();
  readonly #tellings = new Set<string>();
  readonly #faults: { fault: Fault; certain: boolean; posted: boolean }[] = [];
  events: ChatEvents | undefined;

  /** The next call throws; `posted` does the work all the same before it does. */
  failNext(fault: Fault, { certain = true, posted = false } = {}): void {
    this.#faults.push({ fault, certain, posted });
  }

  async start(events: ChatEvents): Promise<void> {
    this.events = events;
  }

  async stop(): Promise<void> {}

  async post(target: PostTarget, post: Post, key: string): Promise<Posted> {
    const fault = this.#faults.shift();
    if (fault && !fault.posted) throw new BridgeError(fault.fault, fault.certain, 'told to fail');
    const known = this.#byKey.get(key);
    if (known) return known;
    const number = this.posts.length + 1;
    const posted = { post: `post-${number}` as PostRef, thread: target.thread ?? (`thread-${number}` as ThreadRef) };
    this.posts.push({ ref: posted.post, thread: posted.thread, channel: target.channel.id, post, edits: 0 });
    this.#byKey.set(key, posted);
    if (fault) throw new BridgeError(fault.fault, fault.certain, 'told to fail after posting');
    return posted;
  }

  async edit(_target: PostTarget, ref: PostRef, post: Post): Promise<void> {
    const fault = this.#faults.shift();
    if (fault) throw new BridgeError(fault.fault, fault.certain, 'told to fail');
    const known = this.posts.find((recorded) => recorded.ref === ref);
    if (!known) throw new BridgeError('gone', true, `no post ${ref}`);
    known.post = post;
    known.edits += 1;
  }

  async tell({ agentId }: ChatReceiver, post: Post, key: string): Promise<boolean> {
    const fault = this.#faults.shift();
    if (fault) throw new BridgeError(fault.fault, fault.certain, 'told to fail');
    if (!this.#tellings.has(key)) this.told.push({ agent: agentId, post });
    this.#tellings.add(key);
    return true;
  }

  cards(): readonly Recorded[] {
    return this.posts.filter(({ post }) => post.kind === 'card');
  }

  /** Posts in the thread of the card that names this conversation. */
  thread(number: number): readonly Recorded[] {
    const card = this.cards().find(({ post }) => post.heading?.startsWith(`#${number} `));
    return card ? this.posts.filter(({ thread, post }) => thread === card.thread && post.kind !== 'card') : [];
  }
}
