/** A search kept under a name. */
import type { AgentId, SavedSearchId } from '../ids.js';

export interface SavedSearch {
  readonly id: SavedSearchId;
  readonly agentId: AgentId;
  readonly name: string;
  /** As typed; read anew each time, so that "yesterday" stays yesterday. */
  readonly words: string;
  /** Everybody may use it. Only its owner, or an administrator, changes it. */
  readonly shared: boolean;
  readonly createdAt: Date;
}
