/** What becomes of two customers who are made one, and of the one who is made two again. */
import type { CustomerId } from './ids.js';
import type { Conversation, Customer, CustomerMerge } from './model.js';

/** The one who stays has the addresses and labels of both; their own name and language count, and the other's where there is none. */
export function mergedCustomer(into: Customer, from: Customer): Pick<Customer, 'name' | 'language' | 'labels'> {
  // Nobody said a name: then it is an address.
  const named = into.addresses.includes(into.name) ? from : into;
  return { name: named.name, language: into.language ?? from.language, labels: [...new Set([...into.labels, ...from.labels])] };
}

/** What returns with the one who is on their own again: addresses and conversations that came from them and are still with the other; and what they opened since, from those addresses alone. */
export function returnedByUnmerge(
  merge: CustomerMerge,
  into: Customer,
  conversations: readonly Pick<Conversation, 'id' | 'customerId' | 'participants' | 'createdAt'>[],
): { readonly addresses: readonly string[]; readonly conversations: readonly Conversation['id'][] } {
  const addresses = merge.moved.addresses.filter((address) => into.addresses.includes(address));
  const others = into.addresses.filter((address) => !addresses.includes(address));
  const wroteSince = ({ participants, createdAt }: Pick<Conversation, 'participants' | 'createdAt'>): boolean =>
    createdAt >= merge.at && participants.some((address) => addresses.includes(address)) && !participants.some((address) => others.includes(address));
  const theirs = conversations.filter((conversation) => conversation.customerId === into.id && (merge.moved.conversations.includes(conversation.id) || wroteSince(conversation)));
  return { addresses, conversations: theirs.map(({ id }) => id) };
}

/** What the one who stays looks like afterwards: as before the merge, but for what was changed since. */
export function afterUnmerge(merge: CustomerMerge, into: Customer, from: Customer): Pick<Customer, 'name' | 'language' | 'labels'> {
  const { before } = merge.moved;
  const merged = mergedCustomer({ ...into, ...before }, from);
  return {
    name: into.name === merged.name ? before.name : into.name,
    language: into.language === merged.language ? before.language : into.language,
    labels: into.labels.filter((label) => before.labels.includes(label) || !from.labels.includes(label)),
  };
}

/** Codes of languages that the system has a name for. */
export function readLanguage(said: string): string | undefined {
  const code = said.trim().toLowerCase();
  if (!/^[a-z]{2,3}$/.test(code)) return undefined;
  const name = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(code);
  return name === undefined ? undefined : code;
}

export type CustomerRef = { readonly kind: 'number'; readonly number: number } | { readonly kind: 'address'; readonly address: string } | { readonly kind: 'id'; readonly id: CustomerId };

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whom somebody means: by the number of a conversation, by an address; pages say it by id. */
export function readCustomerRef(said: string): CustomerRef | undefined {
  const text = said.trim();
  const digits = /^#?(\d{1,9})$/.exec(text)?.[1];
  if (digits !== undefined) return { kind: 'number', number: Number(digits) };
  if (ID.test(text)) return { kind: 'id', id: text as CustomerId };
  return text.includes('@') ? { kind: 'address', address: text.replace(/^<(.*)>$/, '$1').toLowerCase() } : undefined;
}
