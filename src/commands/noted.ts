import type { Said } from '../core/calls.js';
import type { AgentId } from '../core/ids.js';
import type { Desk } from '../core/model.js';
import type { Noted } from '../desk/note.js';
import { nameOf } from '../desk/unit.js';

/** What the writer of a note is told: who hears of it, or whom nobody could tell for want of a clear name. */
export function notedMessage(desk: Desk, { conversation: { number }, mentions: { agents, unclear } }: Noted): Said {
  const names = (ids: readonly AgentId[]): string => ids.map((id) => nameOf(desk, id)).join(', ');
  const [doubt] = unclear;
  if (doubt) return { key: 'note.done-unclear', params: { number, said: `@${doubt.said}`, names: names(doubt.agents) } };
  return agents.length > 0 ? { key: 'note.done-told', params: { number, who: names(agents) } } : { key: 'note.done', params: { number } };
}
