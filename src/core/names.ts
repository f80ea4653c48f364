/** Names for ids, and names as they are said. */
import type { Desk } from './model.js';

export function agentName(desk: Pick<Desk, 'agents'>, id: string | undefined): string | undefined {
  return desk.agents.find((agent) => agent.id === id)?.name;
}

/** A channel or a folder. */
export function placeName(desk: Pick<Desk, 'channels' | 'folders'>, id: string | undefined): string {
  return desk.channels.find((channel) => channel.id === id)?.name ?? desk.folders.find((folder) => folder.id === id)?.name ?? id ?? '';
}

export const firstName = (name: string): string => name.split(/\s+/)[0] ?? name;
