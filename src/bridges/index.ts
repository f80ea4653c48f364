/** The chat platforms, one line each. */
import type { Bridge } from '../core/ports/chat.js';
import type { BridgeNeeds } from './definition.js';
import { createWebBridge } from './web/bridge.js';

/** Bridges by the name that channels in desk.yaml use. */
export function createBridges(needs: BridgeNeeds): ReadonlyMap<string, Bridge> {
  return new Map([createWebBridge(needs)].map((bridge) => [bridge.name, bridge]));
}
