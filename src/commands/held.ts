import type { CommandCall, CommandOutcome, Said } from '../core/calls.js';
import type { MessageKey } from '../core/language/catalogue.js';
import { EXCERPT_IN_LISTS_CHARS } from './excerpt.js';
import type { Held } from '../desk/close.js';
import { nameOf, type StaffUnit } from '../desk/unit.js';
import type { OptionDefinition } from './definition.js';

/** Says what came in since the form was opened; the revision in it is the one that "send anyway" may be drawn from. */
export function heldOutcome(unit: StaffUnit, { held, conversation, strangers = [] }: Held, key: MessageKey, again?: Extract<CommandOutcome, { kind: 'held' }>['again']): CommandOutcome {
  return {
    kind: 'held',
    message: held.length > 0 ? { key, params: { count: held.length } } : strangersSaid(strangers),
    strangers,
    ...(again && { again }),
    newer: held.map((message) => ({
      who: message.direction === 'out' ? nameOf(unit.desk, message.authorId) || message.from.name : message.from.name || message.from.address,
      direction: message.direction,
      excerpt: message.text.slice(0, EXCERPT_IN_LISTS_CHARS),
      at: message.createdAt,
    })),
    conversationId: conversation.id,
    revision: conversation.revision,
  };
}

/** Read first, then the same once more, on purpose. */
export const heldAsSaid = (unit: StaffUnit, held: Held, { args }: CommandCall, verb: string): CommandOutcome => heldOutcome(unit, held, 'held.customer-wrote', { verb, args: { ...args, anyway: 'true' } });

/** For verbs that are held: set by what says them once more. */
export const ANYWAY: OptionDefinition = { name: 'anyway', kind: 'flag', required: false, label: 'option.send-anyway', hidden: true };

/** What they get cannot be called back. */
export const strangersSaid = (strangers: readonly string[]): Said => ({ key: 'reply.strangers', params: { addresses: strangers.join(', '), count: strangers.length } });
