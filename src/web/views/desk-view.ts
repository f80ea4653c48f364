/** What the navigation and the list of a page show. */
import type { Said } from '../../core/calls.js';
import { Refusal } from '../../core/errors.js';
import type { Agent, Desk } from '../../core/model.js';
import type { ChatTrouble } from '../../core/ports/chat.js';
import type { ConversationRow, StoresInSight, ViewCounts } from '../../core/ports/store.js';
import type { SavedSearch } from '../../core/search/saved.js';
import { search } from '../../desk/search.js';
import { viewOf, type Place } from '../place.js';

/** One more is asked for, to know whether there are more. */
const PAGE_ROWS = 50;
const FOUND_ROWS = 50;

export interface ListRow extends ConversationRow {
  /** Search results: the words around the hit. */
  readonly snippet: string | undefined;
}

export interface DeskView {
  readonly desk: Desk;
  readonly agent: Agent;
  readonly place: Place;
  readonly rows: readonly ListRow[];
  readonly page: number;
  readonly more: boolean;
  readonly counts: ViewCounts;
  /** What is wrong with the search that was asked for. */
  readonly problem: Said | undefined;
  /** Searches that the agent can run by name. */
  readonly saved: readonly SavedSearch[];
  /** Number of the conversation that is open beside the list. */
  readonly current: number | undefined;
  /** What keeps chat platforms from showing posts. */
  readonly troubles: readonly ChatTrouble[];
}

type DeskStores = Pick<StoresInSight, 'sight' | 'conversations' | 'search' | 'savedSearches' | 'customers' | 'messages'>;

export async function loadDeskView(
  store: DeskStores,
  ask: { readonly now: Date; readonly desk: Desk; readonly agent: Agent; readonly place: Place; readonly page: number; readonly current: number | undefined; readonly troubles: readonly ChatTrouble[] },
): Promise<DeskView> {
  const { place, page, agent } = ask;
  const counts = await store.conversations.counts(agent.id);
  if (place.kind === 'find') return { ...ask, counts, ...(await found(store, { ...ask, place })), more: false };
  const rows = await store.conversations.list(viewOf(place, agent.id), { limit: PAGE_ROWS + 1, offset: page * PAGE_ROWS });
  return { ...ask, counts, problem: undefined, saved: [], rows: rows.slice(0, PAGE_ROWS).map((row) => ({ ...row, snippet: undefined })), more: rows.length > PAGE_ROWS };
}

/** What a search found, or what is wrong with it. */
async function found(store: DeskStores, { desk, agent, now, place }: { readonly desk: Desk; readonly agent: Agent; readonly now: Date; readonly place: Extract<Place, { kind: 'find' }> }): Promise<Pick<DeskView, 'rows' | 'problem' | 'saved'>> {
  const saved = await store.savedSearches.usableBy(agent.id);
  if (!place.words.trim()) return { rows: [], problem: undefined, saved };
  try {
    const hits = await search(store, { desk, actor: agent, now }, place.words, FOUND_ROWS);
    return { rows: hits.map((row) => ({ ...row, messages: 0, notes: 0, files: 0, trouble: undefined, answering: undefined })), problem: undefined, saved };
  } catch (error) {
    if (error instanceof Refusal) return { rows: [], problem: { key: error.key, params: error.params }, saved };
    throw error;
  }
}
