/** What a bulk does and how far it is, in words; the same on every door. */
import type { Bulk, BulkCounts } from '../core/bulk.js';
import type { Said } from '../core/calls.js';
import { formatDateTime, say } from '../core/language/say.js';
import type { Agent, Desk } from '../core/model.js';
import type { Priority } from '../core/priority.js';

interface Reading {
  readonly desk: Desk;
  readonly actor: Pick<Agent, 'locale' | 'timeZone'>;
}

/** "Close", "Label: complaint", as a parameter. */
export function bulkDeed({ desk, actor }: Reading, { action, value }: Pick<Bulk, 'action' | 'value'>): { readonly deed: string } {
  const verb = say(actor.locale, `verb.${action}`);
  const named = valueName(desk, actor, action, value);
  return { deed: named === '' ? verb : `${verb}: ${named}` };
}

function valueName(desk: Desk, actor: Reading['actor'], action: Bulk['action'], value: string): string {
  switch (action) {
    case 'close': return '';
    case 'label': case 'unlabel': return desk.labels.find(({ id }) => id === value)?.name ?? value;
    case 'assign': return [...desk.agents.map(({ id, name }) => ({ key: `agent:${id}`, name })), ...desk.teams.map(({ id, name }) => ({ key: `team:${id}`, name }))].find(({ key }) => key === value)?.name ?? value;
    case 'priority': return say(actor.locale, `priority.${value as Priority}`);
    case 'snooze': return formatDateTime(new Date(value), actor.locale, actor.timeZone);
  }
}

export function bulkProgress(reading: Reading, bulk: Bulk, counts: BulkCounts): Said {
  const deed = bulkDeed(reading, bulk);
  const over = bulk.total - counts.waiting;
  switch (bulk.state) {
    case 'asked': return { key: 'bulk.asked', params: { ...deed, count: bulk.total } };
    case 'running': return { key: 'bulk.running', params: { ...deed, done: over, total: bulk.total } };
    case 'stopped': return counts.done === 0 ? { key: 'bulk.dropped', params: {} } : { key: 'bulk.stopped', params: { ...deed, done: counts.done, total: bulk.total } };
    case 'done': return counts.skipped > 0 ? { key: 'bulk.done-but', params: { ...deed, count: counts.done, skipped: counts.skipped } } : { key: 'bulk.done', params: { ...deed, count: counts.done } };
    case 'undoing': return { key: 'bulk.undoing', params: { ...deed, done: counts.undone + counts.kept, total: counts.done + counts.undone + counts.kept } };
    case 'undone': return counts.kept > 0 ? { key: 'bulk.undone-but', params: { ...deed, count: counts.undone, kept: counts.kept } } : { key: 'bulk.undone', params: { ...deed, count: counts.undone } };
  }
}
