import type { ConversationId, CustomerId, MessageId } from '../core/ids.js';
import type { MailAddress } from '../core/mail.js';
import type { Conversation, Customer, Desk, Message, NewCustomer } from '../core/model.js';
import { inBusinessHours } from '../core/hours.js';
import { isGenuine, numberInSubject, tokensIn } from '../core/message-ids.js';
import type { PatternEngine } from '../core/patterns.js';
import { statusAfterInbound } from '../core/reopening.js';
import { withoutTag } from '../core/recipients.js';
import { route, type Routing } from '../core/routing.js';
import { isForTheSame, ownAddresses } from '../core/sight.js';
import { isBareThanks } from '../core/thanks.js';
import { findConversation, type Evidence, type ThreadingVerdict } from '../core/threading.js';
import { acknowledge } from './acknowledge.js';
import { inboundMessage } from './inbound-message.js';
import type { Arrival } from './arrival.js';
import { findOwner } from './find-owner.js';
import { judgementOf } from './senders.js';
import { placeOfReturn, showReturned, sortOnServer } from './spam.js';
import { addHistory, BY_GONIEC, change, followMerge, openConversation, showCard, showMessage, type Happening, type Unit } from './unit.js';

/** First words on the card. */
const EXCERPT_CHARS = 280;
/** Of mail that no rule is asked about. */
const NO_ROUTING: Pick<Routing, 'outcome' | 'fired'> = {
  outcome: { channelId: undefined, folderId: undefined, teamId: undefined, agentId: undefined, labels: [], priority: undefined, acknowledge: [], spam: true },
  fired: [],
};
/** A mail of ours that was written in another mail program. */
const OUTGOING = { direction: 'out', state: 'sent' } as const;
/** Folder that takes automatic mail which speaks of nothing we know, when no rule placed it. */
const SYSTEM_FOLDER = 'system';

/** Joins the mail to its conversation or opens a new one, routes it, and queues what is to be shown. */
export async function placeMail(unit: Unit, { patterns }: { readonly patterns: PatternEngine }, arrival: Arrival): Promise<{ messageId: MessageId; outcome: string }> {
  const ours = ownAddresses(unit.desk);
  const sender = arrival.mail.from ?? arrival.mail.sender;
  const senderIsOurMailbox = sender !== undefined && ours.has(withoutTag(sender.address));
  const customer = await findCustomer(unit, arrival);
  const judged = customer.outgoing ? undefined : await judgementOf(unit, customer.address.address);
  const verdict = await thread(unit, arrival, sender, senderIsOurMailbox, customer.known);
  const known = customer.known ?? (await createCustomer(unit, customer));
  if (judged?.verdict === 'blocked' && !(verdict.verdict === 'join' && isFiledSpam(verdict.conversation))) {
    const messageId = await open(unit, arrival, NO_ROUTING, known, { spam: { what: 'blocked', actor: BY_GONIEC, data: { sender: customer.address.address, pattern: judged.pattern } } });
    return { messageId, outcome: `blocked:${judged.pattern}` };
  }
  if (verdict.verdict === 'join') {
    const messageId = await join(unit, arrival, verdict, known, { senderIsOurMailbox, allowed: judged?.verdict === 'allowed' });
    return { messageId, outcome: `joined:${verdict.by}` };
  }
  const routing = route(
    { mail: arrival.mail, kind: arrival.kind, mailboxId: arrival.mailbox.id, recipients: arrival.raw.recipients, knownCustomer: customer.known !== undefined, receivedAt: arrival.raw.receivedAt, businessHours: inBusinessHours(unit.desk.hours, arrival.raw.receivedAt) },
    unit.desk.rules,
    patterns,
  );
  const spamRule = routing.outcome.spam && judged?.verdict !== 'allowed' ? routing.fired.find(({ then }) => then.some((action) => 'spam' in action)) : undefined;
  const messageId = await open(unit, arrival, routing, known, { maybeSame: verdict.maybeSame, outgoing: customer.outgoing, spam: spamRule && { what: 'spam', actor: { kind: 'rule', id: spamRule.id } } });
  return { messageId, outcome: 'opened' };
}

interface Counterpart {
  readonly known: Customer | undefined;
  readonly address: MailAddress;
  readonly language: string | undefined;
  /** Written by us in another mail program: the customer is the one it went to (C10). */
  readonly outgoing: boolean;
}

/** The customer is who wrote; a form on our own website writes for the one that it names in Reply-To. */
async function findCustomer(unit: Unit, { mail }: Arrival): Promise<Counterpart> {
  const ours = ownAddresses(unit.desk);
  const isOurs = ({ address }: MailAddress): boolean => ours.has(withoutTag(address));
  const sender = mail.from ?? mail.sender ?? { address: '', name: '' };
  const form = isOurs(sender) ? mail.replyTo.find((address) => !isOurs(address)) : undefined;
  const receiver = isOurs(sender) && !form ? mail.to.find((address) => !isOurs(address)) : undefined;
  const address = form ?? receiver ?? sender;
  const known = address.address ? await unit.tx.customers.byAddress(address.address) : undefined;
  return { known, address, language: mail.language, outgoing: receiver !== undefined };
}

