/** How somebody is greeted, from the name that their mail program gives. */

/** In front of a name, with or without a point: they are no first names. */
const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'mx', 'sir', 'dr', 'prof', 'eng', 'pan', 'pani', 'mgr', 'inz', 'inż', 'lek', 'ks']);

/** "Anna" of "Anna Nowak", "Nowak, Anna", "dr ANNA NOWAK"; '' where there is none to be sure of: an address, an initial, nothing. */
export function firstNameOf(name: string): string {
  const bare = realName(name);
  const [last = '', given] = bare.split(',', 2);
  const words = (given?.trim() || last).split(/\s+/).filter((word) => !TITLES.has(word.toLowerCase().replace(/\.$/, '')));
  const [first = ''] = words;
  if (first.replace(/\.$/, '').length < 2) return '';
  return first === first.toUpperCase() ? first.charAt(0) + first.slice(1).toLowerCase() : first;
}

/** The name without quotation marks; '' where it is only an address. */
export function realName(name: string): string {
  const bare = name.replace(/^["'\s]+|["'\s]+$/g, '');
  return bare.includes('@') ? '' : bare;
}
