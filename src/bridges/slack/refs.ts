/** A post is known by its channel and timestamp, a thread by those of its first post: "C0123:1700000000.000100". */
import type { PostRef, ThreadRef } from '../../core/ids.js';

export interface Place {
  readonly channel: string;
  readonly ts: string;
}

const REF = /^([A-Z][A-Z0-9]+):(\d+\.\d+)$/;

export const postRef = ({ channel, ts }: Place): PostRef => `${channel}:${ts}` as PostRef;
export const threadRef = ({ channel, ts }: Place): ThreadRef => `${channel}:${ts}` as ThreadRef;

/** undefined: it was not minted here. */
export function readRef(ref: string): Place | undefined {
  const [, channel, ts] = REF.exec(ref) ?? [];
  return channel !== undefined && ts !== undefined ? { channel, ts } : undefined;
}