async function createCustomer(unit: Unit, { address: { address, name }, language }: Counterpart): Promise<Customer> {
  const customer: NewCustomer = { id: unit.newId() as CustomerId, name: name || address, addresses: address ? [address] : [], language };
  await unit.tx.customers.add(customer);
  return { ...customer, labels: [], mergedInto: undefined };
}

async function thread(unit: Unit, { mail, mailbox, raw }: Arrival, sender: MailAddress | undefined, senderIsOurMailbox: boolean, customer: Customer | undefined): Promise<ThreadingVerdict> {
  const found: Partial<Record<Evidence, Conversation>> = {};
  // The nearest relation speaks first: what it answers, then its ancestors from the youngest on.
  const ids = [...new Set([...mail.inReplyTo, ...[...mail.references].reverse()])];
  if (ids.length > 0) {
    const messages = await unit.tx.messages.byHeaderIds(ids);
    const nearest = ids.map((id) => messages.find(({ headerId }) => headerId === id)).find((message) => message !== undefined);
    const conversation = nearest && (await unit.tx.conversations.get(nearest.conversationId));
    if (conversation) found.reference = await followMerge(unit, conversation);
  }
  const recipients = [...raw.recipients, ...[...mail.to, ...mail.cc].map(({ address }) => address)];
  for (const token of tokensIn({ inReplyTo: mail.inReplyTo, references: mail.references, recipients })) {
    const conversation = await unit.tx.conversations.byNumber(token.number);
    if (conversation && isGenuine(unit.sign, token, conversation)) found.token ??= await followMerge(unit, conversation);
  }
  const number = numberInSubject(mail.subject);
  const numbered = number !== undefined && (await unit.tx.conversations.byNumber(number));
  if (numbered) found.number = await followMerge(unit, numbered);
  const openOfSender = customer && (await unit.tx.conversations.openOf(customer.id, 1)).find(({ mailboxId }) => mailboxId === mailbox.id);
  const address = sender?.address ?? '';
  return findConversation({
    sender: address,
    senderIsOurs: senderIsOurMailbox || unit.desk.agents.some(({ email }) => email === address),
    forwarded: mail.forwarded,
    customerId: customer?.addresses.includes(address) ? customer.id : undefined,
    found,
    openOfSender,
  });
}

async function join(unit: Unit, arrival: Arrival, verdict: Extract<ThreadingVerdict, { verdict: 'join' }>, customer: Customer, { senderIsOurMailbox, allowed }: { readonly senderIsOurMailbox: boolean; readonly allowed: boolean }): Promise<MessageId> {
  const { mail, kind, raw } = arrival;
  const { conversation, stranger } = verdict;
  const automatic = kind.kind === 'personal' ? undefined : kind;
  const sender = mail.from?.address ?? '';
  const byStaff = senderIsOurMailbox || unit.desk.agents.some(({ email }) => email === sender);
  const status = statusAfterInbound(conversation.status, { automatic: automatic !== undefined, bareThanks: isBareThanks(mail.visibleText), fromCustomer: !byStaff && !raw.historic, allowed });
  const waits = !byStaff && !automatic && status === 'open';

  const happenings: Happening[] = [];
  if (status !== conversation.status) happenings.push({ what: 'reopened', actor: BY_GONIEC, data: { by: sender } });
  if (stranger) happenings.push({ what: 'joined-by-stranger', actor: BY_GONIEC, data: { address: sender } });
  if (automatic) happenings.push({ what: 'automatic', actor: BY_GONIEC, data: { kind: automatic.kind, reason: automatic.reason } });

  const draft = inboundMessage(unit, arrival, conversation, automatic);
  const saved = await change(
    unit,
    conversation,
    {
      status,
      waitingSince: waits ? (conversation.waitingSince ?? raw.receivedAt) : byStaff && !automatic ? undefined : conversation.waitingSince,
      ...(stranger ? { warning: { kind: 'stranger', address: sender, messageId: draft.id } as const } : { participants: participantsWith(conversation.participants, mail, unit.desk) }),
      ...(waits && { excerpt: excerptOf(mail.visibleText), language: mail.language ?? conversation.language }),
      ...(status !== 'spam' && conversation.status === 'spam' && placeOfReturn(unit, conversation)),
    },
    ...happenings,
  );
  // An answer written in another mail program went to the customer all the same (C10).
  const message: Message = { ...draft, revision: saved.revision, ...(senderIsOurMailbox && OUTGOING) };
  await addMessage(unit, saved, customer, message);
  if (waits) await findOwner(unit, saved);
  if (saved.status === 'spam') await sortOnServer(unit, saved, [message]);
  else if (conversation.status === 'spam') await showReturned(unit, conversation, saved);
  return message.id;
}

