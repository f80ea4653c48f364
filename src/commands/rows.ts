import type { ListItem } from '../core/calls.js';
import { isOverdue } from '../core/due.js';
import { formatWait, say } from '../core/language/say.js';
import type { Conversation, Locale } from '../core/model.js';
import type { ConversationRow } from '../core/ports/store.js';

/** "25 min over": by how much the time of an answer is over. */
const overdueText = ({ dueAt }: Pick<Conversation, 'dueAt'>, locale: Locale, now: Date): string => say(locale, 'fact.overdue-by', { wait: formatWait(now.getTime() - (dueAt ?? now).getTime(), locale) });

/** A conversation in a list: what it is about, who waits, and for how long or why. */
export function itemOfRow({ conversation, customer, trouble }: ConversationRow, locale: Locale, now: Date): ListItem {
  const standing = trouble ? say(locale, `state.${trouble.state}`) : isOverdue(conversation, now) ? overdueText(conversation, locale, now) : conversation.waitingSince ? formatWait(now.getTime() - conversation.waitingSince.getTime(), locale) : say(locale, `status.${conversation.status}`);
  return { title: `#${conversation.number} ${conversation.subject}`, text: [customer.name, standing].join(' · '), conversationId: conversation.id };
}
