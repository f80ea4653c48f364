/** A place in the desk: which list of conversations is shown. It travels with links, so that the list stays while conversations change. */
import type { AgentId, ChannelId, FolderId, TeamId } from '../core/ids.js';
import type { View } from '../core/ports/store.js';

export const VIEW_KINDS = ['open', 'overdue', 'mine', 'unassigned', 'pending', 'snoozed', 'closed', 'spam'] as const;
export type ViewKind = (typeof VIEW_KINDS)[number];

export type Place =
  | { readonly kind: 'view'; readonly view: ViewKind }
  | { readonly kind: 'channel'; readonly id: ChannelId }
  | { readonly kind: 'team'; readonly id: TeamId }
  | { readonly kind: 'folder'; readonly id: FolderId }
  | { readonly kind: 'find'; readonly words: string };

export const ALL_OPEN: Place = { kind: 'view', view: 'open' };

/** As a query value: "mine", "channel:returns", "find:broken cup". */
export function placeParam(place: Place): string {
  if (place.kind === 'view') return place.view;
  return place.kind === 'find' ? `find:${place.words}` : `${place.kind}:${place.id}`;
}

/** Anything that is no place means: all open. */
export function parsePlace(param: string | undefined): Place {
  const [kind = '', ...rest] = (param ?? '').split(':');
  const value = rest.join(':');
  if (kind === 'channel' && value) return { kind, id: value as ChannelId };
  if (kind === 'team' && value) return { kind, id: value as TeamId };
  if (kind === 'folder' && value) return { kind, id: value as FolderId };
  if (kind === 'find') return { kind, words: value };
  const view = VIEW_KINDS.find((known) => known === kind);
  return view ? { kind: 'view', view } : ALL_OPEN;
}

export function placePath(place: Place): string {
  if (place.kind === 'view') return place.view === 'open' ? '/' : `/view/${place.view}`;
  if (place.kind === 'find') return `/find?q=${encodeURIComponent(place.words)}`;
  return `/${place.kind}/${encodeURIComponent(place.id)}`;
}

export function conversationPath(number: number, place: Place): string {
  const param = placeParam(place);
  return param === 'open' ? `/c/${number}` : `/c/${number}?in=${encodeURIComponent(param)}`;
}

/** What the store is asked for; a search is asked for elsewhere. */
export function viewOf(place: Exclude<Place, { kind: 'find' }>, agentId: AgentId): View {
  if (place.kind === 'channel') return { kind: 'channel', channelId: place.id };
  if (place.kind === 'team') return { kind: 'team', teamId: place.id };
  if (place.kind === 'folder') return { kind: 'folder', folderId: place.id };
  return place.view === 'mine' ? { kind: 'mine', agentId } : { kind: place.view };
}
