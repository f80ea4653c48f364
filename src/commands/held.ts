import type { CommandOutcome } from '../core/calls.js';
import type { MessageKey } from '../core/language/catalogue.js';
import { EXCERPT_IN_LISTS_CHARS } from './excerpt.js';
import type { Held } from '../desk/close.js';
import { nameOf, type StaffUnit } from '../desk/unit.js';

/** Says what came in since the form was opened; the revision in it is the one that "send anyway" may be drawn from. */
export function heldOutcome(unit: StaffUnit, { held, conversation }: Held, key: MessageKey): CommandOutcome {
  return {
    kind: 'held',
    message: { key, params: { count: held.length } },
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
