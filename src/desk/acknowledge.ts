import type { TemplateId } from '../core/ids.js';
import type { Conversation, Message } from '../core/model.js';
import { AUTOMATIC_WINDOW_MS, mayAnswerAutomatically } from '../core/loop-guard.js';
import { recipientsOf } from '../core/recipients.js';
import { renderTemplate } from '../core/templates.js';
import { queueAnswer } from './reply.js';
import type { Arrival } from './arrival.js';
import { templateValues } from './template-values.js';
import { addHistory, BY_GONIEC, ownAddresses, type Unit } from './unit.js';

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
  const customer = await unit.tx.customers.get(conversation.customerId);
  const rendered = renderTemplate(template.body, templateValues({ conversation, mailbox, customer, agent: undefined, now: unit.now }));
  if ('unknown' in rendered) {
    await addHistory(unit, conversation, [{ what: 'loop-stopped', actor: BY_GONIEC, data: { address: address ?? '', reason: `unknown ${rendered.unknown.join(', ')}` } }]);
    return;
  }
  const current = (await unit.tx.conversations.get(conversation.id)) ?? conversation;
  const { conversation: saved } = await queueAnswer(
    unit,
    { conversation: current, mailbox, answered, recipients: { to, cc: [], bcc: [] }, text: rendered.text },
    { authorId: undefined, automatic: { kind: 'acknowledgement', reason: template.name }, sendAt: unit.now, files: [] },
  );
  await addHistory(unit, saved, [{ what: 'acknowledged', actor: BY_GONIEC, data: { template: template.name } }]);
}
