/** Names for ids, as a page says them. */
import { PRIORITIES, type Agent, type Actor, type Desk, type HistoryEvent, type Priority, type Problem } from '../core/model.js';
import { isMessageKey } from '../core/language/say.js';
import { firstName } from './parts/avatar.js';
import type { Reader } from './reader.js';

export function agentName(desk: Desk, id: string | undefined): string | undefined {
  return desk.agents.find((agent) => agent.id === id)?.name;
}

export function placeName(desk: Desk, id: string | undefined): string {
  return desk.channels.find((channel) => channel.id === id)?.name ?? desk.folders.find((folder) => folder.id === id)?.name ?? id ?? '';
}

const isOnDesk = ({ channels, folders }: Desk, id: string | undefined): boolean => [...channels, ...folders].some((place) => place.id === id);

/** Slack, Discord; our own page is "the web desk". */
export function bridgeName(reader: Reader, bridge: string): string {
  if (bridge === 'web') return reader.say('web.bridge.web');
  return bridge.charAt(0).toUpperCase() + bridge.slice(1);
}

function actorName(reader: Reader, desk: Desk, agent: Agent, actor: Actor): string {
  if (actor.kind === 'goniec') return reader.say('who.goniec');
  if (actor.kind === 'rule') return reader.say('who.rule', { rule: desk.rules.find(({ id }) => id === actor.id)?.name ?? actor.id });
  if (actor.id === agent.id) return reader.say('who.you');
  const name = agentName(desk, actor.id);
  return name === undefined ? reader.say('who.somebody') : firstName(name);
}

const isPriority = (word: string | undefined): word is Priority => PRIORITIES.some((priority) => priority === word);

/** A colleague by first name; whatever else was written as it is. */
const nameOrText = (name: string | undefined, text: string | undefined): string => (name === undefined ? (text ?? '') : firstName(name));

/** One line of history as a sentence. */
export function eventText(reader: Reader, desk: Desk, agent: Agent, event: HistoryEvent): string {
  const { data } = event;
  const byReader = event.actor.kind === 'agent' && event.actor.id === agent.id;
  const params = {
    ...data,
    who: actorName(reader, desk, agent, event.actor),
    // Gone, or not for whoever reads.
    place: isOnDesk(desk, data['place']) ? placeName(desk, data['place']) : reader.say('fact.place-elsewhere'),
    to: nameOrText(agentName(desk, data['to']), data['to']),
    team: desk.teams.find(({ id }) => id === data['team'])?.name ?? data['team'] ?? '',
    ...(isPriority(data['priority']) && { priority: reader.say(`priority.${data['priority']}`) }),
    ...(data['until'] && { until: reader.dateTime(new Date(data['until'])) }),
    label: desk.labels.find(({ id }) => id === data['label'])?.name ?? data['label'] ?? '',
  };
  const special = [
    event.what === 'assigned' && data['to'] === agent.id && !byReader && 'event.assigned.you',
    event.what === 'claimed' && byReader && 'event.claimed.you',
    event.what === 'reopened' && event.actor.kind === 'goniec' && 'event.reopened.mail',
    data['verdict'] && `event.${event.what}.${data['verdict']}`,
    `event.${event.what}`,
  ].find((key): key is string => typeof key === 'string' && isMessageKey(key));
  return special && isMessageKey(special) ? reader.say(special, params) : event.what;
}

/** Why a mail was not sent, in plain words; the server's own words stand in `detail`. */
export function problemText(reader: Reader, problem: Problem): string {
  return isMessageKey(problem.key) ? reader.say(problem.key, problem.params) : (problem.detail ?? problem.key);
}
