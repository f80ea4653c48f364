/** Searches kept under a name: one's own, and those shared with everybody. */
import { Refusal } from '../core/errors.js';
import { fold } from '../core/fold.js';
import type { SavedSearchId } from '../core/ids.js';
import { demand, may } from '../core/permissions.js';
import type { SavedSearch } from '../core/search/saved.js';
import { readSearch } from './search.js';
import type { StaffUnit } from './unit.js';

/** Fits into a menu and a button. */
const MAX_NAME_CHARS = 60;
/** As long as a search box takes. */
const MAX_WORDS_CHARS = 300;

/** Keeps a search; one's own of that name is replaced. @throws Refusal when its words cannot be read, or the name is taken */
export async function saveSearch(unit: StaffUnit, said: { readonly name: string; readonly words: string; readonly shared: boolean }): Promise<SavedSearch> {
  const name = readName(said.name);
  const words = said.words.trim().slice(0, MAX_WORDS_CHARS);
  const query = await readSearch(unit.tx, unit, words);
  if (query.conditions.length === 0) throw new Refusal('find.what');
  if (said.shared) demand('work', unit.actor, unit.whole);
  const known = await named(unit, name);
  if (known && known.agentId !== unit.actor.id) throw new Refusal('saved.name-taken', { name: known.name });
  if (known) {
    await unit.tx.savedSearches.update(known.id, { words, shared: said.shared });
    return { ...known, words, shared: said.shared };
  }
  const search: SavedSearch = { id: unit.newId() as SavedSearchId, agentId: unit.actor.id, name, words, shared: said.shared, createdAt: unit.now };
  await unit.tx.savedSearches.add(search);
  return search;
}

export async function renameSearch(unit: StaffUnit, said: string, to: string): Promise<{ readonly from: string; readonly to: string }> {
  const search = await findOwn(unit, said);
  const name = readName(to);
  const known = await named(unit, name);
  if (known && known.id !== search.id) throw new Refusal('saved.name-taken', { name: known.name });
  await unit.tx.savedSearches.update(search.id, { name });
  return { from: search.name, to: name };
}

export async function deleteSearch(unit: StaffUnit, said: string): Promise<SavedSearch> {
  const search = await findOwn(unit, said);
  await unit.tx.savedSearches.remove(search.id);
  return search;
}

/** @throws Refusal when there is none, or it is a colleague's */
async function findOwn(unit: StaffUnit, said: string): Promise<SavedSearch> {
  const search = await named(unit, said.replaceAll('"', ''));
  if (!search) throw new Refusal('saved.none', { name: said.trim(), names: (await unit.tx.savedSearches.usableBy(unit.actor.id)).map(({ name }) => name).join(', ') || '-' });
  if (search.agentId !== unit.actor.id && !may(unit.actor.role, 'administer')) throw new Refusal('saved.not-yours', { name: search.name, who: unit.desk.agents.find(({ id }) => id === search.agentId)?.name ?? search.agentId });
  return search;
}

async function named(unit: StaffUnit, said: string): Promise<SavedSearch | undefined> {
  const usable = await unit.tx.savedSearches.usableBy(unit.actor.id);
  const fitting = usable.filter(({ name }) => fold(name) === fold(said.trim()));
  return fitting.find(({ agentId }) => agentId === unit.actor.id) ?? fitting[0];
}

function readName(said: string): string {
  const name = said.replace(/[\s"]+/g, ' ').trim();
  if (name === '' || name.length > MAX_NAME_CHARS) throw new Refusal('saved.bad-name', { limit: MAX_NAME_CHARS });
  return name;
}
