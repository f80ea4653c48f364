/**
 * Our own page as a chat platform. The page reads the store itself, so a post needs no place of its own: it gets an id, and open browsers are told. It cannot
 * be down while we are up, and it has no limits.
 */
import type { Bridge } from '../../core/ports/chat.js';
import { BridgeError } from '../../core/errors.js';
import type { LiveHub } from './live-hub.js';
import { isPostRef, isThreadRef, postRef, threadRef } from './refs.js';

/** Keys whose post was announced, so that a repeated try is not announced twice. More than can be under way at once. */
const REMEMBERED_KEYS = 2_000;

/** @param live open browsers listen there */
export function createWebBridge({ live }: { readonly live: LiveHub }): Bridge {
  const announced = new Set<string>();
  let running = false;
  const need = (): void => {
    if (!running) throw new BridgeError('unavailable', true, 'the web bridge is stopped');
  };

  /** @returns false when it was announced before */
  const isFirst = (key: string): boolean => {
    if (announced.has(key)) return false;
    announced.add(key);
    for (const oldest of announced) {
      if (announced.size <= REMEMBERED_KEYS) break;
      announced.delete(oldest);
    }
    return true;
  };

  return {
    name: 'web',
    async start() {
      running = true;
    },
    async stop() {
      running = false;
    },
    async post(target, post, key) {
      need();
      if (target.thread !== undefined && !isThreadRef(target.thread)) throw new BridgeError('gone', true, 'not a thread of the web bridge');
      if (isFirst(key)) live.announce({ kind: post.kind, summary: post.summary, url: post.url, conversationId: post.actions[0]?.conversationId });
      return { post: postRef(key), thread: target.thread ?? threadRef(key) };
    },
    async edit(_target, ref) {
      need();
      // The page shows the store as it is now; only what was never posted is refused.
      if (!isPostRef(ref)) throw new BridgeError('gone', true, 'not a post of the web bridge');
    },
    async tell({ agentId }, post, key) {
      need();
      // The notice is kept in the store, where their page reads it; those who have it open see it at once.
      if (isFirst(key)) live.announce({ kind: post.kind, summary: post.summary, url: post.url, conversationId: post.actions[0]?.conversationId, only: agentId });
      return true;
    },
  };
}
