/** One story of a conversation: mails, notes and events in the order they happened, and each event as a sentence. */
import type { MessageKey, MessageParams } from './language/catalogue.js';
import { isMessageKey } from './language/say.js';
import { PRIORITIES, type Actor, type Agent, type Desk, type HistoryEvent, type Message, type Note, type Priority } from './model.js';
import { agentName, firstName, placeName } from './names.js';

export type TimelineEntry =
  | { readonly kind: 'mail'; readonly at: Date; readonly message: Message }
  | { readonly kind: 'note'; readonly at: Date; readonly note: Note }
  | { readonly kind: 'event'; readonly at: Date; readonly event: HistoryEvent };

/** What caused something stands before it. */
const RANK = { mail: 0, note: 1, event: 2 } as const;

export function timelineOf(messages: readonly Message[], notes: readonly Note[], events: readonly HistoryEvent[]): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [
    ...messages.map((message): TimelineEntry => ({ kind: 'mail', at: message.createdAt, message })),
    ...notes.map((note): TimelineEntry => ({ kind: 'note', at: note.createdAt, note })),
    // Automatic mail is a line of its own already.
    ...events.filter(({ what }) => what !== 'automatic').map((event): TimelineEntry => ({ kind: 'event', at: event.at, event })),
  ];
  return entries.sort((one, other) => one.at.getTime() - other.at.getTime() || revisionOf(one) - revisionOf(other) || RANK[one.kind] - RANK[other.kind]);
}

function revisionOf(entry: TimelineEntry): number {
  if (entry.kind === 'mail') return entry.message.revision;
  return entry.kind === 'note' ? entry.note.revision : entry.event.revision;
}

/** Whoever reads it: their language and zone. */
export interface Teller {
  say(key: MessageKey, params?: MessageParams): string;
  /** "18 Nov 2025, 09:03" */
  dateTime(date: Date): string;
}

function actorName(teller: Teller, desk: Desk, agent: Pick<Agent, 'id'> | undefined, actor: Actor): string {
  if (actor.kind === 'goniec') return teller.say('who.goniec');
  if (actor.kind === 'rule') return teller.say('who.rule', { rule: desk.rules.find(({ id }) => id === actor.id)?.name ?? actor.id });
  if (actor.id === agent?.id) return teller.say('who.you');
  const name = agentName(desk, actor.id);
  return name === undefined ? teller.say('who.somebody') : firstName(name);
}

const isOnDesk = ({ channels, folders }: Desk, id: string | undefined): boolean => [...channels, ...folders].some((place) => place.id === id);

const isPriority = (word: string | undefined): word is Priority => PRIORITIES.some((priority) => priority === word);

/** A colleague by first name; whatever else was written as it is. */
const nameOrText = (name: string | undefined, text: string | undefined): string => (name === undefined ? (text ?? '') : firstName(name));

/**
 * One line of history as a sentence.
 * @param agent who reads it is "you"; undefined: everybody is named
 */
export function eventText(teller: Teller, desk: Desk, agent: Pick<Agent, 'id'> | undefined, event: Pick<HistoryEvent, 'actor' | 'what' | 'data'>): string {
  const { data } = event;
  const byReader = event.actor.kind === 'agent' && event.actor.id === agent?.id;
  const params = {
    ...data,
    who: actorName(teller, desk, agent, event.actor),
    // Gone, or not for whoever reads.
    place: isOnDesk(desk, data['place']) ? placeName(desk, data['place']) : teller.say('fact.place-elsewhere'),
    to: nameOrText(agentName(desk, data['to']), data['to']),
    from: nameOrText(agentName(desk, data['from']), data['from']),
    team: desk.teams.find(({ id }) => id === data['team'])?.name ?? data['team'] ?? '',
    ...(isPriority(data['priority']) && { priority: teller.say(`priority.${data['priority']}`) }),
    ...(data['until'] && { until: teller.dateTime(new Date(data['until'])) }),
    label: desk.labels.find(({ id }) => id === data['label'])?.name ?? data['label'] ?? '',
  };
  const special = [
    event.what === 'assigned' && data['to'] === agent?.id && agent !== undefined && !byReader && 'event.assigned.you',
    event.what === 'opened' && event.actor.kind === 'agent' && 'event.opened.staff',
    event.what === 'claimed' && byReader && 'event.claimed.you',
    event.what === 'reopened' && event.actor.kind === 'goniec' && 'event.reopened.mail',
    data['verdict'] && `event.${event.what}.${data['verdict']}`,
    `event.${event.what}`,
  ].find((key): key is string => typeof key === 'string' && isMessageKey(key));
  const what = special && isMessageKey(special) ? teller.say(special, params) : event.what;
  // Done with many at once.
  return Number(data['others']) > 0 ? teller.say('event.together', { what, count: Number(data['others']) }) : what;
}
