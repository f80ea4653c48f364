/** Who is on the desk for what they are on a chat platform: kept as the platform last vouched for it, so that colleagues can be named and given work. */
import type { Agent, Desk } from '../core/model.js';
import type { ChatPerson } from '../core/ports/chat.js';
import type { Tx } from '../core/ports/store.js';
import { memberId, memberOf } from '../core/standing.js';

export interface Membership {
  /** To be written down: they are new here, or their groups or name changed. */
  readonly joined: Agent | undefined;
  /** To be written off: no group of the desk is left to them. */
  readonly left: Agent | undefined;
}

/** What a person whom desk.yaml does not list is on this desk at this moment. */
export function followMember(desk: Desk, person: ChatPerson): Membership & { readonly member: Agent | undefined } {
  const known = desk.agents.find(({ id }) => id === memberId(person.bridge, person.id));
  // Where the platform does not say what they are now (who deleted a post), they are what they were.
  if (person.groups === undefined) return { member: known, joined: undefined, left: undefined };
  const found = memberOf(desk, person);
  // What they chose personally stays.
  const member = found && known ? { ...found, locale: known.locale, timeZone: known.timeZone, theme: known.theme } : found;
  return { member, joined: member && !isSame(known, member) ? member : undefined, left: member ? undefined : known };
}

export async function keepMember(tx: Tx, { bridge, id }: ChatPerson, { joined, left }: Membership): Promise<void> {
  if (joined) {
    await tx.desk.admit(joined);
    await tx.people.link(bridge, id, joined.id);
  }
  if (left) {
    await tx.desk.dismiss(left.id);
    await tx.people.unlink(bridge, id);
  }
}

const isSame = (known: Agent | undefined, now: Agent): boolean => known?.name === now.name && known.member?.groups.join() === now.member?.groups.join();
