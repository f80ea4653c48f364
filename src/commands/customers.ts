/** The customer's card: who somebody is, whatever they write about. */
import type { CommandCall, CommandOutcome, ListItem, Said } from '../core/calls.js';
import type { CustomerNoteId } from '../core/ids.js';
import type { MessageKey, MessageParams } from '../core/language/catalogue.js';
import { formatDateTime, say } from '../core/language/say.js';
import type { Customer } from '../core/model.js';
import { findCustomer, labelCustomer, linkAddress, mergeCustomers, noteCustomer, removeCustomerNote, renameCustomer, setCustomerLanguage, unlinkAddress, unmergeCustomers, type Meant } from '../desk/customers.js';
import { nameOf, type StaffUnit } from '../desk/unit.js';
import type { CommandDefinition, OptionDefinition, OptionKind } from './definition.js';
import { EXCERPT_IN_LISTS_CHARS } from './excerpt.js';

/** Newest conversations in the answer; the rest is on the customer's page. */
const SHOWN_CONVERSATIONS = 10;

/** Left out, it is the customer of the conversation. */
const CUSTOMER: OptionDefinition = { name: 'customer', kind: 'word', required: false, label: 'option.customer', typedOnly: true };

const customer: CommandDefinition = {
  name: 'customer',
  aliases: ['klient', 'card', 'karta'],
  title: 'verb.customer',
  summary: 'verb.customer.summary',
  permission: 'read',
  onConversation: true,
  instead: 'who',
  options: [{ name: 'who', kind: 'text', required: false, label: 'option.customer' }],
  form: false,
  async run(unit, call) {
    const { customer: shown } = await findCustomer(unit, call.conversationId, call.args['who'] ?? '');
    return { kind: 'list', message: { key: 'card.heading', params: { name: shown.name } }, items: [...factsOf(unit, shown), ...(await notesOf(unit, shown)), ...(await conversationsOf(unit, shown))] };
  },
};

function factsOf({ actor: { locale }, desk }: StaffUnit, { addresses, language, labels }: Customer): readonly ListItem[] {
  const item = (key: MessageKey, text: string): readonly ListItem[] => (text === '' ? [] : [{ title: say(locale, key), text, conversationId: undefined }]);
  return [
    ...item('card.addresses', addresses.join(', ')),
    ...item('card.language', language === undefined ? '' : (new Intl.DisplayNames([locale], { type: 'language' }).of(language) ?? language)),
    ...item('card.labels', labels.map((id) => desk.labels.find((label) => label.id === id)?.name ?? id).join(', ')),
  ];
}

async function notesOf({ tx, desk, actor: { locale, timeZone } }: StaffUnit, { id }: Customer): Promise<readonly ListItem[]> {
  return (await tx.customers.notes(id)).map(({ text, authorId, createdAt }) => ({ title: say(locale, 'card.note-by', { who: nameOf(desk, authorId), time: formatDateTime(createdAt, locale, timeZone) }), text, conversationId: undefined }));
}

async function conversationsOf({ tx, actor: { locale } }: StaffUnit, { id }: Customer): Promise<readonly ListItem[]> {
  const conversations = await tx.conversations.ofCustomer(id, SHOWN_CONVERSATIONS);
  return conversations.map(({ number, subject, status, excerpt, id: conversationId }) => ({ title: `#${number} ${subject}`, text: `${say(locale, `status.${status}`)}: ${excerpt.slice(0, EXCERPT_IN_LISTS_CHARS)}`, conversationId }));
}

interface Verb {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly title: MessageKey;
  readonly summary: MessageKey;
  readonly option?: OptionDefinition;
  readonly done: MessageKey;
  /** Does it. @returns what the answer names */
  readonly act: (unit: StaffUnit, meant: Meant, said: string) => Promise<MessageParams>;
}

/** All of them speak of the customer of a conversation, or of one who is named, and take one value at most. */
function verb({ name, aliases, title, summary, option, done, act }: Verb): CommandDefinition {
  return {
    name, aliases, title, summary, permission: 'work', onConversation: true, instead: CUSTOMER.name, options: [CUSTOMER, ...(option ? [option] : [])], form: option !== undefined && !option.hidden,
    async run(unit, call) {
      const meant = await findCustomer(unit, call.conversationId, call.args[CUSTOMER.name] ?? '');
      const params = await act(unit, meant, (option && call.args[option.name]) ?? '');
      return answer(call, meant, { key: done, params: { name: meant.customer.name, ...params } });
    },
  };
}

