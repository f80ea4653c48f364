import type { CommandCall, CommandOutcome } from '../core/calls.js';
import { Refusal, StaleRevision } from '../core/errors.js';
import type { ConversationId } from '../core/ids.js';
import type { Desk } from '../core/model.js';
import { demand } from '../core/permissions.js';
import { standing } from '../core/standing.js';
import { sightOf, type Sight } from '../core/sight.js';
import type { Clock, Log, NewId } from '../core/ports/effects.js';
import type { Store } from '../core/ports/store.js';
import { conversationNumbered } from '../desk/purged.js';
import type { ThreadFiles } from '../desk/thread-files.js';
import { staffUnit, type StaffUnit } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';
import { readFiles } from './files.js';
import { COMMANDS } from './index.js';
import { nearest } from './words.js';

export interface PerformNeeds {
  readonly store: Store;
  readonly desk: () => Promise<Desk>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sign: (text: string) => string;
  readonly log: Log;
  readonly threadFiles: ThreadFiles;
}

export type Perform = (call: CommandCall) => Promise<CommandOutcome>;

/**
 * Answers every call, whatever door it came by: finds the verb, checks who may, and runs it in one transaction. A refusal changes nothing.
 */
export function createPerform(needs: PerformNeeds): Perform {
  return async function perform(call) {
    const facts = { verb: call.verb, agent: call.actor, via: call.via, conversation: call.conversationId };
    try {
      const outcome = await run(needs, call);
      needs.log.info({ ...facts, outcome: outcome.kind }, 'command');
      return outcome;
    } catch (error) {
      if (error instanceof NothingDone) {
        needs.log.info({ ...facts, outcome: error.outcome.kind }, 'command');
        return error.outcome;
      }
      if (error instanceof Refusal) {
        needs.log.info({ ...facts, outcome: 'refused', why: error.key }, 'command');
        return { kind: 'refused', message: { key: error.key, params: error.params } };
      }
      if (error instanceof StaleRevision) return { kind: 'refused', message: { key: 'refused.busy', params: { number: call.args['conversation'] ?? '' } } };
      const id = needs.newId();
      needs.log.error({ ...facts, error, id }, 'command-failed');
      return { kind: 'refused', message: { key: 'error.unexpected', params: { id } } };
    }
  };
}

async function run(needs: PerformNeeds, call: CommandCall): Promise<CommandOutcome> {
  const name = call.verb.toLowerCase();
  const command = COMMANDS.find((known) => known.name === name || known.aliases.includes(name));
  if (!command) {
    const suggestion = nearest(name, COMMANDS);
    return { kind: 'refused', message: { key: 'refused.unknown-verb', params: { verb: call.verb } }, ...(suggestion && { suggestion }) };
  }
  const desk = await needs.desk();
  const agent = desk.agents.find(({ id }) => id === call.actor);
  if (!agent) throw new Refusal('refused.unknown-agent');
  const actor = standing(desk, agent, call.groups ?? []);
  demand(command.permission, actor, desk);
  const named = call.args['conversation'];
  const instead = command.instead !== undefined && call.args[command.instead]?.trim();
  if (command.onConversation && !call.conversationId && !named && !instead) throw new Refusal('refused.which-conversation', { verb: command.name });
  for (const option of command.options) {
    if (option.required && !call.args[option.name]?.trim()) throw new Refusal('refused.missing-option', { option: option.name, example: `/${command.name} ${option.name}` });
  }
  const ready = await withThreadFiles(needs, sightOf(desk, actor), command, call);
  return needs.store.transaction(async (tx) => {
    const now = needs.clock.now();
    if (call.eventId && !(await tx.calls.firstSeen(call.via, call.eventId, now))) {
      return { kind: 'done', message: { key: 'command.repeated', params: {} }, ...(call.conversationId && { conversationId: call.conversationId }) };
    }
    const unit = staffUnit({ tx, desk, now, newId: needs.newId, sign: needs.sign }, actor, call.via);
    const outcome = await command.run(unit, named ? { ...ready, conversationId: await findNumbered(unit, named) } : ready);
    // Nothing was done, so the same event may come again: what only looked, or was held, is rolled back with its mark.
    const isKept = outcome.kind === 'done' || (outcome.kind === 'list' && outcome.kept);
    if (!isKept) throw new NothingDone(outcome);
    return outcome;
  });
}

/** Files of the conversation go among the others. Read before the transaction, which must not wait for disks and parsers. */
async function withThreadFiles({ store, threadFiles }: PerformNeeds, sight: Sight, command: CommandDefinition, call: CommandCall): Promise<CommandCall> {
  const option = command.options.find(({ kind }) => kind === 'thread-files');
  const said = option && call.args[option.name];
  if (!said?.trim()) return call;
  const named = /^#?(\d{1,9})$/.exec(call.args['conversation']?.trim() ?? '')?.[1];
  const { conversations } = store.inSight(sight);
  const conversation = named !== undefined ? await conversations.byNumber(Number(named)) : call.conversationId && (await conversations.get(call.conversationId));
  // What they do not see is refused by the verb itself, and has no files to name.
  if (!conversation) return call;
  const files = [...readFiles(call.args['files']), ...(await threadFiles(conversation.id, said))];
  return { ...call, args: { ...call.args, files: JSON.stringify(files) } };
}

/** Carries an outcome out of a transaction that is not to be kept. */
class NothingDone extends Error {
  constructor(readonly outcome: CommandOutcome) {
    super('nothing was done');
  }
}

/** A number that was said outweighs the place where it was said. */
async function findNumbered(unit: StaffUnit, said: string): Promise<ConversationId> {
  const digits = /^#?(\d{1,9})$/.exec(said.trim())?.[1];
  if (digits === undefined) throw new Refusal('refused.bad-number', { value: said });
  return (await conversationNumbered(unit, Number(digits))).id;
}
