import type { MessageId } from '../core/ids.js';
import type { Arrival } from './arrival.js';
import type { Unit } from './unit.js';

/**
 * Is this mail one that we have already? A copy by way of a list or an alias (C07), a mail seen again after the server renumbered its folder (C29), or our own
 * answer coming back. A reused Message-ID with other content is a new mail (C01).
 */
export async function recogniseCopy(unit: Unit, { mail, mailbox, raw }: Arrival): Promise<{ outcome: string; messageId: MessageId } | undefined> {
  const sameContent = await unit.tx.messages.byContentHash(mailbox.id, mail.contentHash);
  for (const known of sameContent) {
    if (known.rawMailId === raw.id) return { outcome: 'copy', messageId: known.id };
    // Two mails of the same words, each with a Message-ID of its own, were written twice: "any news?" on two days.
    if (known.headerId === mail.messageId) return { outcome: 'copy', messageId: known.id };
  }
  if (mail.messageId) {
    const own = (await unit.tx.messages.byHeaderIds([mail.messageId])).find(({ direction }) => direction === 'out');
    if (own) return { outcome: 'own', messageId: own.id };
  }
  return undefined;
}
