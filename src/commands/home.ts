import { isOverdue } from '../core/due.js';
import type { Agent } from '../core/model.js';
import type { Home } from '../core/ports/chat.js';
import type { ConversationRow, StoresInSight, View } from '../core/ports/store.js';
import { say } from '../core/language/say.js';
import type { MessageKey } from '../core/language/catalogue.js';
import { itemOfRow } from './rows.js';

/** As many as a person works through without scrolling far. */
const SHOWN = 10;

/** A person's own page on a platform: what is overdue, theirs, nobody's, and what waits for the customer. */
export async function homeOf(store: Pick<StoresInSight, 'conversations' | 'sight'>, agent: Agent, { now, publicUrl }: { readonly now: Date; readonly publicUrl: string | undefined }): Promise<Home> {
  const { locale } = agent;
  const counts = await store.conversations.counts(agent.id);
  const section = async (title: MessageKey, count: number, view: View): Promise<Home['sections'][number]> => ({
    title: say(locale, title),
    count,
    items: (await store.conversations.list(view, { limit: SHOWN, offset: 0 })).map((row) => itemOf(row)),
  });
  const itemOf = (row: ConversationRow): Home['sections'][number]['items'][number] => {
    const { title, text } = itemOfRow(row, locale, now);
    const { id, number, revision } = row.conversation;
    return {
      title, text, url: publicUrl && `${publicUrl}/c/${number}`, late: row.trouble !== undefined || isOverdue(row.conversation, now),
      action: { verb: 'show', label: say(locale, 'button.show'), style: 'plain', conversationId: id, revision, args: {} },
    };
  };
  return {
    locale,
    greeting: say(locale, 'home.greeting', { who: agent.name }),
    sections: [
      ...(counts.overdue > 0 ? [await section('view.overdue', counts.overdue, { kind: 'overdue' })] : []),
      await section('home.mine', counts.mine, { kind: 'mine', agentId: agent.id }),
      await section('home.unassigned', counts.unassigned, { kind: 'unassigned' }),
      await section('home.pending', counts.pending, { kind: 'pending' }),
    ],
  };
}
