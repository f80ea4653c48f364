import type { AgentId, NoteId, NoticeId } from '../core/ids.js';
import type { Conversation, Notice } from '../core/model.js';
import { tellLane } from '../core/deliveries.js';
import { asGoniec, queueDelivery, type Unit } from './unit.js';

/** The place where everybody on the desk can be told something, whatever chat they use. */
const WEB_DESK = 'web';

/**
 * Tells an agent something in person: it is kept for them on the web desk, and said in their own chat wherever they are known.
 * @param about `except`: the platform that told them itself, so that nobody is knocked for twice
 */
export async function tell(by: Unit, agentId: AgentId, conversation: Conversation, about: { readonly kind: Notice['kind']; readonly by?: AgentId | undefined; readonly noteId?: NoteId | undefined; readonly except?: string }): Promise<void> {
  const unit = asGoniec(by);
  const notice: Notice = { id: unit.newId() as NoticeId, agentId, kind: about.kind, conversationId: conversation.id, noteId: about.noteId, byId: about.by, at: unit.now, readAt: undefined };
  await unit.tx.notices.add(notice);
  for (const bridge of new Set([WEB_DESK, ...unit.desk.channels.map((channel) => channel.bridge)])) {
    if (bridge !== about.except) await queueDelivery(unit, { lane: tellLane(notice.id, bridge), effect: { kind: 'chat.tell', noticeId: notice.id, bridge } });
  }
}
