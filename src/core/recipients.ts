/**
 * Whom an answer goes to: it follows the Reply-To of the mail being answered (C15), and keeps the others that the customer put into the exchange in copy.
 */
import type { MailAddress } from './mail.js';
import type { Message } from './model.js';

export interface Recipients {
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
}

/** @param ours our own addresses, lower case: never answered to */
export function recipientsOf(answered: Pick<Message, 'from' | 'replyTo' | 'to' | 'cc'>, ours: ReadonlySet<string>): Recipients {
  const isOurs = ({ address }: MailAddress): boolean => ours.has(address) || ours.has(withoutTag(address));
  const wanted = answered.replyTo.filter((address) => !isOurs(address));
  const to = unique(wanted.length > 0 ? wanted : [answered.from]);
  const taken = new Set(to.map(({ address }) => address));
  // Whoever asks for replies elsewhere does not want them at the sender's address as well.
  if (wanted.length > 0) taken.add(answered.from.address);
  const cc = unique([...answered.to, ...answered.cc].filter((address) => !isOurs(address) && !taken.has(address.address)));
  return { to, cc, bcc: [] };
}

/** Receivers whom nobody of the conversation has written to or heard from: worth a second look, since what they get cannot be called back. */
export function newToIt(to: readonly MailAddress[], known: { readonly participants: readonly string[]; readonly usual: Recipients }): readonly string[] {
  const addresses = new Set([...known.participants, ...[...known.usual.to, ...known.usual.cc].map(({ address }) => address)]);
  return to.map(({ address }) => address).filter((address) => !addresses.has(address));
}

/** The newest mail of the customer's side that an answer speaks to; a warned-of stranger is never answered by accident. */
export function mailToAnswer(messages: readonly Message[], strangers: ReadonlySet<string>): Message | undefined {
  const inbound = messages.filter((message) => message.direction === 'in' && !strangers.has(message.from.address));
  return inbound.filter((message) => !message.automatic).at(-1) ?? inbound.at(-1);
}

/** local+tag@domain -> local@domain. Source: RFC 5233. */
export function withoutTag(address: string): string {
  return address.replace(/\+[^@]*@/, '@');
}

function unique(addresses: readonly MailAddress[]): readonly MailAddress[] {
  return [...new Map(addresses.map((address) => [address.address, address])).values()];
}
