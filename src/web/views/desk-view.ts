/** What the navigation and the list of a page show. */
import type { Agent, Desk } from '../../core/model.js';
import type { ChatTrouble } from '../../core/ports/chat.js';
import type { ConversationRow, StoresInSight, ViewCounts } from '../../core/ports/store.js';
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
  /** Number of the conversation that is open beside the list. */
  readonly current: number | undefined;
  /** What keeps chat platforms from showing posts. */
  readonly troubles: readonly ChatTrouble[];
}

export async function loadDeskView(
  store: Pick<StoresInSight, 'sight' | 'conversations' | 'search' | 'customers' | 'messages'>,
  ask: { readonly desk: Desk; readonly agent: Agent; readonly place: Place; readonly page: number; readonly current: number | undefined; readonly troubles: readonly ChatTrouble[] },
): Promise<DeskView> {
  const { place, page, agent } = ask;
  const counts = await store.conversations.counts(agent.id);
  if (place.kind === 'find') return { ...ask, counts, rows: await found(store, place.words), more: false };
  const rows = await store.conversations.list(viewOf(place, agent.id), { limit: PAGE_ROWS + 1, offset: page * PAGE_ROWS });
  return { ...ask, counts, rows: rows.slice(0, PAGE_ROWS).map((row) => ({ ...row, snippet: undefined })), more: rows.length > PAGE_ROWS };
}

/** Full text, and a number said as "#42" or "42" first. */
async function found(store: Pick<StoresInSight, 'sight' | 'conversations' | 'search' | 'customers' | 'messages'>, words: string): Promise<readonly ListRow[]> {
  const asked = words.trim();
  if (!asked) return [];
  const number = /^#?(\d{1,9})$/.exec(asked)?.[1];
  const numbered = number ? await store.conversations.byNumber(Number(number)) : undefined;
  const customer = numbered && (await store.customers.get(numbered.customerId));
  const hits = await store.search.find(asked, FOUND_ROWS);
  const rows = [
    ...(numbered && customer ? [{ conversation: numbered, customer, snippet: undefined }] : []),
    ...hits.filter(({ conversation }) => conversation.id !== numbered?.id),
  ];
  return rows.map((row) => ({ ...row, messages: 0, notes: 0, files: 0, trouble: undefined, answering: undefined }));
}
