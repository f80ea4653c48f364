import type { ListItem } from '../core/calls.js';
import { formatWait, say } from '../core/language/say.js';
import type { Locale } from '../core/model.js';
import type { ConversationRow } from '../core/ports/store.js';

/** A conversation in a list: what it is about, who waits, and for how long or why. */
export function itemOfRow({ conversation, customer, trouble }: ConversationRow, locale: Locale, now: Date): ListItem {
  const standing = trouble ? say(locale, `state.${trouble.state}`) : conversation.waitingSince ? formatWait(now.getTime() - conversation.waitingSince.getTime(), locale) : say(locale, `status.${conversation.status}`);
  return { title: `#${conversation.number} ${conversation.subject}`, text: [customer.name, standing].join(' · '), conversationId: conversation.id };
}