function answer(call: CommandCall, { conversation }: Meant, message: Said): CommandOutcome {
  const conversationId = conversation?.id ?? call.conversationId;
  return { kind: 'done', message, ...(conversationId && { conversationId }) };
}

const asks = (name: string, kind: OptionKind, label: MessageKey): OptionDefinition => ({ name, kind, required: true, label });

const renameCustomerVerb = verb({
  name: 'rename-customer', aliases: ['zmień-nazwę', 'zmien-nazwe'], title: 'verb.rename-customer', summary: 'verb.rename-customer.summary', option: asks('name', 'text', 'option.name'), done: 'card.renamed',
  act: async (unit, meant, said) => ({ before: meant.customer.name, name: (await renameCustomer(unit, meant, said)).name }),
});

const customerLanguage = verb({
  name: 'customer-language', aliases: ['język-klienta', 'jezyk-klienta'], title: 'verb.customer-language', summary: 'verb.customer-language.summary', option: asks('language', 'text', 'option.language'), done: 'card.language-set',
  async act(unit, meant, said) {
    const { language = '' } = await setCustomerLanguage(unit, meant, said);
    return { language: new Intl.DisplayNames([unit.actor.locale], { type: 'language' }).of(language) ?? language };
  },
});

const customerNote = verb({
  name: 'customer-note', aliases: ['notatka-o-kliencie'], title: 'verb.customer-note', summary: 'verb.customer-note.summary', option: asks('text', 'text', 'option.text'), done: 'card.noted',
  async act(unit, meant, said) {
    await noteCustomer(unit, meant, said);
    return {};
  },
});

const removeNote = verb({
  name: 'remove-customer-note', aliases: [], title: 'verb.remove-customer-note', summary: 'verb.remove-customer-note.summary', option: { ...asks('note', 'word', 'option.text'), required: false, hidden: true }, done: 'card.note-removed',
  async act(unit, meant, said) {
    await removeCustomerNote(unit, meant, said === '' ? undefined : (said as CustomerNoteId));
    return {};
  },
});

const labelVerb = (off: boolean) => async (unit: StaffUnit, meant: Meant, said: string): Promise<MessageParams> => ({ label: (await labelCustomer(unit, meant, said, off)).name });

const labelCustomerVerb = verb({
  name: 'label-customer', aliases: ['oznacz-klienta'], title: 'verb.label-customer', summary: 'verb.label-customer.summary', option: asks('label', 'label', 'option.label'), done: 'card.labelled', act: labelVerb(false),
});

const unlabelCustomer = verb({
  name: 'unlabel-customer', aliases: [], title: 'verb.unlabel-customer', summary: 'verb.unlabel-customer.summary', option: asks('label', 'label', 'option.label'), done: 'card.unlabelled', act: labelVerb(true),
});

const linkAddressVerb = verb({
  name: 'link-address', aliases: ['dodaj-adres'], title: 'verb.link-address', summary: 'verb.link-address.summary', option: asks('address', 'text', 'option.address'), done: 'card.linked',
  act: async (unit, meant, said) => ({ address: (await linkAddress(unit, meant, said)).address }),
});

const unlinkAddressVerb = verb({
  name: 'unlink-address', aliases: ['odłącz-adres', 'odlacz-adres'], title: 'verb.unlink-address', summary: 'verb.unlink-address.summary', option: asks('address', 'text', 'option.address'), done: 'card.unlinked',
  act: async (unit, meant, said) => ({ address: (await unlinkAddress(unit, meant, said)).address }),
});

const mergeCustomersVerb = verb({
  name: 'merge-customers', aliases: ['scal-klientów', 'scal-klientow'], title: 'verb.merge-customers', summary: 'verb.merge-customers.summary', option: asks('into', 'conversation', 'option.other-customer'), done: 'card.merged',
  act: async (unit, meant, said) => ({ into: (await mergeCustomers(unit, meant, said)).into.name }),
});

const unmergeCustomersVerb = verb({
  name: 'unmerge-customers', aliases: ['rozdziel-klientów', 'rozdziel-klientow'], title: 'verb.unmerge-customers', summary: 'verb.unmerge-customers.summary', done: 'card.unmerged',
  async act(unit, meant) {
    const { from, into } = await unmergeCustomers(unit, meant);
    return { name: from.name, into: into.name };
  },
});

/** In the order of the catalogue. */
export const CUSTOMER_VERBS: readonly CommandDefinition[] = [
  customer, renameCustomerVerb, customerLanguage, customerNote, removeNote, labelCustomerVerb, unlabelCustomer, linkAddressVerb, unlinkAddressVerb, mergeCustomersVerb, unmergeCustomersVerb,
];
