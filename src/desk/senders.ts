/** Whose mail is always spam, and whose never is: asked at intake, said by staff. */
import type { ConversationId } from '../core/ids.js';
import type { Conversation, Desk } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { domainOf, judgeSender, patternsFor, readSenderPattern, whyNotBlock, type SenderEntry, type SenderJudgement, type SenderPattern, type SenderVerdict } from '../core/senders.js';
import { ownAddresses } from '../core/sight.js';
import { markSpam } from './spam.js';
import { addHistory, byActor, followMerge, type StaffUnit, type Unit } from './unit.js';

/** What was said of this address. Colleagues and our own mailboxes are never judged. */
export async function judgementOf(unit: Unit, address: string): Promise<SenderJudgement | undefined> {
  if (!address || ourPeople(unit.desk).includes(address)) return undefined;
  return judgeSender(address, unit.desk.spam, await unit.tx.senders.of(patternsFor(address)));
}

const ourPeople = (desk: Desk): readonly string[] => [...ownAddresses(desk), ...desk.agents.map(({ email }) => email)];

/** What became of a word about a sender. */
export interface SenderOutcome {
  readonly pattern: SenderPattern;
  /** It was so before, and so was the conversation. */
  readonly already: boolean;
  /** The conversation that it was said in, when it is about its sender. */
  readonly conversation: Conversation | undefined;
}

/** From now on mail of this sender is filed as spam, without a card; so is the conversation that it is said in. */
export async function blockSender(unit: StaffUnit, conversationId: ConversationId | undefined, said: string): Promise<SenderOutcome> {
  const { pattern, conversation } = await findSender(unit, conversationId, said);
  const harm = whyNotBlock(pattern, ourPeople(unit.desk));
  if (harm) throw new Refusal(harm === 'ours' ? 'senders.ours' : 'senders.public', { sender: pattern });
  if (unit.desk.spam.allowed.includes(pattern)) throw new Refusal('senders.allowed-by-file', { sender: pattern });
  const already = await say(unit, pattern, 'blocked');
  if (!conversation) return { pattern, already, conversation };
  if (!already) await addHistory(unit, conversation, [{ what: 'sender-blocked', actor: byActor(unit), data: { sender: pattern } }]);
  const sorted = await markSpam(unit, conversation.id, true);
  return { pattern, already: already && sorted.already, conversation: sorted.conversation };
}

/** From now on mail of this sender is never taken for spam; the conversation that it is said in comes back. */
export async function allowSender(unit: StaffUnit, conversationId: ConversationId | undefined, said: string): Promise<SenderOutcome> {
  const { pattern, conversation } = await findSender(unit, conversationId, said);
  const already = await say(unit, pattern, 'allowed');
  if (!conversation) return { pattern, already, conversation };
  if (!already) await addHistory(unit, conversation, [{ what: 'sender-allowed', actor: byActor(unit), data: { sender: pattern } }]);
  const sorted = await markSpam(unit, conversation.id, false);
  return { pattern, already: already && sorted.already, conversation: sorted.conversation };
}

/** Takes back what was said with `block` or `allow`. @throws Refusal where it was not said, or is written in desk.yaml */
export async function forgetSender(unit: StaffUnit, conversationId: ConversationId | undefined, said: string, verdict: SenderVerdict): Promise<SenderOutcome> {
  const { pattern: named, address, conversation } = await findSender(unit, conversationId, said);
  // "This sender" is whatever keeps their mail out: their address, or their whole domain.
  const candidates = said.trim() === '' && address ? patternsFor(address) : [named];
  const entries = await unit.tx.senders.of(candidates);
  const pattern = candidates.find((candidate) => entries.some((entry) => entry.pattern === candidate && entry.verdict === verdict));
  if (!pattern) {
    const written = candidates.find((candidate) => unit.desk.spam[verdict].includes(candidate));
    if (written) throw new Refusal(verdict === 'blocked' ? 'senders.blocked-by-file' : 'senders.allowed-by-file', { sender: written });
    throw new Refusal(verdict === 'blocked' ? 'senders.not-blocked' : 'senders.not-allowed', { sender: address ?? named });
  }
  await unit.tx.senders.remove(pattern);
  if (conversation) await addHistory(unit, conversation, [{ what: verdict === 'blocked' ? 'sender-unblocked' : 'sender-disallowed', actor: byActor(unit), data: { sender: pattern } }]);
  return { pattern, already: false, conversation };
}

/** Everybody of whom something was said: by people, and in desk.yaml. */
export async function listSenders(unit: Unit): Promise<{ readonly entries: readonly SenderEntry[]; readonly written: readonly { readonly pattern: SenderPattern; readonly verdict: SenderVerdict }[] }> {
  const { blocked, allowed } = unit.desk.spam;
  const written = [...blocked.map((pattern) => ({ pattern, verdict: 'blocked' as const })), ...allowed.map((pattern) => ({ pattern, verdict: 'allowed' as const }))];
  return { entries: await unit.tx.senders.all(), written };
}

async function say(unit: StaffUnit, pattern: SenderPattern, verdict: SenderVerdict): Promise<boolean> {
  const [known] = await unit.tx.senders.of([pattern]);
  if (known?.verdict === verdict || (!known && unit.desk.spam[verdict].includes(pattern))) return true;
  await unit.tx.senders.put({ pattern, verdict, agentId: unit.actor.id, at: unit.now });
  return false;
}

const DOMAIN_WORDS: ReadonlySet<string> = new Set(['domain', 'domena', 'domenę', 'domene']);

/** Whom is meant: nobody named is the customer of this conversation, "domain" is where they write from. */
async function findSender(unit: StaffUnit, conversationId: ConversationId | undefined, said: string): Promise<{ pattern: SenderPattern; address: string | undefined; conversation: Conversation | undefined }> {
  const found = conversationId && (await unit.tx.conversations.get(conversationId));
  const conversation = found && (await followMerge(unit, found));
  const address = conversation && (await writerOf(unit, conversation));
  const word = said.trim().toLowerCase();
  if (word !== '' && !DOMAIN_WORDS.has(word)) {
    const pattern = readSenderPattern(word);
    if (!pattern) throw new Refusal('senders.bad', { said });
    return { pattern, address, conversation: address && patternsFor(address).includes(pattern) ? conversation : undefined };
  }
  if (!address) throw new Refusal('senders.who');
  return { pattern: word === '' ? (patternsFor(address)[0] as SenderPattern) : domainOf(address), address, conversation };
}

/** The address that the customer wrote from last. */
async function writerOf(unit: Unit, conversation: Conversation): Promise<string | undefined> {
  const customer = await unit.tx.customers.get(conversation.customerId);
  const written = (await unit.tx.messages.of(conversation.id)).filter(({ direction }) => direction === 'in').map(({ from }) => from.address);
  return written.findLast((address) => customer?.addresses.includes(address)) ?? customer?.addresses[0];
}
