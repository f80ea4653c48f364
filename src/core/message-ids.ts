/**
 * What our own Message-IDs, reply addresses and subject tags look like, and how they are found again in what customers send back.
 *
 *     Message-ID    <goniec.42.k5f3…(16).m7q2…(16)@shop.example>   number, message, signature
 *     Reply-To      shop+g42.p2xa…(16)@shop.example                number, signature
 *     subject       [#42]                                          number, unsigned: a hint, never proof
 *
 * The number says which conversation to look at; the signature binds it to that conversation's id and its mailbox, so a number guessed, or one of a desk whose
 * database began anew, does not fit. Everything is compared in lower case: relays may change the case of a local part.
 */
import type { Conversation, Mailbox, Message } from './model.js';

/** Short, lower-case, address-safe signature of a text; `Vault.sign`. */
export type Sign = (text: string) => string;

/** What identifies the conversation that an outbound mail belongs to. */
export type SignedConversation = Pick<Conversation, 'id' | 'number' | 'mailboxId'>;

/** Found in a mail, not yet proved: load the conversation of that number, then ask `isGenuine`. */
export interface ReplyToken {
  readonly number: number;
  /** Names the very message answered, where a Message-ID was found; '' for a reply address. */
  readonly message: string;
  readonly signature: string;
}

/** Where a mail may carry a token. Ids without angle brackets. */
export interface TokenCarrier {
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** To, Cc and the SMTP envelope recipients. */
  readonly recipients: readonly string[];
}

/** RFC 5321 section 4.5.3.1.1. A reply address that would be longer is not used. */
const MAX_LOCAL_PART_CHARS = 64;
/** Conversation numbers have at most nine digits, so that they stay safe integers and addresses short. */
const HEADER_ID = /^goniec\.([1-9]\d{0,8})\.([a-z2-7]{8,64})\.([a-z2-7]{8,64})@[^@\s<>]+$/;
const REPLY_TAG = /^g([1-9]\d{0,8})\.([a-z2-7]{8,64})$/;
const SUBJECT_TAG = /\[#([1-9]\d{0,8})\]/g;

/**
 * The Message-ID of an outbound message, without angle brackets. The same message always gets the same one, so a repeated try is recognised as the same mail.
 */
export function headerIdFor(sign: Sign, conversation: SignedConversation, message: Message['id'], mailbox: Pick<Mailbox, 'address'>): string {
  const key = sign(`message ${message}`);
  return `goniec.${conversation.number}.${key}.${sign(claim(conversation, key))}@${domainOf(mailbox.address)}`;
}

/** @returns the address that answers to this conversation are asked for at; undefined when it would be longer than mail allows. */
export function replyAddressFor(sign: Sign, conversation: SignedConversation, mailbox: Pick<Mailbox, 'address'>): string | undefined {
  const local = `${localPartOf(mailbox.address)}+g${conversation.number}.${sign(claim(conversation, ''))}`;
  return local.length > MAX_LOCAL_PART_CHARS ? undefined : `${local}@${domainOf(mailbox.address)}`;
}

/** Reads a Message-ID of ours. undefined: it is not one. Not yet proved. */
export function readHeaderId(headerId: string): ReplyToken | undefined {
  const [, number, message, signature] = HEADER_ID.exec(headerId.trim().toLowerCase()) ?? [];
  return number === undefined || message === undefined || signature === undefined ? undefined : { number: Number(number), message, signature };
}

/** Reads the token of a reply address. undefined: it has none. Not yet proved. */
export function readReplyAddress(address: string): ReplyToken | undefined {
  const [, number, signature] = REPLY_TAG.exec(plusTagOf(address.trim().toLowerCase())) ?? [];
  return number === undefined || signature === undefined ? undefined : { number: Number(number), message: '', signature };
}

/** Tokens that a mail carries, the most telling first: In-Reply-To, References from the newest, then the addresses it was sent to. Each once. */
export function tokensIn(mail: TokenCarrier): readonly ReplyToken[] {
  const found = [...[...mail.inReplyTo, ...mail.references.toReversed()].map(readHeaderId), ...mail.recipients.map(readReplyAddress)];
  const tokens = new Map<string, ReplyToken>();
  for (const token of found) {
    if (token && !tokens.has(token.signature)) tokens.set(token.signature, token);
  }
  return [...tokens.values()];
}

/** true when we minted this token for this conversation. */
export function isGenuine(sign: Sign, token: ReplyToken, conversation: SignedConversation): boolean {
  return token.number === conversation.number && equalInConstantTime(token.signature, sign(claim(conversation, token.message)));
}

/** The tag that names a conversation in a subject. */
export function subjectTag(number: number): string {
  return `[#${number}]`;
}

/** The conversation that a subject names; a hint only, anybody can write it. The last one counts: ours is put at the end, whatever stood there before. */
export function numberInSubject(subject: string): number | undefined {
  const [, number] = [...subject.matchAll(SUBJECT_TAG)].at(-1) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** What is signed. `message` sets apart the two kinds of token, so that one cannot be turned into the other. */
function claim(conversation: SignedConversation, message: string): string {
  return `conversation ${conversation.id} mailbox ${conversation.mailboxId} message ${message}`;
}

/** The last tag of a plus-address: the mailbox's own address may have one already. Source: RFC 5233. */
function plusTagOf(address: string): string {
  const local = localPartOf(address);
  const plus = local.lastIndexOf('+');
  return plus <= 0 ? '' : local.slice(plus + 1);
}

function localPartOf(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@')));
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Takes the same time wherever the first difference is, so that a signature cannot be guessed letter by letter. */
function equalInConstantTime(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let index = 0; index < right.length; index += 1) difference |= (left.charCodeAt(index) || 0) ^ right.charCodeAt(index);
  return difference === 0;
}