/** Filed as spam when it came: what its sender goes on writing lies there with it. */
const isFiledSpam = ({ status, channelId, folderId }: Conversation): boolean => status === 'spam' && !channelId && !folderId;

async function open(
  unit: Unit,
  arrival: Arrival,
  routing: Pick<Routing, 'outcome' | 'fired'>,
  customer: Customer,
  { maybeSame, outgoing, spam }: { readonly maybeSame?: Conversation | undefined; readonly outgoing?: boolean; readonly spam: Happening | undefined },
): Promise<MessageId> {
  const { mail, mailbox, kind, raw, subject } = arrival;
  const automatic = kind.kind === 'personal' ? undefined : kind;
  const { outcome, fired } = routing;
  const systemFolder = automatic && (kind.kind === 'bounce' || kind.kind === 'auto-reply') ? unit.desk.folders.find(({ id }) => id === SYSTEM_FOLDER)?.id : undefined;
  const folderId = spam ? undefined : (outcome.folderId ?? (outcome.channelId ? undefined : systemFolder));
  const channelId = spam || folderId || raw.historic ? undefined : (outcome.channelId ?? mailbox.channel);
  const conversation = await openConversation(unit, {
    id: unit.newId() as ConversationId,
    mailboxId: mailbox.id,
    customerId: customer.id,
    subject,
    // What was there before the first connection is looked up, not worked off (C05).
    status: spam ? 'spam' : raw.historic ? 'closed' : outgoing ? 'pending' : 'open',
    assigneeId: outcome.agentId,
    teamId: outcome.teamId,
    labels: outcome.labels,
    priority: outcome.priority ?? 'normal',
    channelId,
    folderId,
    participants: participantsWith([], mail, unit.desk),
    // A line or two tell no language; what is known of the writer does.
    language: mail.language ?? customer.language,
    excerpt: excerptOf(mail.visibleText),
    waitingSince: spam || folderId || raw.historic || automatic || outgoing ? undefined : raw.receivedAt,
    snoozedUntil: undefined,
    followUpAt: undefined,
    mergedInto: undefined,
    // Nobody is led to what they may not see.
    warning: maybeSame && !spam && !folderId && !raw.historic && isForTheSame(unit.desk, maybeSame, { mailboxId: mailbox.id, channelId, folderId }) ? { kind: 'maybe-same', conversationId: maybeSame.id, number: maybeSame.number } : undefined,
    threadRef: undefined,
    cardRef: undefined,
    createdAt: raw.receivedAt,
    updatedAt: unit.now,
  });
  const happenings: Happening[] = [
    { what: 'opened', actor: BY_GONIEC },
    ...(spam ? [spam] : []),
    ...(spam ? [] : fired).map((rule): Happening => ({ what: folderId ? 'filed' : 'routed', actor: { kind: 'rule', id: rule.id }, data: { place: folderId ?? channelId ?? '', rule: rule.name } })),
  ];
  if (automatic) happenings.push({ what: 'automatic', actor: BY_GONIEC, data: { kind: automatic.kind, reason: automatic.reason } });
  await addHistory(unit, conversation, happenings);
  await showCard(unit, conversation);
  const message: Message = { ...inboundMessage(unit, arrival, conversation, automatic), ...(outgoing && OUTGOING) };
  await addMessage(unit, conversation, customer, message);
  if (conversation.status === 'open' && !folderId) await findOwner(unit, conversation);
  if (spam && !raw.historic) await sortOnServer(unit, conversation, [message]);
  if (!spam && !raw.historic && !outgoing) for (const templateId of outcome.acknowledge) await acknowledge(unit, conversation, arrival, message, templateId);
  return message.id;
}

async function addMessage(unit: Unit, conversation: Conversation, customer: Customer, message: Message): Promise<void> {
  await unit.tx.messages.add(message);
  await unit.tx.search.index({
    conversationId: conversation.id, kind: 'message', id: message.id,
    text: [message.subject, customer.name, ...customer.addresses, message.from.address, message.text, ...message.attachments.map(({ fileName }) => fileName)].join('\n'),
  });
  await showMessage(unit, conversation, message.id);
}

function participantsWith(known: readonly string[], mail: Arrival['mail'], desk: Desk): readonly string[] {
  const ours = ownAddresses(desk);
  const named = [mail.from, mail.sender, ...mail.replyTo, ...mail.to, ...mail.cc].flatMap((address) => (address?.address ? [address.address] : []));
  return [...new Set([...known, ...named.filter((address) => !ours.has(withoutTag(address)))])];
}

function excerptOf(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > EXCERPT_CHARS ? `${flat.slice(0, EXCERPT_CHARS - 1)}…` : flat;
}
