/** Ids of the web bridge's posts and threads: made from the key, so that a repeated try is the same post. */
import { createHash } from 'node:crypto';
import type { PostRef, ThreadRef } from '../../core/ids.js';

const short = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

export const postRef = (key: string): PostRef => `web-post-${short(key)}` as PostRef;
export const threadRef = (key: string): ThreadRef => `web-thread-${short(key)}` as ThreadRef;
export const isThreadRef = (ref: string): boolean => /^web-thread-[\w-]{22}$/.test(ref);
export const isPostRef = (ref: string): boolean => /^web-post-[\w-]{22}$/.test(ref);
