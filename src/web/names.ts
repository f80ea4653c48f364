/** Names for ids, as a page says them. */
import type { Agent, CustomerEvent, Desk, Problem } from '../core/model.js';
import { eventText } from '../core/timeline.js';
export { agentName, placeName } from '../core/names.js';
export { eventText };
import { isMessageKey } from '../core/language/say.js';
import type { Reader } from './reader.js';

/** Slack, Discord; our own page is "the web desk". */
export function bridgeName(reader: Reader, bridge: string): string {
  if (bridge === 'web') return reader.say('web.bridge.web');
  return bridge.charAt(0).toUpperCase() + bridge.slice(1);
}

/** One line of a customer's history, in the words that a conversation's history has for it. */
export function customerEventText(reader: Reader, desk: Desk, agent: Agent, { agentId, what, data }: CustomerEvent): string {
  return eventText(reader, desk, agent, { actor: { kind: 'agent', id: agentId }, what: 'customer-changed', data: { ...data, verdict: what } });
}

/** Why a mail was not sent, in plain words; the server's own words stand in `detail`. */
export function problemText(reader: Reader, problem: Problem): string {
  return isMessageKey(problem.key) ? reader.say(problem.key, problem.params) : (problem.detail ?? problem.key);
}
