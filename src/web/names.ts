/** Names for ids, as a page says them. */
import type { Problem } from '../core/model.js';
export { agentName, placeName } from '../core/names.js';
export { eventText } from '../core/timeline.js';
import { isMessageKey } from '../core/language/say.js';
import type { Reader } from './reader.js';

/** Slack, Discord; our own page is "the web desk". */
export function bridgeName(reader: Reader, bridge: string): string {
  if (bridge === 'web') return reader.say('web.bridge.web');
  return bridge.charAt(0).toUpperCase() + bridge.slice(1);
}

/** Why a mail was not sent, in plain words; the server's own words stand in `detail`. */
export function problemText(reader: Reader, problem: Problem): string {
  return isMessageKey(problem.key) ? reader.say(problem.key, problem.params) : (problem.detail ?? problem.key);
}
