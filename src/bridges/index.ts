/** The chat platforms, one line each. Their libraries are large: only those in use are loaded. */
import type { Bridge } from '../core/ports/chat.js';
import type { BridgeNeeds } from './definition.js';
import { createWebBridge } from './web/bridge.js';

/** Bridges by the name that channels in desk.yaml use. */
export async function createBridges(needs: BridgeNeeds): Promise<ReadonlyMap<string, Bridge>> {
  const bridges = [
    createWebBridge(needs),
    ...(needs.slack ? await import('./slack/bridge.js').then(({ createSlackBridge }) => (needs.slack ?? []).map((settings) => createSlackBridge(needs, settings))) : []),
    ...(needs.discord ? [(await import('./discord/bridge.js')).createDiscordBridge(needs, needs.discord)] : []),
  ];
  return new Map(bridges.map((bridge) => [bridge.name, bridge]));
}
