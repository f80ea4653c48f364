import type { TemplateId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { AUTOMATIC_WINDOW_MS, mayAnswerAutomatically } from '../core/loop-guard.js';
import { recipientsOf } from '../core/recipients.js';
import { ownAddresses } from '../core/sight.js';
import { fillIn } from './fill-template.js';
import { queueAnswer } from './queue-answer.js';
import type { Arrival } from './arrival.js';
import { addHistory, BY_GONIEC, type Unit } from './unit.js';

/** Sends a template by itself, if the loop guard lets it; what it stopped is written into the history, not silently dropped (C16, C17). */
export async function acknowledge(unit: Unit, conversation: Conversation, { kind, mailbox }: Arrival, answered: Message, templateId: TemplateId): Promise<void> {
  const template = unit.desk.templates.find(({ id }) => id === templateId);
  if (!template) return;
  const ours = ownAddresses(unit.desk);
  // Only the writer gets an acknowledgement, never those in copy.
  const to = recipientsOf(answered, ours).to.slice(0, 1);
  const address = to[0]?.address;
  const sentLately = address ? await unit.tx.messages.automaticSentTo(address, new Date(unit.now.getTime() - AUTOMATIC_WINDOW_MS)) : 0;
  const verdict = mayAnswerAutomatically({ kind: kind.kind, to: address, ours, sentLately });
  if (!verdict.answer) {
    await addHistory(unit, conversation, [{ what: 'loop-stopped', actor: BY_GONIEC, data: { address: address ?? '', reason: verdict.reason } }]);
    return;
  }
  const filled = await fillIn({ ...unit, actor: undefined }, conversation, { template, text: '' });
  if (filled.unknown.length > 0) {
    await addHistory(unit, conversation, [{ what: 'loop-stopped', actor: BY_GONIEC, data: { address: address ?? '', reason: `unknown ${filled.unknown.join(', ')}` } }]);
    return;
  }
  const current = (await unit.tx.conversations.get(conversation.id)) ?? conversation;
  const { conversation: saved, message } = await queueAnswer(
    unit,
    { conversation: current, mailbox, answered, recipients: { to, cc: [], bcc: [] }, text: filled.text },
    { authorId: undefined, automatic: { kind: 'acknowledgement', reason: template.name }, sendAt: unit.now, files: template.files },
  );
  await unit.tx.templates.countUse(template.id, message.id, unit.now);
  await addHistory(unit, saved, [{ what: 'acknowledged', actor: BY_GONIEC, data: { template: template.name } }]);
}
