/**
 * Who may see what: the one decision, for every verb, list and page. A mailbox, a channel or a folder can be for some teams and agents only; a conversation is seen by whoever sees its
 * mailbox and the place where it lies. What somebody does not see does not exist for them.
 */
import { inSight } from './template-choice.js';
import type { Agent, Audience, Conversation, Desk, RetiredPlace } from './model.js';

/** What is out of somebody's sight, by id. */
export interface Sight {
  readonly mailboxes: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

type Located = Pick<Conversation, 'mailboxId' | 'channelId' | 'folderId'>;

/** Administrators, and Goniec itself. */
export const EVERYTHING: Sight = { mailboxes: new Set(), channels: new Set(), folders: new Set() };

export const seesEverything = ({ mailboxes, channels, folders }: Sight): boolean => mailboxes.size + channels.size + folders.size === 0;

/** What of this desk an agent may see. */
export function sightOf(desk: Desk, agent: Agent): Sight {
  if (agent.role === 'admin') return EVERYTHING;
  const hidden = (things: readonly { readonly id: string; readonly visibleTo?: Audience }[], kind: RetiredPlace['kind']): ReadonlySet<string> => {
    const retired = (desk.retired ?? []).filter((place) => place.kind === kind);
    return new Set([...things, ...retired].filter(({ visibleTo }) => visibleTo && !isAmong(agent, visibleTo)).map(({ id }) => id));
  };
  return { mailboxes: hidden(desk.mailboxes, 'mailbox'), channels: hidden(desk.channels, 'channel'), folders: hidden(desk.folders, 'folder') };
}

/** Whether this conversation exists for them. */
export function maySee(sight: Sight, { mailboxId, channelId, folderId }: Located): boolean {
  return !sight.mailboxes.has(mailboxId) && !(channelId && sight.channels.has(channelId)) && !(folderId && sight.folders.has(folderId));
}

/** Whether everybody who sees one conversation sees the other. */
export function isForTheSame(desk: Desk, one: Located, other: Located): boolean {
  return desk.agents.every((agent) => {
    const sight = sightOf(desk, agent);
    return maySee(sight, one) === maySee(sight, other);
  });
}

/** The desk as it is for them: places out of sight have neither name nor id. */
export function deskInSight(desk: Desk, sight: Sight): Desk {
  if (seesEverything(sight)) return desk;
  const mailboxes = desk.mailboxes.filter(({ id }) => !sight.mailboxes.has(id));
  return {
    ...desk,
    mailboxes,
    templates: inSight(desk.templates, mailboxes),
    channels: desk.channels.filter(({ id }) => !sight.channels.has(id)),
    folders: desk.folders.filter(({ id }) => !sight.folders.has(id)),
    otherAddresses: desk.mailboxes.filter(({ id }) => sight.mailboxes.has(id)).flatMap(addressesOf),
  };
}

/** Every address that is ours, also those of mailboxes out of sight: none of them is ever a customer. */
export function ownAddresses({ mailboxes, otherAddresses }: Pick<Desk, 'mailboxes' | 'otherAddresses'>): ReadonlySet<string> {
  return new Set([...mailboxes.flatMap(addressesOf), ...(otherAddresses ?? [])]);
}

const addressesOf = ({ address, aliases }: Desk['mailboxes'][number]): readonly string[] => [address, ...aliases];

const isAmong = ({ id, teams }: Agent, audience: Audience): boolean => audience.agents.includes(id) || audience.teams.some((team) => teams.includes(team));
