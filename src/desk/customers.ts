/** The customer's card: what is known of a person, whatever they write about. */
import type { ConversationId, CustomerEventId, CustomerId, CustomerMergeId, CustomerNoteId } from '../core/ids.js';
import type { Conversation, Customer, CustomerEventKind, CustomerNote } from '../core/model.js';
import { parseAddressList } from '../core/address-list.js';
import { afterUnmerge, mergedCustomer, readCustomerRef, readLanguage, returnedByUnmerge } from '../core/customers.js';
import { Refusal } from '../core/errors.js';
import { ownAddresses } from '../core/sight.js';
import { conversationNumbered } from './purged.js';
import { findByName } from './triage.js';
import { addHistory, byActor, followMerge, showCard, type StaffUnit, type Unit } from './unit.js';

/** Whom a verb speaks of, and the conversation that it was said in. */
export interface Meant {
  readonly customer: Customer;
  readonly conversation: Conversation | undefined;
}

/** @param said an address or a number; '': the customer of the conversation. @throws Refusal where there is nobody */
export async function findCustomer(unit: StaffUnit, conversationId: ConversationId | undefined, said: string): Promise<Meant> {
  const found = conversationId && (await unit.tx.conversations.get(conversationId));
  const conversation = found && (await followMerge(unit, found));
  if (said.trim() === '') {
    const customer = conversation && (await currentCustomer(unit, conversation.customerId));
    if (!customer) throw new Refusal('card.who');
    return { customer, conversation };
  }
  const customer = await lookUp(unit, said);
  return { customer, conversation: conversation?.customerId === customer.id ? conversation : undefined };
}

async function lookUp(unit: StaffUnit, said: string): Promise<Customer> {
  const ref = readCustomerRef(said);
  if (!ref) throw new Refusal('card.who');
  const id = ref.kind === 'number' ? (await conversationNumbered(unit, ref.number)).customerId : ref.kind === 'id' ? ref.id : (await unit.tx.customers.byAddress(ref.address))?.id;
  const customer = id && (await currentCustomer(unit, id));
  if (!customer) throw new Refusal('card.nobody', { said });
  return customer;
}

/** Somebody who was merged into another is that other. */
export async function currentCustomer(unit: { readonly tx: Pick<Unit['tx'], 'customers'> }, id: CustomerId): Promise<Customer | undefined> {
  const customer = await unit.tx.customers.get(id);
  return customer?.mergedInto ? currentCustomer(unit, customer.mergedInto) : customer;
}

export async function renameCustomer(unit: StaffUnit, meant: Meant, said: string): Promise<Customer> {
  const name = said.replace(/\s+/g, ' ').trim();
  if (name === '') throw new Refusal('refused.empty-text');
  refuseIfSo(meant, meant.customer.name === name);
  return change(unit, meant, { name }, 'renamed', { name });
}

/** @throws Refusal when it is not the code of a language */
export async function setCustomerLanguage(unit: StaffUnit, meant: Meant, said: string): Promise<Customer> {
  const language = readLanguage(said);
  if (!language) throw new Refusal('deskfile.bad-language', { found: said });
  refuseIfSo(meant, meant.customer.language === language);
  return change(unit, meant, { language }, 'language', { language });
}

/** Puts a label on the customer, or takes it off. */
export async function labelCustomer(unit: StaffUnit, meant: Meant, said: string, off: boolean): Promise<{ customer: Customer; name: string }> {
  const label = findByName(unit.desk.labels, said);
  if (!label) throw new Refusal('refused.no-such-label', { said, names: unit.desk.labels.map(({ name }) => name).join(', ') });
  const { labels } = meant.customer;
  refuseIfSo(meant, labels.includes(label.id) !== off);
  const customer = await change(unit, meant, { labels: off ? labels.filter((id) => id !== label.id) : [...labels, label.id] }, off ? 'unlabelled' : 'labelled', { label: label.id });
  return { customer, name: label.name };
}

/** Keeps something about the person for the team. */
export async function noteCustomer(unit: StaffUnit, meant: Meant, said: string): Promise<CustomerNote> {
  const text = said.trim();
  if (text === '') throw new Refusal('refused.empty-text');
  const note: CustomerNote = { id: unit.newId() as CustomerNoteId, customerId: meant.customer.id, authorId: unit.actor.id, text, createdAt: unit.now };
  await unit.tx.customers.addNote(note);
  await record(unit, meant, 'noted', {});
  return note;
}

/** @param id undefined: the newest */
export async function removeCustomerNote(unit: StaffUnit, meant: Meant, id: CustomerNoteId | undefined): Promise<void> {
  const notes = await unit.tx.customers.notes(meant.customer.id);
  const note = id ? notes.find((known) => known.id === id) : newest(notes);
  if (!note) throw new Refusal(id ? 'card.no-such-note' : 'card.no-notes');
  await unit.tx.customers.removeNote(note.id);
  // What it said stays in the history: nothing that staff wrote is lost by a slip.
  await record(unit, meant, 'note-removed', { text: note.text });
}

const newest = (notes: readonly CustomerNote[]): CustomerNote | undefined => [...notes].sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime()).at(-1);

function refuseIfSo({ customer }: Meant, isSo: boolean): void {
  if (isSo) throw new Refusal('card.already', { name: customer.name });
}

