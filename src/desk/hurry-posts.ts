import { conversationOfLane } from '../core/deliveries.js';
import type { Desk } from '../core/model.js';
import type { Store } from '../core/ports/store.js';
import { wakeLane } from './unit.js';

/** Lanes that are woken in one transaction: others have their turn between two. */
const PORTION = 50;

/** A platform takes posts again: what waits there for a later try is tried now, so that a channel that was put right does not stay silent for a quarter of an hour. */
export async function hurryPosts(store: Store, { channels }: Pick<Desk, 'channels'>, bridge: string, now: Date): Promise<void> {
  const places = new Set(channels.filter((channel) => channel.bridge === bridge).map(({ id }) => id));
  const lanes: string[] = [];
  for (const lane of await store.deliveries.openLanes()) {
    const conversationId = conversationOfLane(lane);
    const channelId = conversationId && (await store.conversations.get(conversationId))?.channelId;
    if (channelId && places.has(channelId)) lanes.push(lane);
  }
  for (let at = 0; at < lanes.length; at += PORTION) {
    await store.transaction(async (tx) => {
      for (const lane of lanes.slice(at, at + PORTION)) {
        await tx.deliveries.hurry(lane, now);
        await wakeLane({ tx }, lane, now);
      }
    });
  }
}
