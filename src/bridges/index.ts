/** The chat platforms, one line each. */
import type { Bridge } from '../core/ports/chat.js';
import type { BridgeNeeds } from './definition.js';
import { createDiscordBridge } from './discord/bridge.js';
import { createSlackBridge } from './slack/bridge.js';
import { createWebBridge } from './web/bridge.js';

/** Bridges by the name that channels in desk.yaml use. */
export function createBridges(needs: BridgeNeeds): ReadonlyMap<string, Bridge> {
  return new Map([
    createWebBridge(needs),
    ...(needs.slack ?? []).map((settings) => createSlackBridge(needs, settings)),
    ...(needs.discord ? [createDiscordBridge(needs, needs.discord)] : []),
  ].map((bridge) => [bridge.name, bridge]));
}
