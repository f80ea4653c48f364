import type { CommandOutcome } from '../core/calls.js';
import type { Conversation, Message } from '../core/model.js';
import { formatDateTime } from '../core/language/say.js';
import type { StaffUnit } from '../desk/unit.js';

/** From here on a clock time says more than seconds. */
const COUNTED_SECONDS = 600;

/** A mail that leaves when its undo window is over, or at its hour; or that waits for a colleague. */
export function sendsSoon({ now, actor }: StaffUnit, { number, id }: Conversation, message: Message): CommandOutcome {
  if (message.state === 'awaiting') return { kind: 'done', message: { key: 'approve.asked', params: { number } }, conversationId: id };
  const until = message.sendAt ?? now;
  const count = Math.max(0, Math.round((until.getTime() - now.getTime()) / 1000));
  const said =
    count > COUNTED_SECONDS ? ({ key: 'reply.later', params: { number, time: formatDateTime(until, actor.locale, actor.timeZone) } } as const)
    : ({ key: 'reply.queued', params: { number, count } } as const);
  return { kind: 'done', message: said, conversationId: id, undoable: { messageId: message.id, until } };
}