/** From now on mail of this address is theirs. @throws Refusal where it is somebody's already */
export async function linkAddress(unit: StaffUnit, meant: Meant, said: string): Promise<{ customer: Customer; address: string }> {
  const address = readAddress(said);
  if (ownAddresses(unit.desk).has(address)) throw new Refusal('card.our-address', { address });
  const owner = await unit.tx.customers.byAddress(address);
  refuseIfSo(meant, owner?.id === meant.customer.id);
  if (owner) throw new Refusal('card.address-taken', { address, name: owner.name });
  await unit.tx.customers.addAddress(meant.customer.id, address);
  await record(unit, meant, 'linked', { address });
  return { customer: await reload(unit, meant), address };
}

/** From now on mail of this address is a stranger's; conversations stay where they are. */
export async function unlinkAddress(unit: StaffUnit, meant: Meant, said: string): Promise<{ customer: Customer; address: string }> {
  const address = readAddress(said);
  const { addresses, name } = meant.customer;
  if (!addresses.includes(address)) throw new Refusal('card.not-their-address', { address, name, addresses: addresses.join(', ') });
  if (addresses.length === 1) throw new Refusal('card.last-address', { address, name });
  await unit.tx.customers.removeAddress(meant.customer.id, address);
  await record(unit, meant, 'unlinked', { address });
  return { customer: await reload(unit, meant), address };
}

/** Makes two customers one: addresses, conversations, notes and labels of the first go to `into`. */
export async function mergeCustomers(unit: StaffUnit, meant: Meant, said: string): Promise<{ from: Customer; into: Customer }> {
  const from = meant.customer;
  const { customer: into } = await findCustomer(unit, undefined, said || ' ? ');
  if (into.id === from.id) throw new Refusal('card.same-customer', { name: into.name });
  const moved = {
    addresses: from.addresses, conversations: (await unit.tx.conversations.tracesOf(from.id)).map(({ id }) => id), notes: (await unit.tx.customers.notes(from.id)).map(({ id }) => id),
    before: { name: into.name, language: into.language, labels: into.labels },
  };
  await unit.tx.customers.addMerge({ id: unit.newId() as CustomerMergeId, from: from.id, into: into.id, at: unit.now, agentId: unit.actor.id, moved });
  await unit.tx.customers.move(moved, from.id, into.id);
  await unit.tx.conversations.giveTo(moved.conversations, into.id);
  await unit.tx.customers.update(into.id, mergedCustomer(into, from));
  await unit.tx.customers.update(from.id, { mergedInto: into.id });
  const merged = await reload(unit, { customer: into, conversation: undefined });
  await record(unit, { customer: merged, conversation: await anew(unit, meant.conversation) }, 'merged', { name: from.name });
  return { from, into: merged };
}

/** Takes the newest merge into a customer back. */
export async function unmergeCustomers(unit: StaffUnit, meant: Meant): Promise<{ from: Customer; into: Customer }> {
  const into = meant.customer;
  const merge = await unit.tx.customers.lastMerge(into.id);
  const from = merge && (await unit.tx.customers.get(merge.from));
  if (!merge || !from) throw new Refusal('card.not-merged', { name: into.name });
  const back = returnedByUnmerge(merge, into, await unit.tx.conversations.tracesOf(into.id));
  await unit.tx.customers.update(from.id, { mergedInto: undefined });
  await unit.tx.customers.move({ addresses: back.addresses, notes: merge.moved.notes }, into.id, from.id);
  await unit.tx.conversations.giveTo(back.conversations, from.id);
  await unit.tx.customers.update(into.id, afterUnmerge(merge, into, from));
  await unit.tx.customers.mergeUndone(merge.id, unit.now);
  const alone = await reload(unit, { customer: from, conversation: undefined });
  const rest = await reload(unit, meant);
  await record(unit, { customer: rest, conversation: await anew(unit, meant.conversation) }, 'unmerged', { name: from.name });
  await record(unit, { customer: alone, conversation: undefined }, 'unmerged', { name: rest.name });
  return { from: alone, into: rest };
}

function readAddress(said: string): string {
  const list = parseAddressList(said);
  const [only, another] = 'bad' in list ? [] : list.addresses;
  if (!only || another) throw new Refusal('deskfile.bad-address', { found: said });
  return only.address;
}

async function change(unit: StaffUnit, meant: Meant, patch: Partial<Pick<Customer, 'name' | 'language' | 'labels'>>, what: CustomerEventKind, data: Readonly<Record<string, string>>): Promise<Customer> {
  await unit.tx.customers.update(meant.customer.id, patch);
  await record(unit, meant, what, data);
  return reload(unit, meant);
}

/** Into the customer's history and that of the conversation it was said in; and what shows the customer is drawn anew. */
async function record(unit: StaffUnit, { customer, conversation }: Meant, what: CustomerEventKind, data: Readonly<Record<string, string>>): Promise<void> {
  await unit.tx.customers.addEvent({ id: unit.newId() as CustomerEventId, customerId: customer.id, at: unit.now, agentId: unit.actor.id, what, data });
  if (conversation) await addHistory(unit, conversation, [{ what: 'customer-changed', actor: byActor(unit), data: { ...data, verdict: what } }]);
  for (const open of await unit.tx.conversations.openOf(customer.id, CARDS_REDRAWN)) await showCard(unit, open);
}

/** Nobody has more open conversations that somebody looks at. */
const CARDS_REDRAWN = 50;

async function reload(unit: StaffUnit, { customer }: Meant): Promise<Customer> {
  return (await unit.tx.customers.get(customer.id)) ?? customer;
}

async function anew(unit: StaffUnit, conversation: Conversation | undefined): Promise<Conversation | undefined> {
  return conversation && unit.tx.conversations.get(conversation.id);
}
