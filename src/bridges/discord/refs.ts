/** Ids of Discord as our opaque ones. A thread is its channel id; a post is the channel it is in and its messages, since a long mail takes several. */
import type { PostRef, ThreadRef } from '../../core/ids.js';

export interface Place {
  readonly channelId: string;
  /** The first carries heading and buttons. */
  readonly messageIds: readonly string[];
}

const SNOWFLAKE = /^\d{15,21}$/;

export const threadRef = (channelId: string): ThreadRef => channelId as ThreadRef;
export const postRef = (channelId: string, messageIds: readonly string[]): PostRef => `${channelId}/${messageIds.join(',')}` as PostRef;

export function readPost(ref: PostRef): Place | undefined {
  const [channelId = '', list = ''] = ref.split('/');
  const messageIds = list.split(',');
  return SNOWFLAKE.test(channelId) && messageIds.every((id) => SNOWFLAKE.test(id)) ? { channelId, messageIds } : undefined;
}

export const isSnowflake = (text: string): boolean => SNOWFLAKE.test(text);

/** Discord counts milliseconds from here in the upper bits of an id. */
const DISCORD_EPOCH_MS = 1_420_070_400_000n;
const COUNTER_BITS = 22n;

/** The smallest id of a moment: what comes after it is newer. */
export const snowflakeAt = (at: Date): string => String((BigInt(at.getTime()) - DISCORD_EPOCH_MS) << COUNTER_BITS);
export const timeOf = (snowflake: string): Date => new Date(Number((BigInt(snowflake) >> COUNTER_BITS) + DISCORD_EPOCH_MS));
