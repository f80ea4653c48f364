import type { MessageId } from '../core/ids.js';
import type { Message, Problem } from '../core/model.js';
import type { DeliveryReport } from '../core/mail.js';
import { BY_GONIEC, change, showMessage, type Unit } from './unit.js';
import { inboundMessage } from './inbound-message.js';
import type { Arrival } from './arrival.js';

/** Ties a bounce to the very message that bounced: its state says so on the card, with the reason. undefined: it speaks of nothing we sent. */
export async function recordBounce(unit: Unit, arrival: Arrival): Promise<MessageId | undefined> {
  const { mail, kind } = arrival;
  if (kind.kind !== 'bounce' || mail.report?.kind === 'delivered') return undefined;
  const speaksOf = [mail.report?.originalMessageId, ...mail.inReplyTo, ...mail.references].filter((id) => id !== undefined);
  const sent = (await unit.tx.messages.byHeaderIds(speaksOf)).find(({ direction }) => direction === 'out');
  const conversation = sent && (await unit.tx.conversations.get(sent.conversationId));
  if (!sent || !conversation) return undefined;

  const final = mail.report?.kind !== 'delayed';
  const problem = problemOf(mail.report, sent);
  const wakesUp = final && conversation.status === 'pending' && !sent.automatic;
  const saved = await change(unit, conversation, wakesUp ? { status: 'open' } : {}, {
    what: 'bounced', actor: BY_GONIEC, data: { recipient: mail.report?.recipient ?? '', status: mail.report?.status ?? '', final: String(final) },
  });
  if (final) {
    await unit.tx.messages.update(sent.id, { state: 'bounced', problem });
    await showMessage(unit, saved, sent.id);
  }
  const message = inboundMessage(unit, arrival, saved, { kind: 'bounce', reason: kind.reason });
  await unit.tx.messages.add(message);
  return message.id;
}

/** Plain words for the enhanced status code. Source: RFC 3463 section 3. */
function problemOf(report: DeliveryReport | undefined, sent: Message): Problem {
  const recipient = report?.recipient ?? sent.to[0]?.address ?? '';
  const domain = recipient.split('@')[1] ?? recipient;
  const key = report?.status?.match(/^[45]\.1\.[1-6]/) ? 'problem.no-such-mailbox'
    : report?.status?.match(/^[45]\.2\.2/) ? 'problem.mailbox-full'
    : report?.status?.match(/^[45]\.3\.4|^[45]\.2\.3/) ? 'problem.too-large'
    : report?.status?.match(/^[45]\.7\./) ? 'problem.blocked'
    : 'problem.bounced';
  return { key, params: { address: recipient, domain }, detail: report?.diagnostic };
}
