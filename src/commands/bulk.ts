/** Doing one thing with many conversations: asked, shown, confirmed, done in portions, taken back. */
import { BULK_ACTIONS, nextSteps, type Bulk, type BulkAction } from '../core/bulk.js';
import type { CommandCall, CommandOutcome, Offer, Said } from '../core/calls.js';
import { Refusal } from '../core/errors.js';
import { say } from '../core/language/say.js';
import { may } from '../core/permissions.js';
import { askBulk, findBulk, startBulk, stopBulk, undoBulk } from '../desk/bulk.js';
import type { StaffUnit } from '../desk/unit.js';
import { assign } from './assign.js';
import { bulkDeed, bulkProgress } from './bulk-words.js';
import { close } from './close.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { EXCERPT_IN_LISTS_CHARS } from './excerpt.js';
import { label, unlabel } from './label.js';
import { priority } from './priority.js';
import { snooze } from './snooze.js';

/** Enough to see whether the right ones were chosen. */
const SHOWN = 5;
const SHOWN_BULKS = 5;

const VERBS: Readonly<Record<BulkAction, CommandDefinition>> = { close, label, unlabel, assign, priority, snooze };
/** Left out, it is one's own newest. */
const ID: OptionDefinition = { name: 'id', kind: 'message', required: false, label: 'option.bulk', hidden: true };

/** By name or alias, in any language. @throws Refusal that lists them */
function readAction(said: string): BulkAction {
  const word = said.trim().toLowerCase();
  const action = BULK_ACTIONS.find((known) => known === word || VERBS[known].aliases.includes(word));
  if (!action) throw new Refusal('bulk.unknown-action', { said, names: BULK_ACTIONS.join(', ') });
  return action;
}

/** "complaint is:open" or "\"tomorrow 9\" is:open": the value comes before the words of the search. */
const VALUE_FIRST = /^\s*(?:"([^"]*)"|(\S+))\s*(.*)$/s;

function readValue(action: BulkAction, args: CommandCall['args']): { readonly value: string; readonly words: string } {
  const words = args['words'] ?? '';
  const value = args['value']?.trim();
  if (action === 'close') return { value: '', words };
  if (value) return { value, words };
  const [, quoted, bare, rest = ''] = VALUE_FIRST.exec(words) ?? [];
  if (!rest.trim()) throw new Refusal('bulk.no-value', { action, example: `/bulk ${action} ${action === 'snooze' ? '"tomorrow 9"' : action === 'priority' ? 'high' : action === 'assign' ? 'anna' : 'complaint'} is:open` });
  return { value: quoted ?? bare ?? '', words: rest };
}

export const bulk: CommandDefinition = {
  name: 'bulk',
  aliases: ['many', 'wiele', 'zbiorczo'],
  title: 'verb.bulk',
  summary: 'verb.bulk.summary',
  permission: 'work',
  onConversation: false,
  options: [
    { name: 'do', kind: 'word', required: true, label: 'option.do' },
    { name: 'value', kind: 'word', required: false, label: 'option.value' },
    { name: 'words', kind: 'search', required: true, label: 'option.words' },
    { name: 'only', kind: 'text', required: false, label: 'option.number', hidden: true },
  ],
  form: true,
  async run(unit, call) {
    const action = readAction(call.args['do'] ?? '');
    const only = call.args['only']?.split(',').map(Number).filter((number) => Number.isInteger(number) && number > 0);
    const asked = await askBulk(unit, { action, ...readValue(action, call.args), only });
    const items = await unit.tx.bulks.items(asked.id, 'waiting', SHOWN);
    const shown = await Promise.all(items.map(({ conversationId }) => unit.tx.conversations.get(conversationId)));
    return {
      kind: 'list',
      kept: true,
      message: { key: 'bulk.asked', params: { ...bulkDeed(unit, asked), count: asked.total } },
      items: shown.flatMap((conversation) => (conversation ? [{ title: `#${conversation.number} ${conversation.subject}`, text: conversation.excerpt.slice(0, EXCERPT_IN_LISTS_CHARS), conversationId: conversation.id }] : [])),
      actions: stepsOf(asked, ['go', 'stop']),
    };
  },
};

const STEPS = {
  go: { verb: 'bulk-go', label: 'button.bulk-go', style: 'primary' },
  stop: { verb: 'bulk-stop', label: 'button.bulk-stop', style: 'plain' },
  undo: { verb: 'bulk-undo', label: 'button.undo', style: 'plain' },
  look: { verb: 'bulk-show', label: 'button.bulk-look', style: 'plain' },
} as const;

function stepsOf({ id, state }: Bulk, steps: readonly (keyof typeof STEPS)[]): readonly Offer[] {
  return steps.map((step) => ({ ...STEPS[step], ...(step === 'stop' && state === 'asked' && { label: 'button.cancel' as const }), args: { id } }));
}

async function progressOf(unit: StaffUnit, bulk: Bulk): Promise<{ readonly message: Said; readonly actions: readonly Offer[] }> {
  const counts = await unit.tx.bulks.counts(bulk.id);
  const steps = nextSteps(bulk, counts);
  return { message: bulkProgress(unit, bulk, counts), actions: stepsOf(bulk, bulk.state === 'running' || bulk.state === 'undoing' ? [...steps, 'look'] : steps) };
}

const step = (name: string, aliases: readonly string[], key: 'bulk-go' | 'bulk-stop' | 'bulk-undo', act: (unit: StaffUnit, id: string) => Promise<Bulk>): CommandDefinition => ({
  name, aliases, title: `verb.${key}`, summary: `verb.${key}.summary`, permission: 'work', onConversation: false, options: [ID], form: false,
  async run(unit, call): Promise<CommandOutcome> {
    return { kind: 'done', ...(await progressOf(unit, await act(unit, call.args['id'] ?? ''))) };
  },
});

export const bulkGo = step('bulk-go', [], 'bulk-go', startBulk);
export const bulkStop = step('bulk-stop', [], 'bulk-stop', stopBulk);
export const bulkUndo = step('bulk-undo', [], 'bulk-undo', undoBulk);

/** How far one is, for the button that looks again. */
export const bulkShow: CommandDefinition = {
  name: 'bulk-show', aliases: [], title: 'verb.bulk-show', summary: 'verb.bulk-show.summary', permission: 'read', onConversation: false, options: [ID], form: false,
  async run(unit, call) {
    return { kind: 'list', items: [], ...(await progressOf(unit, await findBulk(unit, call.args['id'] ?? ''))) };
  },
};

export const bulks: CommandDefinition = {
  name: 'bulks',
  aliases: ['zbiorcze'],
  title: 'verb.bulks',
  summary: 'verb.bulks.summary',
  permission: 'read',
  onConversation: false,
  options: [],
  form: false,
  async run(unit) {
    const recent = await unit.tx.bulks.recent(may(unit.actor.role, 'administer') ? undefined : unit.actor.id, SHOWN_BULKS);
    const shown = await Promise.all(recent.map(async (one) => ({ one, progress: await progressOf(unit, one) })));
    const mine = shown.find(({ one }) => one.agentId === unit.actor.id);
    const items = shown.map(({ one, progress: { message } }) => ({ title: unit.desk.agents.find(({ id }) => id === one.agentId)?.name ?? one.agentId, text: `${say(unit.actor.locale, message.key, message.params)} (${one.words})`, conversationId: undefined }));
    return { kind: 'list', message: items.length === 0 ? { key: 'bulk.nothing-yet', params: {} } : { key: 'bulk.recent', params: {} }, items, ...(mine && { actions: mine.progress.actions }) };
  },
};
