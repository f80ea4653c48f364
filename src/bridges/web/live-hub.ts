/** Tells open browsers about posts that have just been made. Nothing is kept: whoever comes later reads the store. */
import type { AgentId, ConversationId } from '../../core/ids.js';
import type { Post } from '../../core/post.js';

export interface Announcement {
  readonly kind: Post['kind'];
  readonly summary: string;
  /** Where it can be read. */
  readonly url: string | undefined;
  readonly conversationId: ConversationId | undefined;
  /** Meant for this agent alone; left out: for everybody. */
  readonly only?: AgentId;
}

export interface LiveHub {
  /**
   * Returns the way to stop listening. A listener that throws harms nobody else.
   * @param closing called when the desk stops, so that the connection can be ended
   */
  listen(listener: (announcement: Announcement) => void, closing: () => void): () => void;
  announce(announcement: Announcement): void;
  /** Ends every open connection. */
  close(): void;
}

export function createLiveHub(): LiveHub {
  const listeners = new Map<(announcement: Announcement) => void, () => void>();
  return {
    listen(listener, closing) {
      listeners.set(listener, closing);
      return () => listeners.delete(listener);
    },
    announce(announcement) {
      for (const listener of listeners.keys()) {
        try {
          listener(announcement);
        } catch {
          listeners.delete(listener);
        }
      }
    },
    close() {
      for (const closing of [...listeners.values()]) closing();
    },
  };
}
