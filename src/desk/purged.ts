import type { ConversationId } from '../core/ids.js';
import { Refusal } from '../core/errors.js';
import { formatDate } from '../core/language/say.js';
import type { Agent, Conversation, Desk, Purged } from '../core/model.js';
import type { Stores } from '../core/ports/store.js';

type Reading = Pick<Agent, 'locale' | 'timeZone'>;

/** The conversation of a number that somebody said. @throws Refusal where there is none, and what became of one that was deleted */
export async function conversationNumbered({ tx, actor }: { readonly tx: Pick<Stores, 'conversations' | 'purges'>; readonly actor: Reading }, number: number): Promise<Conversation> {
  const conversation = await tx.conversations.byNumber(number);
  if (conversation) return conversation;
  const purged = await tx.purges.byNumber(number);
  throw purged ? wasPurged(purged, actor) : new Refusal('refused.no-such-conversation', { number });
}

/** Why there is no conversation of this id: a card in chat outlives what it showed. */
export async function whyGone({ tx, desk, actor }: { readonly tx: Pick<Stores, 'purges'>; readonly desk: Desk; readonly actor?: Reading }, id: ConversationId | undefined): Promise<Refusal> {
  const purged = id && (await tx.purges.get(id));
  return purged ? wasPurged(purged, actor ?? { locale: desk.locale, timeZone: desk.hours.timeZone }) : new Refusal('refused.no-conversation');
}

export function wasPurged({ number, spamSince, purgedAt }: Purged, { locale, timeZone }: Reading): Refusal {
  return new Refusal('refused.purged', { number, since: formatDate(spamSince, locale, timeZone), on: formatDate(purgedAt, locale, timeZone) });
}
