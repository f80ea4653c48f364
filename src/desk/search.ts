/** Searching as people type it: words and operators, read for the one who asks. */
import { Refusal } from '../core/errors.js';
import type { Agent, Desk } from '../core/model.js';
import type { Log } from '../core/ports/effects.js';
import type { SearchHit, Store, Stores, Tx } from '../core/ports/store.js';
import { parseSearch, type SearchContext } from '../core/search/parse.js';
import type { SearchQuery } from '../core/search/query.js';

/** Who searches, when, and where. */
export interface Searching {
  readonly desk: Desk;
  readonly actor: Agent;
  readonly now: Date;
}

type Reading = Pick<Stores, 'savedSearches'>;

export async function searchContext(stores: Reading, { desk, actor, now }: Searching): Promise<SearchContext> {
  return { desk, me: actor.id, now, timeZone: actor.timeZone, saved: await stores.savedSearches.usableBy(actor.id) };
}

/** @throws Refusal that says what is wrong with it, and what search knows */
export async function readSearch(stores: Reading, searching: Searching, text: string): Promise<SearchQuery> {
  const read = parseSearch(text, await searchContext(stores, searching));
  if ('problem' in read) throw new Refusal(read.problem.key, read.problem.params);
  return read.query;
}

/** What fits, best first; the conversation whose number was said comes before all. @throws Refusal */
export async function search(stores: Reading & Pick<Stores, 'search' | 'conversations' | 'customers'>, searching: Searching, text: string, limit: number): Promise<readonly SearchHit[]> {
  const query = await readSearch(stores, searching, text);
  const numbered = query.number === undefined ? undefined : await stores.conversations.byNumber(query.number);
  const customer = numbered && (await stores.customers.get(numbered.customerId));
  const hits = await stores.search.find(query, limit);
  return [...(numbered && customer ? [{ conversation: numbered, customer, snippet: numbered.excerpt }] : []), ...hits.filter(({ conversation }) => conversation.id !== numbered?.id)].slice(0, limit);
}

/** Entries of a portion: a transaction of a few hundredths of a second, so that mail comes in meanwhile. */
const PORTION = 200;

/** Fills the search index with what an older version stored. Whatever is done is remembered, so that a stop in between costs nothing. */
export async function fillSearchIndex({ store, log, stopping }: { readonly store: Pick<Store, 'search'>; readonly log: Log; readonly stopping: () => boolean }): Promise<void> {
  let portions = 0;
  while (!stopping() && (await store.search.reindex(PORTION))) portions += 1;
  if (portions > 0) log.info({ portions }, stopping() ? 'search-index-goes-on-later' : 'search-index-filled');
}

export async function wakeSearchIndex({ tx, now }: { readonly tx: Pick<Tx, 'jobs'>; readonly now: Date }): Promise<void> {
  await tx.jobs.enqueue({ task: 'search-index', payload: '', queue: 'search-index', key: 'search-index', runAt: now });
}
